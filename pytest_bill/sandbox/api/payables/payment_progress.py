"""What becomes of a payment as the sandbox's clock moves.

Page: https://developer.bill.com/docs/single-status-payment-values. ``singleStatus`` is SCHEDULED
until the process date, FUNDING_STARTED on that day, SENT from the day after, and CLEARED when the
money has arrived: five business days after the process date for a check, two otherwise. ``status``
is PAID as soon as the payment is sent; ``disbursementStatus`` is IN_PROGRESS, and DONE at the end.
BILL's page has more values between these, and no times: the days are the sandbox's choice.

``disbursementInfo`` follows (BILL's Postman collection,
https://developer.bill.com/docs/bill-v3-api-in-postman): ``isVoidable``, and an object for the
vendor's payment method with ``arrivesByDate``, ``sentDate`` once the payment is sent and, of a
check, ``checkNumber``. A payment abroad has the vendor's ``amount`` there, too.

Nothing runs in the background: a day's changes happen before the next call, or when a test moves
the clock.
"""

from __future__ import annotations

import zlib
from datetime import date, timedelta

from pytest_bill.sandbox.api.payables import bills, payment_notices
from pytest_bill.sandbox.core import business_days
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.state import SandboxState

TABLE = "payments"

_STATUSES = ("SCHEDULED", "FUNDING_STARTED", "SENT", "CLEARED")
"""The values of ``singleStatus`` that a payment goes through, if nobody stops it."""

_DAYS_UNDER_WAY = {"CHECK": 5}
_USUAL_DAYS_UNDER_WAY = 2


_DISBURSEMENTS = {
    "CHECK": "checkDisbursement",
    "ACH": "achDisbursement",
    "RPPS": "rppsDisbursement",
    "INTERNATIONAL": "internationalDisbursement",
}
"""What ``disbursementInfo`` calls each payment method."""


def add_disbursement(payment: Record) -> None:
    """What is known of the disbursement of a new payment."""
    info: Record = {"isVoidable": is_voidable(payment)}
    kind = _DISBURSEMENTS.get(payment["disbursementType"])
    if kind is not None:
        process_date = date.fromisoformat(payment["processDate"])
        arrives = arrival_date(process_date, payment["disbursementType"])
        info[kind] = {"arrivesByDate": arrives.isoformat()}
        if payment["disbursementType"] == "INTERNATIONAL":
            info[kind]["amount"] = payment["amount"]
    payment["disbursementInfo"] = info


def is_voidable(payment: Record) -> bool:
    """Whether the payment cannot be canceled any more, but voided."""
    voidable = {"FUNDING_STARTED", "SENT"} if payment["onlinePayment"] else {"CLEARED"}
    return payment["singleStatus"] in voidable


def follow_clock(state: SandboxState) -> None:
    """Let every payment become what it is by now."""
    for owner, payments in state.tables(TABLE):
        for payment in payments.values():
            follow_clock_of(state, owner, payment)


def follow_clock_of(state: SandboxState, owner: str, payment: Record) -> None:
    """Let a payment become what it is by now; its bills are paid when it is sent."""
    if payment["singleStatus"] not in _STATUSES:
        return
    reached = _status_reached(payment, state.clock.now().date())
    for single_status in _STATUSES[_STATUSES.index(payment["singleStatus"]) + 1 : reached + 1]:
        payment["singleStatus"] = single_status
        payment["updatedTime"] = state.timestamp()
        if single_status == "SENT":
            payment |= {"status": "PAID", "disbursementStatus": "IN_PROGRESS"}
            _send(payment)
            known = state.table(owner, bills.BILLS.table)
            for part in payment["billPayments"]:
                amount = part["amount"]
                bills.change_amounts(
                    state, owner, known[part["billId"]], paid=amount, scheduled=-amount
                )
        elif single_status == "CLEARED":
            payment["disbursementStatus"] = "DONE"
        payment["disbursementInfo"]["isVoidable"] = is_voidable(payment)
        payment_notices.publish_status(state, owner, payment)


def _send(payment: Record) -> None:
    kind = _DISBURSEMENTS.get(payment["disbursementType"])
    if kind is not None:
        disbursement = payment["disbursementInfo"][kind]
        process_date = date.fromisoformat(payment["processDate"])
        disbursement["sentDate"] = (process_date + timedelta(days=1)).isoformat()
        if payment["disbursementType"] == "CHECK":
            disbursement["checkNumber"] = zlib.crc32(payment["id"].encode()) % 10**8


def _status_reached(payment: Record, today: date) -> int:
    """How far in its life the payment is on that day."""
    if not payment["onlinePayment"]:
        return _STATUSES.index("CLEARED")
    process_date = date.fromisoformat(payment["processDate"])
    if today <= process_date:
        return 1 if today == process_date else 0
    return 2 if today < arrival_date(process_date, payment["disbursementType"]) else 3


def arrival_date(process_date: date, method: str) -> date:
    """When the money of a payment that is processed on that day has arrived."""
    return business_days.following_business_day(
        process_date, _DAYS_UNDER_WAY.get(method, _USUAL_DAYS_UNDER_WAY)
    )


DAILY = (follow_clock,)
