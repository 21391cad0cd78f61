"""The fields of transactions: what is answered, filtered and sorted; see ``transactions``."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox.api.spend import lists, receipts
from pytest_bill.sandbox.api.spend.custom_fields import (
    APPLIED,
)
from pytest_bill.sandbox.api.spend.lists import by_ids
from pytest_bill.sandbox.api.spend.resources import SpendResource
from pytest_bill.sandbox.core.fields import Boolean, Field, Integer, Many, Number, Object, Text
from pytest_bill.sandbox.core.filters import Filterable
from pytest_bill.sandbox.core.records import Record

_TYPES = ("AUTHORIZATION", "CLEAR", "DECLINE", "OTHER")

_RECEIPT_STATES = (
    *("ATTACHED", "MISSING", "NOT_ATTACHED", "NOT_REQUIRED", "NOT_VALIDATED", "VALIDATED"),
)

_SYNC_STATES = ("PENDING", "SYNCED", "ERROR", "MANUAL_SYNCED", "NOT_SYNCED")

_EQUALS = ("eq", "ne", "in", "nin")


def sync_status(record: Record) -> list[str]:
    """How far a transaction is synced with accounting systems."""
    synced = record.get("accountingIntegrationTransactions", ())
    return [each["syncStatus"].upper() for each in synced] or ["NOT_SYNCED"]


def review_status(record: Record) -> list[str]:
    """WAITING or DENIED if one reviewer says so, APPROVED if all do; nothing without reviewers."""
    found = {each["status"] for each in record["reviewers"]}
    return next(([each] for each in ("DENIED", "WAITING", "APPROVED") if each in found), [])


_TIMES = {
    name: lists.by_text(name, "lte", "gte")
    for name in ("occurredTime", "authorizedTime", "updatedTime")
}

FILTERABLE: Mapping[str, Filterable] = {
    "cardId": by_ids("card"),
    "userId": by_ids("user"),
    "budgetId": by_ids("budget"),
    "transactionIds": by_ids(),
    "customFieldIds": Filterable(
        ("eq", "in"),
        values=lambda record: [
            each[name]
            for each in record["customFields"]
            if each["note"] or each["selectedValues"]
            for name in ("id", "uuid")
        ],
    ),
    "merchantName": lists.by_text("merchantName"),
    "fees": lists.by_number("fees"),
    "amount": lists.by_number("amount"),
    "type": lists.by_text("transactionType", *_EQUALS, choices=_TYPES),
    "receiptStatus": lists.by_text("receiptStatus", *_EQUALS, choices=_RECEIPT_STATES),
    "syncStatus": Filterable(_EQUALS, _SYNC_STATES, values=sync_status),
    "reviewStatus": Filterable(_EQUALS, ("WAITING", "APPROVED", "DENIED"), values=review_status),
    "complete": lists.by_flag("complete"),
    "locked": lists.by_flag("isLocked"),
    **_TIMES,
}

_TEXTS = (
    *("id", "uuid", "transactionType", "userId", "userUuid", "userName"),
    *("budgetId", "budgetUuid", "budgetName", "cardLastFour", "cardType"),
    *("merchantName", "rawMerchantName", "merchantCategoryCode", "network", "receiptStatus"),
    *("receiptSyncStatus", "occurredTime", "updatedTime"),
)

_OPTIONAL_TEXTS = (
    *("cardId", "cardUuid", "parentBudgetUuid", "status", "declineReason", "authorizedTime"),
    *("parentTransactionId", "parentTransactionUuid", "matchedClearTransactionId"),
    *("matchedClearTransactionUuid", "originalAuthTransactionId", "originalAuthTransactionUuid"),
)

_FLAGS = (
    *("complete", "isLocked", "isReconciled", "isCredit", "isParent"),
    *("receiptRequired", "reviewRequired", "cardPresent"),
)

_REVIEWER: Mapping[str, Field] = {
    **{
        name: Text(required=True)
        for name in ("approverType", "status", "userId", "userUuid", "userName")
    },
    "reviewedTime": Text(),
}

_REVIEW: Mapping[str, Field] = {
    **{
        name: Text(required=True)
        for name in ("id", "note", "createdTime", "reviewerId", "reviewerUuid")
    },
    "isApproved": Boolean(required=True),
}

_CURRENCY: Mapping[str, Field] = {
    "exchangeRate": Number(required=True),
    "exponent": Integer(required=True),
    **{
        name: Text(required=True)
        for name in ("originalCurrencyAmount", "originalCurrencyCode", "symbol")
    },
}

_SYNC_NAMES = (
    *("id", "integrationTxId", "syncStatus", "syncMessage", "integrationType"),
    *("integrationId", "syncRequestId"),
)

_SYNC: Mapping[str, Field] = {
    **{name: Text(required=True) for name in _SYNC_NAMES},
    "billable": Boolean(required=True),
}

ANSWER = Object(
    {
        **{name: Text(required=True) for name in _TEXTS},
        **{name: Text() for name in _OPTIONAL_TEXTS},
        **{name: Boolean(required=True) for name in _FLAGS},
        **{
            name: Number(required=True)
            for name in ("amount", "transactedAmount", "fees", "foreignExchangeFee")
        },
        "pointsAwarded": Integer(required=True),
        "currencyData": Object(_CURRENCY, required=True),
        "childTransactionIds": Many(Text(), required=True),
        "childTransactionUuids": Many(Text(), required=True),
        "customFields": Many(APPLIED, required=True),
        "reviewers": Many(Object(_REVIEWER), required=True),
        "reviews": Many(Object(_REVIEW), required=True),
        "merchantLocation": Object(
            {name: Text(required=True) for name in ("city", "state", "postalCode", "country")}
        ),
        "accountingIntegrationTransactions": Many(Object(_SYNC)),
        "receipts": receipts.ANSWERS,
    },
    missing="There are no disputes, and so no disputeStatus; reviews are not taken back "
    "(deletedTime); the values of declineInternalReasonCode are not documented, and it is not "
    "answered.",
    unsure="parentTransactionUuid, and the id of a receipt, are what public clients report.",
)

TRANSACTIONS = SpendResource(
    "Transactions",
    "/spend/transactions",
    "transactionId",
    "transactions",
    "Transaction",
    "txr",
    answered=ANSWER.fields,
    missing=ANSWER.missing,
    unsure=ANSWER.unsure,
)

SORTABLE = {
    name: lambda record, name=name: record[name]
    for name in ("amount", "merchantName", "occurredTime")
}
