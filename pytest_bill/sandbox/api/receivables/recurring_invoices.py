"""Recurring invoices: list, get, create, replace, update, archive, restore.

Pages: https://developer.bill.com/docs/ar-recurring-invoices and the reference pages of the
operations. A recurring invoice has ``id`` (begins with rit), ``archived``, ``customerId``,
``description``, ``schedule``, ``recurringInvoiceLineItems``, ``classifications``, ``sendEmail``,
``createdTime`` and ``updatedTime``; the last four are named by the samples of BILL's Postman
collection (https://developer.bill.com/docs/bill-v3-api-in-postman).

It makes invoices: each ``schedule.daysInAdvance`` days before ``schedule.nextDueDate``, also for
dates in the past, with the due date as its number; then the next due date is ``frequency`` periods
on. No invoice is due after ``schedule.endDate``.
"""

from __future__ import annotations

from datetime import date, timedelta

from pytest_bill.sandbox.api.receivables import customers, receivable_lines
from pytest_bill.sandbox.api.receivables.invoices import INVOICES
from pytest_bill.sandbox.api.receivables.receivable_lines import LINE_ITEM, Lines
from pytest_bill.sandbox.core import errors, schedules
from pytest_bill.sandbox.core.fields import Boolean, Field, Many, Object, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.recurring import Recurring, new_lines, recurring_operations
from pytest_bill.sandbox.core.resources import Resource
from pytest_bill.sandbox.core.schedules import MOST_A_DAY, SCHEDULE

_LINES = Lines("recurringInvoiceLineItems", "ril")
_FIELDS: dict[str, Field] = {
    "customerId": Text(required=True),
    "description": Text(longest=4000),
    "schedule": SCHEDULE,
    "recurringInvoiceLineItems": Many(Object(LINE_ITEM), required=True),
    "classifications": Object(receivable_lines.CLASSIFICATIONS),
    "sendEmail": Boolean(),
}
_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "customerId": Filterable(("eq", "in")),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}


def _complete(call: Call, body: Record) -> Record:
    settled = _settled(call, {}, body, body, whole=True)
    _RECURRING.make_due(call, settled)
    return settled


def _change(call: Call, record: Record, body: Record) -> None:
    record.update(_settled(call, record, {**record, **body}, body, whole=False))
    _RECURRING.make_due(call, record)


def _change_whole(call: Call, record: Record, body: Record) -> None:
    settled = _settled(call, record, body, body, whole=True)
    for name in _FIELDS:
        record.pop(name, None)
    record.update(settled)
    _RECURRING.make_due(call, record)


def _settled(call: Call, before: Record, after: Record, body: Record, *, whole: bool) -> Record:
    if after["customerId"] not in call.table(customers.CUSTOMERS.table):
        raise errors.bad_request(errors.invalid_value("customerId", after["customerId"]))
    lines = _LINES.settled(call, before, body, whole=whole)
    total = receivable_lines.added_up(lines, {})
    if total < 0:
        raise errors.bad_request(errors.invalid_value(_LINES.name, total))
    return {
        **after,
        "schedule": schedules.complete_schedule(after["schedule"]),
        _LINES.name: lines,
    }


def _make(call: Call, record: Record, due: date) -> None:
    INVOICES.insert(
        call,
        {
            "invoiceNumber": due.isoformat(),
            "dueDate": due.isoformat(),
            "customer": {"id": record["customerId"]},
            "invoiceLineItems": new_lines(record[_LINES.name]),
            **({name: record[name]} if (name := "classifications") in record else {}),
        },
    )


_RECURRING = Recurring("recurring_invoices", _make)

RECURRING_INVOICES = Resource(
    "Recurring invoices",
    "/recurring-invoices",
    "recurringInvoiceId",
    _RECURRING.table,
    "rit",
    _FIELDS,
    filterable=_FILTERABLE,
    complete=_complete,
    change=_change,
    change_whole=_change_whole,
)

_MISSING = (
    f"No e-mail is sent. Of many due dates in the past, {MOST_A_DAY} make an invoice at once and"
    " as many on each further day."
)
_UNSURE = (
    "That classifications, which BILL answers, may be given, and that an invoice gets them, is "
    "assumed. A month's last day that is cut short stays short. The refusal of an unknown "
    f"customerId is not documented; here BDC_1119. {receivable_lines.UNSURE_LINES}"
)

DAILY = (_RECURRING.make_all_due,)
OPERATIONS: tuple[Operation, ...] = recurring_operations(
    RECURRING_INVOICES,
    "RecurringInvoice",
    "recurring invoice",
    missing=_MISSING,
    unsure=_UNSURE,
    unsure_list="Which fields can be filtered on is not documented.",
)


def fill(call: Call) -> None:
    """A monthly lesson of the music shop's second customer."""
    customer = list(call.table(customers.CUSTOMERS.table))[1]
    next_month = call.state.clock.now().date() + timedelta(days=30)
    RECURRING_INVOICES.insert(
        call,
        {
            "customerId": customer,
            "description": "Rehearsal room",
            "schedule": {
                "period": "MONTHLY",
                "nextDueDate": next_month.isoformat(),
                "daysInAdvance": 5,
            },
            "recurringInvoiceLineItems": [
                {"description": "Rehearsal room", "quantity": 1, "price": 19.99}
            ],
        },
    )
