"""The sandbox's own paths over HTTP, as a test in another language uses them."""

import pytest
import requests

from pytest_bill.sandbox.admission import HEADER


@pytest.fixture
def control(sandbox):
    def call(method, path, json=None):
        return requests.request(
            method,
            f"{sandbox.origin}/__sandbox__/{path}",
            json=json,
            headers={HEADER: "1"},
            timeout=30,
        )

    return call


def names(caller):
    return [vendor["name"] for vendor in caller.get("/v3/vendors").json()["results"]]


def vendor(name):
    address = {"line1": "1 Main", "city": "Reno", "zipOrPostalCode": "89501", "country": "US"}
    return {"name": name, "address": address}


def test_reset_brings_back_the_first_records_and_their_ids(control, developer, sandbox):
    before = developer.get("/v3/vendors").json()["results"]
    developer.post("/v3/vendors", vendor("New"))
    developer.patch(f"/v3/vendors/{before[0]['id']}", {"name": "Changed"})
    sandbox.fail("listVendors", status=500)
    assert control("POST", "reset").status_code == 204
    after = developer.get("/v3/vendors").json()["results"]
    assert [(each["id"], each["name"]) for each in after] == [
        (each["id"], each["name"]) for each in before
    ]
    assert sandbox.request_counts() == {"GET /connect/v3/vendors": 1}


def test_a_snapshot_can_be_restored_again_and_again(control, developer):
    snapshot = control("POST", "snapshots").json()["id"]
    before = names(developer)
    for _ in range(2):
        made = developer.post("/v3/vendors", vendor("New")).json()
        assert names(developer) != before
        assert control("POST", f"snapshots/{snapshot}/restore").status_code == 204
        assert names(developer) == before
        assert developer.get(f"/v3/vendors/{made['id']}").status_code == 404


def test_ids_are_the_same_after_a_restore(control, developer):
    snapshot = control("POST", "snapshots").json()["id"]
    first = developer.post("/v3/vendors", vendor("New")).json()["id"]
    control("POST", f"snapshots/{snapshot}/restore")
    assert developer.post("/v3/vendors", vendor("New")).json()["id"] == first


@pytest.mark.parametrize("body", [{}, {"required": "yes"}, []])
def test_a_switch_that_makes_no_sense_is_refused(control, developer, body):
    assert control("POST", "mfa", body).status_code == 400
    assert developer.get("/v3/login/session").json()["mfaBypass"] is True


def test_mfa_is_switched_on_and_off(control, developer):
    for required in (True, False):
        assert control("POST", "mfa", {"required": required}).status_code == 204
        assert developer.get("/v3/login/session").json()["mfaBypass"] is not required


def test_an_unknown_snapshot_is_not_found(control):
    assert control("POST", "snapshots/99/restore").status_code == 404


def test_records_are_created_from_lists_of_bodies_with_references(control, developer):
    accounts = "/v3/classifications/chart-of-accounts"
    answer = control(
        "POST",
        "seed",
        {
            "/v3/vendors": [vendor("One"), vendor("Two")],
            accounts: [{"name": "Travel"}, {"name": "Air", "parentId": f"${accounts}/0/id"}],
        },
    )
    assert answer.status_code == 201
    travel, air = answer.json()[accounts]
    assert air["parentId"] == travel["id"]
    assert developer.get(f"{accounts}/{air['id']}").json() == air
    assert names(developer)[-2:] == ["One", "Two"]


def test_records_of_spend_and_expense_are_created_too(control, spend):
    users, budgets, cards, fields, reimbursements = (
        f"/v3/spend/{each}"
        for each in ("users", "budgets", "cards", "custom-fields", "reimbursements")
    )
    user = {"firstName": "A", "lastName": "B", "email": "a@example.com", "role": "MEMBER"}
    budget = {"name": "Tour", "recurringInterval": "NONE", "limit": 9}
    url = spend.post(f"{reimbursements}/image-upload-url").json()["url"]
    requests.put(url, data=b"\x89PNG\r\n\x1a\n", timeout=5)
    expense = {"amount": 5, "note": "Tea", "merchantName": "Café", "occurredDate": "2026-05-04"}
    ties = {"userId": f"${users}/0/uuid", "budgetId": f"${budgets}/0/uuid"}
    made = control(
        "POST",
        "seed",
        {
            users: [user],
            budgets: [{**budget, "owners": [f"${users}/0/uuid"]}],
            cards: [{"name": "Ads", "limit": 5, **ties}],
            fields: [{"name": "Why", "allowCustomValues": True, "global": True}],
            reimbursements: [{**expense, **ties, "receipts": [{"url": url}]}],
        },
    )
    assert made.status_code == 201, made.text
    for path, (record,) in made.json().items():
        assert spend.get(f"{path}/{record['uuid']}").json() == record


@pytest.mark.parametrize(
    "lists",
    [
        {"/v3/nonsense": [{}]},
        {"/v3/vendors": {}},
        {"/v3/vendors": [1]},
        {"/v3/vendors": [{"name": "No address"}]},
        {"/v3/classifications/jobs": [{"parentId": "$/v3/vendors/7/id"}]},
        {"/v3/classifications/jobs": [{"parentId": "$/v3"}]},
    ],
    ids=["path", "no list", "no object", "field missing", "reference", "bad reference"],
)
def test_a_refused_seed_creates_nothing(control, developer, lists):
    before = names(developer)
    answer = control("POST", "seed", {"/v3/vendors": [vendor("First")], **lists})
    assert answer.status_code == 400
    assert names(developer) == before


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"operation": "listVendors"},
        {"operation": "nonsense", "status": 500},
        {"operation": "listVendors", "status": 200},
        {"operation": "listVendors", "status": 500, "times": 0},
        {"operation": "listVendors", "delay_seconds": 100000},
        {"operation": "listVendors", "drop": "yes"},
        {"operation": "listVendors", "status": 429, "headers": {"Retry-After": "7"}},
        {"operation": "listVendors", "status": 429, "headers": [{"name": "A B", "value": "7"}]},
        {"operation": "listVendors", "status": 429, "headers": [{"name": "A", "value": "7\r\n"}]},
    ],
    ids=[
        *("nothing", "no fault", "operation", "no refusal", "never", "forever", "no boolean"),
        *("no list", "no name", "two lines"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(control, fault):
    assert control("POST", "faults", fault).status_code == 400


def test_the_controls_name_what_was_refused(sandbox):
    with pytest.raises(RuntimeError, match=r"HTTP 400: Invalid field,value: operation, nonsense"):
        sandbox.fail("nonsense", status=500)


def test_its_health_is_asked_for_without_the_header_and_not_counted(sandbox):
    answer = requests.get(f"{sandbox.origin}/__sandbox__/health", timeout=5)
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert set(answer.json()) == {"status", "version", "now"}
    assert sandbox.request_counts() == {}
