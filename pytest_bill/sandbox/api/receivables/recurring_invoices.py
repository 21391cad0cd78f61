"""Recurring invoices: list, get, create, replace, update, archive, restore.

Pages: https://developer.bill.com/docs/ar-recurring-invoices and the reference pages of the
operations. A recurring invoice has `id` (begins with rit), `archived`, `customerId`, `description`,
`schedule`, `recurringInvoiceLineItems`, `classifications`, `sendEmail`, `createdTime` and
`updatedTime`; the last four are named by the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman).

It makes invoices: each `schedule.daysInAdvance` days before `schedule.nextDueDate`, also for dates
in the past, with the due date as its number; then the next due date is `frequency` periods on. No
invoice is due after `schedule.endDate`.
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
from pytest_bill.sandbox.core.resources import Resource
from pytest_bill.sandbox.core.schedules import MOST_A_DAY, SCHEDULE
from pytest_bill.sandbox.core.state import SandboxState

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
    _make_due(call, settled)
    return settled


def _change(call: Call, record: Record, body: Record) -> None:
    record.update(_settled(call, record, {**record, **body}, body, whole=False))
    _make_due(call, record)


def _change_whole(call: Call, record: Record, body: Record) -> None:
    settled = _settled(call, record, body, body, whole=True)
    for name in _FIELDS:
        record.pop(name, None)
    record.update(settled)
    _make_due(call, record)


def _settled(call: Call, before: Record, after: Record, body: Record, *, whole: bool) -> Record:
    if after["customerId"] not in call.table(customers.CUSTOMERS.table):
        raise errors.bad_request(errors.invalid_value("customerId", after["customerId"]))
    lines = _LINES.settled(call, before, body, whole=whole)
    total = receivable_lines.added_up(lines, {})
    if total < 0:
        raise errors.bad_request(errors.invalid_value(_LINES.name, total))
    return {
        **after,
        "schedule": schedules.completed(after["schedule"]),
        _LINES.name: lines,
    }


def make_due(state: SandboxState) -> None:
    """Make the invoices that have come due."""
    for owner, _ in state.tables(RECURRING_INVOICES.table):
        call = Call.of(state, owner)
        for record in call.table(RECURRING_INVOICES.table).values():
            _make_due(call, record)


def _make_due(call: Call, record: Record) -> None:
    if record.get("archived"):
        return
    for due in schedules.take_due(record["schedule"], call.state.clock.now().date()):
        _make(call, record, due)


def _make(call: Call, record: Record, due: date) -> None:
    lines = [
        {name: value for name, value in line.items() if name != "id"}
        for line in record[_LINES.name]
    ]
    INVOICES.insert(
        call,
        {
            "invoiceNumber": due.isoformat(),
            "dueDate": due.isoformat(),
            "customer": {"id": record["customerId"]},
            "invoiceLineItems": lines,
            **({name: record[name]} if (name := "classifications") in record else {}),
        },
    )


RECURRING_INVOICES = Resource(
    "Recurring invoices",
    "/recurring-invoices",
    "recurringInvoiceId",
    "recurring_invoices",
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

DAILY = (make_due,)
OPERATIONS: tuple[Operation, ...] = (
    RECURRING_INVOICES.operations.list(
        "listRecurringInvoices",
        "Get list of recurring invoices",
        unsure="Which fields can be filtered on is not documented.",
    ),
    RECURRING_INVOICES.operations.create(
        "createRecurringInvoice", "Create a recurring invoice", missing=_MISSING, unsure=_UNSURE
    ),
    RECURRING_INVOICES.operations.get("getRecurringInvoice", "Get recurring invoice details"),
    RECURRING_INVOICES.operations.replace(
        "replaceRecurringInvoice", "Replace a recurring invoice", missing=_MISSING, unsure=_UNSURE
    ),
    RECURRING_INVOICES.operations.update(
        "updateRecurringInvoice", "Update a recurring invoice", missing=_MISSING, unsure=_UNSURE
    ),
    RECURRING_INVOICES.operations.archive("archiveRecurringInvoice", "Archive a recurring invoice"),
    RECURRING_INVOICES.operations.restore(
        "restoreRecurringInvoice", "Restore an archived recurring invoice"
    ),
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
