"""Transactions of Spend & Expense: purchases with BILL's cards, reversals and refunds.

Pages: https://developer.bill.com/docs/transaction-management,
https://developer.bill.com/reference/listtransactions, /gettransaction, /updatetransaction,
/updatetransactioncustomfields, /addtransactionreceipt and /threedschallenge beside it,
https://developer.bill.com/docs/spend-expense-transaction-notification-payloads,
https://developer.bill.com/docs/spend-expense-3ds-challenge-notification-payload and BILL's
changelog of 2025-05-22, 2025-11-05, 2026-01-26 and 2026-04-17. Further fields of the answers are
what public clients report; so is the form of uuids, which begin with txr.

`transactionType` is AUTHORIZATION or DECLINE, and CLEAR once BILL has moved the money; a reversal
is an AUTHORIZATION and a refund a CLEAR with a negative `amount`. Amounts are US dollars. `status`
is DECLINED, DENIED (by a reviewer), COMPLETE or APPROVED. `complete` says that what is required, a
receipt or custom fields, is there. Lists have parents only, the newest first: neither the parts of
a split transaction, nor an authorization that has cleared, whose CLEAR names it in
`originalAuthTransactionUuid`; both can be got. Nothing is bought in the sandbox: there are the
transactions that it starts with. A purchase that waits for its 3D Secure challenge has the type
OTHER, which BILL names without saying what it is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_bill.sandbox import errors, spend_lists
from pytest_bill.sandbox.api import spend_custom_fields, spend_receipts, spend_uploads
from pytest_bill.sandbox.api.spend_budgets import BUDGETS
from pytest_bill.sandbox.api.spend_custom_fields import APPLIED, CUSTOM_FIELDS, SELECTIONS, VALUE
from pytest_bill.sandbox.bodies import Boolean, Field, Integer, Many, Number, Object, Text
from pytest_bill.sandbox.operations import Call, Operation, Query, many_of
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.spend_lists import Filterable, ids
from pytest_bill.sandbox.spend_resources import SpendResource

CHALLENGES = "3D Secure challenges"
"""The table of unanswered challenges: the uuid of the transaction, by the challenge's id."""

_TYPES = ("AUTHORIZATION", "CLEAR", "DECLINE", "OTHER")
_RECEIPT_STATES = (
    *("ATTACHED", "MISSING", "NOT_ATTACHED", "NOT_REQUIRED", "NOT_VALIDATED", "VALIDATED"),
)
_SYNC_STATES = ("PENDING", "SYNCED", "ERROR", "MANUAL_SYNCED", "NOT_SYNCED")
_MOST_ON_A_PAGE = 50
_UNANSWERED = ("retired", "selections")
"""What is kept of a transaction and not answered."""

_EQUALS = ("eq", "ne", "in", "nin")


def _sync_status(record: Record) -> list[str]:
    synced = record.get("accountingIntegrationTransactions", ())
    return [each["syncStatus"].upper() for each in synced] or ["NOT_SYNCED"]


def _review_status(record: Record) -> list[str]:
    """WAITING or DENIED if one reviewer says so, APPROVED if all do; nothing without reviewers."""
    found = {each["status"] for each in record["reviewers"]}
    return next(([each] for each in ("DENIED", "WAITING", "APPROVED") if each in found), [])


_TIMES = {
    name: spend_lists.text(name, "lte", "gte")
    for name in ("occurredTime", "authorizedTime", "updatedTime")
}
_FILTERABLE: Mapping[str, Filterable] = {
    "cardId": ids("card"),
    "userId": ids("user"),
    "budgetId": ids("budget"),
    "transactionIds": ids(),
    "customFieldIds": Filterable(
        ("eq", "in"),
        values=lambda record: [
            each[name]
            for each in record["customFields"]
            if each["note"] or each["selectedValues"]
            for name in ("id", "uuid")
        ],
    ),
    "merchantName": spend_lists.text("merchantName"),
    "fees": spend_lists.number("fees"),
    "amount": spend_lists.number("amount"),
    "type": spend_lists.text("transactionType", *_EQUALS, choices=_TYPES),
    "receiptStatus": spend_lists.text("receiptStatus", *_EQUALS, choices=_RECEIPT_STATES),
    "syncStatus": Filterable(_EQUALS, _SYNC_STATES, values=_sync_status),
    "reviewStatus": Filterable(_EQUALS, ("WAITING", "APPROVED", "DENIED"), values=_review_status),
    "complete": spend_lists.flag("complete"),
    "locked": spend_lists.flag("isLocked"),
    **_TIMES,
}

_TEXTS = (
    *("id", "uuid", "transactionType", "userId", "userUuid", "budgetId", "budgetUuid"),
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
    *("receiptRequired", "reviewRequired"),
)
_REVIEWER: Mapping[str, Field] = {
    **{name: Text(required=True) for name in ("approverType", "status", "userId", "userUuid")},
    "reviewedTime": Text(),
}
REVIEW: Mapping[str, Field] = {
    **{name: Text(required=True) for name in ("id", "note", "createdTime", "reviewerId")},
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
        "reviews": Many(Object(REVIEW), required=True),
        "accountingIntegrationTransactions": Many(Object(_SYNC)),
        "receipts": spend_receipts.ANSWERS,
    }
)

TRANSACTIONS = SpendResource(
    "Transactions",
    "/spend/transactions",
    "transactionId",
    "transactions",
    "Transaction",
    "txr",
    answered=ANSWER.fields,
)

_SORTABLE = {
    name: lambda record, name=name: record[name]
    for name in ("amount", "merchantName", "occurredTime")
}
_PAGING = tuple(Query(name) for name in ("max", "nextPage", "prevPage"))


def named(kind: str, record: Record) -> Record:
    """Both ids of a record as the fields that refer to it."""
    return {f"{kind}Id": record["id"], f"{kind}Uuid": record["uuid"]}


def charge(call: Call, budget_uuid: str, part: str, amount: float, time: str) -> None:
    """Add to what was spent of a budget: its `cleared` or `pending` part.

    `time` is when it was spent: budgets count what was spent in their current period.
    """
    budget = BUDGETS.known(call, budget_uuid)
    if budget is not None and budget["currentPeriod"]["startDate"] <= time:
        spent = budget["currentPeriod"]["spent"]
        spent[part] = round(spent[part] + amount, 2)
        spent["total"] = round(spent["cleared"] + spent["pending"], 2)


def count(call: Call, transaction: Record, sign: int) -> None:
    """Count a transaction in its budget (1), or no more (-1)."""
    part = {"CLEAR": "cleared", "AUTHORIZATION": "pending"}.get(transaction["transactionType"])
    counted_elsewhere = (
        transaction["childTransactionUuids"] or "matchedClearTransactionUuid" in transaction
    )
    if part and not counted_elsewhere:
        amount = sign * transaction["amount"]
        charge(call, transaction["budgetUuid"], part, amount, transaction["authorizedTime"])


def _answer(call: Call, kept: Record) -> Record:
    """A transaction as it is answered, its receipts as they are kept."""
    fields = spend_custom_fields.applied(call, kept)
    budget = call.table(BUDGETS.table)[kept["budgetUuid"]]
    real = kept["transactionType"] in {"CLEAR", "AUTHORIZATION"}
    needs_receipt = bool(real and kept["amount"] > 0 and budget["receiptRequired"])
    complete = bool(
        real and (kept["receipts"] or not needs_receipt) and spend_custom_fields.is_complete(fields)
    )
    answer = {
        **{name: value for name, value in kept.items() if name not in _UNANSWERED},
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


def _receipt_status(kept: Record, needs_receipt: bool) -> str:
    if kept["receipts"]:
        return "ATTACHED"
    return "MISSING" if needs_receipt else "NOT_REQUIRED"


def _receipt_sync_status(kept: Record) -> str:
    if not kept["receipts"]:
        return "NO_ATTACHMENTS"
    return "SYNCED" if "SYNCED" in _sync_status(kept) else "NOT_SYNCED"


def _status(kept: Record, complete: bool) -> str | None:
    if kept["transactionType"] == "OTHER":
        return None
    if kept["transactionType"] == "DECLINE":
        return "DECLINED"
    if "DENIED" in _review_status(kept):
        return "DENIED"
    return "COMPLETE" if complete else "APPROVED"


def _whole(call: Call, kept: Record) -> Record:
    return spend_receipts.linked(call, _answer(call, kept))


def _changed(call: Call, kept: Record) -> Record:
    """The answer of an operation that has changed a transaction."""
    kept["updatedTime"] = call.state.timestamp()
    answer = _whole(call, kept)
    call.state.publish(call.owner, "spend.transaction.updated", answer)
    return answer


def _listed(call: Call) -> Iterable[Record]:
    """The transactions that lists have, the newest first."""
    parents = [
        each
        for each in call.table(TRANSACTIONS.table).values()
        if "parentTransactionUuid" not in each and "matchedClearTransactionUuid" not in each
    ]
    parents.sort(key=lambda each: each["occurredTime"], reverse=True)
    return (_answer(call, each) for each in parents)


def _list(call: Call) -> Record:
    page = spend_lists.page(call, _listed(call), _FILTERABLE, _SORTABLE, largest=_MOST_ON_A_PAGE)
    query = call.request.query_params
    with_receipts = query.get("includeReceipts", "false")
    if with_receipts not in {"true", "false"}:
        raise errors.bad_request(errors.invalid_parameter("includeReceipts", with_receipts))
    only = {each for each in query.get("showCustomFieldIds", "").split(",") if each}
    page["results"] = [
        _in_a_list(call, each, with_receipts == "true", only) for each in page["results"]
    ]
    return page


def _in_a_list(call: Call, answer: Record, with_receipts: bool, only: set[str]) -> Record:
    shown = spend_receipts.linked(call, answer) if with_receipts else dict(answer)
    if not with_receipts:
        del shown["receipts"]
    if only:
        shown["customFields"] = [
            each for each in shown["customFields"] if only & {each["id"], each["uuid"]}
        ]
    return shown


def _get(call: Call) -> Record:
    return _whole(call, TRANSACTIONS.find(call))


def _update(call: Call) -> Record:
    transaction = TRANSACTIONS.find(call)
    budget = BUDGETS.active(call, call.body["budgetId"])
    if budget is None:
        raise errors.bad_request(errors.invalid_value("budgetId", call.body["budgetId"]))
    count(call, transaction, -1)
    transaction.update(named("budget", budget))
    count(call, transaction, 1)
    return _changed(call, transaction)


def _list_custom_fields(call: Call) -> Record:
    transaction = TRANSACTIONS.find(call)
    return spend_lists.page(call, spend_custom_fields.applied(call, transaction), {})


def _update_custom_fields(call: Call) -> Record:
    transaction = TRANSACTIONS.find(call)
    if transaction["isLocked"]:
        raise errors.bad_request(errors.invalid_value("isLocked", "true"))
    transaction["selections"] = spend_custom_fields.with_selections(
        call, transaction, call.body["customFields"]
    )
    return _changed(call, transaction)


def _list_custom_field_values(call: Call) -> Record:
    transaction = TRANSACTIONS.find(call)
    field = CUSTOM_FIELDS.find(call)
    return spend_lists.page(call, spend_custom_fields.selected(call, field, transaction), {})


def _add_receipt(call: Call) -> Record:
    transaction = TRANSACTIONS.find(call)
    (receipt,) = spend_receipts.made(call, [call.body])
    transaction["receipts"].append(receipt)
    _changed(call, transaction)
    return spend_receipts.shown(call, receipt)


def _delete_receipt(call: Call) -> None:
    transaction = TRANSACTIONS.find(call)
    spend_receipts.remove(call, transaction["receipts"])
    _changed(call, transaction)


def _answer_challenge(call: Call) -> Record:
    named = call.parameter("acsTransactionId")
    challenges = call.table(CHALLENGES)
    transaction = TRANSACTIONS.known(
        call, challenges[named]["uuid"] if named in challenges else named
    )
    if transaction is None:
        raise errors.no_data_found()
    if transaction["transactionType"] != "OTHER":
        raise errors.bad_request(errors.invalid_value("action", call.body["action"]))
    if call.body["action"] == "ACCEPT":
        transaction["transactionType"] = "AUTHORIZATION"
        transaction["authorizedTime"] = call.state.timestamp()
        count(call, transaction, 1)
    else:
        transaction["transactionType"] = "DECLINE"
        transaction["declineReason"] = "3D Secure challenge was rejected."
    return _changed(call, transaction)


_BUDGET_UNSURE = (
    "The refusal of an unknown or retired budget is not documented; here BDC_1119. What was spent "
    "of both budgets follows, as far as the current period of each goes."
)
_ONE = TRANSACTIONS.one
_ONE_FIELDS = f"{_ONE}/custom-fields"

OPERATIONS: tuple[Operation, ...] = (
    TRANSACTIONS.operation(
        "GET",
        "",
        "listTransactions",
        "Get list of transactions",
        _list,
        query=(
            *spend_lists.query(_SORTABLE),
            Query("showCustomFieldIds"),
            Query("includeReceipts", Text(choices=("true", "false"))),
        ),
        filterable=_FILTERABLE,
        answer=many_of(ANSWER),
        missing="Transactions change through the API only: no authorization clears by itself, and "
        "none can be added. What cards and members have spent does not follow.",
        unsure="The names of the filters on review status, locks and completeness, and the "
        "operators of several filters, are what public clients use. Receipts are answered only "
        "with includeReceipts=true; which is BILL's default is not documented.",
    ),
    TRANSACTIONS.operation(
        "POST",
        "/receipt-upload-url",
        "createReceiptUploadUrl",
        "Create a transaction upload URL",
        spend_uploads.create,
        answer=spend_uploads.ANSWER,
        unsure="How long BILL's URL lives is not documented; here 15 minutes.",
    ),
    TRANSACTIONS.operation(
        "GET", _ONE, "getTransaction", "Get transaction details", _get, answer=ANSWER
    ),
    TRANSACTIONS.operation(
        "PUT",
        _ONE,
        "updateTransaction",
        "Update a transaction",
        _update,
        body={"budgetId": Text(required=True)},
        answer=ANSWER,
        unsure=_BUDGET_UNSURE,
    ),
    TRANSACTIONS.operation(
        "POST",
        "/{acsTransactionId}/3ds-challenge",
        "threeDsChallenge",
        "Accept or reject a transaction",
        _answer_challenge,
        body={"action": Text(required=True, choices=("ACCEPT", "REJECT"))},
        answer=ANSWER,
        unsure="BILL's page calls the id that of the transaction, the webhook that of the "
        "challenge; both are taken. What is answered is not documented; here the transaction. A "
        "second answer to a challenge is refused with BDC_1119.",
    ),
    TRANSACTIONS.operation(
        "GET",
        _ONE_FIELDS,
        "listTransactionCustomFields",
        "Get list of transaction custom fields",
        _list_custom_fields,
        query=_PAGING,
        answer=many_of(APPLIED),
    ),
    TRANSACTIONS.operation(
        "PUT",
        _ONE_FIELDS,
        "updateTransactionCustomFields",
        "Update transaction custom fields",
        _update_custom_fields,
        body={"customFields": Many(Object(SELECTIONS), required=True)},
        answer=ANSWER,
        unsure="The refusal for a locked transaction, an unknown field or value is not documented; "
        "here HTTP 400 with BDC_1119. What is answered is not documented; here the transaction.",
    ),
    TRANSACTIONS.operation(
        "GET",
        f"{_ONE_FIELDS}/{{customFieldId}}/values",
        "listTransactionCustomFieldValues",
        "Get list of transaction custom field values",
        _list_custom_field_values,
        query=_PAGING,
        answer=many_of(VALUE),
    ),
    TRANSACTIONS.operation(
        "POST",
        f"{_ONE}/receipts",
        "addTransactionReceipt",
        "Add a transaction receipt",
        _add_receipt,
        body=spend_receipts.FIELDS,
        answer=spend_receipts.ANSWER,
        unsure="What is answered is not documented; here the receipt, with HTTP 200. The refusal "
        "of an url without an image is BDC_1119 here.",
    ),
    TRANSACTIONS.operation(
        "DELETE",
        f"{_ONE}/receipts/{{receiptId}}",
        "deleteTransactionReceipt",
        "Delete a transaction receipt",
        _delete_receipt,
        answer=None,
        unsure="What is answered is not documented; here nothing, with HTTP 200.",
    ),
)
