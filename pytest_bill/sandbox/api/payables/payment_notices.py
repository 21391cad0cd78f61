"""What webhooks say of payments: ``payment.updated`` and ``payment.failed``.

Pages: https://developer.bill.com/docs/payment-webhook-notification-payloads,
https://developer.bill.com/changelog/2024-09-16-payment-webhook-improvements,
https://developer.bill.com/changelog/2025-02-28-new-webhook-for-failed-payments.

BILL sends ``payment.updated`` whenever the status of a payment is another, from its creation on. It
has other fields than the API's payment: ``billIds``, ``funding``, ``disbursement``, ``vendor`` and
``billingType`` among them, and ``status`` is the single status. The fields of the funding account
depend on its type: ``name`` and ``accountNumber`` of a bank account, ``name`` and ``last4`` of a
card.

BILL sends ``payment.failed`` for a refused creation, with what identifies the request and with
``errors``; here it has the request's own fields. What the sandbox refuses before it looks at
records (a field that is missing or of the wrong type) is told to nobody.
"""

from __future__ import annotations

from pytest_bill.sandbox.api.funding.banks import BANKS
from pytest_bill.sandbox.api.funding.cards import CARDS
from pytest_bill.sandbox.api.payables.vendors import VENDORS
from pytest_bill.sandbox.core import international
from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.state import SandboxState

_KEPT = ("id", "transactionNumber", "processDate", "createdBy", "createdTime", "updatedTime")


def publish_status(state: SandboxState, owner: str, payment: Record) -> None:
    """Publish that the status of a payment is another now."""
    state.publish(owner, "payment.updated", _event_record(state, owner, payment))


def publish_failure(call: Call, error: BillError) -> None:
    """Publish that the call, which creates payments, is refused."""
    body = call.body
    parts = body.get("payments", [body])
    record = {
        "billIds": [part["billId"] for part in parts if "billId" in part],
        **{
            name: body[name]
            for name in ("vendorId", "transactionNumber", "processDate", "amount", "fundingAccount")
            if name in body
        },
        "createdBy": call.who.user_id,
        "updatedTime": call.state.timestamp(),
        "errors": [
            {
                "code": problem.code,
                "message": problem.message,
                "timestamp": call.state.timestamp(),
            }
            for problem in error.problems
        ],
    }
    call.state.publish_now(call.owner, "payment.failed", record)


def _event_record(state: SandboxState, owner: str, payment: Record) -> Record:
    vendor = state.table(owner, VENDORS.table)[payment["vendorId"]]
    notice = {
        **{name: payment[name] for name in _KEPT},
        "billIds": [part["billId"] for part in payment["billPayments"]],
        "status": payment["singleStatus"],
        "disbursement": {
            "amount": payment["amount"],
            "currency": vendor["billCurrency"],
            **_arrival(payment),
        },
        "vendor": {"id": payment["vendorId"], "name": payment["vendorName"]},
        "billingType": "BDC",
    }
    if "fundingAccount" in payment:
        notice["funding"] = {
            "amount": payment.get("fundingAmount", payment["amount"]),
            "currency": international.BASE_CURRENCY,
            "fundingAccount": _account(state, owner, payment["fundingAccount"]),
        }
    return notice


def _arrival(payment: Record) -> Record:
    for each in payment["disbursementInfo"].values():
        if isinstance(each, dict):
            return {"arrivesByDate": each["arrivesByDate"]}
    return {}


def _account(state: SandboxState, owner: str, funding: Record) -> Record:
    match funding["type"]:
        case "BANK_ACCOUNT":
            bank = state.table(owner, BANKS.table)[funding["id"]]
            return {**funding, "name": bank["bankName"], "accountNumber": bank["accountNumber"]}
        case "CARD_ACCOUNT":
            card = state.table(owner, CARDS.table)[funding["id"]]
            return {**funding, "name": card["nameOnAccount"], "last4": card["last4"]}
        case _:
            return funding
