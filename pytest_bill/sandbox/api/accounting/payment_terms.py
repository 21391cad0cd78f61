"""Payment terms of an organization: list, create, get, update.

Pages: https://developer.bill.com/docs/payment-terms and the reference pages of the operations.

A payment term has ``id`` (begins with 00p), ``name``, ``daysDue`` (0 to 999), ``createdTime`` and
``updatedTime``. No two payment terms of an organization have the same ``daysDue``; they cannot be
deleted or archived.
"""

from __future__ import annotations

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Field, Integer, Text
from pytest_bill.sandbox.core.filters import IDS, TIMES, Filterable
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_FIELDS: dict[str, Field] = {
    "name": Text(required=True),
    "daysDue": Integer(required=True, minimum=0, maximum=999),
}
_AT_START = {"Due upon receipt": 0, "Net 15": 15, "Net 30": 30}


def _complete(call: Call, body: Record) -> Record:
    _require_new_days(call, body, "")
    return body


def _change(call: Call, term: Record, body: Record) -> None:
    _require_new_days(call, body, term["id"])
    term.update(body)


def _require_new_days(call: Call, body: Record, term_id: str) -> None:
    for term in call.table(PAYMENT_TERMS.table).values():
        if term["daysDue"] == body.get("daysDue") and term["id"] != term_id:
            raise errors.bad_request(errors.invalid_value("daysDue", body["daysDue"]))


PAYMENT_TERMS = Resource(
    "Payment terms",
    "/organizations/{organizationId}/payment-terms",
    "paymentTermId",
    "payment_terms",
    "00p",
    _FIELDS,
    filterable={
        "id": IDS,
        "name": Filterable(("eq", "sw")),
        "createdTime": TIMES,
        "updatedTime": TIMES,
    },
    sortable=("daysDue",),
    complete=_complete,
    change=_change,
    archivable=False,
)

_UNSURE = "The refusal of a second payment term of as many days is not documented; here BDC_1119."

OPERATIONS: tuple[Operation, ...] = (
    PAYMENT_TERMS.operations.list(
        "listPaymentTerms",
        "Get list of payment terms",
        unsure="Neither the fields to filter and sort by nor paging are documented for this list.",
    ),
    PAYMENT_TERMS.operations.create("createPaymentTerm", "Create a payment term", unsure=_UNSURE),
    PAYMENT_TERMS.operations.get("getPaymentTerm", "Get payment term details"),
    PAYMENT_TERMS.operations.update("updatePaymentTerm", "Update a payment term", unsure=_UNSURE),
)


def fill(call: Call) -> None:
    """What a business has in use."""
    for name, days in _AT_START.items():
        PAYMENT_TERMS.insert(call, {"name": name, "daysDue": days})
