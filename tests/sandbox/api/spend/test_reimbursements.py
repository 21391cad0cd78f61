from datetime import timedelta

import pytest
import requests

REIMBURSEMENTS = "/v3/spend/reimbursements"
BUDGETS = "/v3/spend/budgets"
USERS = "/v3/spend/users"
FIELDS = "/v3/spend/custom-fields"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def uploaded(spend):
    url = spend.post(f"{REIMBURSEMENTS}/image-upload-url").json()["url"]
    assert requests.put(url, data=PNG, timeout=5).status_code == 200
    return url


@pytest.fixture
def body(spend):
    budget = spend.get(BUDGETS, params={"max": 1}).json()["results"][0]
    user = spend.get(USERS, params={"max": 1}).json()["results"][0]
    return {
        "userId": user["uuid"],
        "budgetId": budget["id"],
        "amount": 4.75,
        "note": "Kaffee für das Team ☕",
        "merchantName": "Corner Coffee",
        "occurredDate": "2026-05-04",
        "receipts": [{"url": uploaded(spend), "filename": "latte.png"}],
    }


@pytest.fixture
def made(spend, body):
    answer = spend.post(REIMBURSEMENTS, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def get(spend):
    return lambda one: spend.get(f"{REIMBURSEMENTS}/{one['uuid']}").json()


@pytest.fixture
def act(spend):
    return lambda one, action, **more: spend.post(
        f"{REIMBURSEMENTS}/{one['uuid']}/action", {"action": action, **more}
    )


@pytest.fixture
def spent(spend):
    return lambda one: spend.get(f"{BUDGETS}/{one['budgetUuid']}").json()["currentPeriod"]["spent"]


@pytest.fixture
def listed(spend):
    def listed(filters="", **params):
        answer = spend.get(REIMBURSEMENTS, params={"filters": filters, **params})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    return listed


def test_the_workflow_of_the_recipe(spend, body, made, get, act, spent):
    assert {name: made[name] for name in ("status", "type", "retired")} == {
        "status": "AWAITING_APPROVAL",
        "type": "PURCHASE",
        "retired": False,
    }
    for name in ("amount", "note", "merchantName", "occurredDate", "budgetId"):
        assert made[name] == body[name]
    assert made["userUuid"] == body["userId"]
    (receipt,) = made["receipts"]
    assert receipt["filename"] == "latte.png"
    assert requests.get(receipt["url"], timeout=5).content == PNG
    assert spend.get(f"{REIMBURSEMENTS}/{made['id']}").json() == made == get(made)
    before = spent(made)
    approved = act(made, "APPROVE", note="Wohl bekomm's")
    assert approved.status_code == 200
    assert approved.json() == get(made)
    assert (get(made)["status"], get(made)["fulfillmentType"]) == ("APPROVED", "ACH")
    admin = spend.get(f"{USERS}/current").json()["uuid"]
    assert [
        {name: value for name, value in each.items() if name != "occurredTime"}
        for each in get(made)["statusHistory"]
    ] == [
        {
            "actorId": made["userUuid"],
            "actorRole": "SUBMITTER",
            "note": "",
            "status": "AWAITING_APPROVAL",
        },
        {
            "actorId": admin,
            "actorRole": "ADMIN",
            "note": "Wohl bekomm's",
            "status": "APPROVED",
        },
    ]
    assert made["statusHistory"] == get(made)["statusHistory"][:1]
    assert made["statusHistory"][0]["occurredTime"] == made["submittedTime"]
    assert spent(made)["cleared"] == before["cleared"] + 4.75
    assert spent(made)["total"] == before["total"] + 4.75


def test_denied(made, get, act, spent, codes):
    before = spent(made)
    assert act(made, "DENY").json()["status"] == "DENIED"
    assert "fulfillmentType" not in get(made)
    assert spent(made) == before
    for again in ("APPROVE", "DENY"):
        answer = act(made, again)
        assert (answer.status_code, codes(answer)) == (400, ["BDC_1119"])


@pytest.mark.parametrize(
    ("bad", "code"),
    [({}, "REQUEST"), ({"action": "PAY"}, "BDC_1119"), ({"action": 1}, "BDC_1124")],
)
def test_no_such_action(spend, made, get, codes, bad, code):
    assert codes(spend.post(f"{REIMBURSEMENTS}/{made['uuid']}/action", bad)) == [code]
    assert get(made) == made


@pytest.mark.parametrize(
    ("change", "codes_"),
    [
        (
            dict.fromkeys(("userId", "budgetId", "amount", "note", "receipts")),
            ["REQUEST"] * 5,
        ),
        ({"merchantName": ""}, ["REQUEST"]),
        ({"receipts": []}, ["REQUEST"]),
        ({"receipts": [{"filename": "a.png"}]}, ["REQUEST"]),
        ({"receipts": [{"url": "https://example.com/a.png"}]}, ["BDC_1119"]),
        ({"amount": 0}, ["BDC_1119"]),
        ({"amount": "4.75"}, ["BDC_1124"]),
        ({"occurredDate": "04.05.2026"}, ["BDC_1119"]),
        ({"userId": "niemand ü"}, ["BDC_1119"]),
        ({"budgetId": "nowhere"}, ["BDC_1119"]),
        ({"customFields": [{"customFieldId": "nothing"}]}, ["BDC_1119"]),
    ],
)
def test_refused_reimbursements(spend, body, listed, codes, change, codes_):
    before = len(listed())
    answer = spend.post(REIMBURSEMENTS, {**body, **change})
    assert (answer.status_code, codes(answer)) == (400, codes_)
    assert len(listed()) == before


def test_no_json(spend, codes):
    assert codes(spend.call("POST", REIMBURSEMENTS, data="[")) == ["BDC_1122"]


def test_custom_fields(spend, body, get):
    field = spend.get(FIELDS, params={"filters": "name:eq:Expense category"}).json()["results"][0]
    value = spend.get(f"{FIELDS}/{field['uuid']}/values").json()["results"][0]
    item = {"customFieldId": field["uuid"], "selectedValues": [value["uuid"]]}
    made = spend.post(REIMBURSEMENTS, {**body, "customFields": [item]}).json()
    shown = next(each for each in made["customFields"] if each["uuid"] == field["uuid"])
    assert [each["value"] for each in shown["selectedValues"]] == [value["value"]]
    cleared = {"customFields": [{**item, "selectedValues": []}]}
    without = spend.patch(f"{REIMBURSEMENTS}/{made['uuid']}", cleared).json()
    shown = next(each for each in without["customFields"] if each["uuid"] == field["uuid"])
    assert shown["selectedValues"] == []
    for one in (value["id"], value["uuid"]):
        filters = f"customFieldValueIds:eq:{one}"
        assert spend.get(REIMBURSEMENTS, params={"filters": filters}).json()["results"] == []


def test_update(sandbox, spend, made, get):
    other = spend.get(BUDGETS, params={"max": 2}).json()["results"][1]
    sandbox.advance(timedelta(seconds=5))
    changes = {"amount": 5.25, "note": "Zwei Kaffee", "budgetId": other["uuid"]}
    answer = spend.patch(f"{REIMBURSEMENTS}/{made['id']}", changes)
    assert answer.status_code == 200, answer.text
    changed = get(made)
    assert changed == answer.json()
    assert (changed["amount"], changed["note"]) == (5.25, "Zwei Kaffee")
    assert (changed["budgetId"], changed["budgetUuid"]) == (other["id"], other["uuid"])
    assert changed["merchantName"] == made["merchantName"]
    assert changed["statusHistory"] == made["statusHistory"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 9, "userId": "nobody"}, "BDC_1119"),
        ({"amount": 9, "customFields": [{"customFieldId": "nothing"}]}, "BDC_1119"),
        ({"amount": 9, "note": ""}, "REQUEST"),
        ({"amount": True}, "BDC_1124"),
    ],
)
def test_a_refused_update_changes_nothing(spend, made, get, codes, change, code):
    answer = spend.patch(f"{REIMBURSEMENTS}/{made['uuid']}", change)
    assert (answer.status_code, codes(answer)) == (400, [code])
    assert get(made) == made


@pytest.mark.parametrize("action", ["APPROVE", "DENY"])
def test_no_update_after_the_decision(spend, made, get, act, codes, action):
    decided = act(made, action).json()
    assert codes(spend.patch(f"{REIMBURSEMENTS}/{made['uuid']}", {"amount": 9})) == ["BDC_1119"]
    assert get(made) == decided


@pytest.mark.parametrize("approved", [False, True])
def test_delete(spend, made, get, act, spent, listed, codes, approved):
    before = spent(made)
    if approved:
        act(made, "APPROVE")
    deleted = spend.call("DELETE", f"{REIMBURSEMENTS}/{made['id']}")
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert (get(made)["retired"], get(made)["status"]) == (True, "DELETED")
    assert get(made)["statusHistory"][-1]["status"] == "DELETED"
    assert spent(made) == before
    assert made["uuid"] not in [each["uuid"] for each in listed()]
    assert get(made) in listed("retired:eq:true")
    before = get(made)
    assert spend.call("DELETE", f"{REIMBURSEMENTS}/{made['id']}").status_code == 200
    assert get(made) == before
    assert codes(act(made, "APPROVE")) == ["BDC_1119"]
    receipts = f"{REIMBURSEMENTS}/{made['uuid']}/receipts"
    assert codes(spend.post(receipts, {"url": uploaded(spend)})) == ["BDC_1119"]
    assert codes(spend.call("DELETE", f"{receipts}/some")) == ["BDC_1119"]


def test_receipts(spend, made, get, codes):
    path = f"{REIMBURSEMENTS}/{made['uuid']}/receipts"
    added = spend.post(path, {"url": uploaded(spend), "filename": "café.png"})
    assert added.status_code == 200, added.text
    assert get(made)["receipts"] == [*made["receipts"], added.json()]
    assert added.json().keys() == {"id", "uuid", "filename", "url"}
    for receipt in get(made)["receipts"]:
        assert spend.call("DELETE", f"{path}/{receipt['id']}").status_code == 200
    assert get(made)["receipts"] == []
    assert codes(spend.call("DELETE", f"{path}/{added.json()['uuid']}")) == ["BDC_1120"]
    assert codes(spend.post(path, {})) == ["REQUEST"]


def test_the_sandbox_starts_with_some_in_each_state(listed):
    found = listed()
    assert {each["status"] for each in found} == {"AWAITING_APPROVAL", "APPROVED", "DENIED"}
    times = [each["submittedTime"] for each in found]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    "name",
    [
        *("submittedTime", "status", "amount"),
        *("fulfillmentType", "batchId", "batchAmount"),
    ],
)
def test_sort(listed, name):
    missing = 0 if name == "batchAmount" else ""
    ascending = [each.get(name, missing) for each in listed(sort=f"{name}:asc")]
    assert len(ascending) == len(listed())
    assert ascending == sorted(ascending)


def test_sort_by_the_latest_receipt(sandbox, spend, made, listed):
    sandbox.advance(timedelta(seconds=5))
    oldest = listed()[-1]
    receipts = f"{REIMBURSEMENTS}/{oldest['uuid']}/receipts"
    spend.post(receipts, {"url": uploaded(spend)})
    by_receipt = [each["uuid"] for each in listed(sort="receiptAddedTime:desc")]
    assert by_receipt[:2] == [oldest["uuid"], made["uuid"]]


def test_filters(made, listed, codes, spend):
    for name, ids in (
        ("reimbursementIds", ("id", "uuid")),
        ("budgetIds", ("budgetId", "budgetUuid")),
        ("userIds", ("userId", "userUuid")),
    ):
        found = [each for each in listed() if each[ids[1]] == made[ids[1]]]
        for one in ids:
            assert listed(f"{name}:eq:{made[one]}") == found
            assert listed(f'{name}:in:"{made[one]},?"') == found
    assert listed("type:eq:PURCHASE") == listed()
    assert listed("type:eq:MILEAGE") == []
    assert listed(f'submittedTime:gte:"{made["submittedTime"]}"') == [made]
    answer = spend.get(REIMBURSEMENTS, params={"filters": "status:eq:APPROVED"})
    assert codes(answer) == ["BDC_1130"]


def test_pages(spend, made, listed):
    first = spend.get(REIMBURSEMENTS, params={"max": 4}).json()
    second = spend.get(REIMBURSEMENTS, params={"nextPage": first["nextPage"]}).json()
    assert first["results"] + second["results"] == listed()
    assert "nextPage" not in second


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *((method, "") for method in ("GET", "PATCH", "DELETE")),
        *(("POST", path) for path in ("/action", "/receipts")),
        ("DELETE", "/receipts/some"),
    ],
)
def test_unknown(spend, codes, method, path):
    body = {"action": "APPROVE", "url": "a", "note": "a"}
    answer = spend.call(method, f"{REIMBURSEMENTS}/nobody{path}", json=body)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_no_token(anonymous):
    assert anonymous.get(REIMBURSEMENTS).status_code == 401
    assert anonymous.post(REIMBURSEMENTS, {}).status_code == 401


def test_events(sandbox, spend, made, act):
    heard = []
    sandbox._state.listeners.append(lambda owner, event, record: heard.append((event, record)))
    path = f"{REIMBURSEMENTS}/{made['uuid']}"
    spend.patch(path, {"amount": True})
    spend.patch(path, {"amount": 7.5})
    act(made, "DENY")
    spend.call("DELETE", path)
    assert [(event, each["amount"], each["status"]) for event, each in heard] == [
        ("spend.reimbursement.updated", 7.5, "AWAITING_APPROVAL"),
        ("spend.reimbursement.updated", 7.5, "DENIED"),
        ("spend.reimbursement.deleted", 7.5, "DELETED"),
    ]
