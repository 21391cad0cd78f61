"""Transactions of Spend & Expense: purchases with BILL's cards, reversals and refunds.

Pages: https://developer.bill.com/docs/transaction-management,
https://developer.bill.com/reference/listtransactions, /gettransaction, /updatetransaction,
/updatetransactioncustomfields, /addtransactionreceipt and /threedschallenge beside it,
https://developer.bill.com/docs/spend-expense-transaction-notification-payloads,
https://developer.bill.com/docs/spend-expense-3ds-challenge-notification-payload and BILL's
changelog of 2025-05-22, 2025-11-05, 2026-01-26 and 2026-04-17. The fields of the answers, and what
else is answered than a transaction, are those of BILL's Postman collection; `parentBudgetUuid` and
`parentTransactionUuid` are what public clients report, and so is that uuids begin with txr.

`transactionType` is AUTHORIZATION or DECLINE, and CLEAR once BILL has moved the money; a reversal
is an AUTHORIZATION and a refund a CLEAR with a negative `amount`. Amounts are US dollars. `status`
is DECLINED, DENIED (by a reviewer), COMPLETE or APPROVED. `complete` says that what is required, a
receipt or custom fields, is there. Lists have parents only, the newest first: neither the parts of
a split transaction, nor an authorization that has cleared, whose CLEAR names it in
`originalAuthTransactionUuid`; both can be got. No call of BILL's buys anything: there are the
transactions that the sandbox starts with, and those that a test makes (`buying`). A purchase
that waits for its 3D Secure challenge has the type OTHER, which BILL names without saying what it
is for. What has been authorized or cleared counts in the current period of its budget, and as
`spent` of its card and of the member of the budget who has the card.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pytest_bill.sandbox.api.spend import custom_fields, lists, memberships, receipts, uploads
from pytest_bill.sandbox.api.spend.budgets import BUDGETS
from pytest_bill.sandbox.api.spend.cards import CARDS, PHYSICAL
from pytest_bill.sandbox.api.spend.custom_fields import (
    APPLIED,
    CUSTOM_FIELDS,
    SELECTED,
    SELECTIONS,
)
from pytest_bill.sandbox.api.spend.lists import ids
from pytest_bill.sandbox.api.spend.resources import SpendResource
from pytest_bill.sandbox.api.spend.users import USERS, current, require_administrator
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Field, Integer, Many, Number, Object, Text
from pytest_bill.sandbox.core.filters import Filterable
from pytest_bill.sandbox.core.operations import Call, Operation, Query, many_of
from pytest_bill.sandbox.core.records import Record

CHALLENGES = "3D Secure challenges"
"""The table of unanswered challenges: the uuid of the transaction, by the challenge's id."""

_TYPES = ("AUTHORIZATION", "CLEAR", "DECLINE", "OTHER")
_RECEIPT_STATES = (
    *("ATTACHED", "MISSING", "NOT_ATTACHED", "NOT_REQUIRED", "NOT_VALIDATED", "VALIDATED"),
)
_SYNC_STATES = ("PENDING", "SYNCED", "ERROR", "MANUAL_SYNCED", "NOT_SYNCED")
_COUNTED = {"CLEAR": "cleared", "AUTHORIZATION": "pending"}
"""The types of transactions that count, and as which part of what was spent of a budget."""

_NO_REVIEW: Record = {"reviewRequired": False, "reviewers": [], "reviews": []}
_DONE = "SUCCESS"
_ANSWERS_TO_CHALLENGES = {"ACCEPT": "ACCEPTED", "REJECT": "REJECTED"}
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
    name: lists.text(name, "lte", "gte")
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
    "merchantName": lists.text("merchantName"),
    "fees": lists.number("fees"),
    "amount": lists.number("amount"),
    "type": lists.text("transactionType", *_EQUALS, choices=_TYPES),
    "receiptStatus": lists.text("receiptStatus", *_EQUALS, choices=_RECEIPT_STATES),
    "syncStatus": Filterable(_EQUALS, _SYNC_STATES, values=_sync_status),
    "reviewStatus": Filterable(_EQUALS, ("WAITING", "APPROVED", "DENIED"), values=_review_status),
    "complete": lists.flag("complete"),
    "locked": lists.flag("isLocked"),
    **_TIMES,
}

_FIELD_FILTERS: Mapping[str, Filterable] = {"customFieldIds": ids()}

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


def put(
    call: Call, kind: str, amount: float, card: Record, merchant: Record, time: str, **more: Any
) -> Record:
    """A new transaction of a card that has a budget, at that time; it is not counted yet.

    `merchant` are the fields that a transaction has of its merchant.
    """
    return TRANSACTIONS.insert_complete(
        call,
        {
            "transactionType": kind,
            **named("card", card),
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
    reviewer = {"approverType": "ADMIN", "status": "WAITING", **named("user", current(call))}
    return {"reviewRequired": True, "reviewers": [reviewer], "reviews": []}


def match(authorization: Record, cleared: Record) -> None:
    """Let an authorization and the transaction that it became name each other."""
    for name in ("id", "uuid"):
        suffix = name.capitalize()
        cleared[f"originalAuthTransaction{suffix}"] = authorization[name]
        authorization[f"matchedClearTransaction{suffix}"] = cleared[name]


def challenge(call: Call, transaction: Record) -> Record:
    """Have a transaction wait for a 3D Secure challenge; gives the record of its event."""
    challenge_id = call.state.ids.new_uuid4("acs")
    call.table(CHALLENGES)[challenge_id] = {"uuid": transaction["uuid"]}
    return {
        "acsTransactionId": challenge_id,
        "amount": transaction["amount"],
        "merchantName": transaction["merchantName"],
    }


def charge(call: Call, budget_uuid: str, part: str, amount: float, time: str) -> None:
    """Add to what was spent of a budget: its `cleared` or `pending` part.

    `time` is when it was spent: budgets count what was spent in their current period.
    """
    budget = BUDGETS.known(call, budget_uuid)
    if budget is not None and _is_in_period(budget, time):
        spent = budget["currentPeriod"]["spent"]
        spent[part] = round(spent[part] + amount, 2)
        spent["total"] = round(spent["cleared"] + spent["pending"], 2)


def _is_in_period(budget: Record, time: str) -> bool:
    return bool(budget["currentPeriod"]["startDate"] <= time)


def count(call: Call, transaction: Record, sign: int) -> None:
    """Count a transaction in its budget, card and member (1), or no more (-1)."""
    part = _COUNTED.get(transaction["transactionType"])
    counted_elsewhere = (
        transaction["childTransactionUuids"] or "matchedClearTransactionUuid" in transaction
    )
    if part and not counted_elsewhere:
        amount = sign * transaction["amount"]
        charge(call, transaction["budgetUuid"], part, amount, transaction["authorizedTime"])
        _charge_card_and_member(call, transaction, amount)


def _charge_card_and_member(call: Call, transaction: Record, amount: float) -> None:
    """Both begin anew with the period of their budget; the card's may be another than this one."""
    time = transaction["authorizedTime"]
    budget = BUDGETS.known(call, transaction["budgetUuid"])
    if budget is not None and _is_in_period(budget, time):
        member = memberships.members(call, budget).get(transaction["userUuid"])
        if member is not None:
            member["spent"] = round(member["spent"] + amount, 2)
    card = call.table(CARDS.table)[transaction["cardUuid"]]
    card_budget = BUDGETS.known(call, card["budgetUuid"])
    if card_budget is not None and _is_in_period(card_budget, time):
        card["currentPeriod"]["spent"] = round(card["currentPeriod"]["spent"] + amount, 2)


def _answer(call: Call, kept: Record) -> Record:
    """A transaction as it is answered, its receipts as they are kept."""
    fields = custom_fields.applied(call, kept)
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
    return "SYNCED" if "SYNCED" in _sync_status(kept) else "NOT_SYNCED"


def _status(kept: Record, complete: bool) -> str | None:
    if kept["transactionType"] == "OTHER":
        return None
    if kept["transactionType"] == "DECLINE":
        return "DECLINED"
    if "DENIED" in _review_status(kept):
        return "DENIED"
    return "COMPLETE" if complete else "APPROVED"


def whole(call: Call, kept: Record) -> Record:
    """A transaction as it is answered, and told of in a notification."""
    return receipts.linked(call, _answer(call, kept))


def _changed(call: Call, kept: Record) -> Record:
    """The answer of an operation that has changed a transaction."""
    kept["updatedTime"] = call.state.timestamp()
    answer = whole(call, kept)
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
    page = lists.page(call, _listed(call), _FILTERABLE, _SORTABLE, largest=_MOST_ON_A_PAGE)
    query = call.request.query_params
    with_receipts = query.get("includeReceipts", "false")
    if with_receipts not in {"true", "false"}:
        raise errors.bad_request(errors.invalid_parameter("includeReceipts", with_receipts))
    page["results"] = [
        _with_asked_fields(call, _in_a_list(call, each, with_receipts == "true"))
        for each in page["results"]
    ]
    return page


def _in_a_list(call: Call, answer: Record, with_receipts: bool) -> Record:
    if with_receipts:
        return receipts.linked(call, answer)
    return {name: value for name, value in answer.items() if name != "receipts"}


def _with_asked_fields(call: Call, answer: Record) -> Record:
    """An answer with those custom fields only that `showCustomFieldIds` names, if it names any."""
    asked = call.request.query_params.get("showCustomFieldIds", "").split(",")
    only = {each for each in asked if each}
    if not only:
        return answer
    shown = [each for each in answer["customFields"] if only & {each["id"], each["uuid"]}]
    return {**answer, "customFields": shown}


def _get(call: Call) -> Record:
    return _with_asked_fields(call, whole(call, TRANSACTIONS.find(call)))


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
    fields = custom_fields.applied(call, TRANSACTIONS.find(call))
    return {"results": lists.matching(call, fields, _FIELD_FILTERS)}


def _update_custom_fields(call: Call) -> Record:
    transaction = TRANSACTIONS.find(call)
    if transaction["isLocked"]:
        raise errors.bad_request(errors.invalid_value("isLocked", "true"))
    transaction["selections"] = custom_fields.with_selections(
        call, transaction, call.body["customFields"]
    )
    _changed(call, transaction)
    return {"status": _DONE}


def _list_custom_field_values(call: Call) -> Record:
    transaction = TRANSACTIONS.find(call)
    field = CUSTOM_FIELDS.find(call)
    return lists.page(call, custom_fields.selected(call, field, transaction), {})


def _add_receipt(call: Call) -> Record:
    transaction = TRANSACTIONS.find(call)
    (receipt,) = receipts.made(call, [call.body])
    transaction["receipts"].append(receipt)
    _changed(call, transaction)
    return receipts.shown(call, receipt)


def _delete_receipt(call: Call) -> None:
    transaction = TRANSACTIONS.find(call)
    receipts.remove(call, transaction["receipts"])
    _changed(call, transaction)


def _answer_challenge(call: Call) -> Record:
    require_administrator(call)
    given = call.parameter("acsTransactionId")
    challenges = call.table(CHALLENGES)
    transaction = TRANSACTIONS.known(
        call, challenges[given]["uuid"] if given in challenges else given
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
    _changed(call, transaction)
    return {"id": given, "status": _ANSWERS_TO_CHALLENGES[call.body["action"]]}


_BUDGET_UNSURE = (
    "The refusal of an unknown or retired budget is not documented; here BDC_1119. What was spent "
    "of both budgets follows, as far as the current period of each goes."
)
_MISSING = (
    "There are no disputes, and so no disputeStatus; reviews are not taken back (deletedTime); the "
    "values of declineInternalReasonCode are not documented, and it is not answered."
)
_ONE = TRANSACTIONS.operations.one
_ONE_FIELDS = f"{_ONE}/custom-fields"

OPERATIONS: tuple[Operation, ...] = (
    TRANSACTIONS.operations.operation(
        "GET",
        "",
        "listTransactions",
        "Get list of transactions",
        _list,
        query=(
            *lists.query(_SORTABLE),
            Query("showCustomFieldIds"),
            Query("includeReceipts", Text(choices=("true", "false"))),
        ),
        filterable=_FILTERABLE,
        answer=many_of(ANSWER),
        missing=f"No authorization clears by itself, and no call of BILL's adds a transaction: "
        f"tests do with /__sandbox__/purchases. {_MISSING}",
        unsure="The names of the filters on review status, locks and completeness, and the "
        "operators of several filters, are what public clients use. Receipts are answered only "
        "with includeReceipts=true; which is BILL's default is not documented.",
    ),
    TRANSACTIONS.operations.operation(
        "POST",
        "/receipt-upload-url",
        "createReceiptUploadUrl",
        "Create a transaction upload URL",
        uploads.create,
        answer=uploads.ANSWER,
        unsure="How long BILL's URL lives is not documented; here 15 minutes.",
    ),
    TRANSACTIONS.operations.operation(
        "GET",
        _ONE,
        "getTransaction",
        "Get transaction details",
        _get,
        query=(Query("showCustomFieldIds"),),
        answer=ANSWER,
        missing=_MISSING,
    ),
    TRANSACTIONS.operations.operation(
        "PUT",
        _ONE,
        "updateTransaction",
        "Update a transaction",
        _update,
        body={"budgetId": Text(required=True)},
        answer=ANSWER,
        missing=_MISSING,
        unsure=_BUDGET_UNSURE,
    ),
    TRANSACTIONS.operations.operation(
        "POST",
        "/{acsTransactionId}/3ds-challenge",
        "threeDsChallenge",
        "Accept or reject a transaction",
        _answer_challenge,
        body={"action": Text(required=True, choices=tuple(_ANSWERS_TO_CHALLENGES))},
        answer=Object({name: Text(required=True) for name in ("id", "status")}),
        unsure="BILL's page calls the id that of the transaction, the webhook that of the "
        "challenge; both are taken, and answered as they came. The status after REJECT is not "
        "documented; here REJECTED. A second answer to a challenge is refused with BDC_1119, and "
        "that of a token whose user is no ADMIN with HTTP 403 and BDC_1361.",
    ),
    TRANSACTIONS.operations.operation(
        "GET",
        _ONE_FIELDS,
        "listTransactionCustomFields",
        "Get list of transaction custom fields",
        _list_custom_fields,
        query=(Query("filters"),),
        filterable=_FIELD_FILTERS,
        answer=Object({"results": Many(APPLIED, required=True)}),
        unsure="BILL's sample has no pages; here all are answered at once. The operators of the "
        "filter are those of other filters on ids.",
    ),
    TRANSACTIONS.operations.operation(
        "PUT",
        _ONE_FIELDS,
        "updateTransactionCustomFields",
        "Update transaction custom fields",
        _update_custom_fields,
        body={"customFields": Many(Object(SELECTIONS), required=True)},
        answer=Object({"status": Text(required=True)}),
        unsure="The refusal for a locked transaction, an unknown field or value is not documented; "
        "here HTTP 400 with BDC_1119. The values of the answered status are not documented; here "
        f"{_DONE}.",
    ),
    TRANSACTIONS.operations.operation(
        "GET",
        f"{_ONE_FIELDS}/{{customFieldId}}/values",
        "listTransactionCustomFieldValues",
        "Get list of transaction custom field values",
        _list_custom_field_values,
        query=_PAGING,
        answer=many_of(SELECTED),
    ),
    TRANSACTIONS.operations.operation(
        "POST",
        f"{_ONE}/receipts",
        "addTransactionReceipt",
        "Add a transaction receipt",
        _add_receipt,
        body=receipts.FIELDS,
        answer=receipts.ANSWER,
        unsure="The refusal of an url without an image is BDC_1119 here. The filename of a receipt "
        "that was added without one is not documented; here there is none.",
    ),
    TRANSACTIONS.operations.operation(
        "DELETE",
        f"{_ONE}/receipts/{{receiptId}}",
        "deleteTransactionReceipt",
        "Delete a transaction receipt",
        _delete_receipt,
        answer=None,
    ),
)
