"""Vendor credits: list, get, create, replace, update, archive, most of them also in bulk.

Pages: https://developer.bill.com/docs/ap-vendor-credits,
https://developer.bill.com/reference/createvendorcredit and the pages of the other operations,
https://developer.bill.com/changelog/2025-05-22-bills-api-improvements-for-vendor-credits.

A vendor credit has ``id`` (begins with vcr), ``archived``, ``vendorId``, ``referenceNumber`` (at
most 100 characters), ``creditDate``, ``description``, ``applyToChartOfAccountId`` or
``applyToBankAccountId``, ``vendorCreditLineItems``, ``amount`` (the sum of the line items),
``appliedAmount``, ``status``, ``createdTime`` and ``updatedTime``. Amounts are in dollars, or in
the vendor's currency; BILL's sample request has them as strings, so these are taken as well.
``status`` is NOT_APPLIED, PARTIALLY_APPLIED or FULLY_APPLIED, and follows from what bills and
payments use of the credit: a bill or a payment names ``vendorCredits`` with ``id`` and ``amount``.
Where credits are read, ``usage`` says it, too: a ``billId`` with the ``amount``, and the
``paymentId`` if a payment used it.

BILL's Postman collection (https://developer.bill.com/docs/bill-v3-api-in-postman) shows ``usage``,
what bulk operations call the credits, and that 50 are created at once; it knows the status
IN_PROCESS, too, of which BILL's pages do not say when a credit has it.

Not documented: the prefix of a line item's id, vcl here; the refusal of a credit of another vendor,
of more than is left, and of a change that leaves less than is applied, here HTTP 400 with BDC_1119;
that an applied credit cannot be archived, here refused likewise.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox.api.payables import payable_lines
from pytest_bill.sandbox.api.payables.payable_lines import PayableLines
from pytest_bill.sandbox.api.payables.vendors import VENDORS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.fields import Date, Field, Many, Number, Object, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

APPLIED = Many(
    Object({"id": Text(required=True), "amount": Number(required=True, minimum=0.01)}),
)
"""The vendor credits that a bill or a payment uses."""

_CLASSIFICATIONS: Mapping[str, Field] = {
    name: Text()
    for name in (
        *("chartOfAccountId", "accountingClassId", "departmentId", "locationId"),
        *("itemId", "employeeId", "jobId", "customerId"),
    )
}
_FIELDS: dict[str, Field] = {
    "vendorId": Text(required=True),
    "referenceNumber": Text(required=True, longest=100),
    "creditDate": Date(required=True),
    "description": Text(),
    "applyToChartOfAccountId": Text(),
    "applyToBankAccountId": Text(),
    "vendorCreditLineItems": Many(
        Object(
            {
                "id": Text(),
                "description": Text(),
                "amount": Number(required=True, minimum=0, text=True),
                "classifications": Object(_CLASSIFICATIONS),
            }
        ),
        required=True,
    ),
}
_LINES = PayableLines("vendorCreditLineItems", "vcl")
_MOST_IN_BULK = 50
_ACCOUNTS = ("applyToChartOfAccountId", "applyToBankAccountId")
_BILLS, _PAYMENTS = "bills", "payments"
_ENDED = {"CANCELLED", "VOID"}
_STATUSES = ("NOT_APPLIED", "PARTIALLY_APPLIED", "FULLY_APPLIED")
_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "vendorId": Filterable(("eq", "in")),
    "referenceNumber": Filterable(("eq", "sw")),
    "status": one_of(*_STATUSES, "IN_PROCESS"),
    "creditDate": TIMES,
    "createdTime": TIMES,
    "updatedTime": TIMES,
}


def check_use(
    call: Call, uses: list[Record], vendor_id: str, path: str, *, freed: list[Record] | None = None
) -> float:
    """How much these ``vendorCredits`` of a body come to; BDC_1119 for what cannot be used.

    ``freed`` are uses that end when these begin.
    """
    known = call.table(VENDOR_CREDITS.table)
    free = {each["id"]: each["amount"] for each in freed or ()}
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, use in enumerate(uses):
        credit = known.get(use["id"])
        if (
            credit is None
            or credit["vendorId"] != vendor_id
            or credit["archived"]
            or use["id"] in seen
        ):
            problems.append(errors.invalid_value(f"{path}[{index}].id", use["id"]))
            continue
        seen.add(use["id"])
        left = credit["amount"] - credit["appliedAmount"] + free.get(use["id"], 0)
        if use["amount"] > round(left, 2):
            problems.append(errors.invalid_value(f"{path}[{index}].amount", use["amount"]))
    if problems:
        raise errors.bad_request(*problems)
    return total_credit(uses)


def total_credit(uses: list[Record]) -> float:
    """How much vendor credits come to."""
    return round(float(sum(use["amount"] for use in uses)), 2)


def use_credits(call: Call, uses: list[Record]) -> None:
    """Take what was checked by ``check_use`` from the credits."""
    _use(call, uses, 1)
    call.undo.append(lambda: _use(call, uses, -1))


def return_credits(call: Call, uses: list[Record]) -> None:
    """Give the credits back what was taken from them."""
    _use(call, uses, -1)
    call.undo.append(lambda: _use(call, uses, 1))


def _use(call: Call, uses: list[Record], sign: int) -> None:
    known = call.table(VENDOR_CREDITS.table)
    for each in uses:
        credit = known[each["id"]]
        credit["appliedAmount"] = round(credit["appliedAmount"] + sign * each["amount"], 2)
        credit["updatedTime"] = call.state.timestamp()
        _settle(credit)


def _settle(credit: Record) -> None:
    if not credit["appliedAmount"]:
        credit["status"] = "NOT_APPLIED"
    else:
        fully = credit["appliedAmount"] >= credit["amount"]
        credit["status"] = "FULLY_APPLIED" if fully else "PARTIALLY_APPLIED"


def _complete(call: Call, body: Record) -> Record:
    credit: Record = {"appliedAmount": 0}
    _change(call, credit, body)
    return credit


def _change(call: Call, credit: Record, body: Record) -> None:
    changed, before = {**credit, **body}, _stored(call, credit)
    vendor_id, problems = changed["vendorId"], []
    moved = credit["appliedAmount"] and vendor_id != before["vendorId"]
    if vendor_id not in call.table(VENDORS.table) or moved:
        problems.append(errors.invalid_value("vendorId", vendor_id))
    if "applyToChartOfAccountId" in body and "applyToBankAccountId" in body:
        given = body["applyToBankAccountId"]
        problems.append(errors.invalid_value("applyToBankAccountId", given))
    # Of the two accounts, the one that is given takes the place of the other.
    for given, other in (_ACCOUNTS, _ACCOUNTS[::-1]):
        if given in body:
            changed.pop(other, None)
    if _LINES.name in body:
        # A replacement comes without the line items that it replaces, and so does a new credit.
        change = _LINES.patched if _LINES.name in credit else _LINES.replaced
        changed[_LINES.name] = change(call, before.get(_LINES.name, ()), body[_LINES.name])
    items = changed[_LINES.name]
    changed["amount"] = round(float(sum(item["amount"] for item in items)), 2)
    if changed["amount"] < credit["appliedAmount"]:
        problems.append(errors.invalid_value("vendorCreditLineItems", changed["amount"]))
    if problems:
        raise errors.bad_request(*problems)
    _settle(changed)
    credit.clear()
    credit.update(changed)


def _stored(call: Call, credit: Record) -> Record:
    """The credit as it is kept: a replacement comes here without the fields that can be set."""
    return call.table(VENDOR_CREDITS.table).get(credit.get("id", ""), {})


def _present(call: Call, credit: Record) -> Record:
    """BILL answers what has used a credit where it is read, not where it is written."""
    if call.http is None or call.http.method != "GET":
        return credit
    return {**credit, "usage": _usage(call, credit) if credit["appliedAmount"] else []}


def _usage(call: Call, credit: Record) -> list[Record]:
    """What bills name of the credit, and what payments that stand have used of it."""
    by_bills = [
        {"billId": bill["id"], "amount": each["amount"]}
        for bill in call.table(_BILLS).values()
        for each in bill.get("vendorCredits", ())
        if each["id"] == credit["id"]
    ]
    by_payments = [
        {"billId": part["billId"], "paymentId": payment["id"], "amount": each["amount"]}
        for payment in call.table(_PAYMENTS).values()
        if payment["status"] not in _ENDED
        for part in payment["billPayments"]
        for each in part.get("vendorCredits", ())
        if each["id"] == credit["id"]
    ]
    return by_bills + by_payments


def _check_archiving(_call: Call, credit: Record) -> None:
    if credit["appliedAmount"]:
        raise errors.bad_request(errors.invalid_value("status", credit["status"]))


VENDOR_CREDITS = Resource(
    "Vendor credits",
    "/vendor-credits",
    "vendorCreditId",
    "vendor_credits",
    "vcr",
    _FIELDS,
    answered={
        "amount": Number(required=True),
        "appliedAmount": Number(required=True),
        "status": Text(required=True),
        "usage": Many(
            Object(
                {
                    "billId": Text(required=True),
                    "paymentId": Text(),
                    "amount": Number(required=True),
                }
            )
        ),
    },
    filterable=_FILTERABLE,
    sortable=("amount", "appliedAmount"),
    complete=_complete,
    change=_change,
    present=_present,
    before_archiving=_check_archiving,
    plural="vendorCredits",
    missing="The status IN_PROCESS.",
)


def fill(call: Call) -> None:
    """A credit of the music shop's first vendor, not applied."""
    vendor = next(iter(call.table(VENDORS.table).values()))
    VENDOR_CREDITS.insert(
        call,
        {
            "vendorId": vendor["id"],
            "referenceNumber": "VC-001",
            "creditDate": call.state.clock.now().date().isoformat(),
            "description": "Returned drum sticks",
            "vendorCreditLineItems": [
                {"description": "Classic drum sticks", "amount": 14.99},
                {"description": "Guitar picks", "amount": 50.0},
            ],
        },
    )


_UNSURE = (
    "The refusal of an unknown vendor, of both accounts, and of less than is applied is not "
    f"documented; here BDC_1119. {payable_lines.UNSURE}"
)
_ARCHIVING = "That an applied credit is not archived is assumed; its refusal here is BDC_1119."
_BULK = "All or none of the credits; that as many are changed as created at once is assumed."

OPERATIONS: tuple[Operation, ...] = (
    VENDOR_CREDITS.operations.list(
        "listVendorCredits",
        "Get list of vendor credits",
        unsure="BILL's page of filterable fields has no vendor credits that could be found; the "
        "fields are in line with those of bills.",
    ),
    VENDOR_CREDITS.operations.create(
        "createVendorCredit", "Create a vendor credit", unsure=_UNSURE
    ),
    # Before the operations on one credit: "bulk" would pass for an id.
    VENDOR_CREDITS.operations.bulk_create(
        "bulkCreateVendorCredit",
        "Create several vendor credits",
        many=_MOST_IN_BULK,
        unsure=f"{_UNSURE} {_BULK}",
    ),
    VENDOR_CREDITS.operations.bulk_replace(
        "bulkReplaceVendorCredit",
        "Replace several vendor credits, each named by its id",
        many=_MOST_IN_BULK,
        unsure=f"{_UNSURE} {_BULK}",
    ),
    VENDOR_CREDITS.operations.bulk_update(
        "bulkUpdateVendorCredit",
        "Update several vendor credits, each named by its id",
        many=_MOST_IN_BULK,
        unsure=f"{_UNSURE} {_BULK}",
    ),
    VENDOR_CREDITS.operations.bulk_archive(
        "bulkArchiveVendorCredit",
        "Archive several vendor credits",
        unsure=_ARCHIVING,
    ),
    VENDOR_CREDITS.operations.get("getVendorCredit", "Get vendor credit details"),
    VENDOR_CREDITS.operations.replace(
        "replaceVendorCredit", "Replace a vendor credit", unsure=_UNSURE
    ),
    VENDOR_CREDITS.operations.update(
        "updateVendorCredit", "Update a vendor credit", unsure=_UNSURE
    ),
    VENDOR_CREDITS.operations.archive(
        "archiveVendorCredit", "Archive a vendor credit", unsure=_ARCHIVING
    ),
)
