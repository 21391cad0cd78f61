"""Recurring bills: list, get, create, replace, update, archive, restore.

Pages: https://developer.bill.com/docs/ap-recurring-bills and the reference pages of the operations.
A recurring bill has `id`, `archived`, `vendorId`, `description`, `schedule`,
`recurringBillLineItems`, `processingOptions`, `paymentInformation`, `createdTime` and
`updatedTime`. The prefix of the ids, rbi, is not documented and made up here.
"""

from __future__ import annotations

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.api.vendors import VENDORS
from pytest_bill.sandbox.bodies import Boolean, Date, Field, Integer, Many, Number, Object, Text
from pytest_bill.sandbox.lists import FLAG, IDS, TIMES, Filterable
from pytest_bill.sandbox.operations import Call, Operation
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.resources import Resource

_CLASSIFICATIONS: dict[str, Field] = {
    name: Text()
    for name in (
        *("chartOfAccountId", "accountingClassId", "departmentId", "employeeId"),
        *("jobId", "locationId", "itemId"),
    )
}
_FIELDS: dict[str, Field] = {
    "vendorId": Text(required=True),
    "description": Text(),
    "schedule": Object(
        {
            "period": Text(required=True, choices=("DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
            "frequency": Integer(minimum=1),
            "nextDueDate": Date(required=True),
            "endDate": Date(),
            "daysInAdvance": Integer(minimum=0),
        },
        required=True,
    ),
    "recurringBillLineItems": Many(
        Object(
            {
                "id": Text(),
                "amount": Number(required=True),
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
    vendor = body.get("vendorId")
    if vendor is not None and vendor not in call.table(VENDORS.table):
        raise errors.bad_request(errors.invalid_value("vendorId", vendor))
    record.update(body)
    for item in record["recurringBillLineItems"]:
        item.setdefault("id", call.state.ids.new("rbl"))


RECURRING_BILLS = Resource(
    "Recurring bills",
    "/recurringbills",
    "recurringBillId",
    "recurring_bills",
    "rbi",
    _FIELDS,
    filterable=_FILTERABLE,
    complete=_complete,
    change=_change,
)

_MISSING = "No bills come of it when time passes."
_UNSURE = (
    "BILL's samples show the periods WEEKLY and MONTHLY, DAILY and YEARLY are assumed. The refusal "
    "of an unknown vendorId is not documented; here BDC_1119."
)

OPERATIONS: tuple[Operation, ...] = (
    RECURRING_BILLS.list("listRecurringBills", "Get list of recurring bills"),
    RECURRING_BILLS.create(
        "createRecurringBill", "Create a recurring bill", missing=_MISSING, unsure=_UNSURE
    ),
    RECURRING_BILLS.get("getRecurringBill", "Get recurring bill details"),
    RECURRING_BILLS.replace("replaceRecurringBill", "Replace a recurring bill", unsure=_UNSURE),
    RECURRING_BILLS.update("updateRecurringBill", "Update a recurring bill", unsure=_UNSURE),
    RECURRING_BILLS.archive("archiveRecurringBill", "Archive a recurring bill"),
    RECURRING_BILLS.restore("restoreRecurringBill", "Restore an archived recurring bill"),
)
