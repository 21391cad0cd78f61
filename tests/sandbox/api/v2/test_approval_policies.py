"""Approval policies of v2, which bills are approved by as by those of v3."""

import pytest


@pytest.fixture
def me(v2):
    return v2("GetSessionInfo")["userId"]


@pytest.fixture
def other(v2, me):
    return next(each["id"] for each in v2.list("User") if each["id"] != me)


@pytest.fixture
def policy(v2, me):
    return v2.create("ApprovalPolicy", type="0", amountThreshold=100, minNumApprovers=1, usersId=me)


def approvers_of_a_bill(v2, amount, number):
    vendor = v2.create("Vendor", name=f"Paper {number}")
    bill = v2.create(
        "Bill",
        vendorId=vendor["id"],
        invoiceNumber="1",
        invoiceDate="2026-11-01",
        dueDate="2026-12-01",
        billLineItems=[{"amount": amount}],
    )
    asking = {"objectId": bill["id"], "entity": "Bill"}
    return [each["usersId"] for each in v2("ListApprovers", asking)]


def test_a_policy_counts_for_bills_from_its_threshold_on(v2, policy, me, other, developer):
    assert (policy["approverCondition"], policy["createdById"]) == ("0", me)
    adding = {"approvalPolicyId": policy["id"], "usersId": other, "sortOrder": 0}
    approver = v2.create("ApprovalPolicyApprover", **adding)
    assert approver["id"].startswith("apa")
    assert approvers_of_a_bill(v2, 99, 1) == []
    assert approvers_of_a_bill(v2, 100, 2) == [me, other]
    [of_v3] = developer.get("/v3/bill-approvals/policies").json()[-1:]
    [listed] = v2("GetAllBillApproverPolicy")["policies"][-1:]
    assert listed["policyId"] == of_v3["id"]
    [rule] = listed["rawPolicy"]["rules"]
    assert (rule["key"], rule["opr"], rule["value"]) == ("billAmount", ">=", "100")
    v2("Crud/Delete/ApprovalPolicyApprover", {"id": approver["id"]})
    v2.update("ApprovalPolicy", id=policy["id"], amountThreshold=50)
    assert approvers_of_a_bill(v2, 60, 3) == [me]
    v2("Crud/Delete/ApprovalPolicy", {"id": policy["id"]})
    assert approvers_of_a_bill(v2, 100, 4) == []
    v2("Crud/Undelete/ApprovalPolicy", {"id": policy["id"]})
    v2("Crud/Undelete/ApprovalPolicyApprover", {"id": approver["id"]})
    assert approvers_of_a_bill(v2, 100, 5) == [me, other]
    assert v2.read("ApprovalPolicy", policy["id"])["amountThreshold"] == 50


def test_approvers_are_added_in_bulk(v2, policy, me, other):
    one = {"obj": {"approvalPolicyId": policy["id"], "usersId": other}}
    wrong = {"obj": {"approvalPolicyId": "app-none", "usersId": me}}
    added, refused = v2("Bulk/Crud/Create/ApprovalPolicyApprover", {"bulk": [one, wrong]})["bulk"]
    assert added["response_data"]["usersId"] == other
    assert refused["response_data"]["error_code"] == "BDC_1119"
    of_policy = ("approvalPolicyId", "=", policy["id"])
    assert len(v2.list("ApprovalPolicyApprover", of_policy)) == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"usersId": "006-none"}, "BDC_1119"),
        ({"bankAccountId": "bac-none"}, "BDC_1119"),
        ({"type": "2"}, "BDC_1119"),
        ({"amountThreshold": None}, "BDC_1117"),
    ],
)
def test_a_wrong_policy_is_refused(v2, wrong, code):
    obj = {"type": "0", "amountThreshold": 1, "minNumApprovers": 1, **wrong}
    assert v2.refused("Crud/Create/ApprovalPolicy", {"obj": obj})[0] == code


def test_a_sync_token_changes_no_policy(v2_sync):
    obj = {"type": "0", "amountThreshold": 1, "minNumApprovers": 1}
    assert v2_sync.refused("Crud/Create/ApprovalPolicy", {"obj": obj})[0] == "BDC_1361"
