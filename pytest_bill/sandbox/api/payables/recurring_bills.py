"""Recurring bills: list, get, create, replace, update, archive, restore.

Pages: https://developer.bill.com/docs/ap-recurring-bills, the reference pages of the operations and
https://developer.bill.com/docs/bill-v3-api-in-postman. A recurring bill has ``id`` (begins with
btp), ``archived``, ``vendorId``, ``description``, ``schedule``, ``recurringBillLineItems``,
``processingOptions``, ``paymentInformation``, ``createdTime`` and ``updatedTime``.

It makes bills: each ``schedule.daysInAdvance`` days before ``schedule.nextDueDate``, also for dates
in the past, with its ``description`` as the invoice number, or else the due date, as BILL's page
says of the two; then the next due date is ``frequency`` periods on. No bill is due after
``schedule.endDate``. A change is one of all later bills. With ``processingOptions.autoPayment``
each is paid on its due date from ``paymentInformation.bankAccountId``; only an MFA-trusted session
may ask for that.
"""

from __future__ import annotations

from datetime import date

from pytest_bill.sandbox.api.funding import accounts
from pytest_bill.sandbox.api.payables import payable_lines
from pytest_bill.sandbox.api.payables.bills import BILLS
from pytest_bill.sandbox.api.payables.payable_lines import PayableLines
from pytest_bill.sandbox.api.payables.payment_creation import insert_payment
from pytest_bill.sandbox.api.payables.vendors import VENDORS
from pytest_bill.sandbox.core import access, business_days, errors, schedules
from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.fields import Boolean, Field, Many, Number, Object, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.recurring import Recurring, new_lines, recurring_operations
from pytest_bill.sandbox.core.resources import Resource
from pytest_bill.sandbox.core.schedules import MOST_A_DAY, SCHEDULE

_LINES = PayableLines("recurringBillLineItems", "rbl")
_CLASSIFICATIONS: dict[str, Field] = {
    name: Text()
    for name in (
        *("chartOfAccountId", "accountingClassId", "departmentId", "employeeId"),
        *("jobId", "locationId", "itemId"),
    )
}
_FIELDS: dict[str, Field] = {
    "vendorId": Text(required=True),
    "description": Text(longest=4000),
    "schedule": SCHEDULE,
    "recurringBillLineItems": Many(
        Object(
            {
                "id": Text(),
                "amount": Number(required=True),
                "quantity": Number(),
                "description": Text(),
                "classifications": Object(_CLASSIFICATIONS),
            }
        ),
        required=True,
    ),
    "processingOptions": Object({"autoPayment": Boolean()}),
    "paymentInformation": Object({"bankAccountId": Text()}),
}
_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "vendorId": Filterable(("eq", "in")),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}


def _complete(call: Call, body: Record) -> Record:
    settled: Record = {}
    _change(call, settled, body)
    return settled


def _change(call: Call, record: Record, body: Record) -> None:
    changed = {**record, **body}
    if changed["vendorId"] not in call.table(VENDORS.table):
        raise errors.bad_request(errors.invalid_value("vendorId", changed["vendorId"]))
    if _pays(changed):
        _check_payment(call, changed)
    if _LINES.name in body:
        # A replacement comes without the line items that it replaces, and so does a new record.
        stored = call.table(RECURRING_BILLS.table).get(record.get("id", ""), {})
        change = _LINES.patched if _LINES.name in record else _LINES.replaced
        changed[_LINES.name] = change(call, stored.get(_LINES.name, ()), body[_LINES.name])
    changed["schedule"] = schedules.complete_schedule(changed["schedule"])
    record.update(changed)
    _RECURRING.make_due(call, record)


def _pays(record: Record) -> bool:
    return bool(record.get("processingOptions", {}).get("autoPayment"))


def _check_payment(call: Call, record: Record) -> None:
    access.require_rights(call.who, call.state, trusted=True)
    account = record.get("paymentInformation", {}).get("bankAccountId")
    path = "paymentInformation.bankAccountId"
    if not account:
        raise errors.bad_request(errors.missing_data(path))
    if not accounts.is_usable(call, "BANK_ACCOUNT", account):
        raise errors.bad_request(errors.invalid_value(path, account))


def _make(call: Call, record: Record, due: date) -> None:
    bill = BILLS.insert(
        call,
        {
            "vendorId": record["vendorId"],
            "dueDate": due.isoformat(),
            "invoice": {
                "invoiceNumber": record.get("description") or due.isoformat(),
                "invoiceDate": due.isoformat(),
            },
            "billLineItems": new_lines(record[_LINES.name]),
        },
        checks_number=False,
    )
    if _pays(record):
        _pay(call, record, bill, due)


def _pay(call: Call, record: Record, bill: Record, due: date) -> None:
    """Pay the bill on its due date, or else the next business day; not if that is refused."""
    today = call.state.clock.now().date()
    process_date = due
    if due <= today or not business_days.is_business_day(due):
        process_date = business_days.following_business_day(max(due, today))
    account = record["paymentInformation"]["bankAccountId"]
    try:
        insert_payment(
            call,
            {
                "billId": bill["id"],
                "amount": bill["dueAmount"],
                "processDate": process_date.isoformat(),
                "fundingAccount": {"type": "BANK_ACCOUNT", "id": account},
                "processingOptions": {},
            },
        )
    except BillError:
        # One that waits for approval, or whose vendor is abroad: it stays unpaid.
        return


_RECURRING = Recurring("recurring_bills", _make)

RECURRING_BILLS = Resource(
    "Recurring bills",
    "/recurringbills",
    "recurringBillId",
    _RECURRING.table,
    "btp",
    _FIELDS,
    filterable=_FILTERABLE,
    sortable=("description",),
    complete=_complete,
    change=_change,
)

_MISSING = (
    f"Of many due dates in the past, {MOST_A_DAY} make a bill at once and as many on each further "
    "day. A bill that cannot be paid automatically stays unpaid, and autopay.failed is not sent."
)
_UNSURE = (
    "BILL's samples show the periods WEEKLY, MONTHLY and NONE; DAILY and YEARLY are assumed, NONE "
    "is refused. A month's last day that is cut short stays short. That the invoice date of the "
    "bills is their due date is assumed. BILL's samples send the quantity of a line item, and do "
    "not answer it. The refusal of an unknown vendorId, and of a bank account that cannot pay, is "
    f"not documented; here BDC_1119. {payable_lines.UNSURE}"
)

DAILY = (_RECURRING.make_all_due,)
OPERATIONS: tuple[Operation, ...] = recurring_operations(
    RECURRING_BILLS, "RecurringBill", "recurring bill", missing=_MISSING, unsure=_UNSURE
)
