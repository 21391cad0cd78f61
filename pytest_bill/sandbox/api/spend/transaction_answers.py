"""Transactions as they are answered, and told of in notifications; see ``transactions``."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_bill.sandbox.api.spend import custom_fields, receipts
from pytest_bill.sandbox.api.spend.budgets import BUDGETS
from pytest_bill.sandbox.api.spend.cards import CARDS, PHYSICAL
from pytest_bill.sandbox.api.spend.transaction_fields import (
    TRANSACTIONS,
    review_status,
    sync_status,
)
from pytest_bill.sandbox.api.spend.users import USERS
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

_UNANSWERED = ("retired", "selections")
"""What is kept of a transaction and not answered."""


def with_kept_receipts(call: Call, kept: Record) -> Record:
    """A transaction as it is answered, its receipts as they are kept."""
    fields = custom_fields.applied_fields(call, kept)
    budget = call.table(BUDGETS.table)[kept["budgetUuid"]]
    card = call.table(CARDS.table)[kept["cardUuid"]]
    real = kept["transactionType"] in {"CLEAR", "AUTHORIZATION"}
    needs_receipt = bool(real and kept["amount"] > 0 and budget["receiptRequired"])
    complete = bool(
        real and (kept["receipts"] or not needs_receipt) and custom_fields.is_complete(fields)
    )
    answer = {
        **{name: value for name, value in kept.items() if name not in _UNANSWERED},
        "userName": _name_of(call, kept["userUuid"]),
        "budgetName": budget["name"],
        "cardLastFour": card["lastFour"],
        "cardType": card["type"],
        "cardPresent": card["type"] == PHYSICAL,
        "reviewers": [
            {**each, "userName": _name_of(call, each["userUuid"])} for each in kept["reviewers"]
        ],
        "receiptRequired": needs_receipt,
        "receiptStatus": _receipt_status(kept, needs_receipt),
        "receiptSyncStatus": _receipt_sync_status(kept),
        "complete": complete,
        "customFields": fields,
    }
    if (status := _status(kept, complete)) is not None:
        answer["status"] = status
    if "parentBudgetUuid" in budget:
        answer["parentBudgetUuid"] = budget["parentBudgetUuid"]
    return answer


def _name_of(call: Call, user_uuid: str) -> str:
    user = call.table(USERS.table)[user_uuid]
    return f"{user['firstName']} {user['lastName']}"


def _receipt_status(kept: Record, needs_receipt: bool) -> str:
    if kept["receipts"]:
        return "ATTACHED"
    return "MISSING" if needs_receipt else "NOT_REQUIRED"


def _receipt_sync_status(kept: Record) -> str:
    if not kept["receipts"]:
        return "NO_ATTACHMENTS"
    return "SYNCED" if "SYNCED" in sync_status(kept) else "NOT_SYNCED"


def _status(kept: Record, complete: bool) -> str | None:
    if kept["transactionType"] == "OTHER":
        return None
    if kept["transactionType"] == "DECLINE":
        return "DECLINED"
    if "DENIED" in review_status(kept):
        return "DENIED"
    return "COMPLETE" if complete else "APPROVED"


def as_answered(call: Call, kept: Record) -> Record:
    """A transaction as it is answered, and told of in a notification."""
    return receipts.with_answered_receipts(call, with_kept_receipts(call, kept))


def listed_transactions(call: Call) -> Iterable[Record]:
    """The transactions that lists have, the newest first."""
    parents = [
        each
        for each in call.table(TRANSACTIONS.table).values()
        if "parentTransactionUuid" not in each and "matchedClearTransactionUuid" not in each
    ]
    parents.sort(key=lambda each: each["occurredTime"], reverse=True)
    return (with_kept_receipts(call, each) for each in parents)
