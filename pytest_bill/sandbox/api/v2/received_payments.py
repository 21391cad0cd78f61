"""Payments of customers in BILL's v2 API: ReceivedPay, RecordARPayment, ChargeCustomer,
SetCustomerAuthorization, SendInvoice and MailInvoice.

Pages: https://developersupport.bill.com/hc/en-us/articles/209725723-ReceivedPay,
https://developersupport.bill.com/hc/en-us/articles/213911106-RecordARPayment,
https://developersupport.bill.com/hc/en-us/articles/215407243-ChargeCustomer and
https://developer.bill.com/v2/reference/ar-customertransactions-recordarpayment.

A recorded payment may stay unapplied, or in part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_bill.sandbox.api.receivables import receivable_payments
from pytest_bill.sandbox.api.receivables.customer_bank_accounts import CUSTOMER_BANK_ACCOUNTS
from pytest_bill.sandbox.api.receivables.customers import CUSTOMERS
from pytest_bill.sandbox.api.receivables.invoices import INVOICES
from pytest_bill.sandbox.api.receivables.receivable_payments import RECEIVABLE_PAYMENTS
from pytest_bill.sandbox.api.v2.columns import (
    NO_ID,
    TIME,
    an_id,
    code,
    day,
    fixed,
    flag,
    number,
    read_only,
    text,
)
from pytest_bill.sandbox.api.v2.entities import Children, Entity, keep_beside
from pytest_bill.sandbox.api.v2.entity_operations import entity_operations
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.api.v2.receivables import CUSTOMER, INVOICE
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Date, Field, Many, Number, Object, Text
from pytest_bill.sandbox.core.international import HOME
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_STATUSES = {"0": "PAID", "1": "VOID", "2": "SCHEDULED", "3": "CANCELED", "4": "ESCHEATED"}
_TYPES = {"0": "CASH", "1": "CHECK", "2": "CREDIT_CARD", "3": "ACH", "4": "PAYPAL", "5": "OTHER"}
_AMOUNT = Number(required=True, minimum=0.01, text=True)
_INVOICE_PAYS = Object({"invoiceId": Text(required=True), "amount": _AMOUNT})
_MAILED_TO = {
    "billAddressCity": "city",
    "billAddressState": "stateOrProvince",
    "billAddressZip": "zipOrPostalCode",
    "billAddressCountry": "country",
}
_KEPT = ("depositToAccountId", "refNumber")


def _invoice_pays(payment: Record) -> Sequence[Record]:
    """What of the payment goes to which invoice."""
    common = {
        "status": payment["status"],
        "paymentDate": payment["paymentDate"],
        "receivedPayId": payment["id"],
    }
    return [{**common, **each} for each in payment["invoicePayments"]]


RECEIVED_PAY = Entity(
    "ReceivedPay",
    "ar-customertransactions",
    {
        "customerId": an_id("customerId"),
        "status": code("status", _STATUSES, absent="0"),
        "paymentDate": day("paymentDate"),
        "depositToAccountId": an_id(),
        "isOnline": flag("onlinePayment"),
        "paymentType": code("receivablesType", _TYPES, absent="5"),
        "amount": number("amount"),
        "unappliedAmount": number("unappliedAmount"),
        "description": text("description"),
        "refNumber": text(),
        "convFeeAmount": fixed(0, Number()),
        "payToBankAccountId": an_id("payToBankAccountId"),
        "source": fixed("0"),
        "moneyOutId": fixed(NO_ID),
        "isMarkedAsCompleted": fixed(False, Boolean()),
        "holdDisbursement": fixed(False, Boolean()),
        "customerBankAccountId": an_id("fundingAccount.id"),
        "rPConvFee": fixed(None),
    },
    RECEIVABLE_PAYMENTS,
    children=(
        Children(
            "invoicePays",
            "InvoicePay",
            "",
            {
                "id": text("id"),
                "invoiceId": an_id("invoiceId"),
                "amount": number("amount"),
                "description": read_only(text("description")),
                "status": code("status", _STATUSES, absent="0"),
                "paymentDate": day("paymentDate"),
                "receivedPayId": an_id("receivedPayId"),
                "creditApplied": fixed(False, Boolean()),
                "vCardReceivableInfo": fixed(None),
            },
            found=_invoice_pays,
        ),
    ),
    archivable=False,
    missing="Fees, sources and what is on hold: their fields never change.",
    unsure="BILL's pages show no description of an InvoicePay, an older one does.",
)


def _record(call: Call) -> Record:
    """A payment that was made outside BILL."""
    given = call.form["data"]
    body = {
        **{name: given[name] for name in ("customerId", "paymentDate", "amount")},
        **({"description": given["description"]} if "description" in given else {}),
        "paymentType": _TYPES[given["paymentType"]],
        "invoices": _shares(given, "id"),
    }
    answer = receivable_payments.record_payment(replace(call, body=body))
    keep_beside(call, answer["id"], {name: given[name] for name in _KEPT if name in given})
    return RECEIVED_PAY.as_answered(call, RECEIVED_PAY.find_by_id(call, answer["id"]))


def _charge(call: Call) -> Record:
    """A payment from the customer's bank account."""
    given = call.form["data"]
    customer_id = given["customerId"]
    account_id = given.get("paymentAccountId") or _bank_account(call, customer_id)
    body = {
        "customerId": customer_id,
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": account_id},
        **({"description": given["memo"]} if "memo" in given else {}),
        **({"paymentDate": given["paymentDate"]} if "paymentDate" in given else {}),
        "invoicePayments": _shares(given, "invoiceId"),
    }
    payment: Record = receivable_payments.charge_customer(replace(call, body=body))
    return {"chargedReceivedPay": RECEIVED_PAY.as_answered(call, payment)}


def _shares(given: Record, key: str) -> list[Record]:
    """How much of which invoice is paid, as v3 is told."""
    return [
        {key: each["invoiceId"], "amount": each["amount"]} for each in given.get("invoicePays", ())
    ]


def _bank_account(call: Call, customer_id: str) -> str:
    """The id of the customer's bank account; BDC_1119 if there is none."""
    if customer_id in call.table(CUSTOMERS.table):
        table = CUSTOMER_BANK_ACCOUNTS.table_of(call.at(customerId=customer_id))
        for account_id, account in call.table(table).items():
            if not account["archived"]:
                return account_id
    raise errors.bad_request(errors.invalid_value("customerId", customer_id))


def _send(call: Call) -> Any:
    """No mail is sent; when it would have been is noted."""
    return _sent(call, _invoice(call))


def _mail(call: Call) -> Record:
    """As for an e-mail; BILL needs an address in the US."""
    invoice = _invoice(call)
    customer = call.table(CUSTOMERS.table)[invoice["customerId"]]
    address = customer.get("billingAddress", {})
    absent = [name for name, path in _MAILED_TO.items() if not address.get(path)]
    if absent:
        raise errors.bad_request(*(errors.missing_data(name) for name in absent))
    if address["country"] != HOME:
        raise errors.bad_request(errors.invalid_value("billAddressCountry", address["country"]))
    _sent(call, invoice)
    return {}


def _invoice(call: Call) -> Record:
    invoice: Record | None = call.table(INVOICES.table).get(call.form["data"]["invoiceId"])
    if invoice is None:
        raise errors.no_data_found()
    return invoice


def _authorize(call: Call) -> Record:
    """Say whether a customer may be charged."""
    given = call.form["data"]
    record = CUSTOMER.find_by_id(call, given["customerId"])
    record["authorizedToCharge"] = given["hasAuthorizedToCharge"]
    record["updatedTime"] = call.state.timestamp()
    return CUSTOMER.as_answered(call, record)


def _sent(call: Call, invoice: Record) -> Record:
    keep_beside(call, invoice["id"], {"lastSentTime": TIME.read(call.state.timestamp())})
    return INVOICE.as_answered(call, invoice)


_RECORDED: Mapping[str, Field] = {
    "customerId": Text(required=True),
    "paymentDate": Date(required=True),
    "paymentType": Text(required=True, choices=tuple(_TYPES)),
    "amount": _AMOUNT,
    "depositToAccountId": Text(),
    "description": Text(),
    "refNumber": Text(),
    "invoicePays": Many(_INVOICE_PAYS),
}

OPERATIONS: tuple[Operation, ...] = (
    *entity_operations(RECEIVED_PAY, ("Read", "List")),
    operation(
        "RecordARPayment",
        "v2RecordARPayment",
        "Record a payment that a customer made outside BILL",
        _record,
        page="ar-customertransactions-recordarpayment",
        data=_RECORDED,
        answer=RECEIVED_PAY.answer,
        missing="An unapplied amount cannot be applied later. depositToAccountId is kept only.",
        unsure="The refusal of more than is due is not documented; here BDC_1119.",
    ),
    operation(
        "ChargeCustomer",
        "v2ChargeCustomer",
        "Charge a customer's bank account for invoices",
        _charge,
        page="ar-customertransactions-chargecustomer",
        data={
            "customerId": Text(required=True),
            "paymentType": Text(choices=("3",)),
            "paymentDate": Date(),
            "paymentAccountId": Text(),
            "memo": Text(),
            "emailReceipt": Boolean(),
            "invoicePays": Many(_INVOICE_PAYS, required=True),
        },
        answer=Object({"chargedReceivedPay": RECEIVED_PAY.answer.with_required(True)}),
        sync=False,
        missing="No e-mail is sent. totalAmount without invoicePays, for no invoice in particular.",
        unsure="The page requires paymentType and paymentAccountId; here the first may be absent, "
        "and without the second the customer's account pays. The refusal of a customer without "
        "authorization or bank account is not documented; here BDC_1119.",
    ),
    operation(
        "SendInvoice",
        "v2SendInvoice",
        "Note that an invoice is sent by e-mail",
        _send,
        page="ar-customertransactions-sendinvoice",
        data={
            "invoiceId": Text(required=True),
            "headers": Object(
                {
                    "fromUserId": Text(),
                    "toEmailAddresses": Many(Text()),
                    "ccMe": Boolean(),
                    "subject": Text(),
                }
            ),
            "content": Object({"body": Text()}),
        },
        answer=INVOICE.answer,
        missing="No e-mail is sent; headers and content are checked only.",
        unsure="What it answers is not documented on the pages that were found; here the invoice.",
    ),
    operation(
        "MailInvoice",
        "v2MailInvoice",
        "Note that an invoice is sent by mail",
        _mail,
        page="ar-customertransactions-mailinvoice",
        data={"invoiceId": Text(required=True)},
        answer=Object({}),
        missing="Nothing is printed or mailed.",
        unsure="The refusal of a customer without a whole billing address is not documented, nor "
        "that of one abroad; here BDC_1117 and BDC_1119.",
    ),
    operation(
        "SetCustomerAuthorization",
        "v2SetCustomerAuthorization",
        "Say whether the organization may charge a customer",
        _authorize,
        page="ar-customertransactions-setcustomerauthorization",
        data={
            "customerId": Text(required=True),
            "hasAuthorizedToCharge": Boolean(required=True),
        },
        answer=CUSTOMER.answer,
        sync=False,
    ),
)
