"""Approving bills in BILL's v2 API: SetApprovers, ListApprovers, Approve, Deny, ListUserApprovals.

Page: https://developer.bill.com/v2/docs/bill-approval-workflows. The approvers are asked one after
the other; a bill's ``approvalStatus`` tells how far they are. They are the same as v3's, which come
of approval policies as well. The fields ``objectId``, ``approvers``, ``entity`` and ``comment``,
the codes of an approver's ``status`` and what ListUserApprovals answers are what public clients
report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bill.sandbox.api.payables import bills
from pytest_bill.sandbox.api.payables.bills import BILLS
from pytest_bill.sandbox.api.v2.columns import TIME
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.api.v2.payables import BILL
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Field, Integer, Many, Object, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.user_names import is_user

_OVERVIEW = "api-reference-overview"
_GUIDE = "https://developer.bill.com/v2/docs/bill-approval-workflows"
_STATUSES = {"WAITING": "0", "DENIED": "3", "APPROVED": "4"}
_MOST = 999


def _bill(call: Call) -> Record:
    return BILL.find_by_id(call, call.form["data"]["objectId"])


def _set(call: Call) -> Record:
    """Let these users approve the bill."""
    bill, users = _bill(call), call.form["data"]["approvers"]
    for index, user_id in enumerate(users):
        if not is_user(call, user_id) or user_id in users[:index]:
            raise errors.bad_request(errors.invalid_value(f"approvers[{index}]", user_id))
    bills.set_approvers(call, bill, users)
    bill["updatedTime"] = call.state.timestamp()
    call.state.publish(call.owner, "bill.updated", bills.as_told(bill))
    return {}


def _list(call: Call) -> list[Any]:
    """The bill's approvers, in order."""
    return [
        {
            "entity": "BillApprover",
            "usersId": each["userId"],
            "approverOrder": each["approverOrder"],
            "status": _STATUSES[each["status"]],
            "statusChangedTime": TIME.read(each["statusChangedTime"]),
        }
        for each in _bill(call)["approvers"]
    ]


def _decide(call: Call, *, approved: bool) -> Record:
    bill = _bill(call)
    if bills.waits_for(bill) != call.who.user_id:
        raise errors.bad_request(errors.invalid_value("objectId", bill["id"]))
    bills.approve_or_deny(call, bill, approved=approved)
    return {}


def _pending(call: Call) -> Record:
    """The bills that wait for a user."""
    given = call.form["data"]
    user_id = given.get("usersId") or call.who.user_id
    waiting = [
        each
        for each in call.table(BILLS.table).values()
        if not each["archived"] and bills.waits_for(each) == user_id
    ]
    shown = [BILL.as_answered(call, each) for each in waiting[: given.get("max", _MOST)]]
    return {"marker": "", "approvals": shown}


_ONE: Mapping[str, Field] = {
    "entity": Text(choices=("Bill",)),
    "objectId": Text(required=True),
}
_NO_CREDITS = "Vendor credits are not approved in the sandbox."
_NOTHING = "What it answers could not be found; here an empty object."

OPERATIONS: tuple[Operation, ...] = (
    operation(
        "SetApprovers",
        "v2SetApprovers",
        "Say who is to approve a bill, in order",
        _set,
        page=_GUIDE,
        data={**_ONE, "approvers": Many(Text(), required=True)},
        answer=Object({}),
        missing=f"No e-mail is sent. {_NO_CREDITS} Any user can be an approver.",
        unsure=_NOTHING,
    ),
    operation(
        "ListApprovers",
        "v2ListApprovers",
        "The approvers of a bill",
        _list,
        page=_OVERVIEW,
        data=_ONE,
        answer=Many(
            Object(
                {
                    "entity": Text(required=True),
                    "usersId": Text(required=True),
                    "approverOrder": Integer(required=True),
                    "status": Text(required=True, choices=tuple(_STATUSES.values())),
                    "statusChangedTime": Text(required=True),
                }
            )
        ),
        missing=_NO_CREDITS,
        unsure="The fields of an approver are assumed.",
    ),
    operation(
        "Approve",
        "v2Approve",
        "Approve a bill that waits for the signed-in user",
        lambda call: _decide(call, approved=True),
        page=_GUIDE,
        data={**_ONE, "comment": Text()},
        answer=Object({}),
        missing=f"The comment is not kept. {_NO_CREDITS}",
        unsure=f"{_NOTHING} Another user's turn is BDC_1119.",
    ),
    operation(
        "Deny",
        "v2Deny",
        "Deny a bill that waits for the signed-in user",
        lambda call: _decide(call, approved=False),
        page=_OVERVIEW,
        data={**_ONE, "comment": Text()},
        answer=Object({}),
        missing=f"The comment is not kept. {_NO_CREDITS}",
        unsure=f"{_NOTHING} Another user's turn is BDC_1119.",
    ),
    operation(
        "ListUserApprovals",
        "v2ListUserApprovals",
        "The bills that wait for a user",
        _pending,
        page=_OVERVIEW,
        data={
            "usersId": Text(),
            "approvalType": Text(),
            "entity": Text(choices=("Bill",)),
            "marker": Text(),
            "max": Integer(minimum=1, maximum=_MOST),
        },
        answer=Object(
            {"marker": Text(required=True), "approvals": Many(BILL.answer, required=True)}
        ),
        missing=f"approvalType and marker make no difference: all come at once. {_NO_CREDITS}",
    ),
)
