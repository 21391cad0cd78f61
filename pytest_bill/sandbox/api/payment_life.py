"""What becomes of a payment as the sandbox's clock moves.

Page: https://developer.bill.com/docs/single-status-payment-values. `singleStatus` is SCHEDULED
until the process date, FUNDING_STARTED on that day, SENT from the day after, and CLEARED when the
money has arrived: five business days after the process date for a check, two otherwise. `status` is
PAID as soon as the payment is sent; `disbursementStatus` is IN_PROGRESS, and DONE at the end.
BILL's page has more values between these, and no times: the days are the sandbox's choice.

Nothing runs in the background: a day's changes happen before the next call, or when a test moves
the clock.
"""

from __future__ import annotations

import zlib
from datetime import date

from pytest_bill.sandbox import business_days
from pytest_bill.sandbox.api import bills
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.state import SandboxState

TABLE = "payments"

_LIFE = ("SCHEDULED", "FUNDING_STARTED", "SENT", "CLEARED")
"""The values of `singleStatus` that a payment goes through, if nobody stops it."""

_DAYS_UNDER_WAY = {"CHECK": 5}
_USUAL_DAYS_UNDER_WAY = 2


def follow_clock(state: SandboxState) -> None:
    """Let every payment become what it is by now."""
    for owner, payments in state.tables(TABLE):
        for payment in payments.values():
            advance(state, owner, payment)


def advance(state: SandboxState, owner: str, payment: Record) -> None:
    """Let a payment become what it is by now; its bills are paid when it is sent."""
    if payment["singleStatus"] not in _LIFE:
        return
    reached = _stage(payment, state.clock.now().date())
    for single_status in _LIFE[_LIFE.index(payment["singleStatus"]) + 1 : reached + 1]:
        payment["singleStatus"] = single_status
        payment["updatedTime"] = state.timestamp()
        if single_status == "SENT":
            payment |= {"status": "PAID", "disbursementStatus": "IN_PROGRESS"}
            if payment["disbursementType"] == "CHECK":
                number = f"{zlib.crc32(payment['id'].encode()) % 10**8:08}"
                payment["disbursementInfo"] = {"checkDisbursement": {"checkNumber": number}}
            known = state.table(owner, bills.BILLS.table)
            for part in payment["billPayments"]:
                amount = part["amount"]
                bills.move(state, owner, known[part["billId"]], paid=amount, scheduled=-amount)
        elif single_status == "CLEARED":
            payment["disbursementStatus"] = "DONE"
        state.publish(owner, "payment.updated", payment)


def _stage(payment: Record, today: date) -> int:
    """How far in its life the payment is on that day."""
    if not payment["onlinePayment"]:
        return _LIFE.index("CLEARED")
    process_date = date.fromisoformat(payment["processDate"])
    if today <= process_date:
        return 1 if today == process_date else 0
    return 2 if today < arrival(process_date, payment["disbursementType"]) else 3


def arrival(process_date: date, method: str) -> date:
    """When the money of a payment that is processed on that day has arrived."""
    return business_days.following(process_date, _DAYS_UNDER_WAY.get(method, _USUAL_DAYS_UNDER_WAY))
