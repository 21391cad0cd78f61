"""Approval policies, what waits for whom, approve, deny, and paying what is not approved."""

import pytest

POLICIES = "/v3/bill-approvals/policies"
PENDING = "/v3/bill-approvals/pending-user-approvals"
ACTIONS = "/v3/bill-approvals/actions"


@pytest.fixture
def me(developer):
    return developer.get("/v3/login/session").json()["userId"]


@pytest.fixture
def other(console):
    """Another user's id."""
    return console.get("/v3/login/session").json()["userId"]


@pytest.fixture
def policy(me):
    return {
        "policyName": "Büro: 1000 to 2000",
        "rules": [
            {"key": "BILL_AMOUNT", "op": "gte", "values": ["1000"]},
            {"key": "BILL_AMOUNT", "op": "lt", "values": ["2000"]},
        ],
        "approvers": [me],
    }


@pytest.fixture
def make_bill(developer):
    vendor = developer.get("/v3/vendors").json()["results"][0]["id"]

    def make(amount):
        body = {
            "vendorId": vendor,
            "dueDate": "2030-12-31",
            "billLineItems": [{"amount": amount}],
            "invoice": {"invoiceNumber": f"B-{amount}", "invoiceDate": "2030-12-01"},
        }
        return developer.post("/v3/bills?billApprovals=true", body).json()

    return make


def pay(developer, bill):
    body = {
        "billId": bill["id"],
        "amount": 1,
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac" + "0" * 17},
        "processingOptions": {},
    }
    return developer.post("/v3/payments", body)


def test_a_policy_is_made_listed_replaced_and_deleted(developer, sandbox, policy, me, codes):
    answer = developer.post(POLICIES, policy)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["id"].startswith(sandbox.variables["BILL_ORGANIZATION_ID"] + "-")
    assert made["status"] == "ACTIVE"
    assert made["rules"][0]["values"] == [{"value": "1000", "displayName": "1000"}]
    assert [user["userId"] for user in made["approvers"]["users"]] == [me]
    assert developer.get(POLICIES).json() == [made]
    one = f"{POLICIES}/{made['id']}"
    replaced = developer.put(one, {**policy, "policyName": "Neu"}).json()
    assert (replaced["id"], replaced["policyName"]) == (made["id"], "Neu")
    deleted = developer.delete(one)
    assert (deleted.status_code, deleted.json()) == (200, {"status": "SUCCESS"})
    assert developer.get(POLICIES).json() == []
    assert codes(developer.delete(one)) == ["BDC_1120"]
    assert codes(developer.put(one, policy)) == ["BDC_1120"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"policyName": ""}, ["REQUEST"]),
        ({"rules": []}, ["REQUEST"]),
        ({"rules": [{"key": "MOON", "op": "gte", "values": ["1"]}]}, ["BDC_1119"]),
        ({"rules": [{"key": "BILL_AMOUNT", "op": "near", "values": ["1"]}]}, ["BDC_1119"]),
        ({"rules": [{"key": "BILL_AMOUNT", "op": "gte", "values": ["much"]}]}, ["BDC_1119"]),
        ({"rules": [{"key": "BILL_AMOUNT", "op": "gte", "values": ["1", "2"]}]}, ["BDC_1119"]),
        ({"rules": [{"key": "BILL_AMOUNT", "op": "gte", "values": ["."]}]}, ["BDC_1119"]),
        ({"rules": [{"key": "VENDOR_ID", "op": "gte", "values": ["009no"]}]}, ["BDC_1119"]),
        ({"rules": [{"key": "JOB_ID", "op": "lt", "values": ["jobno"]}]}, ["BDC_1119"]),
        ({"approvers": []}, ["REQUEST"]),
        ({"approvers": ["006unknown"]}, ["BDC_1119"]),
        ({"approvers": [6]}, ["BDC_1124"]),
    ],
)
def test_refused_policies(developer, policy, codes, changes, expected):
    answer = developer.post(POLICIES, {**policy, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get(POLICIES).json() == []


def test_an_approver_once(developer, policy, me, codes):
    assert codes(developer.post(POLICIES, {**policy, "approvers": [me, me]})) == ["BDC_1119"]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(999.99, "UNASSIGNED"), (1000, "ASSIGNED"), (1999.99, "ASSIGNED"), (2000, "UNASSIGNED")],
)
def test_only_bills_that_fit_need_approval(developer, policy, make_bill, me, amount, expected):
    developer.post(POLICIES, policy)
    bill = make_bill(amount)
    assert bill["approvalStatus"] == expected
    assert ("approvers" in bill) == (expected == "ASSIGNED")


def test_approvers_are_answered_on_request(developer, policy, make_bill, me, codes):
    developer.post(POLICIES, policy)
    bill = make_bill(1500)
    assert [
        (each["userId"], each["status"], each["approverOrder"]) for each in bill["approvers"]
    ] == [(me, "WAITING", 0)]
    path = f"/v3/bills/{bill['id']}"
    assert "approvers" not in developer.get(path).json()
    assert developer.get(path, params={"billApprovals": "true"}).json() == bill
    params = {"billApprovals": "true", "filters": "approvalStatus:eq:ASSIGNED"}
    assert developer.get("/v3/bills", params=params).json() == {"results": [bill]}
    assert codes(developer.get(path, params={"billApprovals": "perhaps"})) == ["BDC_1129"]


def test_a_bill_is_approved_and_paid(developer, policy, make_bill, codes):
    developer.post(POLICIES, policy)
    bill = make_bill(1500)
    [pending] = developer.get(PENDING).json()["bills"]
    assert pending == {
        "billId": bill["id"],
        **{name: bill[name] for name in ("vendorId", "amount", "dueDate")},
    }
    refused = pay(developer, bill)
    assert (refused.status_code, codes(refused)) == (400, ["BDC_1119"])
    answer = developer.post(
        ACTIONS, [{"billId": bill["id"], "action": "APPROVE", "comment": "Ça va"}]
    )
    assert (answer.status_code, answer.json()) == (200, {"status": "SUCCESS"})
    assert developer.get(PENDING).json() == {"bills": []}
    assert developer.get(f"/v3/bills/{bill['id']}").json()["approvalStatus"] == "APPROVED"
    assert pay(developer, bill).status_code == 201


def test_a_denied_bill_waits_for_nobody(developer, policy, make_bill, other, codes, me):
    developer.post(POLICIES, {**policy, "approvers": [me, other]})
    bill = make_bill(1500)
    assert developer.post(ACTIONS, [{"billId": bill["id"], "action": "DENY"}]).ok
    now = developer.get(f"/v3/bills/{bill['id']}?billApprovals=true").json()
    assert now["approvalStatus"] == "DENIED"
    assert [each["status"] for each in now["approvers"]] == ["DENIED", "WAITING"]
    assert developer.get(PENDING).json() == {"bills": []}
    again = developer.post(ACTIONS, [{"billId": bill["id"], "action": "APPROVE"}])
    assert codes(again) == ["BDC_1119"]
    assert codes(pay(developer, bill)) == ["BDC_1119"]


def test_approvers_are_asked_in_order(developer, policy, make_bill, me, other, codes):
    developer.post(POLICIES, {**policy, "approvers": [other, me]})
    bill = make_bill(1500)
    approve = {"billId": bill["id"], "action": "APPROVE"}
    assert developer.get(PENDING).json() == {"bills": []}
    assert codes(developer.post(ACTIONS, [approve])) == ["BDC_1119"]


def test_a_second_approver_is_left(developer, policy, make_bill, me, other, codes):
    developer.post(POLICIES, {**policy, "approvers": [me, other]})
    bill = make_bill(1500)
    developer.post(ACTIONS, [{"billId": bill["id"], "action": "APPROVE"}])
    assert developer.get(f"/v3/bills/{bill['id']}").json()["approvalStatus"] == "APPROVING"
    assert codes(pay(developer, bill)) == ["BDC_1119"]


def test_another_amount_begins_the_approval_anew(developer, policy, make_bill):
    developer.post(POLICIES, policy)
    path = f"/v3/bills/{make_bill(1500)['id']}"
    developer.post(ACTIONS, [{"billId": path.rpartition("/")[2], "action": "APPROVE"}])
    kept = developer.patch(path, {"description": "x"}).json()
    assert kept["approvalStatus"] == "APPROVED"
    raised = developer.patch(path, {"billLineItems": [{"amount": 1600}]}).json()
    assert raised["approvalStatus"] == "ASSIGNED"
    lowered = developer.patch(path, {"billLineItems": [{"amount": 5}]}).json()
    assert lowered["approvalStatus"] == "UNASSIGNED"


def test_a_payment_makes_no_bill_that_needs_approval(developer, policy, codes):
    developer.post(POLICIES, policy)
    before = developer.get("/v3/bills", params={"max": "100"}).json()
    body = {
        "vendorId": developer.get("/v3/vendors").json()["results"][0]["id"],
        "amount": 1500,
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac" + "0" * 17},
        "processingOptions": {"createBill": True},
    }
    assert codes(developer.post("/v3/payments", body)) == ["BDC_1119"]
    assert developer.get("/v3/bills", params={"max": "100"}).json() == before


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ["BDC_1122"]),
        ([], ["BDC_1129"]),
        ([{}], ["REQUEST", "REQUEST"]),
        ([{"billId": "00nunknown", "action": "APPROVE"}], ["BDC_1119"]),
        ([{"billId": "00nunknown", "action": "LIKE"}], ["BDC_1119"]),
    ],
)
def test_refused_actions(developer, codes, body, expected):
    answer = developer.post(ACTIONS, body)
    assert (answer.status_code, codes(answer)) == (400, expected)


def test_a_sync_token_is_no_user(sync, codes):
    assert codes(sync.get(PENDING)) == ["BDC_1302"]


def test_actions_are_done_together_or_not_at_all(developer, policy, make_bill, codes):
    developer.post(POLICIES, policy)
    ids = [make_bill(amount)["id"] for amount in (1500, 1600)]
    approve = [{"billId": each, "action": "APPROVE"} for each in ids]
    for bad in ({"billId": "00nunknown", "action": "DENY"}, approve[0]):
        assert codes(developer.post(ACTIONS, [*approve, bad])) == ["BDC_1119"]
    assert [each["billId"] for each in developer.get(PENDING).json()["bills"]] == ids
    assert developer.post(ACTIONS, approve).ok
    assert developer.get(PENDING).json() == {"bills": []}


@pytest.fixture
def location(developer):
    return developer.post("/v3/classifications/locations", {"name": "Lübeck"}).json()


def test_a_rule_about_a_location_holds_for_a_line_item(developer, policy, make_bill, location):
    rule = {"key": "LOCATION_ID", "op": "gte", "values": [location["id"]]}
    made = developer.post(POLICIES, {**policy, "rules": [rule]}).json()
    assert made["rules"][0]["values"] == [{"value": location["id"], "displayName": "Lübeck"}]
    bill = make_bill(5)
    assert bill["approvalStatus"] == "UNASSIGNED"
    lines = [{"amount": 6, "classifications": {"locationId": location["id"]}}]
    changed = developer.patch(f"/v3/bills/{bill['id']}", {"billLineItems": lines}).json()
    assert changed["approvalStatus"] == "ASSIGNED"


def test_a_rule_about_a_vendor_holds_for_its_bills(developer, policy, make_bill):
    first, second = (each["id"] for each in developer.get("/v3/vendors").json()["results"][:2])
    rule = {"key": "VENDOR_ID", "op": "gte", "values": [second]}
    assert developer.post(POLICIES, {**policy, "rules": [rule]}).status_code == 201
    bill = make_bill(5)
    assert (bill["vendorId"], bill["approvalStatus"]) == (first, "UNASSIGNED")
    moved = developer.patch(f"/v3/bills/{bill['id']}", {"vendorId": second}).json()
    assert moved["approvalStatus"] == "ASSIGNED"
    assert developer.get(PENDING).json()["bills"][0]["vendorId"] == second
