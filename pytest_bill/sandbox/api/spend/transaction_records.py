"""Transactions as they are kept: new ones, and what they count in their budget, card and member."""

from __future__ import annotations

from typing import Any

from pytest_bill.sandbox.api.spend import memberships
from pytest_bill.sandbox.api.spend.budgets import BUDGETS
from pytest_bill.sandbox.api.spend.cards import CARDS
from pytest_bill.sandbox.api.spend.resources import reference_to
from pytest_bill.sandbox.api.spend.transaction_fields import TRANSACTIONS
from pytest_bill.sandbox.api.spend.users import current_user
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

CHALLENGES = "3D Secure challenges"
"""The table of unanswered challenges: the uuid of the transaction, by the challenge's id."""

_COUNTED = {"CLEAR": "cleared", "AUTHORIZATION": "pending"}
"""The types of transactions that count, and as which part of what was spent of a budget."""

_NO_REVIEW: Record = {"reviewRequired": False, "reviewers": [], "reviews": []}


def insert_transaction(
    call: Call, kind: str, amount: float, card: Record, merchant: Record, time: str, **more: Any
) -> Record:
    """A new transaction of a card that has a budget, at that time; it is not counted yet.

    ``merchant`` are the fields that a transaction has of its merchant.
    """
    return TRANSACTIONS.insert_complete(
        call,
        {
            "transactionType": kind,
            **reference_to("card", card),
            **{name: card[name] for name in ("userId", "userUuid", "budgetId", "budgetUuid")},
            **merchant,
            "network": "VISA",
            "amount": amount,
            "transactedAmount": amount,
            "fees": 0,
            "foreignExchangeFee": 0,
            "pointsAwarded": int(max(amount, 0)) if kind == "CLEAR" else 0,
            "currencyData": {
                "exchangeRate": 1,
                "exponent": 2,
                "originalCurrencyAmount": str(round(amount * 100)),
                "originalCurrencyCode": "USD",
                "symbol": "$",
            },
            "occurredTime": time,
            "updatedTime": time,
            **({"authorizedTime": time} if kind in _COUNTED else {}),
            "isCredit": amount < 0,
            "isLocked": False,
            "isParent": True,
            "isReconciled": False,
            "childTransactionIds": [],
            "childTransactionUuids": [],
            **(waiting_for_review(call) if kind == "CLEAR" else _NO_REVIEW),
            "selections": {},
            "receipts": [],
            **more,
        },
    )


def waiting_for_review(call: Call) -> Record:
    """The fields of a transaction that the administrator has to review."""
    reviewer = {
        "approverType": "ADMIN",
        "status": "WAITING",
        **reference_to("user", current_user(call)),
    }
    return {"reviewRequired": True, "reviewers": [reviewer], "reviews": []}


def link_cleared(authorization: Record, cleared: Record) -> None:
    """Let an authorization and the transaction that it became name each other."""
    for name in ("id", "uuid"):
        suffix = name.capitalize()
        cleared[f"originalAuthTransaction{suffix}"] = authorization[name]
        authorization[f"matchedClearTransaction{suffix}"] = cleared[name]


def begin_challenge(call: Call, transaction: Record) -> Record:
    """Have a transaction wait for a 3D Secure challenge; gives the record of its event."""
    challenge_id = call.state.ids.new_uuid4("acs")
    call.table(CHALLENGES)[challenge_id] = {"uuid": transaction["uuid"]}
    return {
        "acsTransactionId": challenge_id,
        "amount": transaction["amount"],
        "merchantName": transaction["merchantName"],
    }


def charge_budget(call: Call, budget_uuid: str, part: str, amount: float, time: str) -> None:
    """Add to what was spent of a budget: its ``cleared`` or ``pending`` part.

    ``time`` is when it was spent: budgets count what was spent in their current period.
    """
    budget = BUDGETS.known(call, budget_uuid)
    if budget is not None and _is_in_period(budget, time):
        spent = budget["currentPeriod"]["spent"]
        spent[part] = round(spent[part] + amount, 2)
        spent["total"] = round(spent["cleared"] + spent["pending"], 2)


def _is_in_period(budget: Record, time: str) -> bool:
    return bool(budget["currentPeriod"]["startDate"] <= time)


def count_transaction(call: Call, transaction: Record, sign: int) -> None:
    """Count a transaction in its budget, card and member (1), or no more (-1)."""
    part = _COUNTED.get(transaction["transactionType"])
    counted_elsewhere = (
        transaction["childTransactionUuids"] or "matchedClearTransactionUuid" in transaction
    )
    if part and not counted_elsewhere:
        amount = sign * transaction["amount"]
        charge_budget(call, transaction["budgetUuid"], part, amount, transaction["authorizedTime"])
        _charge_card_and_member(call, transaction, amount)


def _charge_card_and_member(call: Call, transaction: Record, amount: float) -> None:
    """Both begin anew with the period of their budget; the card's may be another than this one."""
    time = transaction["authorizedTime"]
    budget = BUDGETS.known(call, transaction["budgetUuid"])
    if budget is not None and _is_in_period(budget, time):
        member = memberships.members_of(call, budget).get(transaction["userUuid"])
        if member is not None:
            member["spent"] = round(member["spent"] + amount, 2)
    card = call.table(CARDS.table)[transaction["cardUuid"]]
    card_budget = BUDGETS.known(call, card["budgetUuid"])
    if card_budget is not None and _is_in_period(card_budget, time):
        card["currentPeriod"]["spent"] = round(card["currentPeriod"]["spent"] + amount, 2)
