"""The fields of payments to vendors, as they are sent and answered; see ``payments``."""

from __future__ import annotations

from pytest_bill.sandbox.api.payables import (
    vendor_credits,
)
from pytest_bill.sandbox.api.payables.vendors import PAYMENT_PURPOSE
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
from pytest_bill.sandbox.core.resources import Resource

_FILTERABLE = {
    "id": IDS,
    "vendorId": Filterable(("eq", "in")),
    "status": one_of(
        *("APPROVING", "PAID", "VOID", "SCHEDULED", "CANCELLED", "FAILED", "PENDING", "UNDEFINED")
    ),
    "disbursementType": Filterable(("eq", "ne", "in", "nin")),
    "transactionNumber": IDS,
    "processDate": TIMES,
    "createdTime": TIMES,
    "updatedTime": TIMES,
}

_NOT_ANSWERED = {"vendorCredits", "exchangeRateBatchId"}

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

FIELDS: dict[str, Field] = {
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

BULK: dict[str, Field] = {
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

RECORDED: dict[str, Field] = {
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

_LEFT_OUT = (
    "Of disbursementInfo, what no payment of the sandbox is: virtual cards, the wallet, the "
    "numbers of RPPS. requestPayFaster and requestCheckDeliveryType change no date."
)
_CLOCK = (
    "The days between a payment's process date, its disbursement and its clearing are the "
    "sandbox's choice, as are the moments at which singleStatus changes. remittanceEmail is taken "
    "to be the vendor's."
)

PAYMENTS = Resource(
    "Payments",
    "/payments",
    "paymentId",
    "payments",
    "stp",
    {name: each for name, each in FIELDS.items() if name not in _NOT_ANSWERED},
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
    sortable=(
        *("amount", "description", "confirmationNumber", "onlinePayment", "disbursementStatus"),
    ),
    archivable=False,
    missing=_LEFT_OUT,
    unsure=_CLOCK,
)
