"""Invoices: list, get, create, replace, update, archive, restore, e-mail, payment link.

Pages: https://developer.bill.com/docs/ar-invoices,
https://developer.bill.com/changelog/2025-11-05-invoices-api-improvements (sales tax, convenience
fee, PDF) and the reference pages of the operations. An invoice has ``id`` (begins with 00e),
``archived``, ``invoiceNumber``, ``invoiceDate``, ``dueDate``, ``customerId``, ``totalAmount``,
``dueAmount``, ``scheduledAmount``, ``creditAmount``, ``status``, ``exchangeRate``,
``invoiceLineItems``, ``payments``, ``payToChartOfAccountId``, ``classifications``,
``salesTaxItemId``, ``salesTaxTotal``, ``salesTaxPercentage``, ``enableCardPayment``,
``convenienceFee``, ``invoicePdfId``, ``recordStatus``, ``createdBy``, ``createdTime`` and
``updatedTime``. ``recordStatus`` and ``createdBy``, the id of the user who created it, came with
https://developer.bill.com/changelog/2026-03-20-bills-invoices-api-improvements. Amounts are in
dollars; those of line items are explained in ``receivable_lines``. Without an invoice number one is
generated; without a date it is that of the invoice's creation.

That a payment link has ``paymentLink``, and is valid for customers outside the network only, is
said by BILL's Postman collection (https://developer.bill.com/docs/bill-v3-api-in-postman); its
samples of invoices have no ``amount``, ``ratePercent`` and ``taxable`` of line items, those of
credit memos have.

The customer is an existing one, by ``id``, or a new one, by ``name`` and ``email``.
``creditAmount`` is taken from the customer's credit memos (see ``credit_memos``). What is due is
the total without payments, scheduled payments and credit. ``status`` is OPEN, PARTIAL_PAYMENT,
SCHEDULED or PAID_IN_FULL. What an archived invoice leaves due is not part of the customer's
balance.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pytest_bill.sandbox.api.people import network
from pytest_bill.sandbox.api.receivables import credit_memos, customers, receivable_lines
from pytest_bill.sandbox.api.receivables.receivable_lines import CLASSIFICATIONS, LINE_ITEM, Lines
from pytest_bill.sandbox.core import errors, filters, record_status
from pytest_bill.sandbox.core.fields import Boolean, Date, Field, Many, Number, Object, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_LINES = Lines("invoiceLineItems", "00f")
_FIELDS: dict[str, Field] = {
    "invoiceNumber": Text(longest=100),
    "invoiceDate": Date(),
    "dueDate": Date(),
    "paymentTermId": Text(),
    "customer": Object(
        {"id": Text(), "name": Text(longest=100), "email": Text()},
        required=True,
        wrong="The customer field is required",
    ),
    "invoiceLineItems": Many(Object(LINE_ITEM), required=True),
    "processingOptions": Object({"sendEmail": Boolean()}),
    "payToChartOfAccountId": Text(),
    "classifications": Object({**CLASSIFICATIONS, "itemId": Text()}),
    "creditAmount": Number(minimum=0, text=True),
    "salesTaxItemId": Text(),
    "enableCardPayment": Boolean(),
    "convenienceFee": Object({"percentage": Number(minimum=0, text=True)}),
}
_NOT_KEPT = {"customer", "processingOptions"}
PAYMENTS = Many(Object({"id": Text(), "amount": Number(), "status": Text(), "date": Date()}))
"""An invoice's payments, as it is answered."""

_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "customerId": Filterable(("eq", "in")),
    "invoiceNumber": Filterable(("eq", "sw")),
    "dueDate": TIMES,
    "status": one_of(*customers.INVOICE_STATUSES),
    "payToChartOfAccountId": IDS,
    **filters.CLASSIFICATIONS,
    "createdTime": TIMES,
    "updatedTime": TIMES,
}


def _complete(call: Call, body: Record) -> Record:
    invoice: Record = {
        "scheduledAmount": 0,
        "exchangeRate": 1,
        "payments": [],
        "invoicePdfId": call.state.ids.new("pdf"),
        "createdBy": call.who.user_id,
    }
    # Its id is needed before the record has one: credit is noted under it.
    invoice["id"] = call.state.ids.new(INVOICES.prefix)
    _set_fields(call, invoice, _kept({}, body), body, whole=True)
    return invoice


def _change(call: Call, invoice: Record, body: Record) -> None:
    _set_fields(call, invoice, _kept(invoice, body), body, whole=False)


def _change_whole(call: Call, invoice: Record, body: Record) -> None:
    _set_fields(call, invoice, _kept({}, body), body, whole=True)


def _kept(before: Record, body: Record) -> Record:
    """What is kept of a body, over what was set before."""
    settable = {name: before[name] for name in _FIELDS.keys() & before.keys()}
    return {**settable, **{name: value for name, value in body.items() if name not in _NOT_KEPT}}


def _set_fields(call: Call, invoice: Record, fields: Record, body: Record, *, whole: bool) -> None:
    """Give the invoice these fields and what follows from them; a refusal leaves it as it was."""
    fields["creditAmount"] = round(fields.get("creditAmount", 0), 2)
    fields["invoiceLineItems"] = _LINES.settled(call, invoice, body, whole=whole)
    tax = receivable_lines.tax_of(call, fields.get("salesTaxItemId"), fields["invoiceLineItems"])
    total = receivable_lines.added_up(fields["invoiceLineItems"], tax)
    paid = _sum_of_payments(invoice)
    if total < paid:
        raise errors.bad_request(errors.invalid_value("invoiceLineItems", total))
    if fields["creditAmount"] > round(total - paid, 2):
        raise errors.bad_request(errors.invalid_value("creditAmount", fields["creditAmount"]))
    if not fields.get("enableCardPayment"):
        if "convenienceFee" in body:
            raise errors.bad_request(errors.missing_data("enableCardPayment"))
        fields.pop("convenienceFee", None)
    before = (invoice.get("customerId"), invoice.get("creditAmount", 0))
    customer_id = _known_customer(call, invoice, body)
    after = (customer_id, fields["creditAmount"])
    moves_credit = before != after and (before[1] or after[1])
    if moves_credit and fields["creditAmount"] > _credit(call, customer_id, invoice["id"]):
        raise errors.bad_request(errors.invalid_value("creditAmount", fields["creditAmount"]))

    # Nothing is refused from here on.
    if customer_id is None:
        given = body["customer"]
        new = customers.CUSTOMERS.insert(call, {"name": given["name"], "email": given["email"]})
        customer_id = new["id"]
    if "customerId" in invoice and not invoice["archived"]:
        customers.add_to_balance(call, invoice["customerId"], -invoice["dueAmount"])
    if moves_credit:
        credit_memos.apply_credit(call, customer_id, invoice["id"], fields["creditAmount"])
    for name in (*_FIELDS, *receivable_lines.TAX):
        invoice.pop(name, None)
    today = call.state.clock.now().date().isoformat()
    created = invoice.get("createdTime", today)[: len(today)]
    invoice.update({"invoiceDate": created, "dueDate": created, **fields, **tax})
    if "invoiceNumber" not in invoice:
        invoice["invoiceNumber"] = f"INV-{len(call.table(INVOICES.table)) + 1:04}"
    invoice.update(customerId=customer_id, totalAmount=total)
    update_amounts(invoice)
    if not invoice.get("archived"):
        customers.add_to_balance(call, customer_id, invoice["dueAmount"])


def _credit(call: Call, customer_id: str | None, invoice_id: str) -> float:
    """The credit that the customer has for the invoice; a customer yet to be made has none."""
    return (
        0 if customer_id is None else credit_memos.available_credit(call, customer_id, invoice_id)
    )


def _known_customer(call: Call, invoice: Record, body: Record) -> str | None:
    """The id of the customer that the body names, or None for one that is to be made."""
    current: str | None = invoice.get("customerId")
    given = body.get("customer")
    if given is None:
        return current
    if "id" not in given:
        missing = [name for name in ("name", "email") if not given.get(name)]
        if missing:
            raise errors.bad_request(*(errors.missing_data(f"customer.{each}") for each in missing))
        customer_id = None
    else:
        customer_id = given["id"]
        if customer_id not in call.table(customers.CUSTOMERS.table):
            raise errors.bad_request(errors.invalid_value("customer.id", customer_id))
    if invoice["payments"] and customer_id != current:
        raise errors.bad_request(errors.invalid_value("customer.id", customer_id))
    return customer_id


def update_amounts(invoice: Record) -> None:
    """What is scheduled and due, and the status, after the payments and the credit."""
    scheduled = _sum_of_payments(invoice, {"SCHEDULED"})
    gone = round(_sum_of_payments(invoice) + invoice["creditAmount"], 2)
    invoice["scheduledAmount"] = scheduled
    invoice["dueAmount"] = round(invoice["totalAmount"] - gone, 2)
    if not gone:
        invoice["status"] = "OPEN"
    elif invoice["dueAmount"] > 0:
        invoice["status"] = "PARTIAL_PAYMENT"
    else:
        invoice["status"] = "SCHEDULED" if scheduled else "PAID_IN_FULL"


def _sum_of_payments(invoice: Record, statuses: Collection[str] = ("PAID", "SCHEDULED")) -> float:
    counted = [each["amount"] for each in invoice["payments"] if each["status"] in statuses]
    return float(round(sum(counted), 2))


def add_payment(call: Call, invoice: Record, payment: Record) -> None:
    """Note a payment of the invoice: ``id``, ``amount``, ``status`` and ``date``."""
    invoice["payments"].append(payment)
    customers.add_to_balance(call, invoice["customerId"], -payment["amount"])
    _changed(call, invoice)


def clear_payment(call: Call, invoice: Record, payment_id: str) -> None:
    """A scheduled payment of the invoice is paid."""
    for payment in invoice["payments"]:
        if payment["id"] == payment_id:
            payment["status"] = "PAID"
    _changed(call, invoice)


def set_pdf(call: Call, invoice: Record, attachment_id: str) -> None:
    """The invoice's PDF is an attachment from now on."""
    invoice["invoicePdfId"] = attachment_id
    _changed(call, invoice)


def _changed(call: Call, invoice: Record) -> None:
    update_amounts(invoice)
    invoice["updatedTime"] = call.state.timestamp()
    call.state.publish(call.owner, "invoice.updated", INVOICES.as_answered(call, invoice))


def _change_archived(call: Call, invoice: Record, archived: bool) -> None:
    if invoice["archived"] != archived:
        due = invoice["dueAmount"]
        customers.add_to_balance(call, invoice["customerId"], -due if archived else due)


def _send(call: Call) -> None:
    """No mail is sent; the body is checked."""
    INVOICES.find(call)


def _payment_link(call: Call) -> Any:
    invoice = INVOICES.find(call)
    customer_id = call.body.get("customerId", invoice["customerId"])
    if customer_id != invoice["customerId"] or network.is_connected(call, customer_id):
        raise errors.bad_request(errors.invalid_value("customerId", customer_id))
    return {"paymentLink": f"{call.request.base_url}pay/{invoice['id']}"}


INVOICES = Resource(
    "Invoices",
    "/invoices",
    "invoiceId",
    "invoices",
    "00e",
    _FIELDS,
    answered={
        "customerId": Text(required=True),
        "createdBy": Text(required=True),
        "recordStatus": record_status.OF_INVOICES,
        "invoicePdfId": Text(),
        **{
            name: Number(required=True)
            for name in (
                *("totalAmount", "dueAmount", "scheduledAmount", "creditAmount"),
                "exchangeRate",
            )
        },
        **receivable_lines.TAX,
        "status": Text(required=True, choices=customers.INVOICE_STATUSES),
        "payments": PAYMENTS,
    },
    filterable=_FILTERABLE,
    sortable=("invoiceDate", "totalAmount", "dueAmount"),
    event="invoice",
    number=lambda invoice: invoice.get("invoiceNumber"),
    complete=_complete,
    change=_change,
    change_whole=_change_whole,
    change_archived=_change_archived,
    present=lambda _, invoice: record_status.with_record_status(invoice),
    missing=f"{record_status.NO_DRAFTS} No PDF is behind invoicePdfId, unless one was attached.",
)

_UNSURE = (
    "A second invoice with the same number is refused as public clients report (BDC_1171); that an"
    " archived one keeps its number is assumed."
    " The refusal of an unknown customer, of more credit than is due or than the customer has, of"
    " less than was paid and of another customer for a paid invoice is not documented; here"
    " BDC_1119; nor is which credit memos are used, here the oldest first. paymentTermId is not"
    " on BILL's page, only in a public copy of its schema; it is kept and changes nothing."
    f" {receivable_lines.UNSURE_LINES} {receivable_lines.UNSURE_TAX}"
)
_NO_MAIL = "No e-mail is sent."
_ARCHIVED = "What archiving does to the customer's balance is not documented; here it leaves it."

OPERATIONS: tuple[Operation, ...] = (
    INVOICES.operations.list(
        "listInvoices",
        "Get list of invoices",
        unsure="Whether the classifications of the lines count for the filters is not documented;"
        " here those of the invoice alone do. The page of filterable fields was visible in part:"
        " there dueDate is a bill's, and invoiceNumber and status were not to be seen.",
    ),
    INVOICES.operations.create(
        "createInvoice", "Create an invoice", missing=_NO_MAIL, unsure=_UNSURE
    ),
    INVOICES.operations.get("getInvoice", "Get invoice details"),
    INVOICES.operations.replace(
        "replaceInvoice", "Replace an invoice", missing=_NO_MAIL, unsure=_UNSURE
    ),
    INVOICES.operations.update(
        "updateInvoice", "Update an invoice", missing=_NO_MAIL, unsure=_UNSURE
    ),
    INVOICES.operations.archive("archiveInvoice", "Archive an invoice", unsure=_ARCHIVED),
    INVOICES.operations.restore("restoreInvoice", "Restore an archived invoice"),
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
        sync=False,
        missing="No e-mail is sent; userId is not looked up.",
    ),
    Operation(
        "POST",
        V3 + "/invoices/{invoiceId}/payment-link",
        "getPaymentLink",
        "Get a link that the customer could pay the invoice with",
        _payment_link,
        area="Invoices",
        body={"customerId": Text(), "email": Text(), "returnUrl": Text()},
        answer=Object({"paymentLink": Text(required=True)}),
        missing="The link leads nowhere: there is no page to pay on, and no receipt is sent.",
        unsure="Which fields of the body are required is not documented. For a customer who is"
        " connected in the network BILL gives no valid link; here it is refused with BDC_1119.",
    ),
)


def fill(call: Call) -> None:
    """The music shop's invoices: open, due soon, and one for each customer."""
    today = call.state.clock.now().date().isoformat()
    for number, customer in enumerate(call.table(customers.CUSTOMERS.table), start=1):
        INVOICES.insert(
            call,
            {
                "invoiceNumber": f"{today[:4]}-{number:03}",
                "customer": {"id": customer},
                "dueDate": today,
                "invoiceLineItems": [
                    {"quantity": 2, "description": "Classic extreme drum sticks", "price": 14.99},
                    {"quantity": number, "description": "Metal guitar picks", "price": 50},
                ],
            },
        )
