"""Approving bills: what waits for the signed-in user, approve, deny.

Pages: https://developer.bill.com/docs/ap-bill-approvals,
https://developer.bill.com/docs/recipe-bill-approvals-workflow,
https://developer.bill.com/reference/listbilluserapprovals,
https://developer.bill.com/reference/billapprovedenyactions.

A bill's approvers (see ``bills``) are asked one after the other: a bill waits for the first of them
who has not approved it. When one denies it, it waits for nobody. The actions are a list, and their
answer a ``status``, in BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman). Public clients report BDC_1302 for pending
approvals in a session that was signed in with a sync token, which belongs to no user.
"""

from __future__ import annotations

from typing import Any

from pytest_bill.sandbox.api.payables import bills
from pytest_bill.sandbox.api.payables.bill_approval_policies import SUCCESS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Date, Many, Number, Object, Text
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.sessions import Kind

_PATH = V3 + "/bill-approvals"
_MOST_ACTIONS = 100
_AREA = "Bill approvals"


def _pending(call: Call) -> Any:
    """The bills that wait for the signed-in user."""
    user_id = call.who.user_id
    if call.who.kind is Kind.SYNC_TOKEN:
        raise errors.no_user(user_id)
    return {
        "bills": [
            {
                "billId": bill["id"],
                **{name: bill[name] for name in ("vendorId", "amount", "dueDate")},
            }
            for bill in call.table(bills.BILLS.table).values()
            if not bill["archived"] and bills.waits_for(bill) == user_id
        ]
    }


def _act(call: Call) -> Record:
    """Approve or deny bills that wait for the signed-in user, all or none."""
    known = call.table(bills.BILLS.table)
    problems = []
    seen: set[str] = set()
    for index, action in enumerate(call.body):
        bill_id = action["billId"]
        bill: Record | None = known.get(bill_id)
        waits = bill is not None and bills.waits_for(bill) == call.who.user_id
        if bill is None or bill["archived"] or not waits or bill_id in seen:
            problems.append(errors.invalid_value(f"[{index}].billId", bill_id))
        seen.add(bill_id)
    if problems:
        raise errors.bad_request(*problems)
    for action in call.body:
        bills.approve_or_deny(call, known[action["billId"]], approved=action["action"] == "APPROVE")
    return {"status": "SUCCESS"}


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        _PATH + "/pending-user-approvals",
        "listBillUserApprovals",
        "Get the bills that wait for the signed-in user's approval",
        _pending,
        area=_AREA,
        answer=Object(
            {
                "bills": Many(
                    Object(
                        {
                            "billId": Text(required=True),
                            "vendorId": Text(required=True),
                            "amount": Number(required=True),
                            "dueDate": Date(required=True),
                        }
                    ),
                    required=True,
                )
            }
        ),
        unsure="BDC_1302 in a sync token's session is what public clients report; its HTTP status "
        "is assumed to be 400.",
    ),
    Operation(
        "POST",
        _PATH + "/actions",
        "billApproveDenyActions",
        "Approve or deny a bill",
        _act,
        sync=False,
        area=_AREA,
        body={
            "billId": Text(required=True),
            "action": Text(required=True, choices=("APPROVE", "DENY")),
            "comment": Text(),
        },
        many=_MOST_ACTIONS,
        answer=SUCCESS,
        missing="The comment is not kept, no mail goes to the next approver.",
        unsure="The refusal of a bill that does not wait for the user is not documented; here "
        "BDC_1119. How many actions one call takes is not documented; here 100, all or none.",
    ),
)
