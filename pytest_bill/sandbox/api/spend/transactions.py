"""Transactions of Spend & Expense: purchases with BILL's cards, reversals and refunds.

Pages: https://developer.bill.com/docs/transaction-management,
https://developer.bill.com/reference/listtransactions, /gettransaction, /updatetransaction,
/updatetransactioncustomfields, /addtransactionreceipt and /threedschallenge beside it,
https://developer.bill.com/docs/spend-expense-transaction-notification-payloads,
https://developer.bill.com/docs/spend-expense-3ds-challenge-notification-payload and BILL's
changelog of 2025-05-22, 2025-11-05, 2026-01-26 and 2026-04-17. The fields of the answers, and what
else is answered than a transaction, are those of BILL's Postman collection; ``parentBudgetUuid``
and ``parentTransactionUuid`` are what public clients report, and so is that uuids begin with txr.

``transactionType`` is AUTHORIZATION or DECLINE, and CLEAR once BILL has moved the money; a reversal
is an AUTHORIZATION and a refund a CLEAR with a negative ``amount``. Amounts are US dollars.
``status`` is DECLINED, DENIED (by a reviewer), COMPLETE or APPROVED. ``complete`` says that what is
required, a receipt or custom fields, is there. Lists have parents only, the newest first: neither
the parts of a split transaction, nor an authorization that has cleared, whose CLEAR names it in
``originalAuthTransactionUuid``; both can be got. No call of BILL's buys anything: there are the
transactions that the sandbox starts with, and those that a test makes (``buying``). A purchase that
waits for its 3D Secure challenge has the type OTHER, which BILL names without saying what it is
for. What has been authorized or cleared counts in the current period of its budget, and as
``spent`` of its card and of the member of the budget who has the card.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox.api.spend import custom_fields, lists, receipts, uploads
from pytest_bill.sandbox.api.spend.budgets import BUDGETS
from pytest_bill.sandbox.api.spend.custom_fields import (
    APPLIED,
    CUSTOM_FIELDS,
    SELECTED,
    SELECTIONS,
)
from pytest_bill.sandbox.api.spend.lists import by_ids
from pytest_bill.sandbox.api.spend.resources import reference_to
from pytest_bill.sandbox.api.spend.transaction_answers import as_answered, listed_transactions
from pytest_bill.sandbox.api.spend.transaction_fields import (
    ANSWER,
    FILTERABLE,
    SORTABLE,
    TRANSACTIONS,
)
from pytest_bill.sandbox.api.spend.transaction_records import CHALLENGES, count_transaction
from pytest_bill.sandbox.api.spend.users import require_administrator
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Many, Object, Text
from pytest_bill.sandbox.core.filters import Filterable
from pytest_bill.sandbox.core.operations import Call, Operation, Query, many_of
from pytest_bill.sandbox.core.records import Record

_DONE = "SUCCESS"
_ANSWERS_TO_CHALLENGES = {"ACCEPT": "ACCEPTED", "REJECT": "REJECTED"}
_MOST_ON_A_PAGE = 50


_FIELD_FILTERS: Mapping[str, Filterable] = {"customFieldIds": by_ids()}


_PAGING = tuple(Query(name) for name in ("max", "nextPage", "prevPage"))


def _changed(call: Call, kept: Record) -> Record:
    """The answer of an operation that has changed a transaction."""
    kept["updatedTime"] = call.state.timestamp()
    answer = as_answered(call, kept)
    call.state.publish(call.owner, "spend.transaction.updated", answer)
    return answer


def _list(call: Call) -> Record:
    page = lists.page(
        call, listed_transactions(call), FILTERABLE, SORTABLE, largest=_MOST_ON_A_PAGE
    )
    query = call.request.query
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
        return receipts.with_answered_receipts(call, answer)
    return {name: value for name, value in answer.items() if name != "receipts"}


def _with_asked_fields(call: Call, answer: Record) -> Record:
    """An answer with the custom fields that ``showCustomFieldIds`` names, if it names any."""
    asked = call.request.query.get("showCustomFieldIds", "").split(",")
    only = {each for each in asked if each}
    if not only:
        return answer
    shown = [each for each in answer["customFields"] if only & {each["id"], each["uuid"]}]
    return {**answer, "customFields": shown}


def _get(call: Call) -> Record:
    return _with_asked_fields(call, as_answered(call, TRANSACTIONS.find(call)))


def _update(call: Call) -> Record:
    transaction = TRANSACTIONS.find(call)
    budget = BUDGETS.active(call, call.body["budgetId"])
    if budget is None:
        raise errors.bad_request(errors.invalid_value("budgetId", call.body["budgetId"]))
    count_transaction(call, transaction, -1)
    transaction.update(reference_to("budget", budget))
    count_transaction(call, transaction, 1)
    return _changed(call, transaction)


def _list_custom_fields(call: Call) -> Record:
    fields = custom_fields.applied_fields(call, TRANSACTIONS.find(call))
    return {"results": lists.matching_records(call, fields, _FIELD_FILTERS)}


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
    return lists.page(call, custom_fields.selected_values(call, field, transaction), {})


def _add_receipt(call: Call) -> Record:
    transaction = TRANSACTIONS.find(call)
    (receipt,) = receipts.receipts_of(call, [call.body])
    transaction["receipts"].append(receipt)
    _changed(call, transaction)
    return receipts.as_answered(call, receipt)


def _delete_receipt(call: Call) -> None:
    transaction = TRANSACTIONS.find(call)
    receipts.remove_receipt(call, transaction["receipts"])
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
        count_transaction(call, transaction, 1)
    else:
        transaction["transactionType"] = "DECLINE"
        transaction["declineReason"] = "3D Secure challenge was rejected."
    _changed(call, transaction)
    return {"id": given, "status": _ANSWERS_TO_CHALLENGES[call.body["action"]]}


_BUDGET_UNSURE = (
    "The refusal of an unknown or retired budget is not documented; here BDC_1119. What was spent "
    "of both budgets follows, as far as the current period of each goes."
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
            *lists.list_query(SORTABLE),
            Query("showCustomFieldIds"),
            Query("includeReceipts", Text(choices=("true", "false"))),
        ),
        filterable=FILTERABLE,
        answer=many_of(ANSWER),
        missing="No authorization clears by itself, and no call of BILL's adds a transaction: "
        "tests do with /__sandbox__/purchases.",
        unsure="The names of the filters on review status, locks and completeness, and the "
        "operators of several filters, are what public clients use. Receipts are answered only "
        "with includeReceipts=true; which is BILL's default is not documented.",
    ),
    TRANSACTIONS.operations.operation(
        "POST",
        "/receipt-upload-url",
        "createReceiptUploadUrl",
        "Create a transaction upload URL",
        uploads.create_upload_url,
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
    ),
    TRANSACTIONS.operations.operation(
        "PUT",
        _ONE,
        "updateTransaction",
        "Update a transaction",
        _update,
        body={"budgetId": Text(required=True)},
        answer=ANSWER,
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
