from collections import Counter
from datetime import timedelta

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox

TRANSACTIONS = "/v3/spend/transactions"
FIELDS = "/v3/spend/custom-fields"
BUDGETS = "/v3/spend/budgets"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def listed(spend):
    """All transactions that a list holds, with these parameters."""

    def listed(filters="", **params):
        answer = spend.get(TRANSACTIONS, params={"max": 50, "filters": filters, **params})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    return listed


@pytest.fixture
def first(listed):
    """The newest transaction that meets these filters."""
    return lambda filters, **params: listed(filters, **params)[0]


@pytest.fixture
def get(spend):
    def get(transaction):
        answer = spend.get(f"{TRANSACTIONS}/{transaction['uuid']}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    return get


@pytest.fixture
def spent(spend):
    """What was spent of a budget."""
    return lambda uuid: spend.get(f"{BUDGETS}/{uuid}").json()["currentPeriod"]["spent"]


@pytest.fixture
def fields(spend):
    """The custom fields by name, each with its values by text."""
    found = {}
    for field in spend.get(FIELDS).json()["results"]:
        values = spend.get(f"{FIELDS}/{field['uuid']}/values").json()["results"]
        found[field["name"]] = {**field, "values": {each["value"]: each for each in values}}
    return found


@pytest.fixture
def tag(spend):
    """Sets custom fields of a transaction."""
    return lambda transaction, *items: spend.put(
        f"{TRANSACTIONS}/{transaction['uuid']}/custom-fields", {"customFields": list(items)}
    )


def applied(transaction, name):
    return next(each for each in transaction["customFields"] if each["name"] == name)


def test_there_are_transactions_of_each_type_and_state(listed):
    found = listed()
    assert 30 <= len(found) <= 50
    kinds = Counter((each["transactionType"], each["amount"] > 0) for each in found)
    assert set(kinds) == {
        *((kind, True) for kind in ("AUTHORIZATION", "CLEAR", "DECLINE", "OTHER")),
        ("AUTHORIZATION", False),
        ("CLEAR", False),
    }
    statuses = {each.get("status") for each in found}
    assert statuses == {"APPROVED", "COMPLETE", "DECLINED", "DENIED", None}
    assert {each["receiptStatus"] for each in found} == {"ATTACHED", "MISSING", "NOT_REQUIRED"}
    assert all(each["declineReason"] for each in found if each["transactionType"] == "DECLINE")
    assert any(each["currencyData"]["originalCurrencyCode"] == "EUR" for each in found)
    assert all(each["uuid"].startswith("txr_") for each in found)


def test_what_a_transaction_refers_to_exists(sandbox, spend, listed):
    for each in listed():
        sandbox.advance(timedelta(minutes=1))  # 60 calls a minute
        for kind in ("card", "user", "budget"):
            by_id = spend.get(f"/v3/spend/{kind}s/{each[f'{kind}Id']}")
            assert by_id.json()["uuid"] == each[f"{kind}Uuid"]


def test_the_same_for_the_same_seed():
    def ids(seed):
        with LocalSandbox(seed=seed) as sandbox:
            headers = {"apiToken": sandbox.variables["BILL_SPEND_API_TOKEN"]}
            url = f"{sandbox.origin}/connect{TRANSACTIONS}"
            found = requests.get(url, headers=headers, timeout=5).json()["results"]
            return [each["uuid"] for each in found]

    assert ids(1) == ids(1) != ids(2)


def test_the_newest_come_first_page_by_page(spend, listed):
    everything = listed()
    times = [each["occurredTime"] for each in everything]
    assert times == sorted(times, reverse=True)
    page = spend.get(TRANSACTIONS).json()
    assert page["results"] == everything[:20]
    rest = spend.get(TRANSACTIONS, params={"max": 50, "nextPage": page["nextPage"]}).json()
    assert rest["results"] == everything[20:]


@pytest.mark.parametrize("most", ["0", "51", "many"])
def test_at_most_fifty(spend, codes, most):
    answer = spend.get(TRANSACTIONS, params={"max": most})
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1129"])


@pytest.mark.parametrize("field", ["amount", "merchantName", "occurredTime"])
def test_sort(listed, field):
    ascending = [each[field] for each in listed(sort=f"{field}:asc")]
    assert ascending == sorted(ascending)
    assert [each[field] for each in listed(sort=f"{field}:desc")] == ascending[::-1]


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        ("type:eq:CLEAR", lambda t: t["transactionType"] == "CLEAR"),
        ("type:ne:DECLINE", lambda t: t["transactionType"] != "DECLINE"),
        ('type:in:"DECLINE,OTHER"', lambda t: t["transactionType"] in {"DECLINE", "OTHER"}),
        ("complete:eq:true", lambda t: t["complete"]),
        ("locked:eq:true", lambda t: t["isLocked"]),
        ("receiptStatus:eq:MISSING", lambda t: t["receiptStatus"] == "MISSING"),
        ("syncStatus:eq:NOT_SYNCED", lambda t: "accountingIntegrationTransactions" not in t),
        (
            "syncStatus:eq:MANUAL_SYNCED",
            lambda t: any(
                each["syncStatus"] == "manual_synced"
                for each in t.get("accountingIntegrationTransactions", ())
            ),
        ),
        ("reviewStatus:eq:DENIED", lambda t: t.get("status") == "DENIED"),
        ("amount:gte:100.5", lambda t: t["amount"] >= 100.5),
        ("amount:lte:-1", lambda t: t["amount"] <= -1),
        ("fees:gte:0.01", lambda t: t["fees"] > 0),
        ("merchantName:eq:La Piñata", lambda t: t["merchantName"] == "La Piñata"),
        (
            "type:ne:DECLINE,syncStatus:eq:NOT_SYNCED,complete:eq:true",
            lambda t: t["complete"] and "accountingIntegrationTransactions" not in t,
        ),
    ],
)
def test_filters(listed, filters, holds):
    expected = [each for each in listed() if holds(each)]
    assert listed(filters) == expected != []


@pytest.mark.parametrize("name", ["cardId", "userId", "budgetId", "transactionIds"])
def test_filters_on_ids_take_both(listed, first, name):
    some = first("type:eq:CLEAR")
    kind = name.removesuffix("Id")
    both = (some["id"], some["uuid"])
    old, uuid = both if name == "transactionIds" else (some[name], some[f"{kind}Uuid"])
    found = listed(f"{name}:eq:{old}")
    assert some in found
    assert listed(f"{name}:eq:{uuid}") == listed(f'{name}:in:"{uuid},?"') == found


def test_filters_on_times(sandbox, listed):
    everything = listed()
    middle = everything[20]["occurredTime"]
    assert listed(f'occurredTime:gte:"{middle}"') == everything[:21]
    assert listed(f'occurredTime:lte:"{middle}"') == everything[20:]
    assert listed(f'updatedTime:gte:"{everything[0]["occurredTime"]}"')
    authorized = listed("authorizedTime:gte:2000-01-01")
    assert {each["transactionType"] for each in authorized} == {"AUTHORIZATION", "CLEAR"}


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ("status:eq:APPROVED", "BDC_1130"),
        ("occurredTime:eq:2026-01-01", "BDC_1131"),
        ("occurredTime:gte:soon", "BDC_1129"),
        ("amount:gte:much", "BDC_1129"),
        ("amount:gte:NaN", "BDC_1129"),
        ("type:eq:PURCHASE", "BDC_1129"),
    ],
)
def test_refused_filters(spend, codes, filters, code):
    answer = spend.get(TRANSACTIONS, params={"filters": filters})
    assert (answer.status_code, codes(answer)) == (400, [code])


def test_lists_have_receipts_where_they_are_asked_for(spend, codes, listed, get):
    assert all("receipts" not in each for each in listed())
    whole = listed(includeReceipts="true")
    assert any(each["receipts"] for each in whole)
    assert all(get(each) == each for each in whole[:25])
    answer = spend.get(TRANSACTIONS, params={"includeReceipts": "maybe"})
    assert codes(answer) == ["BDC_1129"]


def test_lists_show_the_custom_fields_that_are_asked_for(listed, fields):
    one = fields["Location"]
    for shown in (one["id"], one["uuid"]):
        found = listed(showCustomFieldIds=f"{shown},?")
        assert {field["name"] for each in found for field in each["customFields"]} == {"Location"}


def test_a_transaction_shows_the_custom_fields_that_are_asked_for(spend, first, fields):
    some = f"{TRANSACTIONS}/{first('')['uuid']}"
    one, other = fields["Location"], fields["Business purpose"]
    shown = spend.get(some, params={"showCustomFieldIds": f"{one['id']},{other['uuid']}"}).json()
    assert {each["name"] for each in shown["customFields"]} == {"Location", "Business purpose"}


def test_filters_on_the_custom_fields_of_a_transaction(spend, codes, first, fields):
    path = f"{TRANSACTIONS}/{first('')['uuid']}/custom-fields"
    one, other = fields["Location"], fields["Business purpose"]
    for filters, expected in (
        (f"customFieldIds:eq:{one['uuid']}", ["Location"]),
        (f'customFieldIds:in:"{one["id"]},{other["id"]}"', ["Location", "Business purpose"]),
        ("customFieldIds:eq:nothing", []),
    ):
        found = spend.get(path, params={"filters": filters}).json()["results"]
        assert [each["name"] for each in found] == expected
    assert codes(spend.get(path, params={"filters": "name:eq:Location"})) == ["BDC_1130"]


def test_names_of_what_a_transaction_refers_to(spend, first, get):
    some = first("type:eq:CLEAR,amount:gte:0")
    user = spend.get(f"/v3/spend/users/{some['userUuid']}").json()
    card = spend.get(f"/v3/spend/cards/{some['cardUuid']}").json()
    budget = spend.get(f"{BUDGETS}/{some['budgetUuid']}").json()
    assert some["userName"] == f"{user['firstName']} {user['lastName']}"
    assert (some["cardLastFour"], some["cardType"]) == (card["lastFour"], card["type"])
    assert (some["budgetName"], some["cardPresent"]) == (budget["name"], False)
    assert some["merchantLocation"]["country"] == "US"
    spend.patch(f"{BUDGETS}/{budget['uuid']}", {"name": "Umbenannt"})
    assert get(some)["budgetName"] == "Umbenannt"


def test_names_of_the_reviewers(spend, first):
    admin = spend.get("/v3/spend/users/current").json()
    some = first("reviewStatus:eq:DENIED")
    (reviewer,), (review,) = some["reviewers"], some["reviews"]
    assert reviewer["userName"] == f"{admin['firstName']} {admin['lastName']}"
    assert (review["reviewerId"], review["reviewerUuid"]) == (admin["id"], admin["uuid"])


def test_what_a_card_and_its_member_have_spent(spend, listed):
    card = spend.get("/v3/spend/cards").json()["results"][0]
    counted = listed(f"cardId:eq:{card['uuid']}")
    total = sum(
        each["amount"] for each in counted if each["transactionType"] in {"CLEAR", "AUTHORIZATION"}
    )
    assert card["currentPeriod"]["spent"] == total > 0
    member = f"{BUDGETS}/{card['budgetUuid']}/members/{card['userUuid']}"
    assert spend.get(member).json()["spent"] == total


def test_a_clear_names_its_authorization_which_is_not_listed(spend, listed, first):
    clear = first("type:eq:CLEAR,amount:gte:0")
    authorization = spend.get(f"{TRANSACTIONS}/{clear['originalAuthTransactionUuid']}").json()
    assert authorization["transactionType"] == "AUTHORIZATION"
    assert authorization["matchedClearTransactionUuid"] == clear["uuid"]
    assert listed(f"transactionIds:eq:{authorization['uuid']}") == []


def test_the_parts_of_a_split_transaction(spend, listed):
    (parent,) = [each for each in listed() if each["childTransactionUuids"]]
    parts = [spend.get(f"{TRANSACTIONS}/{one}").json() for one in parent["childTransactionUuids"]]
    assert sum(each["amount"] for each in parts) == parent["amount"]
    assert {each["parentTransactionUuid"] for each in parts} == {parent["uuid"]}
    assert {each["uuid"] for each in parts}.isdisjoint(each["uuid"] for each in listed())


def test_get_by_either_id(spend, get, first):
    some = get(first("type:eq:CLEAR"))
    assert spend.get(f"{TRANSACTIONS}/{some['id']}").json() == some


@pytest.mark.parametrize(
    ("type_", "part"), [("CLEAR", "cleared"), ("AUTHORIZATION", "pending"), ("DECLINE", None)]
)
@pytest.mark.parametrize("by", ["id", "uuid"])
def test_another_budget(sandbox, spend, spent, first, get, type_, part, by):
    some = get(first(f"type:eq:{type_}"))
    budgets = spend.get(BUDGETS, params={"max": 100}).json()["results"]
    old = next(each for each in budgets if each["uuid"] == some["budgetUuid"])
    # Budgets count what was spent in their current period.
    new = min(
        (each for each in budgets if each is not old),
        key=lambda each: each["currentPeriod"]["startDate"],
    )
    sandbox.advance(timedelta(seconds=5))
    moved = spend.put(f"{TRANSACTIONS}/{some['uuid']}", {"budgetId": new[by]})
    assert moved.status_code == 200, moved.text
    assert (moved.json()["budgetId"], moved.json()["budgetUuid"]) == (new["id"], new["uuid"])
    assert moved.json()["updatedTime"] > some["updatedTime"]
    assert get(some) == moved.json()
    for budget, sign in ((old, -1), (new, 1)):
        expected = dict(budget["currentPeriod"]["spent"])
        if part and some["authorizedTime"] >= budget["currentPeriod"]["startDate"]:
            expected[part] += sign * some["amount"]
            expected["total"] += sign * some["amount"]
        assert spent(budget["uuid"]) == expected


def test_refused_budgets(spend, codes, first, get):
    some = get(first("type:eq:CLEAR"))
    path = f"{TRANSACTIONS}/{some['uuid']}"
    retired = spend.get(BUDGETS, params={"filters": "retired:eq:true"}).json()["results"][0]
    for body, code in (
        ({"budgetId": retired["uuid"]}, "BDC_1119"),
        ({"budgetId": "ünknown"}, "BDC_1119"),
        ({"budgetId": 7}, "BDC_1124"),
        ({}, "REQUEST"),
    ):
        answer = spend.put(path, body)
        assert (answer.status_code, codes(answer)) == (400, [code])
    assert get(some) == some


def test_custom_fields_of_a_transaction(sandbox, spend, first, get, fields, tag):
    some = first("type:eq:CLEAR,locked:eq:false,syncStatus:eq:NOT_SYNCED")
    location, note = fields["Location"], fields["Business purpose"]
    houston = location["values"]["Houston"]
    sandbox.advance(timedelta(seconds=5))
    answer = tag(
        some,
        {"customFieldId": location["uuid"], "selectedValues": [houston["id"]]},
        {"customFieldId": note["id"], "note": "Müsli für alle"},
    )
    assert (answer.status_code, answer.json()) == (200, {"status": "SUCCESS"})
    assert get(some)["updatedTime"] > some["updatedTime"]
    selected = applied(get(some), "Location")["selectedValues"]
    assert selected == [{name: houston[name] for name in ("id", "uuid", "value")}]
    assert applied(get(some), "Business purpose")["note"] == "Müsli für alle"
    path = f"{TRANSACTIONS}/{some['uuid']}/custom-fields"
    assert spend.get(path).json() == {"results": get(some)["customFields"]}
    assert spend.get(f"{path}/{location['id']}/values").json()["results"] == selected
    assert tag(some, {"customFieldId": location["id"], "selectedValues": []}).status_code == 200
    assert applied(get(some), "Location")["selectedValues"] == []
    assert applied(get(some), "Business purpose")["note"] == "Müsli für alle"


def test_filter_on_custom_fields(listed, fields, tag, first):
    location = fields["Location"]
    value = location["values"]["Houston"]["uuid"]
    assert listed(f"customFieldIds:eq:{location['uuid']}") == []
    some = first("locked:eq:false")
    tag(some, {"customFieldId": location["uuid"], "selectedValues": [value]})
    for one in (location["id"], location["uuid"]):
        assert [each["uuid"] for each in listed(f"customFieldIds:eq:{one}")] == [some["uuid"]]


def test_what_is_required_makes_a_transaction_complete(spend, listed, get, fields, tag):
    some = next(
        each
        for each in listed("type:eq:CLEAR,locked:eq:false,complete:eq:false")
        if each["receiptStatus"] != "MISSING" and each["status"] == "APPROVED"
        if not applied(each, "Project")["isRequired"]
    )
    category = fields["Expense category"]
    assert applied(some, "Expense category")["isRequired"]
    meals = {"customFieldId": category["uuid"], "selectedValues": []}
    meals["selectedValues"] = [category["values"]["Meals"]["uuid"]]
    tag(some, meals)
    tagged = get(some)
    assert (tagged["complete"], tagged["status"]) == (True, "COMPLETE")
    spend.patch(f"{FIELDS}/{fields['Location']['uuid']}", {"required": True})
    assert (get(some)["complete"], get(some)["status"]) == (False, "APPROVED")


def test_refused_selections(spend, codes, first, get, fields, tag):
    some = get(first("type:eq:CLEAR,locked:eq:false"))
    location, project = fields["Location"], fields["Project"]
    two = [each["uuid"] for each in location["values"].values()][:2]
    retired = spend.get(FIELDS, params={"filters": "retired:eq:true"}).json()["results"][0]
    good = {"customFieldId": location["uuid"], "selectedValues": two[:1]}
    for item in (
        {"customFieldId": "nobody", "selectedValues": []},
        {"customFieldId": retired["uuid"], "selectedValues": []},
        {**good, "selectedValues": two},
        {**good, "selectedValues": ["Houston"]},
        {**good, "selectedValues": [project["values"]["Website"]["uuid"]]},
        {**good, "note": "A selector has no note"},
        {"customFieldId": fields["Business purpose"]["uuid"], "selectedValues": two[:1]},
    ):
        answer = tag(some, good, item)
        assert (answer.status_code, codes(answer)) == (400, ["BDC_1119"]), item
    assert get(some) == some
    assert codes(tag(some)) == ["REQUEST"]
    assert codes(tag(some, "nonsense")) == ["BDC_1124"]
    assert codes(tag(some, {"selectedValues": []})) == ["REQUEST"]


def test_several_values_where_the_field_takes_them(spend, first, get, fields, tag):
    some = first("locked:eq:false")
    spend.patch(f"{FIELDS}/{fields['Location']['uuid']}", {"multiSelect": True})
    values = [each["uuid"] for each in fields["Location"]["values"].values()]
    item = {"customFieldId": fields["Location"]["uuid"], "selectedValues": [*values, values[0]]}
    tag(some, item)
    selected = applied(get(some), "Location")["selectedValues"]
    assert [each["uuid"] for each in selected] == values


def test_deleted_values_and_fields_stay_where_they_were_selected(spend, first, get, fields, tag):
    some = first("locked:eq:false")
    location = fields["Location"]
    houston = location["values"]["Houston"]
    item = {"customFieldId": location["uuid"], "selectedValues": [houston["uuid"]]}
    tag(some, item)
    path = f"{FIELDS}/{location['uuid']}"
    spend.call("DELETE", f"{path}/values", json={"customFieldValueIds": [houston["uuid"]]})
    spend.call("DELETE", path)
    assert applied(get(some), "Location")["selectedValues"][0]["value"] == "Houston"
    other = first("type:eq:CLEAR,locked:eq:false")
    assert tag(other, item).status_code == 400


def test_a_locked_transaction_keeps_its_custom_fields(codes, first, get, fields, tag):
    locked = get(first("locked:eq:true"))
    answer = tag(locked, {"customFieldId": fields["Business purpose"]["uuid"], "note": "Late"})
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1119"])
    assert get(locked) == locked


def test_receipts(spend, codes, first, get):
    some = first("receiptStatus:eq:MISSING")
    url = spend.post(f"{TRANSACTIONS}/receipt-upload-url").json()["url"]
    path = f"{TRANSACTIONS}/{some['id']}/receipts"
    assert codes(spend.post(path, {"url": url})) == ["BDC_1119"]
    assert requests.put(url, data=PNG, timeout=5).status_code == 200
    added = spend.post(path, {"url": url})
    assert added.status_code == 200, added.text
    assert get(some)["receipts"] == [added.json()]
    assert get(some)["receiptStatus"] == "ATTACHED"
    assert codes(spend.call("DELETE", f"{path}/unknown")) == ["BDC_1120"]
    deleted = spend.call("DELETE", f"{path}/{added.json()['uuid']}")
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert get(some)["receipts"] == []
    assert get(some)["receiptStatus"] == "MISSING"
    assert codes(spend.call("DELETE", f"{path}/{added.json()['id']}")) == ["BDC_1120"]


@pytest.mark.parametrize("action", ["ACCEPT", "REJECT"])
def test_a_3d_secure_challenge(spend, codes, first, get, spent, action):
    some = first("type:eq:OTHER")
    before = spent(some["budgetUuid"])["pending"]
    path = f"{TRANSACTIONS}/{some['uuid']}/3ds-challenge"
    for body, code in (({}, "REQUEST"), ({"action": "APPROVE"}, "BDC_1119")):
        assert codes(spend.post(path, body)) == [code]
    answer = spend.post(path, {"action": action})
    accepted = action == "ACCEPT"
    status = "ACCEPTED" if accepted else "REJECTED"
    assert (answer.status_code, answer.json()) == (200, {"id": some["uuid"], "status": status})
    assert get(some)["transactionType"] == ("AUTHORIZATION" if accepted else "DECLINE")
    assert ("declineReason" in get(some), "authorizedTime" in get(some)) == (not accepted, accepted)
    assert spent(some["budgetUuid"])["pending"] == before + (some["amount"] if accepted else 0)
    assert codes(spend.post(path, {"action": action})) == ["BDC_1119"]


def test_only_an_administrator_answers_a_challenge(spend, codes, first, get):
    some = get(first("type:eq:OTHER"))
    uuid = spend.get("/v3/spend/users/current").json()["uuid"]
    spend.patch(f"/v3/spend/users/{uuid}", {"role": "MEMBER"})
    answer = spend.post(f"{TRANSACTIONS}/{some['uuid']}/3ds-challenge", {"action": "ACCEPT"})
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1361"])
    assert get(some) == some


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PUT", ""),
        ("GET", "/custom-fields"),
        ("PUT", "/custom-fields"),
        ("GET", "/custom-fields/some/values"),
        ("POST", "/receipts"),
        ("DELETE", "/receipts/some"),
        ("POST", "/3ds-challenge"),
    ],
)
def test_unknown(spend, codes, method, path):
    body = {
        "budgetId": "a",
        "url": "a",
        "action": "ACCEPT",
        "customFields": [{"customFieldId": "a"}],
    }
    answer = spend.call(method, f"{TRANSACTIONS}/nobody{path}", json=body)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_values_of_an_unknown_field(spend, codes, first):
    path = f"{TRANSACTIONS}/{first('')['uuid']}/custom-fields/nobody/values"
    assert codes(spend.get(path)) == ["BDC_1120"]


@pytest.mark.parametrize("path", ["", "/some", "/some/custom-fields"])
def test_no_token(anonymous, path):
    assert anonymous.get(TRANSACTIONS + path).status_code == 401


def test_events(sandbox, spend, codes, first, get):
    heard = []
    sandbox._state.listeners.append(lambda owner, event, record: heard.append((event, record)))
    some = first("type:eq:OTHER")
    path = f"{TRANSACTIONS}/{some['uuid']}"
    assert codes(spend.put(path, {"budgetId": "nowhere"})) == ["BDC_1119"]
    assert heard == []
    spend.post(f"{path}/3ds-challenge", {"action": "ACCEPT"})
    assert heard == [("spend.transaction.updated", get(some))]
