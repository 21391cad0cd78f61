"""Approval policies: which bills need whose approval. List, create, update, delete.

Pages: https://developer.bill.com/docs/ap-bill-approvals,
https://developer.bill.com/reference/listbillapprovalpolicies,
https://developer.bill.com/reference/createbillapprovalpolicy,
https://developer.bill.com/reference/updatebillapprovalpolicy,
https://developer.bill.com/reference/deletepolicy.

A policy has ``id`` (the organization's id, a hyphen and a unique id), ``policyName``, ``status``,
which is ACTIVE, ``rules`` and ``approvers``. A rule has ``key``, ``op`` and ``values``: strings in
the request, and objects of ``value`` and ``displayName`` in the answer. ``approvers`` are user ids
(which begin with 006) in the order in which they are asked, and in the answer an object of
``users`` (``userId`` and ``fullName``) and ``groups``. The guide creates a policy at
/v3/bill-approvals, the reference at /v3/bill-approvals/policies: the sandbox has the latter.

BILL's Postman collection (https://developer.bill.com/docs/bill-v3-api-in-postman) shows the keys
BILL_AMOUNT, VENDOR_ID, CHART_OF_ACCOUNT_ID, JOB_ID and LOCATION_ID, the operators gte and lt, that
the list of policies is a bare one, and that deleting one answers a ``status``. A rule about the
amount compares it; one about ids holds if the bill, or one of its line items, has one of them. A
policy applies to a bill that is created or changed after it; what happens to the bills before is
not documented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.fields import Field, Many, Object, Text
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.user_names import full_name, is_user

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
_AMOUNT = "BILL_AMOUNT"
_CLASSIFIED = {
    "CHART_OF_ACCOUNT_ID": ("chartOfAccountId", "chart_of_accounts"),
    "JOB_ID": ("jobId", "jobs"),
    "LOCATION_ID": ("locationId", "locations"),
}
"""Of a key, the field among a bill's classifications, and the table of what it names."""

_VENDOR, _VENDORS = "VENDOR_ID", "vendors"
_FIELDS: Mapping[str, Field] = {
    "policyName": Text(required=True),
    "rules": Many(
        Object(
            {
                "key": Text(required=True, choices=(_AMOUNT, _VENDOR, *_CLASSIFIED)),
                "op": Text(required=True, choices=tuple(_OPERATORS)),
                "values": Many(Text(), required=True),
            }
        ),
        required=True,
    ),
    "approvers": Many(Text(), required=True),
}


def approvers_of(call: Call, bill: Record) -> list[str]:
    """Who must approve such a bill, in order."""
    found: dict[str, None] = {}
    for policy in call.table(_TABLE).values():
        if all(_holds(rule, bill) for rule in policy["rules"]):
            found |= dict.fromkeys(user["userId"] for user in policy["approvers"]["users"])
    return list(found)


def _holds(rule: Record, bill: Record) -> bool:
    values = [each["value"] for each in rule["values"]]
    if rule["key"] == _AMOUNT:
        return _OPERATORS[rule["op"]](Decimal(str(bill["amount"])), Decimal(values[0]))
    if rule["key"] == _VENDOR:
        return bill["vendorId"] in values
    field, _ = _CLASSIFIED[rule["key"]]
    return any(
        part.get("classifications", {}).get(field) in values
        for part in (bill, *bill.get("billLineItems", ()))
    )


def all_policies(call: Call) -> list[Any]:
    """All policies, the oldest first."""
    return list(call.table(_TABLE).values())


def create(call: Call) -> Record:
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


def drop(call: Call, policy_id: str) -> None:
    """Drop the policy of that id, if there is one."""
    call.table(_TABLE).pop(policy_id, None)


def _delete(call: Call) -> Record:
    """Drop a policy. Approvers that it gave to bills stay."""
    del call.table(_TABLE)[call.find(_TABLE, "policyId")["id"]]
    return {"status": "SUCCESS"}


def _settled(call: Call) -> Record:
    body = call.body
    problems: list[Problem] = []
    for index, rule in enumerate(body["rules"]):
        for number, value in enumerate(rule["values"]):
            amount_and_more = rule["key"] == _AMOUNT and number
            if amount_and_more or _display_name(call, rule["key"], value) is None:
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
                "values": [
                    {"value": each, "displayName": _display_name(call, rule["key"], each)}
                    for each in rule["values"]
                ],
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


def _display_name(call: Call, key: str, value: str) -> str | None:
    """What a rule's value is called; None if it is none that the key can have."""
    if key == _AMOUNT:
        return value if _is_amount(value) else None
    table = _VENDORS if key == _VENDOR else _CLASSIFIED[key][1]
    record = call.table(table).get(value)
    return None if record is None else record.get("name", value)


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
                "groups": Many(
                    Object(
                        {
                            "groupId": Text(),
                            "groupName": Text(),
                            "users": Many(Object({"id": Text(), "fullName": Text()})),
                        }
                    )
                ),
            }
        ),
    },
    missing="Approval groups, which BILL makes in its web app only: groups is empty.",
)
SUCCESS = Object({"status": Text(required=True)})
"""What BILL answers when something is done and there is nothing to show."""

_UNSURE = (
    "The operators gte and lt are documented; eq, gt and lte are assumed, and one value for a rule "
    "about BILL_AMOUNT. Rules about ids are met by any of their values, whatever the operator: "
    "what they mean is not documented. "
    "Where several policies fit a bill, all their approvers are asked, the older policy's first. "
    "A policy applies to bills that are created or changed after it; what becomes of those before "
    "is not documented."
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        _PATH,
        "listBillApprovalPolicies",
        "Get list of bill approval policies",
        all_policies,
        area=_AREA,
        answer=Many(_ANSWER),
    ),
    Operation(
        "POST",
        _PATH,
        "createBillApprovalPolicy",
        "Create a bill approval policy",
        create,
        sync=False,
        area=_AREA,
        body=_FIELDS,
        answer=_ANSWER,
        status=201,
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
        answer=SUCCESS,
        unsure="What becomes of the bills that wait for approval is not documented; here they go "
        "on waiting.",
    ),
)
