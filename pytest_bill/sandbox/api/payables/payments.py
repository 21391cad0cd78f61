"""Payments to vendors: create (also in bulk), list, get, cancel, void, check image, record.

Pages: https://developer.bill.com/docs/ap-payments, https://developer.bill.com/docs/ap-bulk-payments,
https://developer.bill.com/docs/record-ap-payments,
https://developer.bill.com/docs/ap-international-payments,
https://developer.bill.com/changelog/2024-11-22-cancel-payment-response-improvements,
https://developer.bill.com/changelog/2024-09-27-new-v3-api-endpoint-for-getting-check-image-data and
the reference pages of the operations.

A payment has `id` (begins with stp), `vendorId`, `vendorName`, `billId` (if it pays one bill),
`billPayments` (each with an `id` that begins with blp), `description` (at most 70 characters),
`processDate`, `fundingAccount`, `amount`, `processingOptions`, `transactionNumber`,
`confirmationNumber`, `status`, `singleStatus`, `disbursementStatus`, `disbursementType`,
`disbursementInfo`, `onlinePayment`, `remittanceEmail`, `paymentPurpose`, `cardFundingPurpose`,
`voidInfo`, `cancelRequestSubmitted`, `createdBy`, `createdTime` and `updatedTime`. Amounts are in
dollars, or in the vendor's `billCurrency`. The fields of an answer, the types of a void, the two
images of a check and the HTTP statuses are those of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman). See `payment_notices` for the webhooks.

What becomes of a payment follows from the sandbox's clock: see `payment_life`. Until its
`processDate` it can be canceled: `status` CANCELLED, `singleStatus` CANCELED, as BILL writes them.
From that day on it can be voided until it is cleared: VOID and VOIDED. What is canceled or voided
is due on the bill again.

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

import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from pytest_bill.sandbox.api.files import downloads
from pytest_bill.sandbox.api.funding import accounts
from pytest_bill.sandbox.api.payables import (
    bill_approval_policies,
    bills,
    payment_life,
    payment_notices,
    vendor_credits,
)
from pytest_bill.sandbox.api.payables.vendors import PAYMENT_PURPOSE, VENDORS, combines_payments
from pytest_bill.sandbox.core import business_days, errors, international
from pytest_bill.sandbox.core.errors import BillError, Problem
from pytest_bill.sandbox.core.fields import (
    Boolean,
    Date,
    Field,
    Integer,
    Many,
    Number,
    Object,
    Text,
)
from pytest_bill.sandbox.core.filters import IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_CHECK_IMAGES = "check_images"
_IMAGE_WIDTH, _IMAGE_HEIGHT = 300, 125
_MOST_IN_BULK = 50
_MOST_COMBINED = 35

_FILTERABLE = {
    "id": IDS,
    "vendorId": Filterable(("eq", "in")),
    "status": one_of(
        *("APPROVING", "PAID", "VOID", "SCHEDULED", "CANCELLED", "FAILED", "PENDING", "UNDEFINED")
    ),
    "disbursementType": Filterable(("eq", "ne", "in", "nin")),
    "processDate": TIMES,
    "createdTime": TIMES,
    "updatedTime": TIMES,
}

_VOIDS = ("VOID_ONLY", "VOID_AND_CREDIT", "VOID_AND_REISSUE", "VOID_AND_REISSUE_VCARD")
_NOT_ANSWERED = {"vendorCredits", "exchangeRateBatchId"}
_NEEDS_PROCESS_DATE = {"WALLET", "AP_CARD"}
_FUNDING_ACCOUNT = Object(
    {
        "type": Text(required=True, choices=("BANK_ACCOUNT", "CARD_ACCOUNT", "WALLET", "AP_CARD")),
        "id": Text(),
    },
    required=True,
)
_DELIVERY: dict[str, Field] = {
    "requestPayFaster": Boolean(),
    "requestCheckDeliveryType": Text(),
}
_FIELDS: dict[str, Field] = {
    "vendorId": Text(),
    "billId": Text(),
    "description": Text(longest=70),
    "processDate": Date(),
    "exchangeRateBatchId": Integer(),
    "fundingAccount": _FUNDING_ACCOUNT,
    "amount": Number(required=True, minimum=0.01),
    "processingOptions": Object({"createBill": Boolean(), **_DELIVERY}, required=True),
    "transactionNumber": Text(),
    "cardFundingPurpose": Text(),
    "vendorCredits": vendor_credits.APPLIED,
}
_BULK: dict[str, Field] = {
    "vendorId": Text(),
    "description": Text(longest=70),
    "processDate": Date(),
    "exchangeRateBatchId": Integer(),
    "fundingAccount": _FUNDING_ACCOUNT,
    "payments": Many(
        Object(
            {
                "billId": Text(required=True),
                "amount": Number(required=True, minimum=0),
                "vendorCredits": vendor_credits.APPLIED,
            }
        ),
        required=True,
    ),
    "processingOptions": Object(_DELIVERY),
    "transactionNumber": Text(),
    "cardFundingPurpose": Text(),
}
_RECORDED: dict[str, Field] = {
    "vendorId": Text(required=True),
    "processDate": Date(required=True),
    "toPrintCheck": Boolean(required=True),
    "classifications": Object({"chartOfAccountId": Text()}),
    "description": Text(),
    "syncReference": Text(),
    "payments": Many(
        Object(
            {
                "billId": Text(required=True),
                "amount": Number(required=True, minimum=0.01),
                "vendorCredits": vendor_credits.APPLIED,
            }
        ),
        required=True,
    ),
}


@dataclass(frozen=True)
class _Share:
    """What a payment pays of one bill: money, and vendor credits."""

    bill: Record
    amount: float
    credits: list[Record]


def add(call: Call, body: Record) -> Record:
    """Create a payment from a checked body, and its bill if the body asks for one."""
    if problems := _combination_problems(call, body):
        raise errors.bad_request(*problems)
    if body["processingOptions"].get("createBill"):
        return _add_with_bill(call, body)
    shares = _shares(call, [body], body.get("vendorId"), lambda _index: "")
    process_date = _process_date(call, body, [shares[0].bill["vendorId"]])
    return _make(call, body, shares, process_date)


def _combination_problems(call: Call, body: Record) -> list[Problem]:
    """What is wrong with fields that depend on each other."""
    problems: list[Problem] = []
    if body["processingOptions"].get("createBill"):
        if "billId" in body:
            problems.append(errors.invalid_value("billId", body["billId"]))
        if "vendorId" not in body:
            problems.append(errors.missing_data("vendorId"))
    elif "billId" not in body:
        problems.append(errors.missing_data("billId"))
    return problems + _funding_problems(call, body)


def _funding_problems(call: Call, body: Record) -> list[Problem]:
    problems: list[Problem] = []
    funding = body["fundingAccount"]
    if funding["type"] != "WALLET" and not funding.get("id"):
        problems.append(errors.missing_data("fundingAccount.id"))
    elif not accounts.known(call, funding["type"], funding.get("id", "")):
        problems.append(errors.invalid_value("fundingAccount.id", funding["id"]))
    if funding["type"] in _NEEDS_PROCESS_DATE and "processDate" not in body:
        problems.append(errors.missing_data("processDate"))
    return problems


def _process_date(call: Call, body: Record, vendor_ids: Sequence[str]) -> str:
    """The day on which the payment is processed; refused if a vendor's currency forbids it."""
    now = call.state.clock.now()
    next_day = business_days.following(now.date()).isoformat()
    given: str = body.get("processDate", next_day)
    if date.fromisoformat(given) < now.date():
        raise errors.invalid_process_date(given)
    known = call.table(VENDORS.table)
    if any(known[each]["billCurrency"] != international.BASE_CURRENCY for each in vendor_ids):
        if "exchangeRateBatchId" not in body:
            raise errors.bad_request(errors.missing_data("exchangeRateBatchId"))
        batch = body["exchangeRateBatchId"]
        if batch != international.batch(now):
            raise errors.bad_request(errors.invalid_value("exchangeRateBatchId", batch))
        if given != next_day:
            raise errors.invalid_process_date(given)
    return given


def _shares(
    call: Call,
    parts: Sequence[Record],
    vendor_id: str | None,
    path_of: Callable[[int], str],
    *,
    approved: bool = True,
) -> list[_Share]:
    """What the parts of a body pay; refused if a bill, a vendor or an amount does not fit.

    `approved` says that the bills must be.
    """
    known = call.table(bills.BILLS.table)
    problems: list[Problem] = []
    shares: list[_Share] = []
    paid: Counter[str] = Counter()
    for index, part in enumerate(parts):
        path = path_of(index)
        bill = known.get(part["billId"])
        if bill is None:
            problems.append(errors.invalid_value(f"{path}billId", part["billId"]))
            continue
        if vendor_id not in {None, bill["vendorId"]}:
            problems.append(errors.invalid_value("vendorId", vendor_id))
            continue
        uses = part.get("vendorCredits", [])
        paid[bill["id"]] += part["amount"] + vendor_credits.total(uses)
        if round(paid[bill["id"]], 2) > bill["dueAmount"]:
            problems.append(errors.overpaid())
        if approved and not bills.is_approved(bill):
            problems.append(errors.invalid_value("approvalStatus", bill["approvalStatus"]))
        shares.append(_Share(bill, part["amount"], uses))
    if problems:
        raise errors.bad_request(*problems)
    _check_credits(call, shares, path_of)
    return shares


def _check_credits(call: Call, shares: Sequence[_Share], path_of: Callable[[int], str]) -> None:
    """Refuse vendor credits that cannot be used, be it because of several shares together."""
    together: dict[str, dict[str, float]] = {}
    for index, share in enumerate(shares):
        path = f"{path_of(index)}vendorCredits"
        vendor_credits.check_use(call, share.credits, share.bill["vendorId"], path)
        sums = together.setdefault(share.bill["vendorId"], {})
        for each in share.credits:
            sums[each["id"]] = round(sums.get(each["id"], 0) + each["amount"], 2)
    for vendor_id, sums in together.items():
        uses = [{"id": credit_id, "amount": amount} for credit_id, amount in sums.items()]
        vendor_credits.check_use(call, uses, vendor_id, "vendorCredits")


def _add_with_bill(call: Call, body: Record) -> Record:
    """A payment that makes its own bill; the bill's invoice number is not documented."""
    vendor_id = body["vendorId"]
    if vendor_id not in call.table(VENDORS.table):
        raise errors.bad_request(errors.invalid_value("vendorId", vendor_id))
    uses = body.get("vendorCredits", [])
    credit = vendor_credits.check_use(call, uses, vendor_id, "vendorCredits")
    amount = round(body["amount"] + credit, 2)
    if bill_approval_policies.approvers_of(call, {"amount": amount, "vendorId": vendor_id}):
        raise errors.bad_request(errors.invalid_value("approvalStatus", "ASSIGNED"))
    process_date = _process_date(call, body, [vendor_id])
    number = body.get("transactionNumber") or call.state.ids.new("TXN")
    bill = bills.BILLS.insert(
        call,
        {
            "vendorId": vendor_id,
            "dueDate": process_date,
            "billLineItems": [{"amount": amount}],
            "invoice": {"invoiceNumber": number, "invoiceDate": process_date},
        },
    )
    body = {**body, "transactionNumber": number}
    return _make(call, body, [_Share(bill, body["amount"], uses)], process_date)


def _make(call: Call, body: Record, shares: Sequence[_Share], process_date: str) -> Record:
    """A payment of checked shares, all of bills of one vendor."""
    vendor = call.table(VENDORS.table)[shares[0].bill["vendorId"]]
    payment = {
        **_new(call, vendor, shares, process_date),
        **_of_account(vendor),
        "fundingAccount": body["fundingAccount"],
        "processingOptions": body.get("processingOptions", {}),
        "status": "SCHEDULED",
        "singleStatus": "SCHEDULED",
        "disbursementType": vendor["paymentInformation"]["payByType"],
        "onlinePayment": True,
        **{
            name: body[name]
            for name in ("description", "transactionNumber", "cardFundingPurpose")
            if body.get(name)
        },
    }
    if vendor["billCurrency"] != international.BASE_CURRENCY:
        rate = international.rate(vendor["billCurrency"], call.state.clock.now())
        payment |= {"exchangeRate": rate, "fundingAmount": round(payment["amount"] / rate, 2)}
    payment_life.begin(payment)
    for share in shares:
        credit = vendor_credits.total(share.credits)
        bills.move(call.state, call.owner, share.bill, scheduled=share.amount, credit=credit)
        vendor_credits.use(call, share.credits)
    call.table(PAYMENTS.table)[payment["id"]] = payment
    payment_notices.tell(call.state, call.owner, payment)
    payment_life.advance(call.state, call.owner, payment)
    return payment


def _remittance(vendor: Record) -> Record:
    """Where the vendor is told of a payment: at its payments' address, if it has one of its own."""
    email = vendor["paymentInformation"].get("email") or vendor.get("email")
    return {"remittanceEmail": email} if email else {}


def _of_account(vendor: Record) -> Record:
    """What a payment answers of the vendor's bank account abroad."""
    account = vendor["paymentInformation"].get("bankAccount", {})
    return {name: account[name] for name in ("paymentPurpose",) if name in account}


def _new(call: Call, vendor: Record, shares: Sequence[_Share], process_date: str) -> Record:
    """What every new payment has, made with BILL or recorded."""
    now = call.state.timestamp()
    ids = call.state.ids
    return {
        "id": ids.new("stp"),
        "vendorId": vendor["id"],
        "vendorName": vendor["name"],
        **_remittance(vendor),
        **({"billId": shares[0].bill["id"]} if len(shares) == 1 else {}),
        "billPayments": [
            {
                "id": ids.new("blp"),
                "billId": share.bill["id"],
                "amount": share.amount,
                **({"vendorCredits": share.credits} if share.credits else {}),
            }
            for share in shares
        ],
        "processDate": process_date,
        "amount": round(float(sum(share.amount for share in shares)), 2),
        "transactionNumber": ids.new("TXN"),
        "confirmationNumber": ids.new("P"),
        "voidInfo": [],
        "cancelRequestSubmitted": False,
        "createdBy": call.who.user_id,
        "createdTime": now,
        "updatedTime": now,
    }


def _create(call: Call) -> Record:
    """A payment of one bill."""
    with _failure_told(call):
        return add(call, call.body)


@contextmanager
def _failure_told(call: Call) -> Iterator[None]:
    try:
        yield
    except BillError as error:
        payment_notices.tell_failure(call, error)
        raise


def _create_bulk(call: Call) -> Any:
    """Payments of up to 50 bills, all or none; those of a vendor together if it combines them."""
    with _failure_told(call):
        return {"payments": pay(call, call.body, most=_MOST_IN_BULK)}


def pay(call: Call, body: Record, *, most: int, approved: bool = True) -> list[Record]:
    """Payments of at most so many bills, as the body of a bulk payment has them.

    `approved` says that the bills must be.
    """
    parts = body["payments"]
    if problems := _funding_problems(call, body):
        raise errors.bad_request(*problems)
    if len(parts) > most:
        raise errors.bad_request(errors.invalid_value("payments", len(parts)))
    path_of = "payments[{}].".format
    shares = _shares(call, parts, body.get("vendorId"), path_of, approved=approved)
    by_vendor: dict[str, list[_Share]] = {}
    for share in shares:
        by_vendor.setdefault(share.bill["vendorId"], []).append(share)
    process_date = _process_date(call, body, list(by_vendor))
    made = []
    for vendor_id, theirs in by_vendor.items():
        combined = combines_payments(call.table(VENDORS.table)[vendor_id])
        size = _MOST_COMBINED if combined else 1
        for start in range(0, len(theirs), size):
            made.append(_make(call, body, theirs[start : start + size], process_date))
    return made


def record(call: Call) -> Record:
    """A payment that was made outside BILL: the bills are paid at once."""
    body = call.body
    vendor = call.table(VENDORS.table).get(body["vendorId"])
    if vendor is None:
        raise errors.bad_request(errors.invalid_value("vendorId", body["vendorId"]))
    shares = _shares(call, body["payments"], vendor["id"], "payments[{}].".format, approved=False)
    payment = {
        **_new(call, vendor, shares, body["processDate"]),
        **{name: body[name] for name in _RECORDED if name in body and name != "payments"},
        "status": "PAID",
        "singleStatus": "CLEARED",
        "disbursementStatus": "DONE",
        "disbursementType": "OFFLINE",
        "onlinePayment": False,
    }
    payment_life.begin(payment)
    for share in shares:
        credit = vendor_credits.total(share.credits)
        bills.move(call.state, call.owner, share.bill, paid=share.amount, credit=credit)
        vendor_credits.use(call, share.credits)
    call.table(PAYMENTS.table)[payment["id"]] = payment
    payment_notices.tell(call.state, call.owner, payment)
    return payment


def cancel(call: Call) -> Record:
    """Stop a payment before its process date; its bills are due again."""
    payment = PAYMENTS.find(call)
    if payment["singleStatus"] != "SCHEDULED":
        raise errors.bad_request(errors.invalid_value("status", payment["singleStatus"]))
    payment["cancelRequestSubmitted"] = True
    _end(call, payment, "CANCELLED", "CANCELED", at=call.state.timestamp())
    return payment


def void(call: Call) -> Record:
    """Stop a payment that cannot be canceled any more; its bills are due again."""
    payment = PAYMENTS.find(call)
    if not payment_life.is_voidable(payment):
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
        back = {counted_as: -part["amount"], "credit": -vendor_credits.total(uses)}
        bills.move(call.state, call.owner, known[part["billId"]], **back)
        vendor_credits.give_back(call, uses)
    payment |= {
        "status": status,
        "singleStatus": single_status,
        "updatedTime": at,
    }
    payment["disbursementInfo"]["isVoidable"] = False
    payment_notices.tell(call.state, call.owner, payment)


def _check_images(call: Call) -> Record:
    """Where the images of a cashed check are, of its front and of its back."""
    payment = PAYMENTS.find(call)
    if payment["disbursementType"] != "CHECK" or payment["singleStatus"] != "CLEARED":
        raise errors.no_data_found()
    images = call.table(_CHECK_IMAGES).get(payment["id"])
    if images is None:
        images = {side: call.state.ids.new("cki") for side in ("front", "back")}
        call.table(_CHECK_IMAGES)[payment["id"]] = images
        number = payment["disbursementInfo"]["checkDisbursement"]["checkNumber"]
        for side, image_id in images.items():
            downloads.keep(call, image_id, f"check-{number}-{side}.png", _blank_image())
    return {
        "results": [
            {"downloadLink": downloads.link(call, image_id)} for image_id in images.values()
        ]
    }


def _blank_image() -> bytes:
    """A white picture, as a PNG."""
    rows = (b"\0" + b"\xff" * _IMAGE_WIDTH) * _IMAGE_HEIGHT
    header = struct.pack(">IIBBBBB", _IMAGE_WIDTH, _IMAGE_HEIGHT, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


_DATES: dict[str, Field] = {"sentDate": Date(), "arrivesByDate": Date()}
_DISBURSEMENT_INFO: dict[str, Field] = {
    "isVoidable": Boolean(required=True),
    "checkDisbursement": Object({**_DATES, "checkNumber": Integer()}),
    "achDisbursement": Object(_DATES),
    "rppsDisbursement": Object(_DATES),
    "internationalDisbursement": Object({**_DATES, "amount": Number()}),
}
_PARTS = Many(
    Object(
        {
            "id": Text(required=True),
            "billId": Text(required=True),
            "amount": Number(required=True),
            "vendorCredits": Many(Object({"id": Text(), "amount": Number()})),
        }
    )
)
_TEXTS = (
    *("vendorId", "vendorName", "processDate", "transactionNumber", "confirmationNumber"),
    *("status", "singleStatus", "disbursementType", "createdBy"),
)

PAYMENTS = Resource(
    "Payments",
    "/payments",
    "paymentId",
    "payments",
    "stp",
    {name: each for name, each in _FIELDS.items() if name not in _NOT_ANSWERED},
    answered={
        **{name: Text(required=True) for name in _TEXTS},
        "billPayments": _PARTS,
        "amount": Number(required=True),
        "exchangeRate": Number(),
        "fundingAmount": Number(),
        "disbursementStatus": Text(),
        "disbursementInfo": Object(_DISBURSEMENT_INFO),
        "paymentPurpose": Object(PAYMENT_PURPOSE),
        "remittanceEmail": Text(),
        "onlinePayment": Boolean(required=True),
        "cancelRequestSubmitted": Boolean(required=True),
        "voidInfo": Many(
            Object(
                {
                    name: Text(required=True)
                    for name in (
                        *("id", "requestedBy", "type", "status"),
                        *("reason", "createdTime", "updatedTime"),
                    )
                }
            ),
        ),
        "toPrintCheck": Boolean(),
        "syncReference": Text(),
        "classifications": Object({"chartOfAccountId": Text()}),
    },
    filterable=_FILTERABLE,
    sortable=("amount",),
    archivable=False,
)

_PATH = V3 + "/payments"
_REFUSALS = (
    "The refusal of an unknown bill or funding account, of another vendor than the bill's and of a "
    "bill that is not approved is not documented; here BDC_1119. More than is due is "
    "BDC_1159, as public clients report. v2 lets administrators pay "
    "unapproved bills, v3's changelog does not."
)
_CLOCK = (
    "The days between a payment's process date, its disbursement and its clearing are the "
    "sandbox's choice, as are the moments at which singleStatus changes. remittanceEmail is taken "
    "to be the vendor's."
)
_LEFT_OUT = (
    "Of disbursementInfo, what no payment of the sandbox is: virtual cards, the wallet, the "
    "numbers of RPPS. requestPayFaster and requestCheckDeliveryType change no date."
)
OPERATIONS: tuple[Operation, ...] = (
    PAYMENTS.operations.list(
        "listPayments",
        "Get list of payments",
        unsure=f"The filterable fields are those that public clients use. {_CLOCK}",
    ),
    Operation(
        "POST",
        _PATH,
        "createPayment",
        "Pay a bill, or a vendor with a bill that BILL makes",
        _create,
        area="Payments",
        body=_FIELDS,
        answer=PAYMENTS.answer,
        status=201,
        trusted=True,
        sync=False,
        missing=f"A payment never fails: no account is ever empty. {_LEFT_OUT}",
        unsure=_REFUSALS,
    ),
    Operation(
        "POST",
        _PATH + "/bulk",
        "createBulkPayment",
        "Pay up to 50 bills, all or none",
        _create_bulk,
        area="Payments",
        body=_BULK,
        answer=Object({"payments": Many(PAYMENTS.answer, required=True)}),
        status=201,
        trusted=True,
        sync=False,
        missing=f"A payment never fails: no account is ever empty. {_LEFT_OUT}",
        unsure=f"{_REFUSALS} An older page allows 200 bills. The answer is an object of payments.",
    ),
    PAYMENTS.operations.get("getPayment", "Get payment details", missing=_LEFT_OUT, unsure=_CLOCK),
    Operation(
        "POST",
        _PATH + "/{paymentId}/cancel",
        "cancelPayment",
        "Cancel a payment before its process date",
        cancel,
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
        void,
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
        _check_images,
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
        record,
        area="Bills",
        body=_RECORDED,
        answer=PAYMENTS.answer,
        missing="Syncing with an accounting system, and so allowExport.",
        unsure="That syncReference can be set is assumed. Bills that are not approved can be "
        "recorded as paid.",
    ),
)
