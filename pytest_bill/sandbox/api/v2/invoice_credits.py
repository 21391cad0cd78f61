"""What is taken from credit memos for invoices, and fees, in BILL's v2 API: InvoiceCredit,
RPConvFee.

Pages: https://developer.bill.com/v2/reference/ar-customertransactions-readinvoicecredit,
/ar-customertransactions-listinvoicecredit, /ar-customertransactions-rpconvfee and
/ar-customertransactions-listrpconvfee beside it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from pytest_bill.sandbox.api.receivables import credit_memos
from pytest_bill.sandbox.api.receivables.invoices import INVOICES
from pytest_bill.sandbox.api.v2.columns import NO_ID, an_id, day, fixed, number, text
from pytest_bill.sandbox.api.v2.entities import Entity
from pytest_bill.sandbox.api.v2.entity_operations import entity_operations
from pytest_bill.sandbox.core.fields import Number
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record


def _credits(call: Call) -> Mapping[str, Record]:
    """What each invoice has taken of which credit memo, under ids that v3 has not."""
    found: dict[str, Record] = {}
    invoices = call.table(INVOICES.table)
    for invoice_id, shares in credit_memos.applied_credit(call).items():
        for memo_id, amount in shares.items():
            credit_id = _id_of(invoice_id, memo_id)
            found[credit_id] = {
                "id": credit_id,
                "invoiceId": invoice_id,
                "creditMemoId": memo_id,
                "amount": amount,
                **{each: invoices[invoice_id][each] for each in ("createdTime", "updatedTime")},
            }
    return found


def _id_of(invoice_id: str, memo_id: str) -> str:
    digest = hashlib.sha256(f"{invoice_id} {memo_id}".encode()).digest()
    return "icr" + base64.b32encode(digest).decode()[:17]


INVOICE_CREDIT = Entity(
    "InvoiceCredit",
    "ar-customertransactions",
    {
        "invoiceId": an_id("invoiceId"),
        "receivedPayId": fixed(NO_ID),
        "creditMemoId": an_id("creditMemoId"),
        "amount": number("amount"),
        "syncedAmount": fixed(0, Number()),
    },
    records=_credits,
    sets_active=False,
    missing="receivedPayId, which is of connected customers, and syncedAmount never change.",
    unsure="The times are those of the invoice.",
)
RP_CONV_FEE = Entity(
    "RPConvFee",
    "ar-customertransactions",
    {
        "refNumber": text("refNumber"),
        "amount": number("amount"),
        "paymentDate": day("paymentDate"),
        "chartOfAccountId": an_id("chartOfAccountId"),
    },
    records=lambda _call: {},
    archivable=False,
    missing="Customers pay no convenience fees here: there never is one.",
)

OPERATIONS: tuple[Operation, ...] = (
    *entity_operations(INVOICE_CREDIT, ("Read", "List")),
    *entity_operations(RP_CONV_FEE, ("Read", "List")),
)
"""The invoice credits and convenience fees of v2."""
