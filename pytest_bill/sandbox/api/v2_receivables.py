"""Accounts receivable in BILL's v2 API: customers and invoices.

Pages: https://developer.bill.com/v2/reference/ar-customermgmt-listcustomer,
https://developer.bill.com/v2/reference/ar-customertransactions-listinvoice and those beside them.

A customer needs no more than a name. A line of an invoice has `price` or `ratePercent`; its amount
follows from it. The codes of an invoice's `paymentStatus`, and the fields that an entity is
answered with, are what public clients report.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox.api.customers import CUSTOMERS
from pytest_bill.sandbox.api.invoices import INVOICES
from pytest_bill.sandbox.api.v2_payables import ACCOUNT_TYPES, CLASSIFIED
from pytest_bill.sandbox.bodies import Boolean, Number, Text
from pytest_bill.sandbox.operations import Operation
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
    number,
    operations,
    read_only,
    text,
)

_PAYMENT_STATUSES = {"0": "PAID_IN_FULL", "1": "OPEN", "2": "PARTIAL_PAYMENT", "4": "SCHEDULED"}


def _address(prefix: str, path: str) -> Mapping[str, Column]:
    """An address, its fields named after what it is for."""
    return {
        f"{prefix}Address1": text(f"{path}.line1"),
        f"{prefix}Address2": text(f"{path}.line2"),
        f"{prefix}Address3": text(),
        f"{prefix}Address4": text(),
        f"{prefix}AddressCity": text(f"{path}.city"),
        f"{prefix}AddressState": text(f"{path}.stateOrProvince"),
        f"{prefix}AddressCountry": Column(Text(), f"{path}.country", codec=COUNTRY),
        f"{prefix}AddressZip": text(f"{path}.zipOrPostalCode"),
    }


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
        **_address("bill", "billingAddress"),
        **_address("ship", "shippingAddress"),
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
    },
    CUSTOMERS,
)

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
        "lastSentTime": fixed(None),
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
        "hasAutoPay": fixed(False, Boolean()),
        "exchangeRate": read_only(number("exchangeRate")),
    },
    INVOICES,
    children=(
        Children(
            "invoiceLineItems",
            "InvoiceLineItem",
            "invoiceLineItems",
            {
                "id": text("id"),
                "itemId": an_id("classifications.itemId"),
                "quantity": Column(Number(minimum=0), "quantity"),
                "amount": number("amount"),
                "price": Column(Number(required=True), "price"),
                "ratePercent": number("ratePercent"),
                **CLASSIFIED,
                "jobId": an_id("classifications.jobId"),
                "description": text("description"),
                "taxable": flag("taxable"),
            },
            parent="invoiceId",
            required=True,
        ),
    ),
    missing="Sending by mail or e-mail, taxCode, and what BILL's invoice templates add.",
    unsure="Without invoiceNumber, invoiceDate or dueDate v3's defaults hold.",
)

OPERATIONS: tuple[Operation, ...] = (
    *operations(CUSTOMER),
    *bulk_operations(CUSTOMER),
    *operations(INVOICE),
    *bulk_operations(INVOICE),
)
