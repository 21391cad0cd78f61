"""Invoices: list, get, create, replace, update, archive, restore, e-mail, and recorded payments.

Pages: https://developer.bill.com/docs/ar-invoices,
https://developer.bill.com/docs/recording-an-ar-payment and the reference pages of the operations.
An invoice has `id`, `archived`, `invoiceNumber`, `invoiceDate`, `dueDate`, `customerId`,
`totalAmount`, `dueAmount`, `scheduledAmount`, `creditAmount`, `status`, `exchangeRate`,
`invoiceLineItems`, `payments`, `payToChartOfAccountId`, `classifications`, `createdTime` and
`updatedTime`. Amounts are in dollars; a line item's is `quantity` (1 if absent) times `price`.
`status` is OPEN, PARTIAL_PAYMENT or PAID_IN_FULL. The prefix of the ids, 00e, is what public
clients report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.api import customers
from pytest_bill.sandbox.bodies import Boolean, Date, Field, Many, Number, Object, Text
from pytest_bill.sandbox.lists import FLAG, IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.operations import V3, Call, Operation
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.resources import Resource

_CLASSIFICATIONS: Mapping[str, Field] = {
    name: Text()
    for name in (
        *("chartOfAccountId", "accountingClassId", "departmentId"),
        *("jobId", "locationId", "itemId"),
    )
}
_LINE_ITEM: Mapping[str, Field] = {
    "id": Text(),
    "quantity": Number(minimum=0),
    "description": Text(),
    "price": Number(required=True),
    "classifications": Object(_CLASSIFICATIONS),
}
_FIELDS: dict[str, Field] = {
    "invoiceNumber": Text(),
    "invoiceDate": Date(),
    "dueDate": Date(),
    "customer": Object({"id": Text(required=True)}, required=True),
    "invoiceLineItems": Many(Object(_LINE_ITEM), required=True),
    "processingOptions": Object({"sendEmail": Boolean()}),
    "payToChartOfAccountId": Text(),
    "classifications": Object(_CLASSIFICATIONS),
}
_PAYMENTS = Many(Object({"id": Text(), "amount": Number(), "status": Text(), "date": Date()}))
_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "customerId": Filterable(("eq", "in")),
    "invoiceNumber": Filterable(("eq", "sw")),
    "dueDate": TIMES,
    "status": one_of("OPEN", "PARTIAL_PAYMENT", "PAID_IN_FULL", "SCHEDULED", "UNDEFINED"),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}
_RECORDED: dict[str, Field] = {
    "customerId": Text(required=True),
    "paymentDate": Date(required=True),
    "paymentType": Text(required=True),
    "amount": Number(required=True, minimum=0.01),
    "description": Text(),
    "invoices": Many(
        Object({"id": Text(required=True), "amount": Number(required=True, minimum=0.01)}),
        required=True,
    ),
}


def _complete(call: Call, body: Record) -> Record:
    today = call.state.clock.now().date().isoformat()
    invoice: Record = {
        "invoiceNumber": f"INV-{len(call.table(INVOICES.table)) + 1:04}",
        "invoiceDate": today,
        "dueDate": today,
        "scheduledAmount": 0,
        "creditAmount": 0,
        "exchangeRate": 1,
        "payments": [],
    }
    _change(call, invoice, body)
    return invoice


def _change(call: Call, invoice: Record, body: Record) -> None:
    changes = {name: value for name, value in body.items() if name != "processingOptions"}
    if "customer" in changes:
        customer = changes.pop("customer")["id"]
        if customer not in call.table(customers.CUSTOMERS.table):
            raise errors.bad_request(errors.invalid_value("customer.id", customer))
        changes["customerId"] = customer
    if "invoiceLineItems" in changes:
        changes["invoiceLineItems"] = [
            {**item, "id": item.get("id") or call.state.ids.new("00f")}
            for item in changes["invoiceLineItems"]
        ]
    changed = {**invoice, **changes}
    total = sum(item.get("quantity", 1) * item["price"] for item in changed["invoiceLineItems"])
    changed["totalAmount"] = round(total, 2)
    if changed["totalAmount"] < _paid(changed):
        raise errors.bad_request(errors.invalid_value("invoiceLineItems", changed["totalAmount"]))
    if "customerId" in invoice:
        customers.owe(call, invoice["customerId"], -invoice["dueAmount"])
    invoice.update(changed)
    _settle(invoice)
    customers.owe(call, invoice["customerId"], invoice["dueAmount"])


def _paid(invoice: Record) -> float:
    return float(sum(payment["amount"] for payment in invoice["payments"]))


def _settle(invoice: Record) -> None:
    paid = _paid(invoice)
    invoice["dueAmount"] = round(invoice["totalAmount"] - paid, 2)
    if not paid:
        invoice["status"] = "OPEN"
    else:
        invoice["status"] = "PARTIAL_PAYMENT" if invoice["dueAmount"] > 0 else "PAID_IN_FULL"


def _record_payment(call: Call) -> Any:
    """A payment that was taken outside BILL, spread over invoices of one customer."""
    body = call.body
    invoices = _invoices_to_pay(call, body)
    now = call.state.timestamp()
    payment_id = call.state.ids.new("0rp")
    for invoice, share in zip(invoices, body["invoices"], strict=True):
        invoice["payments"].append(
            {
                "id": payment_id,
                "amount": share["amount"],
                "status": "PAID",
                "date": body["paymentDate"],
            }
        )
        _settle(invoice)
        invoice["updatedTime"] = now
        customers.owe(call, invoice["customerId"], -share["amount"])
        call.state.publish(call.owner, "invoice.updated", invoice)
    applied = sum(share["amount"] for share in body["invoices"])
    return {
        "id": payment_id,
        **{name: body[name] for name in _RECORDED if name in body and name != "invoices"},
        "unappliedAmount": round(body["amount"] - applied, 2),
        "status": "PAID",
        "invoices": [
            {"id": invoice["id"], "payments": list(invoice["payments"])} for invoice in invoices
        ],
    }


def _invoices_to_pay(call: Call, body: Record) -> list[Record]:
    known = call.table(INVOICES.table)
    problems = []
    if body["customerId"] not in call.table(customers.CUSTOMERS.table):
        problems.append(errors.invalid_value("customerId", body["customerId"]))
    ids = [share["id"] for share in body["invoices"]]
    for index, share in enumerate(body["invoices"]):
        invoice = known.get(share["id"])
        if (
            invoice is None
            or invoice["customerId"] != body["customerId"]
            or ids.index(share["id"]) != index
        ):
            problems.append(errors.invalid_value(f"invoices[{index}].id", share["id"]))
        elif share["amount"] > invoice["dueAmount"]:
            problems.append(errors.invalid_value(f"invoices[{index}].amount", share["amount"]))
    if sum(share["amount"] for share in body["invoices"]) > body["amount"]:
        problems.append(errors.invalid_value("amount", body["amount"]))
    if problems:
        raise errors.bad_request(*problems)
    return [known[each] for each in ids]


def _send(call: Call) -> None:
    """No mail is sent; the body is checked."""
    INVOICES.find(call)


INVOICES = Resource(
    "Invoices",
    "/invoices",
    "invoiceId",
    "invoices",
    "00e",
    _FIELDS,
    answered={
        "customerId": Text(required=True),
        **{
            name: Number(required=True)
            for name in (
                *("totalAmount", "dueAmount", "scheduledAmount", "creditAmount"),
                "exchangeRate",
            )
        },
        "status": Text(required=True),
        "payments": _PAYMENTS,
    },
    filterable=_FILTERABLE,
    sortable=("totalAmount", "dueAmount"),
    event="invoice",
    complete=_complete,
    change=_change,
)

_UNSURE = (
    "The refusal of an unknown customer, and what an absent invoiceNumber, invoiceDate or dueDate "
    "becomes, is not documented; here BDC_1119, the next number and today."
)
_NO_MAIL = "No e-mail is sent; a customer is not created along with the invoice."

OPERATIONS: tuple[Operation, ...] = (
    INVOICES.list("listInvoices", "Get list of invoices"),
    INVOICES.create("createInvoice", "Create an invoice", missing=_NO_MAIL, unsure=_UNSURE),
    INVOICES.get("getInvoice", "Get invoice details"),
    INVOICES.replace("replaceInvoice", "Replace an invoice", missing=_NO_MAIL, unsure=_UNSURE),
    INVOICES.update("updateInvoice", "Update an invoice", missing=_NO_MAIL, unsure=_UNSURE),
    INVOICES.archive("archiveInvoice", "Archive an invoice"),
    INVOICES.restore("restoreInvoice", "Restore an archived invoice"),
    Operation(
        "POST",
        V3 + "/invoices/{invoiceId}/email",
        "sendInvoice",
        "Check who an invoice is to be sent to",
        _send,
        area="Invoices",
        body={
            "replyTo": Object({"userId": Text(required=True)}, required=True),
            "recipient": Object({"to": Many(Text(), required=True)}, required=True),
        },
        missing="No e-mail is sent; userId is not looked up.",
    ),
    Operation(
        "POST",
        V3 + "/invoices/record-payment",
        "recordInvoice",
        "Record a payment that a customer made outside BILL",
        _record_payment,
        area="Invoices",
        body=_RECORDED,
        answer=Object(
            {
                "id": Text(required=True),
                "customerId": Text(required=True),
                "paymentType": Text(required=True),
                "paymentDate": Date(required=True),
                "amount": Number(required=True),
                "unappliedAmount": Number(required=True),
                "status": Text(required=True),
                "description": Text(),
                "invoices": Many(Object({"id": Text(required=True), "payments": _PAYMENTS})),
            }
        ),
        missing="The payment itself cannot be read or voided.",
        unsure="BILL's example has amounts as strings; here they are numbers. customerId is taken "
        "as required. The refusal of more than is due is not documented; here BDC_1119.",
    ),
)
