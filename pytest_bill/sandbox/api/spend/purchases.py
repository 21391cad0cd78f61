"""The transactions that Spend & Expense starts with: the purchases of some weeks.

They are spread over the cards, and so over their users and budgets. Dates count back from the
clock's time at the start; all else follows from the sandbox's seed. What is special about one
purchase hangs on its number, as the constants below say.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pytest_bill.sandbox.api.spend import custom_fields, receipts, uploads
from pytest_bill.sandbox.api.spend.cards import CARDS
from pytest_bill.sandbox.api.spend.custom_fields import CUSTOM_FIELDS
from pytest_bill.sandbox.api.spend.merchants import MERCHANTS, Merchant
from pytest_bill.sandbox.api.spend.resources import reference_to
from pytest_bill.sandbox.api.spend.transaction_records import (
    begin_challenge,
    count_transaction,
    insert_transaction,
    link_cleared,
    waiting_for_review,
)
from pytest_bill.sandbox.api.spend.users import current_user
from pytest_bill.sandbox.core.clock import timestamp
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

_DECLINED = {
    12: "CVV is invalid.",
    21: "Insufficient funds in the budget.",
    30: "Card is frozen.",
    39: "Merchant category is blocked.",
}
_FOREIGN = 14
_SPLIT = 20
_DENIED = 22
_REFUNDED = (17, 29)
_CHALLENGED = range(2)
_PENDING = range(2, 8)
_REVERSED = 8
_REVIEWED = 16
_OLD = 24
_SYNC_STATES = {28: "error", 31: "manual_synced", 34: "pending"}
_FIRST_PART = 20.25
_PURCHASES = 40


def fill(call: Call) -> None:
    """Some sixty transactions of the last weeks, of each type and state."""
    for number in range(_PURCHASES):
        _seed(call, number)


def _seed(call: Call, number: int) -> None:
    """The purchase of that number, the newest first."""
    merchant = MERCHANTS[number % len(MERCHANTS)]
    if number in _CHALLENGED:
        begin_challenge(call, _insert(call, number, merchant, "OTHER"))
    elif number in _PENDING:
        _insert(call, number, merchant, "AUTHORIZATION")
    elif number == _REVERSED:
        _insert(call, number, merchant, "AUTHORIZATION", amount=-merchant.amount)
    elif number in _DECLINED:
        _insert(call, number, merchant, "DECLINE", declineReason=_DECLINED[number])
    elif number in _REFUNDED:
        _clear(call, number, merchant)
        _insert(call, number, merchant, "CLEAR", amount=-merchant.amount, hours_later=10)
    else:
        _clear(call, number, merchant)


def _clear(call: Call, number: int, merchant: Merchant) -> None:
    """A purchase that has cleared, and the authorization that it began with."""
    authorization = _insert(call, number, merchant, "AUTHORIZATION", matched=True)
    more: Record = {}
    if number == _FOREIGN:
        fee = round(merchant.amount * 0.01, 2)
        more = {
            "fees": fee,
            "foreignExchangeFee": fee,
            "currencyData": _euros(merchant.amount, 1.08),
        }
    cleared = _insert(call, number, merchant, "CLEAR", **more)
    link_cleared(authorization, cleared)
    if number == _SPLIT:
        _split(call, number, merchant, cleared)


def _split(call: Call, number: int, merchant: Merchant, parent: Record) -> None:
    """Divide a transaction into two parts, which are counted in its place."""
    count_transaction(call, parent, -1)
    for amount in (_FIRST_PART, parent["amount"] - _FIRST_PART):
        part = _insert(
            call,
            number,
            merchant,
            "CLEAR",
            amount=amount,
            isParent=False,
            parentTransactionId=parent["id"],
            parentTransactionUuid=parent["uuid"],
        )
        parent["childTransactionIds"].append(part["id"])
        parent["childTransactionUuids"].append(part["uuid"])


def _insert(
    call: Call,
    number: int,
    merchant: Merchant,
    kind: str,
    *,
    amount: float | None = None,
    hours_later: int = 0,
    matched: bool = False,
    **more: Any,
) -> Record:
    """One transaction; ``matched`` for an authorization that is not counted, since it cleared."""
    occurred = call.state.clock.now() - timedelta(hours=3 + 31 * number - hours_later)
    cleared = occurred + timedelta(days=2) if kind == "CLEAR" else occurred
    paid = merchant.amount if amount is None else amount
    old = kind == "CLEAR" and number > _OLD
    transaction = insert_transaction(
        call,
        kind,
        paid,
        _card(call, number),
        merchant.fields,
        timestamp(occurred),
        **{
            "network": "VISA" if number % 3 else "MASTERCARD",
            "updatedTime": timestamp(min(cleared, call.state.clock.now())),
            "isLocked": old and number % 2 == 0,
            "isReconciled": old,
            **_reviewed(call, number, kind),
            **(_synced(call, number) if old else {}),
            "selections": _selections(call, number, kind, merchant),
            "receipts": _receipts(call, number, kind),
            **more,
        },
    )
    if not matched:
        count_transaction(call, transaction, 1)
    return transaction


def _card(call: Call, number: int) -> Record:
    # As they are in the table: nothing has expired yet, and each look at one looks at its budget.
    cards = [each for each in call.table(CARDS.table).values() if "budgetUuid" in each]
    return cards[number % len(cards)]


def _euros(amount: float, rate: float) -> Record:
    return {
        "exchangeRate": rate,
        "exponent": 2,
        "originalCurrencyAmount": str(round(amount / rate * 100)),
        "originalCurrencyCode": "EUR",
        "symbol": "€",
    }


def _reviewed(call: Call, number: int, kind: str) -> Record:
    """Reviews by the administrator: of older purchases, one of them denied."""
    if kind != "CLEAR" or number < _REVIEWED:
        return {}
    admin = current_user(call)
    denied = number == _DENIED
    reviewed = timestamp(call.state.clock.now() - timedelta(hours=number))
    review = {
        "id": call.state.ids.new_numbered("TransactionReview"),
        "isApproved": not denied,
        "note": "Please use the travel budget." if denied else "",
        "createdTime": reviewed,
        **reference_to("reviewer", admin),
    }
    waiting = waiting_for_review(call)
    status = "DENIED" if denied else "APPROVED"
    return {
        "reviewers": [
            {**each, "status": status, "reviewedTime": reviewed} for each in waiting["reviewers"]
        ],
        "reviews": [review],
    }


def _synced(call: Call, number: int) -> Record:
    """The state of an older purchase in the accounting system."""
    state = _SYNC_STATES.get(number, "synced")
    return {
        "accountingIntegrationTransactions": [
            {
                "id": call.state.ids.new_numbered("AccountingIntegrationTransaction"),
                "billable": False,
                "integrationTxId": str(5000 + number),
                "syncStatus": state,
                "syncMessage": "Synced to QBO" if state == "synced" else "",
                "integrationType": "qbo",
                "integrationId": "be0a9c5e-27a4-4b52-9b6c-6f0d3f0f7a11",
                "syncRequestId": f"3b1f8f0e-5d1c-4c3e-8a55-0000000{number:05}",
            }
        ]
    }


def _selections(call: Call, number: int, kind: str, merchant: Merchant) -> Record:
    """Most purchases that have cleared have their category."""
    if kind != "CLEAR" or number % 4 == 3:
        return {}
    category = next(iter(call.table(CUSTOM_FIELDS.table).values()))
    value = custom_fields.value_of(call, category, merchant.category)
    return {category["uuid"]: {"selectedValues": [value["uuid"]]}}


def _receipts(call: Call, number: int, kind: str) -> list[Record]:
    """Two of three purchases that have cleared have a receipt."""
    if kind != "CLEAR" or number % 3 == 0:
        return []
    return [receipts.new_receipt(call, uploads.keep_sample_image(call), f"{number}.png")]
