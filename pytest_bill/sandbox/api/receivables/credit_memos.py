"""Credit memos: list, get, create, replace, update, archive, restore, one by one and in bulk.

Pages: https://developer.bill.com/docs/ar-credit-memos,
https://developer.bill.com/changelog/2025-04-11-new-endpoints-for-credit-memos and the reference
pages of the operations. A credit memo has ``id`` (begins with ccr), ``archived``, ``customerId``,
``referenceNumber``, ``creditDate``, ``description``, ``creditMemoLineItems`` (their ids begin with
cci), ``salesTaxItemId``, ``payToChartOfAccountId`` or ``payToBankAccountId``, ``classifications``,
``createdTime`` and ``updatedTime``. That it also has ``amount``, ``appliedAmount``,
``salesTaxTotal``, ``salesTaxPercentage`` and ``status`` (NOT_APPLIED, PARTIALLY_APPLIED,
FULLY_APPLIED), in its details and in the list ``usage`` (the ``invoiceId`` and ``amount`` of each
use), and that operations in bulk answer a list called ``creditMemos``, is shown by the samples of
BILL's Postman collection (https://developer.bill.com/docs/bill-v3-api-in-postman). Amounts are in
dollars.

A credit memo is applied by an invoice's ``creditAmount``: BILL takes it from all the credit memos
that the customer has (https://developer.bill.com/reference/createinvoice). Here the oldest
``creditDate`` is used up first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pytest_bill.sandbox.api.receivables import customers, receivable_lines
from pytest_bill.sandbox.api.receivables.receivable_lines import CLASSIFICATIONS, LINE_ITEM, Lines
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Date, Field, Many, Number, Object, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.core.operations import Call, Operation, listing, many_of
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_STATUSES = ("NOT_APPLIED", "PARTIALLY_APPLIED", "FULLY_APPLIED")
_MOST_NEW_ONES = 50
_APPLIED = "credit_applications"
"""A table: for each invoice's id, how much of which credit memo it has taken."""

_DESTINATIONS = (
    ("payToChartOfAccountId", "payToBankAccountId"),
    ("payToBankAccountId", "payToChartOfAccountId"),
)
_LINES = Lines("creditMemoLineItems", "cci")
_FIELDS: dict[str, Field] = {
    "customerId": Text(required=True),
    "referenceNumber": Text(required=True, longest=100),
    "creditDate": Date(required=True),
    "description": Text(),
    "salesTaxItemId": Text(),
    "payToChartOfAccountId": Text(),
    "payToBankAccountId": Text(),
    "classifications": Object(CLASSIFICATIONS),
    "creditMemoLineItems": Many(Object(LINE_ITEM), required=True),
}
_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "customerId": Filterable(("eq", "in")),
    "referenceNumber": Filterable(("eq", "sw")),
    "creditDate": TIMES,
    "status": one_of(*_STATUSES),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}


def available_credit(call: Call, customer_id: str, invoice_id: str) -> float:
    """How much credit the customer has for the invoice, with what the invoice has taken of it."""
    taken = call.table(_APPLIED).get(invoice_id, {})
    credits = [
        _unused_amount(memo) + taken.get(memo["id"], 0) for memo in _usable(call, customer_id)
    ]
    return float(round(sum(credits), 2))


def applied_credit(call: Call) -> Mapping[str, Record]:
    """How much of which credit memo each invoice has taken, by the invoice's id."""
    return call.table(_APPLIED)


def apply_credit(call: Call, customer_id: str, invoice_id: str, amount: float) -> None:
    """Let the invoice take ``amount`` of the customer's credit, in place of what it took before."""
    memos = call.table(CREDIT_MEMOS.table)
    for memo_id, taken in call.table(_APPLIED).pop(invoice_id, {}).items():
        _use_credit(call, memos[memo_id], -taken)
    shares: Record = {}
    for memo in _usable(call, customer_id):
        share = min(_unused_amount(memo), round(amount - sum(shares.values()), 2))
        if share > 0:
            _use_credit(call, memo, share)
            shares[memo["id"]] = share
    if shares:
        call.table(_APPLIED)[invoice_id] = shares


def _usable(call: Call, customer_id: str) -> list[Record]:
    memos = [
        memo
        for memo in call.table(CREDIT_MEMOS.table).values()
        if memo["customerId"] == customer_id and not memo["archived"]
    ]
    return sorted(memos, key=lambda memo: str(memo["creditDate"]))


def _unused_amount(memo: Record) -> float:
    return float(round(memo["amount"] - memo["appliedAmount"], 2))


def _use_credit(call: Call, memo: Record, amount: float) -> None:
    memo["appliedAmount"] = round(memo["appliedAmount"] + amount, 2)
    memo["status"] = _status(memo)
    memo["updatedTime"] = call.state.timestamp()


def _status(memo: Record) -> str:
    if not memo["appliedAmount"]:
        return "NOT_APPLIED"
    return "PARTIALLY_APPLIED" if _unused_amount(memo) > 0 else "FULLY_APPLIED"


def _complete(call: Call, body: Record) -> Record:
    memo: Record = {"appliedAmount": 0}
    _change_whole(call, memo, body)
    return memo


def _change(call: Call, memo: Record, body: Record) -> None:
    after = {**memo, **body}
    for given, other in _DESTINATIONS:
        # One destination takes the other's place; only a body with both contradicts itself.
        if given in body and other not in body:
            after.pop(other, None)
    _set_fields(memo, _settled(call, memo, after, body, whole=False))


def _change_whole(call: Call, memo: Record, body: Record) -> None:
    kept = {name: value for name, value in memo.items() if name not in _FIELDS}
    _set_fields(memo, _settled(call, memo, {**kept, **body}, body, whole=True))


def _set_fields(memo: Record, settled: Record) -> None:
    memo.clear()
    memo.update(settled)


def _settled(call: Call, before: Record, after: Record, body: Record, *, whole: bool) -> Record:
    """The memo ``after`` a change, with its line items and amounts."""
    if after["customerId"] not in call.table(customers.CUSTOMERS.table):
        raise errors.bad_request(errors.invalid_value("customerId", after["customerId"]))
    if before["appliedAmount"] and after["customerId"] != before["customerId"]:
        raise errors.bad_request(errors.invalid_value("customerId", after["customerId"]))
    if "payToChartOfAccountId" in after and "payToBankAccountId" in after:
        raise errors.bad_request(
            errors.invalid_value("payToBankAccountId", after["payToBankAccountId"])
        )
    lines = _LINES.settled(call, before, body, whole=whole)
    tax = receivable_lines.tax_of(call, after.get("salesTaxItemId"), lines)
    amount = receivable_lines.added_up(lines, tax)
    if amount < before["appliedAmount"]:
        raise errors.bad_request(errors.invalid_value("creditMemoLineItems", amount))
    for name in receivable_lines.TAX:
        after.pop(name, None)
    settled = {**after, **tax, "creditMemoLineItems": lines, "amount": amount}
    settled["status"] = _status(settled)
    return settled


def with_usage(call: Call, memo: Record) -> Record:
    """The memo with the invoices that have taken of it."""
    shares = {
        invoice_id: taken[memo["id"]]
        for invoice_id, taken in call.table(_APPLIED).items()
        if memo["id"] in taken
    }
    used = [{"invoiceId": each, "amount": amount} for each, amount in shares.items()]
    return {**memo, "usage": used}


def _list(call: Call) -> Record:
    page = listing(call, CREDIT_MEMOS.table, _FILTERABLE, sortable=CREDIT_MEMOS.sortable)
    page["results"] = [with_usage(call, memo) for memo in page["results"]]
    return page


CREDIT_MEMOS = Resource(
    "Credit memos",
    "/credit-memos",
    "creditMemoId",
    "credit_memos",
    "ccr",
    _FIELDS,
    answered={
        "amount": Number(required=True),
        "appliedAmount": Number(required=True),
        "status": Text(required=True, choices=_STATUSES),
        **receivable_lines.TAX,
    },
    filterable=_FILTERABLE,
    sortable=("amount", "appliedAmount"),
    plural="creditMemos",
    complete=_complete,
    change=_change,
    change_whole=_change_whole,
    missing="The status IN_PROCESS, which one of BILL's samples shows.",
)

_DETAILS = Object(
    {
        **CREDIT_MEMOS.answer.fields,
        "usage": Many(
            Object({"invoiceId": Text(required=True), "amount": Number(required=True)}),
        ),
    },
    missing=CREDIT_MEMOS.missing,
)

_UNSURE = (
    "The refusal of an unknown customerId, of both payTo fields, of an amount below 0 or below "
    "what is applied, and of another customer for an applied memo is not documented; here"
    " BDC_1119. "
    f"{receivable_lines.UNSURE_LINES} {receivable_lines.UNSURE_TAX}"
)
_UNSURE_LIST = "The filters are those that public clients report."
_UNSURE_MANY = f"How many one call takes is not documented; here 100. {_UNSURE}"
_UNSURE_ARCHIVE = "Archiving an applied credit memo leaves the invoices as they are."

OPERATIONS: tuple[Operation, ...] = (
    replace(
        CREDIT_MEMOS.operations.list(
            "listCreditMemos",
            "Get list of credit memos",
            answer=many_of(_DETAILS),
            unsure=_UNSURE_LIST,
        ),
        handler=_list,
    ),
    CREDIT_MEMOS.operations.create("createCreditMemo", "Create a credit memo", unsure=_UNSURE),
    CREDIT_MEMOS.operations.bulk_create(
        "bulkCreateCreditMemo",
        "Create up to 50 credit memos",
        many=_MOST_NEW_ONES,
        unsure=_UNSURE,
    ),
    CREDIT_MEMOS.operations.bulk_replace(
        "bulkReplaceCreditMemo", "Replace several credit memos", unsure=_UNSURE_MANY
    ),
    CREDIT_MEMOS.operations.bulk_update(
        "bulkUpdateCreditMemo", "Update several credit memos", unsure=_UNSURE_MANY
    ),
    CREDIT_MEMOS.operations.bulk_archive("bulkArchiveCreditMemo", "Archive several credit memos"),
    CREDIT_MEMOS.operations.bulk_restore(
        "bulkRestoreCreditMemo", "Restore several archived credit memos"
    ),
    replace(
        CREDIT_MEMOS.operations.get("getCreditMemo", "Get credit memo details", answer=_DETAILS),
        handler=lambda call: with_usage(call, CREDIT_MEMOS.find(call)),
    ),
    CREDIT_MEMOS.operations.replace("replaceCreditMemo", "Replace a credit memo", unsure=_UNSURE),
    CREDIT_MEMOS.operations.update("updateCreditMemo", "Update a credit memo", unsure=_UNSURE),
    CREDIT_MEMOS.operations.archive(
        "archiveCreditMemo", "Archive a credit memo", unsure=_UNSURE_ARCHIVE
    ),
    CREDIT_MEMOS.operations.restore("restoreCreditMemo", "Restore an archived credit memo"),
)


def fill(call: Call) -> None:
    """The music shop's credit memo, for its first customer."""
    customer = next(iter(call.table(customers.CUSTOMERS.table)))
    today = call.state.clock.now().date().isoformat()
    CREDIT_MEMOS.insert(
        call,
        {
            "customerId": customer,
            "referenceNumber": "CM-0001",
            "creditDate": today,
            "description": "Returned drum sticks",
            "creditMemoLineItems": [
                {"description": "Classic extreme drum sticks", "price": 14.99, "quantity": 1}
            ],
        },
    )
