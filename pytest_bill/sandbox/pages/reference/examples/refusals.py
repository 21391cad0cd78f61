"""The examples that a fresh sandbox refuses, and why: what they speak of takes more than a call."""

from __future__ import annotations

from collections.abc import Mapping

_PAID = (
    "No payment is that far on a fresh sandbox: move its clock on by a week (Control), so that "
    "one is paid."
)
_CHECK = (
    "A check has an image once it is cashed: pay a vendor without a bank account, then move the "
    "clock on by some weeks (Control)."
)
_RECEIPT = (
    "It takes the URL that an image was sent to: that of {operation}, after a PUT of a JPG, PNG or "
    "PDF to it. Such a URL is signed, and no page has it."
)

REFUSED: Mapping[str, str] = {
    "voidPayment": _PAID,
    "v2VoidAPPayment": _PAID,
    "v2ReadMoneyMovement": "Money moves on the day of a payment's process date: move the clock on "
    "by a week (Control).",
    "getCheckImageData": _CHECK,
    "v2GetCheckImageData": _CHECK,
    "createReimbursement": _RECEIPT.format(operation="createImageUploadUrl"),
    "addReimbursementReceipt": _RECEIPT.format(operation="createImageUploadUrl"),
    "addTransactionReceipt": _RECEIPT.format(operation="createReceiptUploadUrl"),
    "v2ReadBillCredit": "No vendor credit pays a bill on a fresh sandbox: use vendorCredits in "
    "createPayment or recordPayment.",
    "v2ReadInvoiceCredit": "No credit memo pays an invoice on a fresh sandbox: use creditAmount in "
    "createInvoice.",
    "v2ReadRPConvFee": "No payment has a convenience fee: no call of the sandbox makes one.",
}
"""By the operationId; the sentences are shown beside the example."""
