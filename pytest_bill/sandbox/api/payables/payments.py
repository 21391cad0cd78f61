"""Payments to vendors: create (also in bulk), list, get, cancel, void, check image, record.

Pages: https://developer.bill.com/docs/ap-payments,
https://developer.bill.com/docs/ap-bulk-payments,
https://developer.bill.com/docs/record-ap-payments,
https://developer.bill.com/docs/ap-international-payments,
https://developer.bill.com/changelog/2024-11-22-cancel-payment-response-improvements,
https://developer.bill.com/changelog/2024-09-27-new-v3-api-endpoint-for-getting-check-image-data and
the reference pages of the operations.

A payment has ``id`` (begins with stp), ``vendorId``, ``vendorName``, ``billId`` (if it pays one
bill), ``billPayments`` (each with an ``id`` that begins with blp), ``description`` (at most 70
characters), ``processDate``, ``fundingAccount``, ``amount``, ``processingOptions``,
``transactionNumber``, ``confirmationNumber``, ``status``, ``singleStatus``, ``disbursementStatus``,
``disbursementType``, ``disbursementInfo``, ``onlinePayment``, ``remittanceEmail``,
``paymentPurpose``, ``cardFundingPurpose``, ``voidInfo``, ``cancelRequestSubmitted``, ``createdBy``,
``createdTime`` and ``updatedTime``. Amounts are in dollars, or in the vendor's ``billCurrency``.
The fields of an answer, the types of a void, the two images of a check and the HTTP statuses are
those of BILL's Postman collection (https://developer.bill.com/docs/bill-v3-api-in-postman). See
``payment_notices`` for the webhooks.

What becomes of a payment follows from the sandbox's clock: see ``payment_progress``. Until its
``processDate`` it can be canceled: ``status`` CANCELLED, ``singleStatus`` CANCELED, as BILL writes
them. From that day on it can be voided until it is cleared: VOID and VOIDED. What is canceled or
voided is due on the bill again.

Who may pay: creating a payment needs an MFA-trusted session, and a session that was signed in with
a sync token can take part in no MFA-protected operation
(https://developer.bill.com/docs/token-based-sign-in). Its refusal is not documented; here it is
HTTP 403 with BDC_1361, which public clients report for an untrusted session. A bill that has
approvers must be approved before it is paid with the API
(https://developer.bill.com/changelog/2025-11-05-new-endpoints-bill-approvals); the page of v2 lets
administrators pay it all the same.

Not documented: the refusal of an unknown bill or vendor, of another vendor than the bill's, of a
funding account that the user may not pay from and of a bill that is not approved, here HTTP 400
with BDC_1119; for more than is due public clients report BDC_1159. Which fields of payments can be
filtered on was not to be found in BILL's page of filterable fields; they are those that public
clients use.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pytest_bill.sandbox.api.payables import (
    bills,
    payment_notices,
    payment_progress,
    vendor_credits,
)
from pytest_bill.sandbox.api.payables.check_images import links_to_images
from pytest_bill.sandbox.api.payables.payment_creation import (
    insert_payment,
    pay_bills,
    record_payment,
)
from pytest_bill.sandbox.api.payables.payment_fields import BULK, FIELDS, PAYMENTS, RECORDED
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.fields import (
    Many,
    Object,
    Text,
)
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record

_MOST_IN_BULK = 50


_VOIDS = ("VOID_ONLY", "VOID_AND_CREDIT", "VOID_AND_REISSUE", "VOID_AND_REISSUE_VCARD")


def _create(call: Call) -> Record:
    """A payment of one bill."""
    with _publishing_failure(call):
        return insert_payment(call, call.body)


@contextmanager
def _publishing_failure(call: Call) -> Iterator[None]:
    try:
        yield
    except BillError as error:
        payment_notices.publish_failure(call, error)
        raise


def _create_bulk(call: Call) -> Any:
    """Payments of up to 50 bills, all or none; those of a vendor together if it combines them."""
    with _publishing_failure(call):
        return {"payments": pay_bills(call, call.body, most=_MOST_IN_BULK)}


def cancel_payment(call: Call) -> Record:
    """Stop a payment before its process date; its bills are due again."""
    payment = PAYMENTS.find(call)
    if payment["singleStatus"] != "SCHEDULED":
        raise errors.bad_request(errors.invalid_value("status", payment["singleStatus"]))
    payment["cancelRequestSubmitted"] = True
    _end(call, payment, "CANCELLED", "CANCELED", at=call.state.timestamp())
    return payment


def void_payment(call: Call) -> Record:
    """Stop a payment that cannot be canceled any more; its bills are due again."""
    payment = PAYMENTS.find(call)
    if not payment_progress.is_voidable(payment):
        raise errors.bad_request(errors.invalid_value("status", payment["singleStatus"]))
    now = call.state.timestamp()
    payment["voidInfo"] = [
        {
            "id": call.state.ids.new("vri"),
            "requestedBy": call.who.user_id,
            "type": call.body["type"],
            "status": "ACCEPTED",
            "reason": call.body["reason"],
            "createdTime": now,
            "updatedTime": now,
        }
    ]
    _end(call, payment, "VOID", "VOIDED", at=now)
    return payment


def _end(call: Call, payment: Record, status: str, single_status: str, *, at: str) -> None:
    counted_as = "paid" if payment["status"] == "PAID" else "scheduled"
    known = call.table(bills.BILLS.table)
    for part in payment["billPayments"]:
        uses = part.get("vendorCredits", [])
        back = {counted_as: -part["amount"], "credit": -vendor_credits.total_credit(uses)}
        bills.change_amounts(call.state, call.owner, known[part["billId"]], **back)
        vendor_credits.return_credits(call, uses)
    payment |= {
        "status": status,
        "singleStatus": single_status,
        "updatedTime": at,
    }
    payment["disbursementInfo"]["isVoidable"] = False
    payment_notices.publish_status(call.state, call.owner, payment)


_PATH = V3 + "/payments"
_REFUSALS = (
    "The refusal of an unknown bill or funding account, of another vendor than the bill's and of a "
    "bill that is not approved is not documented; here BDC_1119. More than is due is "
    "BDC_1159, as public clients report. v2 lets administrators pay "
    "unapproved bills, v3's changelog does not."
)
_NEVER_FAILS = "A payment never fails: no account is ever empty."

OPERATIONS: tuple[Operation, ...] = (
    PAYMENTS.operations.list(
        "listPayments",
        "Get list of payments",
        unsure="The filterable fields are those that public clients use, and transactionNumber, "
        "which BILL's changelog names without its operators; here those of an id.",
    ),
    Operation(
        "POST",
        _PATH,
        "createPayment",
        "Pay a bill, or a vendor with a bill that BILL makes",
        _create,
        area="Payments",
        body=FIELDS,
        answer=PAYMENTS.answer,
        status=201,
        trusted=True,
        sync=False,
        missing=_NEVER_FAILS,
        unsure=f"{_REFUSALS} The invoice number of a bill that BILL makes is not documented.",
    ),
    Operation(
        "POST",
        _PATH + "/bulk",
        "createBulkPayment",
        "Pay up to 50 bills, all or none",
        _create_bulk,
        area="Payments",
        body=BULK,
        answer=Object({"payments": Many(PAYMENTS.answer, required=True)}),
        status=201,
        trusted=True,
        sync=False,
        missing=_NEVER_FAILS,
        unsure=f"{_REFUSALS} An older page allows 200 bills. The answer is an object of payments.",
    ),
    PAYMENTS.operations.get("getPayment", "Get payment details"),
    Operation(
        "POST",
        _PATH + "/{paymentId}/cancel",
        "cancelPayment",
        "Cancel a payment before its process date",
        cancel_payment,
        area="Payments",
        answer=PAYMENTS.answer,
        sync=False,
        unsure="The refusal of a payment that is being processed is not documented; here BDC_1119. "
        "BILL cancels until a time of the process date, the sandbox until the day before. A sync "
        "token is refused because it takes part in no payments; BILL's page does not name this.",
    ),
    Operation(
        "POST",
        _PATH + "/{paymentId}/void",
        "voidPayment",
        "Void a payment that is being processed or was recorded",
        void_payment,
        area="Payments",
        body={
            "type": Text(required=True, choices=_VOIDS),
            "reason": Text(required=True, longest=4000),
        },
        answer=PAYMENTS.answer,
        sync=False,
        missing="A void takes effect at once, as in BILL's own sandbox. No payment is reissued.",
        unsure="The types are those of BILL's samples. The prefix of a void's id, vri, is made up. "
        "That a cleared payment cannot be voided is assumed; its refusal here is BDC_1119.",
    ),
    Operation(
        "GET",
        _PATH + "/{paymentId}/check-image",
        "getCheckImageData",
        "Get links to the images of a cashed check",
        links_to_images,
        area="Payments",
        answer=Object(
            {"results": Many(Object({"downloadLink": Text(required=True)}), required=True)}
        ),
        missing="The images are blank ones.",
        unsure="The refusal of a check that is not cashed, and of another payment, is not "
        "documented; here BDC_1120.",
    ),
    Operation(
        "POST",
        V3 + "/bills/record-payment",
        "recordPayment",
        "Record a payment of bills that was made outside BILL",
        record_payment,
        area="Bills",
        body=RECORDED,
        answer=PAYMENTS.answer,
        missing="Syncing with an accounting system, and so allowExport.",
        unsure="That syncReference can be set is assumed. Bills that are not approved can be "
        "recorded as paid.",
    ),
)
