"""Approval policies: which bills need whose approval. List, create, update, delete.

Pages: https://developer.bill.com/docs/ap-bill-approvals,
https://developer.bill.com/reference/listbillapprovalpolicies,
https://developer.bill.com/reference/createbillapprovalpolicy,
https://developer.bill.com/reference/updatebillapprovalpolicy,
https://developer.bill.com/reference/deletepolicy.

A policy has `id` (the organization's id, a hyphen and a unique id), `policyName`, `status`, which
is ACTIVE, `rules` and `approvers`. A rule has `key`, `op` and `values`: strings in the request, and
objects of `value` and `displayName` in the answer. `approvers` are user ids (which begin with 006)
in the order in which they are asked, and in the answer an object of `users` (`userId` and
`fullName`) and `groups`. The guide creates a policy at /v3/bill-approvals, the reference at
/v3/bill-approvals/policies: the sandbox has the latter.

The only documented key is BILL_AMOUNT, with the operators gte and lt. A policy applies to a bill
that is created or changed after it; what happens to the bills before is not documented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.bodies import Field, Many, Object, Text
from pytest_bill.sandbox.errors import Problem
from pytest_bill.sandbox.operations import V3, Call, Operation, Query, listing, many_of
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.user_names import full_name, is_user

_TABLE = "bill_approval_policies"
_PATH = V3 + "/bill-approvals/policies"
_AREA = "Bill approvals"
_OPERATORS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "eq": lambda amount, limit: amount == limit,
    "gt": lambda amount, limit: amount > limit,
    "gte": lambda amount, limit: amount >= limit,
    "lt": lambda amount, limit: amount < limit,
    "lte": lambda amount, limit: amount <= limit,
}
_FIELDS: Mapping[str, Field] = {
    "policyName": Text(required=True),
    "rules": Many(
        Object(
            {
                "key": Text(required=True, choices=("BILL_AMOUNT",)),
                "op": Text(required=True, choices=tuple(_OPERATORS)),
                "values": Many(Text(), required=True),
            }
        ),
        required=True,
    ),
    "approvers": Many(Text(), required=True),
}


def approvers_of(call: Call, amount: float) -> list[str]:
    """Who must approve a bill of that amount, in order."""
    found: dict[str, None] = {}
    for policy in call.table(_TABLE).values():
        if all(_holds(rule, amount) for rule in policy["rules"]):
            found |= dict.fromkeys(user["userId"] for user in policy["approvers"]["users"])
    return list(found)


def _holds(rule: Record, amount: float) -> bool:
    limit = Decimal(rule["values"][0]["value"])
    return _OPERATORS[rule["op"]](Decimal(str(amount)), limit)


def _list(call: Call) -> Any:
    """A page of policies."""
    return listing(call, _TABLE, {})


def _create(call: Call) -> Record:
    """A new policy, active at once."""
    settled = _settled(call)
    policy = {"id": f"{call.owner}-{call.state.ids.new('apl')}", "status": "ACTIVE", **settled}
    call.table(_TABLE)[policy["id"]] = policy
    return policy


def _update(call: Call) -> Record:
    """Replace a policy."""
    policy = call.find(_TABLE, "policyId")
    policy.update(_settled(call))
    return policy


def _delete(call: Call) -> None:
    """Drop a policy. Approvers that it gave to bills stay."""
    del call.table(_TABLE)[call.find(_TABLE, "policyId")["id"]]


def _settled(call: Call) -> Record:
    body = call.body
    problems: list[Problem] = []
    for index, rule in enumerate(body["rules"]):
        for number, value in enumerate(rule["values"]):
            if number or not _is_amount(value):
                problems.append(errors.invalid_value(f"rules[{index}].values[{number}]", value))
    for index, user_id in enumerate(body["approvers"]):
        if not is_user(call, user_id) or user_id in body["approvers"][:index]:
            problems.append(errors.invalid_value(f"approvers[{index}]", user_id))
    if problems:
        raise errors.bad_request(*problems)
    return {
        "policyName": body["policyName"],
        "rules": [
            {
                **rule,
                "values": [{"value": each, "displayName": each} for each in rule["values"]],
            }
            for rule in body["rules"]
        ],
        "approvers": {
            "users": [
                {"userId": user_id, "fullName": full_name(call, user_id)}
                for user_id in body["approvers"]
            ],
            "groups": [],
        },
    }


def _is_amount(text: str) -> bool:
    return text.isascii() and len(text) <= 15 and text.replace(".", "", 1).isdigit()


_ANSWER = Object(
    {
        "id": Text(required=True),
        "policyName": Text(required=True),
        "status": Text(required=True),
        "rules": Many(
            Object(
                {
                    "key": Text(required=True),
                    "op": Text(required=True),
                    "values": Many(
                        Object({"value": Text(required=True), "displayName": Text(required=True)})
                    ),
                }
            )
        ),
        "approvers": Object(
            {
                "users": Many(Object({"userId": Text(required=True), "fullName": Text()})),
                "groups": Many(Object({})),
            }
        ),
    }
)
_GROUPS = "Approval groups: BILL makes them in its web app only."
_UNSURE = (
    "BILL_AMOUNT with gte and lt is documented; eq, gt and lte are assumed, one value for a rule. "
    "Where several policies fit a bill, all their approvers are asked, the older policy's first."
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        _PATH,
        "listBillApprovalPolicies",
        "Get list of bill approval policies",
        _list,
        area=_AREA,
        query=(Query("max"), Query("page")),
        answer=many_of(_ANSWER),
        unsure="The answer is taken to be a list like BILL's others.",
    ),
    Operation(
        "POST",
        _PATH,
        "createBillApprovalPolicy",
        "Create a bill approval policy",
        _create,
        sync=False,
        area=_AREA,
        body=_FIELDS,
        answer=_ANSWER,
        status=201,
        missing=_GROUPS,
        unsure=f"{_UNSURE} BILL's guide has the path /v3/bill-approvals, its reference this one.",
    ),
    Operation(
        "PUT",
        _PATH + "/{policyId}",
        "updateBillApprovalPolicy",
        "Replace a bill approval policy",
        _update,
        sync=False,
        area=_AREA,
        body=_FIELDS,
        answer=_ANSWER,
        missing=_GROUPS,
        unsure=_UNSURE,
    ),
    Operation(
        "DELETE",
        _PATH + "/{policyId}",
        "deletePolicy",
        "Delete a bill approval policy",
        _delete,
        sync=False,
        area=_AREA,
        status=204,
        unsure="What BILL answers, and what becomes of the bills that wait for approval, is not "
        "documented; here 204, and they go on waiting.",
    ),
)
