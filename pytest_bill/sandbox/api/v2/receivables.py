"""Accounts receivable in BILL's v2 API: customers, their bank accounts and contacts, invoices,
recurring invoices, credit memos.

Pages: https://developer.bill.com/v2/reference/ar-customermgmt-listcustomer,
https://developer.bill.com/v2/reference/ar-customermgmt-listcustomerbankaccount,
https://developer.bill.com/v2/reference/ar-customertransactions-listinvoice and those beside them.

A customer needs no more than a name. A line of an invoice has ``price`` or ``ratePercent``; its
amount follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_bill.sandbox.api.receivables.credit_memos import CREDIT_MEMOS
from pytest_bill.sandbox.api.receivables.customer_bank_accounts import CUSTOMER_BANK_ACCOUNTS
from pytest_bill.sandbox.api.receivables.customer_contacts import CUSTOMER_CONTACTS
from pytest_bill.sandbox.api.receivables.customers import CUSTOMERS
from pytest_bill.sandbox.api.receivables.invoices import INVOICES
from pytest_bill.sandbox.api.receivables.recurring_invoices import RECURRING_INVOICES
from pytest_bill.sandbox.api.v2 import recorded_columns as recorded
from pytest_bill.sandbox.api.v2.columns import (
    NO_ID,
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
from pytest_bill.sandbox.api.v2.entities import Entity
from pytest_bill.sandbox.api.v2.entity_operations import bulk_operations, entity_operations
from pytest_bill.sandbox.api.v2.shared_columns import (
    ACCOUNT_TYPES,
    BANK_ACCOUNT_DEFAULTS,
    BANK_STATUSES,
    CLASSIFIED,
    CREDIT_STATUSES,
    IS_PERSONAL,
    IS_SAVINGS,
    SCHEDULE,
    address_columns,
    line_items,
)
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Number
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_PAYMENT_STATUSES = {"0": "PAID_IN_FULL", "1": "OPEN", "2": "PARTIAL_PAYMENT", "4": "SCHEDULED"}


CUSTOMER = Entity(
    "Customer",
    "ar-customermgmt",
    {
        "name": text("name", required=True),
        "shortName": text(),
        "parentCustomerId": an_id(),
        "companyName": text("companyName"),
        "contactFirstName": text("contact.firstName"),
        "contactLastName": text("contact.lastName"),
        "accNumber": text("accountNumber"),
        **address_columns("billAddress", "billingAddress"),
        **address_columns("shipAddress", "shippingAddress"),
        "email": text("email"),
        "phone": text("phone"),
        "altPhone": text(),
        "fax": text("fax"),
        "description": text("description"),
        "printAs": text(),
        "mergedIntoId": fixed(NO_ID),
        "hasAuthorizedToCharge": read_only(flag("authorizedToCharge")),
        "accountType": code("accountType", ACCOUNT_TYPES, absent="0"),
        "paymentTermId": an_id("paymentTermId"),
        "invoiceCurrency": text("invoiceCurrency"),
        "balance": read_only(number("balance.amount")),
        **recorded.CUSTOMER,
    },
    CUSTOMERS,
    missing="Credit, cards, bank accounts and financing: their fields never change.",
    unsure=recorded.UNSURE,
)

_CLASSIFIED_MEMO = {
    **{name: each for name, each in CLASSIFIED.items() if name != "chartOfAccountId"},
    "jobId": an_id("classifications.jobId"),
}
"""What is classified as a whole, beside its lines."""


def _total(record: Record, *, taxable: bool) -> float:
    """What the lines of a recurring invoice add up to, or the taxable ones of them."""
    lines = record["recurringInvoiceLineItems"]
    amounts = [line.get("amount", 0) for line in lines if line.get("taxable") or not taxable]
    return float(round(sum(amounts), 2))


_LINE: Mapping[str, Column] = {
    "id": text("id"),
    "itemId": an_id("classifications.itemId"),
    "quantity": Column(Number(minimum=0, text=True), "quantity"),
    "amount": number("amount"),
    "price": number("price"),
    "ratePercent": number("ratePercent"),
    **CLASSIFIED,
    "jobId": an_id("classifications.jobId"),
    "description": text("description"),
    "taxable": flag("taxable"),
}
"""A line of an invoice, of a recurring invoice or of a credit memo."""

INVOICE = Entity(
    "Invoice",
    "ar-customertransactions",
    {
        "customerId": an_id("customerId", required=True, sent_path="customer.id"),
        "invoiceNumber": text("invoiceNumber"),
        "invoiceDate": day("invoiceDate"),
        "dueDate": day("dueDate"),
        "glPostingDate": day(otherwise="invoiceDate"),
        "amount": read_only(number("totalAmount")),
        "amountDue": read_only(number("dueAmount")),
        "scheduledAmount": read_only(number("scheduledAmount")),
        "creditAmount": read_only(number("creditAmount")),
        "paymentStatus": read_only(code("status", _PAYMENT_STATUSES, absent="1")),
        "description": text(),
        "poNumber": text(),
        "isToBePrinted": flag(),
        "isToBeEmailed": flag(),
        "lastSentTime": text(),
        "itemSalesTax": an_id("salesTaxItemId"),
        "salesTaxPercentage": Column(Number(), "salesTaxPercentage", absent=0, sent=False),
        "salesTaxTotal": Column(Number(), "salesTaxTotal", absent=0, sent=False),
        "terms": text(),
        "salesRep": text(),
        "FOB": text(),
        "shipDate": day(),
        "shipMethod": text(),
        "departmentId": CLASSIFIED["departmentId"],
        "locationId": CLASSIFIED["locationId"],
        "actgClassId": CLASSIFIED["actgClassId"],
        "jobId": an_id("classifications.jobId"),
        "payToBankAccountId": an_id(),
        "payToChartOfAccountId": an_id("payToChartOfAccountId"),
        "invoiceTemplateId": an_id(),
        "hasAutoPay": flag(),
        "exchangeRate": read_only(number("exchangeRate")),
        "createdBy": read_only(text("createdBy")),
        **recorded.INVOICE,
    },
    INVOICES,
    children=(line_items("invoice", {**_LINE, **recorded.INVOICE_LINE}),),
    missing="Sending by mail or e-mail, financing, drafts, and what BILL's invoice templates add.",
    unsure="Without invoiceNumber, invoiceDate or dueDate v3's defaults hold. " + recorded.UNSURE,
)

RECURRING_INVOICE = Entity(
    "RecurringInvoice",
    "ar-customertransactions",
    {
        "customerId": an_id("customerId", required=True),
        **SCHEDULE,
        "description": text("description"),
        "poNumber": text(),
        "salesRep": text(),
        **_CLASSIFIED_MEMO,
        "itemSalesTax": an_id(),
        "isToBePrinted": flag(),
        "isToBeEmailed": flag(),
        "isToBeAutoEmailed": flag("sendEmail"),
        "isToBeAutoMailed": flag(),
        "fromUserId": an_id(),
        "paymentTermId": an_id(),
        "invoiceTemplateId": an_id(),
        "taxableAmount": computed(Number(), lambda _call, record: _total(record, taxable=True)),
        "subtotal": computed(Number(), lambda _call, record: _total(record, taxable=False)),
    },
    RECURRING_INVOICES,
    children=(line_items("recurringInvoice", _LINE),),
    missing="The time period 9, none; the sales tax. poNumber, salesRep, itemSalesTax, fromUserId, "
    "paymentTermId, invoiceTemplateId and the flags but isToBeAutoEmailed are kept only.",
    unsure="isToBeAutoMailed is on no page; public clients send it.",
)

CREDIT_MEMO = Entity(
    "CreditMemo",
    "ar-customertransactions",
    {
        "customerId": an_id("customerId", required=True),
        "refNumber": text("referenceNumber", required=True),
        "creditDate": day("creditDate", required=True),
        "glPostingDate": day(otherwise="creditDate"),
        "amount": read_only(number("amount")),
        "localAmount": fixed(None),
        "exchangeRate": number(),
        "availableAmount": computed(
            Number(), lambda _call, memo: round(memo["amount"] - memo["appliedAmount"], 2)
        ),
        "appliedAmount": read_only(number("appliedAmount")),
        "status": read_only(code("status", CREDIT_STATUSES, absent="1")),
        "description": text("description"),
        "poNumber": text(),
        "isToBePrinted": flag(),
        "isToBeEmailed": flag(),
        "itemSalesTax": an_id("salesTaxItemId"),
        "salesTaxPercentage": Column(Number(), "salesTaxPercentage", absent=0, sent=False),
        "salesTaxTotal": Column(Number(), "salesTaxTotal", absent=0, sent=False),
        "salesRep": text(),
        "FOB": text(),
        "shipDate": day(),
        "shipMethod": text(),
        **_CLASSIFIED_MEMO,
        "payToBankAccountId": an_id("payToBankAccountId"),
        "payToChartOfAccountId": an_id("payToChartOfAccountId"),
    },
    CREDIT_MEMOS,
    children=(line_items("creditMemo", {**_LINE, **recorded.INVOICE_LINE}),),
    missing="exchangeRate, poNumber, isToBePrinted, isToBeEmailed, salesRep, FOB, shipDate, "
    "shipMethod and a line's serviceDate are kept only.",
    unsure="The pages take appliedAmount, availableAmount and status, too; here they follow from "
    "the invoices that use the credit.",
)


def _below_customers(resource: Resource) -> Callable[[Call], Mapping[str, Record]]:
    """The records that customers have, each with its customer's id, which v3 has in the path."""

    def records(call: Call) -> Mapping[str, Record]:
        return {
            record_id: {**record, "customerId": customer_id}
            for customer_id in call.table(CUSTOMERS.table)
            for record_id, record in _table(resource, call, customer_id).items()
        }

    return records


def _table(resource: Resource, call: Call, customer_id: str) -> Mapping[str, Record]:
    return call.table(resource.table_of(call.at(customerId=customer_id)))


def _insert_below(resource: Resource) -> Callable[[Call, Record], Record]:
    def insert(call: Call, body: Record) -> Record:
        customer_id = body.pop("customerId")
        if customer_id not in call.table(CUSTOMERS.table):
            raise errors.bad_request(errors.invalid_value("customerId", customer_id))
        record = resource.insert(call.at(customerId=customer_id), body)
        return {**record, "customerId": customer_id}

    return insert


def _patch_below(resource: Resource) -> Callable[[Call, Record, Record], None]:
    def patch(call: Call, record: Record, body: Record) -> None:
        customer_id = record["customerId"]
        given = body.pop("customerId", customer_id)
        if given != customer_id:
            raise errors.bad_request(errors.invalid_value("customerId", given))
        known = _table(resource, call, customer_id)[record["id"]]
        resource.patch(call.at(customerId=customer_id), known, body)

    return patch


def _archive_below(resource: Resource) -> Callable[[Call, Record], None]:
    def archive(call: Call, record: Record) -> None:
        known = _table(resource, call, record["customerId"])[record["id"]]
        resource.archive(call.at(customerId=record["customerId"]), known)

    return archive


def _restore_below(resource: Resource) -> Callable[[Call, Record], None]:
    def restore(call: Call, record: Record) -> None:
        known = _table(resource, call, record["customerId"])[record["id"]]
        resource.restore(call.at(customerId=record["customerId"]), known)

    return restore


def _insert_bank_account(call: Call, body: Record) -> Record:
    customer = call.table(CUSTOMERS.table).get(body["customerId"])
    if customer is not None:
        accounts = _table(CUSTOMER_BANK_ACCOUNTS, call, customer["id"]).values()
        if any(not account["archived"] for account in accounts):
            raise errors.bad_request(errors.invalid_value("customerId", customer["id"]))
        body = {"nameOnAccount": customer["name"], **BANK_ACCOUNT_DEFAULTS, **body}
    return _insert_below(CUSTOMER_BANK_ACCOUNTS)(call, body)


CUSTOMER_BANK_ACCOUNT = Entity(
    "CustomerBankAccount",
    "ar-customermgmt",
    {
        "customerId": an_id("customerId", required=True),
        "nameOnAccount": text("nameOnAccount"),
        "nickname": text("nickname"),
        "accountNumber": text("accountNumber", required=True),
        "routingNumber": text("routingNumber", required=True),
        "isSavings": Column(Boolean(), "type", codec=IS_SAVINGS, absent=False),
        "isPersonalAcct": Column(Boolean(), "ownerType", codec=IS_PERSONAL, absent=False),
        "isWrittenAuth": flag(),
        "phone": text(),
        "status": code("status", BANK_STATUSES, absent="1"),
        **recorded.CUSTOMER_BANK_ACCOUNT,
    },
    records=_below_customers(CUSTOMER_BANK_ACCOUNTS),
    options={"agreedWithTOS": Boolean()},
    insert_in_v3=_insert_bank_account,
    archive_in_v3=_archive_below(CUSTOMER_BANK_ACCOUNTS),
    sets_active=False,
    missing="agreedWithTOS, which the page requires, is not asked for.",
    unsure="A second account of a customer, who has one at most, is refused with BDC_1119. "
    + recorded.UNSURE,
)

CUSTOMER_CONTACT = Entity(
    "CustomerContact",
    "ar-customermgmt",
    {
        "customerId": an_id("customerId", required=True),
        "firstName": text("firstName"),
        "lastName": text("lastName"),
        "email": text("email"),
        "phone": text("phone"),
        "altPhone": text("altPhone"),
        "fax": text(),
        "timezoneId": text(),
    },
    records=_below_customers(CUSTOMER_CONTACTS),
    insert_in_v3=_insert_below(CUSTOMER_CONTACTS),
    patch_in_v3=_patch_below(CUSTOMER_CONTACTS),
    archive_in_v3=_archive_below(CUSTOMER_CONTACTS),
    restore_in_v3=_restore_below(CUSTOMER_CONTACTS),
)

OPERATIONS: tuple[Operation, ...] = (
    *entity_operations(CUSTOMER),
    *bulk_operations(CUSTOMER),
    *entity_operations(CUSTOMER_BANK_ACCOUNT, ("Create", "Read", "Delete", "List")),
    *entity_operations(CUSTOMER_CONTACT),
    *bulk_operations(CUSTOMER_CONTACT),
    *entity_operations(INVOICE),
    *bulk_operations(INVOICE),
    *entity_operations(RECURRING_INVOICE),
    *bulk_operations(RECURRING_INVOICE),
    *entity_operations(CREDIT_MEMO),
    *bulk_operations(CREDIT_MEMO, ("Create", "Update", "Delete")),
)
