"""Approving bills in BILL's v2 API: SetApprovers, ClearApprovers, ListApprovers, BillApprover,
Approve, Deny, ListUserApprovals.

Pages: https://developer.bill.com/v2/docs/bill-approval-workflows and
https://developer.bill.com/v2/reference/ap-approvals-setapprovers and those beside it. The approvers
are asked one after the other; a bill's ``approvalStatus`` tells how far they are. They are the same
as v3's, which come of approval policies as well.
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
from pytest_bill.sandbox.core.fields import Field, Integer, Many, Null, Object, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.user_names import is_user

_STATUSES = {"WAITING": "0", "DENIED": "3", "APPROVED": "4"}
_UPCOMING = "5"
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


def _clear(call: Call) -> Record:
    """Nobody is to approve the bill any more, whatever was approved or denied."""
    bill = _bill(call)
    bills.set_approvers(call, bill, ())
    bill["updatedTime"] = call.state.timestamp()
    call.state.publish(call.owner, "bill.updated", bill)
    return {}


def _list(call: Call) -> list[Any]:
    """The bill's approvers, in order."""
    return approvers(_bill(call))


def approvers(bill: Record) -> list[Any]:
    """The approvers of a bill of v3, in order, as v2 answers them."""
    found, is_next = [], True
    for each in bill["approvers"]:
        waits = each["status"] == "WAITING"
        found.append(
            {
                "entity": "BillApprover",
                "id": f"0ba{bill['id'][3:-2]}{each['approverOrder']:02}",
                "billid": bill["id"],
                "usersId": each["userId"],
                "sortOrder": each["approverOrder"],
                "status": _STATUSES[each["status"]] if is_next or not waits else _UPCOMING,
                "statusChangedDate": TIME.read(each["statusChangedTime"]),
                "lastReminderDate": None,
                "isActive": "1",
                "usersIdType": "user",
            }
        )
        is_next = is_next and not waits
    return found


def _read(call: Call) -> Record:
    """One approver of one bill."""
    wanted = call.form["data"]["id"]
    for bill in call.table(BILLS.table).values():
        for approver in approvers(bill):
            if approver["id"] == wanted:
                found: Record = approver
                return found
    raise errors.no_data_found()


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
_LATER = "That whoever comes after the next one is upcoming is taken from the name of the status."
_APPROVER = Object(
    {
        **{
            name: Text(required=True)
            for name in (
                *("entity", "id", "billid", "usersId", "statusChangedDate", "isActive"),
                "usersIdType",
            )
        },
        "sortOrder": Integer(required=True),
        "status": Text(required=True, choices=(*_STATUSES.values(), _UPCOMING)),
        "lastReminderDate": Null(required=True),
    }
)

OPERATIONS: tuple[Operation, ...] = (
    operation(
        "SetApprovers",
        "v2SetApprovers",
        "Say who is to approve a bill, in order",
        _set,
        page="ap-approvals-setapprovers",
        data={**_ONE, "approvers": Many(Text(), required=True)},
        answer=Object({}),
        missing=f"No e-mail is sent. {_NO_CREDITS} Any user can be an approver.",
    ),
    operation(
        "ListApprovers",
        "v2ListApprovers",
        "The approvers of a bill",
        _list,
        page="ap-approvals-listapprovers",
        data=_ONE,
        answer=Many(_APPROVER),
        missing=_NO_CREDITS,
        unsure=_LATER,
    ),
    operation(
        "ClearApprovers",
        "v2ClearApprovers",
        "Take all approvers of a bill away",
        _clear,
        page="ap-approvals-clearapprovers",
        data=_ONE,
        answer=Object({}),
        missing=_NO_CREDITS,
    ),
    operation(
        "Crud/Read/BillApprover",
        "v2ReadBillApprover",
        "Read a BillApprover",
        _read,
        page="ap-approvals-billapprover",
        data={"id": Text(required=True)},
        answer=_APPROVER,
        unsure=_LATER,
    ),
    operation(
        "Approve",
        "v2Approve",
        "Approve a bill that waits for the signed-in user",
        lambda call: _decide(call, approved=True),
        page="ap-approvals-approve",
        data={**_ONE, "comment": Text()},
        answer=Object({}),
        missing=f"The comment is not kept. {_NO_CREDITS}",
        unsure="Another user's turn is BDC_1119.",
    ),
    operation(
        "Deny",
        "v2Deny",
        "Deny a bill that waits for the signed-in user",
        lambda call: _decide(call, approved=False),
        page="ap-approvals-deny",
        data={**_ONE, "comment": Text()},
        answer=Object({}),
        missing=f"The comment is not kept. {_NO_CREDITS}",
        unsure="Another user's turn is BDC_1119.",
    ),
    operation(
        "ListUserApprovals",
        "v2ListUserApprovals",
        "The bills that wait for a user",
        _pending,
        page="ap-approvals-listuserapprovals",
        data={
            "usersId": Text(),
            "approvalType": Text(choices=("0", "1", "2", "3")),
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
