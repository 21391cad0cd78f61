"""Purchases with cards of Spend & Expense that a test makes; BILL has no call for them.

Pages: https://developer.bill.com/docs/transaction-management and
https://developer.bill.com/docs/virtual-cards (which transactions a purchase makes; a frozen card
cannot be used), https://developer.bill.com/docs/spend-expense-transaction-notification-payloads and
https://developer.bill.com/docs/spend-expense-3ds-challenge-notification-payload (the events).

A purchase is declined if its card is not ACTIVATED, if it is larger than its budget lets one be, or
if there is not enough left: of the card's own funds, or of the budget's where the card shares them
(with its overspend buffer; never where its overspend is limitless). The texts of a
``declineReason`` are the sandbox's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_bill.sandbox.api.spend import merchants
from pytest_bill.sandbox.api.spend.budgets import BUDGETS
from pytest_bill.sandbox.api.spend.cards import ACTIVATED, CARDS
from pytest_bill.sandbox.api.spend.transaction_answers import as_answered
from pytest_bill.sandbox.api.spend.transaction_fields import TRANSACTIONS
from pytest_bill.sandbox.api.spend.transaction_records import (
    begin_challenge,
    count_transaction,
    insert_transaction,
    link_cleared,
)
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Field, Number, Text
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

AUTHORIZATION = "AUTHORIZATION"
KINDS = (AUTHORIZATION, "CLEAR", "REFUND", "CHALLENGE")
"""A purchase that is authorized, one that has cleared, money back, and one that has to wait for its
3D Secure challenge."""

FIELDS: Mapping[str, Field] = {
    "cardId": Text(required=True),
    "amount": Number(required=True, minimum=0.01),
    "merchant": Text(),
    "kind": Text(choices=KINDS),
    "authorization": Text(),
}
"""The body: ``authorization`` is the id of the one, made before, that a CLEAR belongs to."""

_SOME_SHOP = "Blue Door Coffee"


def buy(call: Call) -> Record:
    """The transaction that a purchase of a checked body makes, as BILL answers it.

    BDC_1119 for an unknown card or one without a budget, and for an authorization that is not the
    card's, or has cleared.
    """
    body = call.body
    card = CARDS.known(call, body["cardId"])
    if card is None or "budgetUuid" not in card:
        raise errors.bad_request(errors.invalid_value("cardId", body["cardId"]))
    amount = round(body["amount"], 2)
    kind = body.get("kind", AUTHORIZATION)
    if "authorization" in body:
        return _published(call, _clear(call, _open_authorization(call, card, kind), amount))
    merchant = merchants.fields_of(body.get("merchant") or _SOME_SHOP)
    if kind == "REFUND":
        return _published(call, _counted(call, _insert(call, "CLEAR", -amount, card, merchant)))
    reasons = _reasons_to_decline(call, card, amount)
    if reason := next(reasons, ""):
        return _published(
            call, _insert(call, "DECLINE", amount, card, merchant, declineReason=reason)
        )
    if kind == "CHALLENGE":
        waiting = _insert(call, "OTHER", amount, card, merchant)
        challenge = begin_challenge(call, waiting)
        call.state.publish(call.owner, "spend.three-ds-challenge.created", challenge)
        return {**as_answered(call, waiting), **challenge}
    authorization = _counted(call, _insert(call, AUTHORIZATION, amount, card, merchant))
    if kind == "CLEAR":
        return _published(call, _clear(call, authorization, amount))
    return _published(call, authorization)


def _insert(
    call: Call, kind: str, amount: float, card: Record, merchant: Record, **more: str
) -> Record:
    now = call.state.timestamp()
    return insert_transaction(call, kind, amount, card, merchant, now, **more)


def _counted(call: Call, transaction: Record) -> Record:
    count_transaction(call, transaction, 1)
    return transaction


def _published(call: Call, transaction: Record) -> Record:
    answer = as_answered(call, transaction)
    call.state.publish(call.owner, "spend.transaction.updated", answer)
    return answer


def _open_authorization(call: Call, card: Record, kind: str) -> Record:
    given = call.body["authorization"]
    found = TRANSACTIONS.known(call, given)
    if (
        kind != "CLEAR"
        or found is None
        or found["transactionType"] != AUTHORIZATION
        or found["cardUuid"] != card["uuid"]
        or found["isCredit"]
        or "matchedClearTransactionUuid" in found
    ):
        raise errors.bad_request(errors.invalid_value("authorization", given))
    return found


def _clear(call: Call, authorization: Record, amount: float) -> Record:
    """What an authorization becomes, and is counted as in its place; the amount may be another."""
    merchant = {name: value for name, value in authorization.items() if "erchant" in name}
    cleared = insert_transaction(
        call,
        "CLEAR",
        amount,
        call.table(CARDS.table)[authorization["cardUuid"]],
        merchant,
        call.state.timestamp(),
        **{
            name: authorization[name]
            for name in (
                *("userId", "userUuid", "budgetId", "budgetUuid", "network"),
                *("occurredTime", "authorizedTime"),
            )
        },
        selections=dict(authorization["selections"]),
        receipts=list(authorization["receipts"]),
    )
    count_transaction(call, authorization, -1)
    link_cleared(authorization, cleared)
    return _counted(call, cleared)


def _reasons_to_decline(call: Call, card: Record, amount: float) -> Iterator[str]:
    budget = BUDGETS.known(call, card["budgetUuid"])
    assert budget is not None
    if card["status"] != ACTIVATED:
        yield f"Card is {card['status'].lower().replace('_', ' ')}."
    if amount > budget.get("maxTxSize", amount):
        yield "Amount is larger than the budget allows."
    if not card["shareBudgetFunds"]:
        period = card["currentPeriod"]
        if period["spent"] + amount > period["limit"]:
            yield "Insufficient funds on the card."
        return
    period = budget["currentPeriod"]
    most = period["limit"] + period.get("overspendBuffer", 0)
    if not budget["limitlessOverspend"] and period["spent"]["total"] + amount > most:
        yield "Insufficient funds in the budget."
