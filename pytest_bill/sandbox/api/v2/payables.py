"""Accounts payable in BILL's v2 API: vendors and their bank accounts, bills, recurring bills,
vendor credits.

Pages: https://developersupport.bill.com/hc/en-us/articles/209605773-Vendor,
https://developersupport.bill.com/hc/en-us/articles/209610646-VendorBankAccount,
https://developer.bill.com/v2/reference/ap-vendormgmt-bulkcreatevendor and those beside it, and
https://developer.bill.com/v2/reference/ap-vendortransactions-listbill.

A vendor needs no more than a name; to pay it by check its address is needed. ``addressCountry`` is
the country's name, United States for one in the US. The codes of a bill's ``paymentStatus`` and
``approvalStatus`` and the like are those of the pages of BILL's v2 reference.
"""

from __future__ import annotations

from dataclasses import replace

from pytest_bill.sandbox.api.payables import vendor_bank_accounts
from pytest_bill.sandbox.api.payables.bills import BILLS
from pytest_bill.sandbox.api.payables.recurring_bills import RECURRING_BILLS
from pytest_bill.sandbox.api.payables.vendor_credits import VENDOR_CREDITS
from pytest_bill.sandbox.api.payables.vendors import VENDORS
from pytest_bill.sandbox.api.v2 import recorded_columns as recorded
from pytest_bill.sandbox.api.v2.columns import (
    NO_ID,
    Codec,
    Column,
    an_id,
    code,
    computed,
    day,
    fixed,
    flag,
    number,
    read_only,
    text,
)
from pytest_bill.sandbox.api.v2.entities import Entity, keep_beside
from pytest_bill.sandbox.api.v2.entity_operations import bulk_operations, entity_operations
from pytest_bill.sandbox.api.v2.shared_columns import (
    ACCOUNT_TYPES,
    BANK_ACCOUNT_DEFAULTS,
    BANK_STATUSES,
    CLASSIFIED,
    CREDIT_STATUSES,
    IS_PERSONAL,
    IS_SAVINGS,
    LINE_CLASSIFIED,
    LINE_TYPE,
    SCHEDULE,
    address_columns,
    line_items,
)
from pytest_bill.sandbox.core import errors, international
from pytest_bill.sandbox.core.fields import Boolean, Integer, Number, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_PAY_BY = {"0": "CHECK", "1": "ACH", "2": "RPPS", "5": "INTERNATIONAL"}
_PAYMENT_STATUSES = {"0": "PAID", "1": "UNPAID", "2": "PARTIAL", "4": "SCHEDULED"}
_APPROVAL_STATUSES = {
    "0": "UNASSIGNED",
    "1": "ASSIGNED",
    "3": "APPROVED",
    "4": "APPROVING",
    "5": "DENIED",
}


def _new_vendor(call: Call, body: Record) -> Record:
    """v2 needs no address, v3 takes none without a country: where BILL is at home, if not told."""
    return VENDORS.insert(call, {**body, "address": {"country": "US", **body.get("address", {})}})


def _new_bill(call: Call, body: Record) -> Record:
    """``allowDuplicateInvNum`` lets a number be taken that another bill of the vendor has."""
    allowed = call.form["data"].get("allowDuplicateInvNum", False)
    return BILLS.insert(call, body, checks_number=not allowed)


def _total_of_lines(_call: Call, record: Record) -> float:
    return float(round(sum(line["amount"] for line in record["recurringBillLineItems"]), 2))


VENDOR = Entity(
    "Vendor",
    "ap-vendormgmt",
    {
        "name": text("name", required=True),
        "shortName": text("shortName"),
        "nameOnCheck": text("paymentInformation.payeeName"),
        "companyName": text("additionalInfo.companyName"),
        "accNumber": text("accountNumber"),
        "taxId": text("additionalInfo.taxId"),
        "taxIdType": text(),
        "track1099": flag("additionalInfo.track1099"),
        **address_columns("address", "address"),
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
        "billCurrency": Column(Text(choices=tuple(international.RATES)), "billCurrency"),
        "enabledCombinePayments": flag("additionalInfo.combinePayments", absent=True),
        **recorded.VENDOR,
    },
    VENDORS,
    insert_in_v3=_new_vendor,
    missing="Balances, virtual cards, invitations and automatic payments: their fields never "
    "change.",
    unsure="A vendor without a country is one in the US. BILL's pages call mergedIntoId "
    f"mergeIntoId here, a recorded answer does not. {recorded.UNSURE}",
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
        # null, not 0, as long as nothing is paid: that is what recorded answers show.
        "paidAmount": Column(
            Number(), "paidAmount", codec=Codec(lambda paid: paid or None, float), sent=False
        ),
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
        "hasAutoPay": flag(),
        "source": Column(Text(), absent="0"),
        **CLASSIFIED,
        **recorded.BILL,
    },
    BILLS,
    insert_in_v3=_new_bill,
    options={"allowDuplicateInvNum": Boolean()},
    children=(
        line_items(
            "bill",
            {
                "id": text("id"),
                "amount": number("amount"),
                **LINE_CLASSIFIED,
                "description": text("description"),
                "quantity": number("quantity"),
                "unitPrice": number("price"),
                "lineType": LINE_TYPE,
                **recorded.BILL_LINE,
            },
        ),
    ),
    missing="The amount in a currency abroad (exchangeRate is made by the sandbox, whatever is "
    "sent), purchase orders, discounts, approvers of earlier bills (useSmartApprovers), drafts, "
    "and cdFieldId1 to cdFieldId6 of a line. allowDuplicateInvNum counts for a new bill only.",
    unsure=f"That a duplicate invoiceNumber is BDC_1171 is what public clients report. "
    f"{recorded.UNSURE}",
)


RECURRING_BILL = Entity(
    "RecurringBill",
    "ap-vendortransactions",
    {
        "vendorId": an_id("vendorId", required=True),
        **SCHEDULE,
        "description": text("description"),
        "remainingPayments": Column(Integer()),
        "isRecurringPayment": read_only(flag("processingOptions.autoPayment")),
        "bankAccountId": read_only(an_id("paymentInformation.bankAccountId")),
        "usersId": an_id(),
        "amount": computed(Number(), _total_of_lines),
    },
    RECURRING_BILLS,
    children=(
        line_items(
            "recurringBill",
            {
                "id": text("id"),
                "amount": Column(Number(required=True), "amount"),
                **{name: each for name, each in LINE_CLASSIFIED.items() if name != "customerId"},
                "description": text("description"),
                "lineType": LINE_TYPE,
                "jobBillable": flag(),
                "quantity": number("quantity"),
                "unitPrice": number(),
                "customerId": an_id(),
                "vendorId": an_id(),
                "isAdjusted": flag(),
                "isExpired": fixed(False, Boolean()),
            },
        ),
    ),
    missing="The time period 9, none. Paying by itself, which v3 has: isRecurringPayment and "
    "bankAccountId are answered, and not taken. remainingPayments, usersId, and of a line "
    "jobBillable, unitPrice, customerId, vendorId and isAdjusted are kept only.",
)

VENDOR_CREDIT = Entity(
    "VendorCredit",
    "ap-vendortransactions",
    {
        "vendorId": an_id("vendorId", required=True),
        "refNumber": text("referenceNumber", required=True),
        "approvalStatus": fixed("0"),
        "creditDate": day("creditDate", required=True),
        "glPostingDate": day(otherwise="creditDate"),
        "amount": read_only(number("amount")),
        "localAmount": fixed(None),
        "exchangeRate": number(),
        "appliedAmount": read_only(number("appliedAmount")),
        "creditStatus": read_only(code("status", CREDIT_STATUSES, absent="1")),
        "description": text("description"),
        "poNumber": text(),
        "applyToBankAccountId": an_id("applyToBankAccountId"),
        "applyToChartOfAccountId": an_id("applyToChartOfAccountId"),
    },
    VENDOR_CREDITS,
    children=(
        line_items(
            "vendorCredit",
            {
                "id": text("id"),
                "amount": Column(Number(required=True, minimum=0, text=True), "amount"),
                **LINE_CLASSIFIED,
                "description": text("description"),
                "jobBillable": flag(),
                "lineType": LINE_TYPE,
                "quantity": number(),
                "unitPrice": number(),
                **recorded.LINE_ORDER,
            },
        ),
    ),
    missing="Approval of vendor credits. exchangeRate, poNumber, and of a line jobBillable, "
    "quantity and unitPrice are kept only.",
)


def _bank_accounts(call: Call) -> dict[str, Record]:
    """The vendors' bank accounts, which v3 keeps in the vendors, under ids of their own."""
    return {
        account["id"]: account
        for vendor in call.table(VENDORS.table).values()
        if (account := _bank_account(vendor)) is not None
    }


def _bank_account(vendor: Record) -> Record | None:
    account = vendor["paymentInformation"].get("bankAccount")
    if account is None:
        return None
    times = {name: vendor[name] for name in ("createdTime", "updatedTime")}
    return {"id": "vba" + vendor["id"][3:], "vendorId": vendor["id"], **account, **times}


def _insert_bank_account(call: Call, body: Record) -> Record:
    vendor_id = body.pop("vendorId")
    vendor = call.table(VENDORS.table).get(vendor_id)
    if vendor is None:
        raise errors.bad_request(errors.invalid_value("vendorId", vendor_id))
    body = {"nameOnAccount": vendor["name"], **BANK_ACCOUNT_DEFAULTS, **body}
    vendor_bank_accounts.create_bank_account(replace(call.at(vendorId=vendor_id), body=body))
    account = _bank_account(vendor)
    assert account is not None
    keep_beside(call, account["id"], {"usersId": call.who.user_id})
    return account


def _archive_bank_account(call: Call, account: Record) -> None:
    vendor_bank_accounts.delete_bank_account(call.at(vendorId=account["vendorId"]))


def _last_four(number: str) -> str:
    """An account number as v2 shows it: its last four digits."""
    return "******" + number[-4:]


VENDOR_BANK_ACCOUNT = Entity(
    "VendorBankAccount",
    "ap-vendormgmt",
    {
        "vendorId": an_id("vendorId", required=True),
        "accountNumber": Column(
            Text(required=True), "accountNumber", codec=Codec(_last_four, lambda number: number)
        ),
        "routingNumber": text("routingNumber", required=True),
        "nameOnAcct": text("nameOnAccount"),
        "usersId": an_id(),
        "status": code("status", BANK_STATUSES, absent="1"),
        "isSavings": Column(Boolean(), "type", codec=IS_SAVINGS, absent=False),
        "isPersonalAcct": Column(Boolean(), "ownerType", codec=IS_PERSONAL, absent=False),
        **recorded.VENDOR_BANK_ACCOUNT,
    },
    records=_bank_accounts,
    insert_in_v3=_insert_bank_account,
    archive_in_v3=_archive_bank_account,
    sets_active=False,
    missing="Bank accounts abroad: v3 has them.",
    unsure="A deleted account is gone, as in v3; whether BILL's v2 still lists it as inactive is "
    "not documented. The usersId that is sent is not looked up, here the session's user has its "
    "place. A second account of a vendor is refused with BDC_1119. Numbers are masked as in an "
    "answer that was recorded in 2024; BILL's older sample masks the routing number, too. "
    + recorded.UNSURE,
)


OPERATIONS: tuple[Operation, ...] = (
    *entity_operations(VENDOR),
    *bulk_operations(VENDOR),
    *entity_operations(BILL),
    *bulk_operations(BILL),
    *entity_operations(RECURRING_BILL),
    *bulk_operations(RECURRING_BILL),
    *entity_operations(VENDOR_CREDIT),
    *bulk_operations(VENDOR_CREDIT, ("Create", "Update", "Delete")),
    *entity_operations(VENDOR_BANK_ACCOUNT, ("Create", "Delete"), trusted=True),
    *bulk_operations(VENDOR_BANK_ACCOUNT, ("Create", "Delete"), trusted=True),
    *entity_operations(VENDOR_BANK_ACCOUNT, ("Read", "List")),
)
