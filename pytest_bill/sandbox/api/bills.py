"""Bills: list, get, create (also in bulk), replace, update, archive, restore.

Pages: https://developer.bill.com/docs/ap-bills, https://developer.bill.com/reference/listbills,
https://developer.bill.com/reference/createbill, https://developer.bill.com/reference/getbill,
https://developer.bill.com/reference/replacebill, https://developer.bill.com/reference/updatebill.

A bill has `id` (begins with 00n), `archived`, `vendorId`, `vendorName`, `amount`, `paidAmount`,
`dueAmount`, `scheduledAmount`, `creditAmount`, `description`, `dueDate`, `invoice`,
`billLineItems`, `payFromChartOfAccountId`, `classifications`, `purchaseOrderNumber`,
`paymentStatus`, `approvalStatus`, `createdBy`, `createdTime` and `updatedTime`. Amounts are in
dollars. A line item without `amount` counts as `quantity` times `price`. `paymentStatus` is UNPAID,
PARTIAL, SCHEDULED or PAID. The sandbox has no approval policies: `approvalStatus` is UNASSIGNED.

BILL's page of filterable fields has no `approvalStatus`; public clients filter on it, so it is
taken here. Not documented: the refusal of an unknown `vendorId`, here HTTP 400 with BDC_1119.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.api import vendors
from pytest_bill.sandbox.bodies import Date, Field, Many, Number, Object, Text
from pytest_bill.sandbox.lists import FLAG, IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.operations import Call, Operation
from pytest_bill.sandbox.records import Record, Table
from pytest_bill.sandbox.resources import Resource
from pytest_bill.sandbox.sessions import Session
from pytest_bill.sandbox.state import SandboxState

_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "vendorId": Filterable(("eq", "in")),
    "dueDate": TIMES,
    "paymentStatus": Filterable(
        ("eq", "ne", "in"), ("PAID", "UNPAID", "PARTIAL", "SCHEDULED", "UNDEFINED")
    ),
    "approvalStatus": one_of("UNASSIGNED", "ASSIGNED", "APPROVING", "APPROVED", "DENIED"),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}

_CLASSIFICATIONS = {
    name: Text()
    for name in (
        "chartOfAccountId",
        "accountingClassId",
        "departmentId",
        "locationId",
        "itemId",
        "employeeId",
        "jobId",
        "customerId",
    )
}
_LINE_ITEM: dict[str, Field] = {
    "id": Text(),
    "amount": Number(),
    "quantity": Number(),
    "price": Number(),
    "description": Text(),
    "classifications": Object(_CLASSIFICATIONS),
}
_INVOICE: dict[str, Field] = {
    "invoiceNumber": Text(required=True),
    "invoiceDate": Date(required=True),
}
_FIELDS: dict[str, Field] = {
    "vendorId": Text(required=True),
    "description": Text(),
    "dueDate": Date(required=True),
    "billLineItems": Many(Object(_LINE_ITEM), required=True),
    "invoice": Object(_INVOICE, required=True),
    "payFromChartOfAccountId": Text(),
    "classifications": Object(_CLASSIFICATIONS),
    "purchaseOrderNumber": Text(),
}


def table(state: SandboxState, organization_id: str) -> Table:
    """The bills of an organization."""
    return state.table(organization_id, "bills")


def add(state: SandboxState, session: Session, body: Record) -> Record:
    """Create a bill from a checked body; BDC_1119 if there is no such vendor."""
    return BILLS.add(Call(state, session), body)


def schedule(state: SandboxState, bill: Record, amount: float) -> None:
    """Note a scheduled payment of the bill."""
    bill["scheduledAmount"] = round(bill["scheduledAmount"] + amount, 2)
    bill["updatedTime"] = state.timestamp()
    _settle_amounts(bill)


def _complete(call: Call, body: Record) -> Record:
    bill: Record = {
        **_settled(call, body, {}),
        "paidAmount": 0,
        "scheduledAmount": 0,
        "creditAmount": 0,
        "approvalStatus": "UNASSIGNED",
        "createdBy": call.who.user_id,
    }
    _settle_amounts(bill)
    return bill


def _change(call: Call, bill: Record, body: Record) -> None:
    bill.update(_settled(call, body, bill))
    _settle_amounts(bill)


def _settled(call: Call, body: Record, bill: Record) -> Record:
    """The body's fields with what BILL adds to them: the vendor's name, ids of line items."""
    settled = dict(body)
    if "vendorId" in body:
        vendor = call.table(vendors.VENDORS.table).get(body["vendorId"])
        if vendor is None:
            raise errors.bad_request(errors.invalid_value("vendorId", body["vendorId"]))
        settled["vendorName"] = vendor["name"]
    if "billLineItems" in body:
        known = {item["id"] for item in bill.get("billLineItems", ())}
        settled["billLineItems"] = [
            _line_item(call.state, index, item, known)
            for index, item in enumerate(body["billLineItems"])
        ]
        settled["amount"] = round(sum(item["amount"] for item in settled["billLineItems"]), 2)
    return settled


def _line_item(state: SandboxState, index: int, item: Record, known: set[str]) -> Record:
    line_item = dict(item)
    if "amount" not in item:
        if not {"quantity", "price"} <= item.keys():
            raise errors.bad_request(errors.missing_data(f"billLineItems[{index}].amount"))
        line_item["amount"] = round(item["quantity"] * item["price"], 2)
    line_item["id"] = item["id"] if item.get("id") in known else state.ids.new("bli")
    return line_item


def _settle_amounts(bill: Record) -> None:
    gone = bill["paidAmount"] + bill["scheduledAmount"] + bill["creditAmount"]
    bill["dueAmount"] = round(bill["amount"] - gone, 2)
    bill["paymentStatus"] = _payment_status(bill)


def _payment_status(bill: Mapping[str, float]) -> str:
    if not bill["paidAmount"] and not bill["scheduledAmount"]:
        return "UNPAID"
    if bill["dueAmount"] > 0:
        return "PARTIAL"
    return "SCHEDULED" if bill["scheduledAmount"] else "PAID"


_AMOUNTS = ("amount", "paidAmount", "dueAmount", "scheduledAmount", "creditAmount")

BILLS = Resource(
    "Bills",
    "/bills",
    "billId",
    "bills",
    "00n",
    _FIELDS,
    answered={
        **{name: Number(required=True) for name in _AMOUNTS},
        **{
            name: Text(required=True)
            for name in ("vendorName", "paymentStatus", "approvalStatus", "createdBy")
        },
    },
    filterable=_FILTERABLE,
    sortable=("amount",),
    event="bill",
    complete=_complete,
    change=_change,
)

_UNSURE = "The refusal of an unknown vendorId is not documented; here BDC_1119."

OPERATIONS: tuple[Operation, ...] = (
    BILLS.list(
        "listBills",
        "Get list of bills",
        unsure="The page of filterable fields has no approvalStatus; public clients filter on it.",
    ),
    BILLS.create("createBill", "Create a bill", unsure=_UNSURE),
    BILLS.bulk_create(
        "createBulkBills",
        "Create several bills",
        unsure="How many bills one call takes is not documented; here 100.",
    ),
    BILLS.get("getBill", "Get bill details"),
    BILLS.replace("replaceBill", "Replace a bill", unsure=_UNSURE),
    BILLS.update("updateBill", "Update a bill", unsure=_UNSURE),
    BILLS.archive("archiveBill", "Archive a bill"),
    BILLS.restore("restoreBill", "Restore an archived bill"),
)
