"""Approval policies in BILL's v2 API: ApprovalPolicy, ApprovalPolicyApprover,
GetAllBillApproverPolicy.

Pages: https://developer.bill.com/v2/reference/ap-approvals-createapprovalpolicy,
/ap-approvals-createapprovalpolicyapprover, /ap-approvals-getallbillapproverpolicy-v2i5o8 and those
beside them.

A policy of v2 has a threshold and approvers in their order; ``usersId`` is one who must approve. It
counts for bills as a policy of v3 does that asks the same people from that amount on: see
``bill_approval_policies``, whose policies GetAllBillApproverPolicy lists, those of both versions.
"""

from __future__ import annotations

from dataclasses import replace

from pytest_bill.sandbox.api.funding.banks import BANKS
from pytest_bill.sandbox.api.payables import bill_approval_policies as of_v3
from pytest_bill.sandbox.api.v2.columns import Column, an_id, flag, read_only, text
from pytest_bill.sandbox.api.v2.entities import Entity
from pytest_bill.sandbox.api.v2.entity_operations import bulk_operations, entity_operations
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Field, Integer, Many, Number, Object, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.user_names import is_user

_TABLE = "v2_approval_policies"
_APPROVERS = "v2_approval_policy_approvers"
_BILLS = "0"
_KEYS = {"BILL_AMOUNT": "billAmount", "VENDOR_ID": "vendorId"}
_OPERATORS = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_VERSION = "10000000002"


def _insert(call: Call, body: Record) -> Record:
    now = call.state.timestamp()
    policy: Record = {
        "id": call.state.ids.new("app"),
        "archived": False,
        "createdBy": call.who.user_id,
        "createdTime": now,
        **body,
    }
    _check(call, policy)
    call.table(_TABLE)[policy["id"]] = policy
    _settle(call, policy)
    return policy


def _patch(call: Call, policy: Record, body: Record) -> None:
    _check(call, {**policy, **body})
    policy.update(body)
    _settle(call, policy)


def _check(call: Call, policy: Record) -> None:
    user_id, account_id = policy.get("usersId"), policy.get("bankAccountId")
    if user_id and not is_user(call, user_id):
        raise errors.bad_request(errors.invalid_value("usersId", user_id))
    if account_id and account_id not in call.table(BANKS.table):
        raise errors.bad_request(errors.invalid_value("bankAccountId", account_id))


def _archive(call: Call, policy: Record) -> None:
    policy["archived"] = True
    _settle(call, policy)


def _restore(call: Call, policy: Record) -> None:
    policy["archived"] = False
    _settle(call, policy)


def _settle(call: Call, policy: Record) -> None:
    """Let v3 ask for the same approvers, or for none any more."""
    policy["updatedTime"] = call.state.timestamp()
    of_v3.drop(call, policy.pop("policyOfV3", ""))
    approvers = _users_of(call, policy)
    if policy["archived"] or policy["type"] != _BILLS or not approvers:
        return
    amount = {"key": "BILL_AMOUNT", "op": "gte", "values": [str(policy["amountThreshold"])]}
    body = {
        "policyName": policy.get("nickname") or _name(policy),
        "rules": [amount],
        "approvers": approvers,
    }
    policy["policyOfV3"] = of_v3.create(replace(call, body=body))["id"]


def _users_of(call: Call, policy: Record) -> list[str]:
    """Whom the policy asks, in order; the mandatory one first."""
    added = sorted(
        (
            each
            for each in call.table(_APPROVERS).values()
            if each["approvalPolicyId"] == policy["id"] and not each["archived"]
        ),
        key=lambda each: int(each.get("sortOrder", 0)),
    )
    found = [policy.get("usersId"), *(each["usersId"] for each in added)]
    return list(dict.fromkeys(each for each in found if each))


def _name(policy: Record) -> str:
    return f"Bills from ${policy['amountThreshold']}"


APPROVAL_POLICY = Entity(
    "ApprovalPolicy",
    "ap-approvals",
    {
        "name": Column(Text(), made=lambda _call, policy: _name(policy), sent=False),
        "nickname": text("nickname"),
        "type": Column(Text(required=True, choices=("0", "1")), "type"),
        "amountThreshold": Column(Integer(required=True, minimum=0), "amountThreshold"),
        "minNumApprovers": Column(Number(required=True, minimum=0), "minNumApprovers"),
        "bankAccountId": an_id("bankAccountId"),
        "usersId": an_id("usersId"),
        "approverNotSameAsPayer": flag(),
        "approverCondition": Column(Text(choices=("0", "1", "2")), absent="0"),
        "createdById": read_only(an_id("createdBy")),
    },
    records=lambda call: call.table(_TABLE),
    insert_in_v3=_insert,
    patch_in_v3=_patch,
    archive_in_v3=_archive,
    restore_in_v3=_restore,
    missing="Policies of vendor credits, minNumApprovers, approverNotSameAsPayer and "
    "approverCondition are kept only.",
    unsure="That a policy asks its own approvers for each bill from its threshold on, as one of "
    "v3, is assumed, and that BILL's own name of it may be any.",
)


def _add_approver(call: Call, body: Record) -> Record:
    policy = call.table(_TABLE).get(body.get("approvalPolicyId", ""))
    if policy is None:
        given = body.get("approvalPolicyId", "")
        raise errors.bad_request(errors.invalid_value("approvalPolicyId", given))
    user_id = body.get("usersId", "")
    if not is_user(call, user_id):
        raise errors.bad_request(errors.invalid_value("usersId", user_id))
    now = call.state.timestamp()
    approver: Record = {
        "id": call.state.ids.new("apa"),
        "archived": False,
        "createdTime": now,
        "updatedTime": now,
        **body,
    }
    call.table(_APPROVERS)[approver["id"]] = approver
    _settle(call, policy)
    return approver


def _archive_approver(call: Call, approver: Record) -> None:
    _set_archived(call, approver, True)


def _restore_approver(call: Call, approver: Record) -> None:
    _set_archived(call, approver, False)


def _set_archived(call: Call, approver: Record, archived: bool) -> None:
    approver["archived"] = archived
    approver["updatedTime"] = call.state.timestamp()
    _settle(call, call.table(_TABLE)[approver["approvalPolicyId"]])


APPROVAL_POLICY_APPROVER = Entity(
    "ApprovalPolicyApprover",
    "ap-approvals",
    {
        "approvalPolicyId": an_id("approvalPolicyId"),
        "usersId": an_id("usersId"),
        "sortOrder": Column(Integer(minimum=0), "sortOrder", absent=0),
    },
    records=lambda call: call.table(_APPROVERS),
    insert_in_v3=_add_approver,
    archive_in_v3=_archive_approver,
    restore_in_v3=_restore_approver,
    unsure="The refusal of an unknown policy or user is not documented; here BDC_1119.",
)


def _all(call: Call) -> Record:
    return {
        "policies": [
            {
                "policyOrder": order,
                "rawPolicy": _raw(policy),
                "policyId": policy["id"],
                "policyName": policy["policyName"],
                "orgId": call.owner,
                "status": policy["status"],
            }
            for order, policy in enumerate(of_v3.all_policies(call), 1)
        ]
    }


def _raw(policy: Record) -> Record:
    return {
        "rules": [
            {
                "key": _KEYS.get(rule["key"], rule["key"]),
                "opr": _OPERATORS[rule["op"]],
                "value": each["value"],
                "displayName": each["displayName"],
            }
            for rule in policy["rules"]
            for each in rule["values"]
        ],
        "policyId": policy["id"],
        "approvers": [
            {
                "users": [],
                "usersId": user["userId"],
                "fullName": user["fullName"],
                "userType": "User",
            }
            for user in policy["approvers"]["users"]
        ],
        "versionId": _VERSION,
        "policyName": policy["policyName"],
    }


def _texts(*names: str) -> dict[str, Field]:
    return {name: Text(required=True) for name in names}


_WHO = _texts("usersId", "fullName", "userType")
_RAW = Object(
    {
        "rules": Many(Object(_texts("key", "opr", "value", "displayName")), required=True),
        "approvers": Many(
            Object({"users": Many(Object(_WHO)), **_WHO}),
            required=True,
        ),
        **_texts("policyId", "versionId", "policyName"),
    },
    required=True,
)
_VERBS = ("Create", "Update", "Delete", "Undelete")

OPERATIONS: tuple[Operation, ...] = (
    *entity_operations(APPROVAL_POLICY, _VERBS, sync=False),
    *entity_operations(APPROVAL_POLICY, ("Read", "List")),
    *bulk_operations(APPROVAL_POLICY, sync=False),
    *entity_operations(APPROVAL_POLICY_APPROVER, ("Create", "Delete", "Undelete"), sync=False),
    *entity_operations(APPROVAL_POLICY_APPROVER, ("Read", "List")),
    *bulk_operations(APPROVAL_POLICY_APPROVER, ("Create", "Delete", "Undelete"), sync=False),
    operation(
        "GetAllBillApproverPolicy",
        "v2GetAllBillApproverPolicy",
        "Every policy that bills are approved by",
        _all,
        page="ap-approvals-getallbillapproverpolicy-v2i5o8",
        answer=Object(
            {
                "policies": Many(
                    Object(
                        {
                            "policyOrder": Integer(required=True),
                            "rawPolicy": _RAW,
                            **_texts("policyId", "policyName", "orgId", "status"),
                        }
                    ),
                    required=True,
                )
            }
        ),
        missing="Groups of approvers.",
        unsure="Keys and operators that the page does not name are answered as v3 has them.",
    ),
)
"""The approval policies of v2."""
