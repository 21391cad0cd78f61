"""Accounts payable in BILL's v2 API: vendors, bills, recurring bills.

Pages: https://developersupport.bill.com/hc/en-us/articles/209605773-Vendor,
https://developer.bill.com/v2/reference/ap-vendormgmt-bulkcreatevendor and those beside it, and
https://developer.bill.com/v2/reference/ap-vendortransactions-listbill.

A vendor needs no more than a name; to pay it by check its address is needed. `addressCountry` is
the country's name, United States for one in the US. The codes of a bill's `paymentStatus` and
`approvalStatus`, of a vendor's `accountType` and of a recurring bill's `timePeriod` are what
public clients report, and so are the fields that an entity is answered with.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox.api.bills import BILLS
from pytest_bill.sandbox.api.recurring_bills import RECURRING_BILLS
from pytest_bill.sandbox.api.vendors import VENDORS
from pytest_bill.sandbox.bodies import Boolean, Integer, Number, Text
from pytest_bill.sandbox.operations import Call, Operation
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.v2_countries import COUNTRY
from pytest_bill.sandbox.v2_entities import (
    NO_ID,
    Children,
    Column,
    Entity,
    an_id,
    bulk_operations,
    code,
    day,
    fixed,
    flag,
    made,
    number,
    operations,
    read_only,
    text,
)

ACCOUNT_TYPES = {"0": "NONE", "1": "BUSINESS", "2": "PERSON"}
_PAY_BY = {"0": "CHECK", "1": "RPPS", "2": "ACH", "5": "INTERNATIONAL"}
_PAYMENT_STATUSES = {"0": "PAID", "1": "UNPAID", "2": "PARTIAL", "4": "SCHEDULED"}
_APPROVAL_STATUSES = {
    "0": "UNASSIGNED",
    "1": "ASSIGNED",
    "3": "APPROVED",
    "4": "APPROVING",
    "5": "DENIED",
}
TIME_PERIODS = {"0": "DAILY", "1": "WEEKLY", "2": "MONTHLY", "3": "YEARLY"}
"""How often something recurs."""

CLASSIFIED = {
    name: an_id(f"classifications.{path}")
    for name, path in (
        ("chartOfAccountId", "chartOfAccountId"),
        ("departmentId", "departmentId"),
        ("locationId", "locationId"),
        ("actgClassId", "accountingClassId"),
    )
}
"""What a bill, and each of its lines, is classified by."""

_LINE_CLASSIFIED = {
    **CLASSIFIED,
    **{
        name: an_id(f"classifications.{name}")
        for name in ("itemId", "employeeId", "jobId", "customerId")
    },
}


def _new_vendor(call: Call, body: Record) -> Record:
    """v2 needs no address, v3 takes none without a country: where BILL is at home, if not told."""
    return VENDORS.add(call, {**body, "address": {"country": "US", **body.get("address", {})}})


VENDOR = Entity(
    "Vendor",
    "ap-vendormgmt",
    {
        "name": text("name", required=True),
        "shortName": text("shortName"),
        "nameOnCheck": text("paymentInformation.payeeName"),
        "companyName": text(),
        "accNumber": text("accountNumber"),
        "taxId": text(),
        "taxIdType": text(),
        "track1099": flag(),
        "address1": text("address.line1"),
        "address2": text("address.line2"),
        "address3": text(),
        "address4": text(),
        "addressCity": text("address.city"),
        "addressState": text("address.stateOrProvince"),
        "addressZip": text("address.zipOrPostalCode"),
        "addressCountry": Column(Text(), "address.country", codec=COUNTRY),
        "email": text("email"),
        "fax": text(),
        "phone": text("phone"),
        "payBy": read_only(code("paymentInformation.payByType", _PAY_BY, absent="0")),
        "paymentEmail": text("paymentInformation.email"),
        "paymentPhone": text(),
        "description": text(),
        "contactFirstName": text(),
        "contactLastName": text(),
        "mergedIntoId": fixed(NO_ID),
        "accountType": code("accountType", ACCOUNT_TYPES, absent="0"),
        "paymentTermId": an_id(),
        "billCurrency": text("billCurrency"),
    },
    VENDORS,
    add=_new_vendor,
    missing="balance, availCredit and the fields of virtual cards and automatic payments.",
    unsure="Of the codes of payBy, those of paymentType are taken "
    "(https://developersupport.bill.com/hc/en-us/articles/210138753-GetDisbursementData). A vendor "
    "without a country is one in the US.",
)

BILL = Entity(
    "Bill",
    "ap-vendortransactions",
    {
        "vendorId": an_id("vendorId", required=True),
        "invoiceNumber": text("invoice.invoiceNumber", required=True),
        "approvalStatus": read_only(code("approvalStatus", _APPROVAL_STATUSES, absent="0")),
        "invoiceDate": day("invoice.invoiceDate", required=True),
        "dueDate": day("dueDate", required=True),
        "glPostingDate": day(otherwise="invoice.invoiceDate"),
        "amount": read_only(number("amount")),
        "scheduledAmount": read_only(number("scheduledAmount")),
        "paidAmount": read_only(number("paidAmount")),
        "dueAmount": read_only(number("dueAmount")),
        "creditAmount": read_only(number("creditAmount")),
        "paymentStatus": read_only(code("paymentStatus", _PAYMENT_STATUSES, absent="1")),
        "uiPaymentStatus": read_only(code("paymentStatus", _PAYMENT_STATUSES, absent="1")),
        "description": text("description"),
        "poNumber": text("purchaseOrderNumber"),
        "createdBy": read_only(text("createdBy")),
        "payFromBankAccountId": an_id(),
        "payFromChartOfAccountId": an_id("payFromChartOfAccountId"),
        "paymentTermId": an_id(),
        "hasAutoPay": fixed(False, Boolean()),
        "source": fixed("0"),
        **CLASSIFIED,
    },
    BILLS,
    children=(
        Children(
            "billLineItems",
            "BillLineItem",
            "billLineItems",
            {
                "id": text("id"),
                "amount": number("amount"),
                **_LINE_CLASSIFIED,
                "description": text("description"),
                "quantity": number("quantity"),
                "unitPrice": number("price"),
                "lineType": made(Text(), lambda _call, line: _line_type(line)),
            },
            parent="billId",
            required=True,
        ),
    ),
    missing="localAmount, and a line's jobBillable. Two bills of a vendor may have the same "
    "invoiceNumber.",
)


def _line_type(line: Record) -> str:
    """1 for an expense, 2 for an item."""
    return "2" if line.get("classifications", {}).get("itemId") else "1"


SCHEDULE: Mapping[str, Column] = {
    "timePeriod": code("schedule.period", TIME_PERIODS, absent="2", required=True),
    "frequencyPerTimePeriod": Column(Integer(minimum=1), "schedule.frequency", absent=1),
    "nextDueDate": day("schedule.nextDueDate", required=True),
    "endDate": day("schedule.endDate"),
    "daysInAdvance": Column(Integer(minimum=0), "schedule.daysInAdvance", absent=0),
}
"""When something recurs."""

RECURRING_BILL = Entity(
    "RecurringBill",
    "ap-vendortransactions",
    {
        "vendorId": an_id("vendorId", required=True),
        **SCHEDULE,
        "description": text("description"),
    },
    RECURRING_BILLS,
    children=(
        Children(
            "recurringBillLineItems",
            "RecurringBillLineItem",
            "recurringBillLineItems",
            {
                "id": text("id"),
                "amount": Column(Number(required=True), "amount"),
                **{name: each for name, each in _LINE_CLASSIFIED.items() if name != "customerId"},
                "description": text("description"),
            },
            parent="recurringBillId",
            required=True,
        ),
    ),
    missing="The time period 9, none.",
)

OPERATIONS: tuple[Operation, ...] = (
    *operations(VENDOR),
    *bulk_operations(VENDOR),
    *operations(BILL),
    *bulk_operations(BILL),
    *operations(RECURRING_BILL),
)
