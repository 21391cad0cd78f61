"""Approving bills, and searching by name, in v2."""

import pytest


@pytest.fixture
def bill(v2):
    return v2.list("Bill")[0]


@pytest.fixture
def me(v2):
    return v2("GetSessionInfo")["userId"]


@pytest.fixture
def other(v2, me):
    return next(each["id"] for each in v2.list("User") if each["id"] != me)


def approve(v2, bill, verb="Approve"):
    return v2(verb, {"entity": "Bill", "objectId": bill["id"], "comment": "Schön"})


def test_a_bill_is_approved_by_one_after_the_other(v2, bill, me, other):
    one = {"entity": "Bill", "objectId": bill["id"]}
    assert v2("ListApprovers", one) == []
    assert v2("SetApprovers", {**one, "approvers": [me, other]}) == {}
    assert v2.read("Bill", bill["id"])["approvalStatus"] == "1"
    assert [each["usersId"] for each in v2("ListApprovers", one)] == [me, other]
    assert v2("ListUserApprovals", {})["approvals"][0]["id"] == bill["id"]
    assert [each["status"] for each in v2("ListApprovers", one)] == ["0", "5"]
    approve(v2, bill)
    assert v2.read("Bill", bill["id"])["approvalStatus"] == "4"
    assert [each["status"] for each in v2("ListApprovers", one)] == ["4", "0"]
    assert v2.refused("Approve", one)[0] == "BDC_1119"
    assert v2("ListUserApprovals", {})["approvals"] == []
    assert v2("ListUserApprovals", {"usersId": other})["approvals"][0]["id"] == bill["id"]


def test_a_denied_bill_of_v2_is_denied_in_v3(v2, bill, me, developer):
    v2("SetApprovers", {"objectId": bill["id"], "approvers": [me]})
    approve(v2, bill, "Deny")
    assert developer.get(f"/v3/bills/{bill['id']}").json()["approvalStatus"] == "DENIED"


def test_an_administrator_pays_a_bill_that_is_not_approved(v2, bill, other):
    v2("SetApprovers", {"objectId": bill["id"], "approvers": [other]})
    pays = [{"billId": bill["id"], "amount": bill["dueAmount"]}]
    data = {"vendorId": bill["vendorId"], "billPays": pays}
    assert v2("PayBills", data)["sentPays"][0]["status"] == "1"


@pytest.mark.parametrize("approvers", [["006-of-nobody"], [], "me", ["ME", "ME"]])
def test_refused_approvers(v2, bill, me, approvers):
    given = [me if each == "ME" else each for each in approvers] if approvers != "me" else "me"
    data = {"objectId": bill["id"], "approvers": given}
    assert v2.refused("SetApprovers", data)[0] in {"BDC_1117", "BDC_1119", "BDC_1124"}
    assert v2.read("Bill", bill["id"])["approvalStatus"] == "0"


def test_unknown_bills(v2, me):
    for operation in ("ListApprovers", "Approve", "Deny"):
        assert v2.refused(operation, {"objectId": "x"})[0] == "BDC_1120"
    assert v2.refused("SetApprovers", {"objectId": "x", "approvers": [me]})[0] == "BDC_1120"


def test_entities_are_found_by_a_part_of_their_name(v2):
    for name in ("The Café Größe", "Café Zwei", "Bar"):
        v2.create("Vendor", name=name)
    gone = v2.create("Vendor", name="Café Gone")
    v2("Crud/Delete/Vendor", {"id": gone["id"]})
    found = v2("SearchEntity", {"entity": "Vendor", "term": "CAFÉ"})
    assert [each["name"] for each in found] == ["Café Zwei", "The Café Größe"]
    v2.create("Customer", name="Café Kunde")
    assert v2("SearchEntity", {"entity": "Customer", "term": "kunde"})[0]["entity"] == "Customer"
    assert v2.refused("SearchEntity", {"entity": "Bill", "term": "x"})[0] == "BDC_1119"
    assert v2.refused("SearchEntity", {"entity": "Vendor"})[0] == "BDC_1117"


def test_an_approver_is_an_entity_of_its_own(v2, bill, me, other):
    one = {"entity": "Bill", "objectId": bill["id"]}
    v2("SetApprovers", {**one, "approvers": [me, other]})
    _, second = v2("ListApprovers", one)
    assert second["id"].startswith("0ba")
    assert (second["billid"], second["usersId"], second["sortOrder"]) == (bill["id"], other, 1)
    assert v2.read("BillApprover", second["id"]) == second
    assert v2.refused("Crud/Read/BillApprover", {"id": "0ba-none"})[0] == "BDC_1120"


def test_approvers_are_cleared_whatever_they_did(v2, bill, me):
    one = {"entity": "Bill", "objectId": bill["id"]}
    v2("SetApprovers", {**one, "approvers": [me]})
    approve(v2, bill, "Deny")
    assert v2("ClearApprovers", one) == {}
    assert v2("ListApprovers", one) == []
    assert v2.read("Bill", bill["id"])["approvalStatus"] == "0"
