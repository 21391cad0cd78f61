"""Card accounts and AP Cards that an organization can pay with: lists, details, users, purposes.

Pages: https://developer.bill.com/docs/card-account-notification-payloads,
https://developer.bill.com/changelog/2024-10-28-new-v3-api-endpoint-for-getting-card-funding-purpose
and the reference pages of the operations. Cards are added in BILL's web app, so there is no
operation that makes one: the shop starts with one card account and one AP Card.

A card account has ``id`` (begins with cat), ``archived``, ``nameOnAccount``, ``brand``, ``type``
(CREDIT_CARD, DEBIT_CARD, PREPAID_CARD or UNKNOWN), ``status``, ``last4``, ``issuingBankName``,
``expiration`` (``month`` and ``year``, as text), ``default`` (``payables``, ``receivables``,
``funding``, ``disbursement``), ``createdBy``, ``createdTime`` and ``updatedTime``; an AP Card has
``id``, ``status``, ``nameOnAccount``, ``balance``, ``limit``, ``createdTime`` and ``updatedTime``.
The list of card accounts calls them ``cards`` and has the ``rates`` of paying by card beside them:
all this is shown by the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman). Not documented: how an AP Card's id
begins. Its ``balance`` is here what is scheduled and paid with it.
"""

from __future__ import annotations

from pytest_bill.sandbox.api.funding.users import AREA, CARD_USERS
from pytest_bill.sandbox.api.payables import vendors
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Many, Number, Object, Text
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_USER_STATUSES = ("VERIFIED", "NOMINATED")

_PURPOSES = ("payables", "receivables", "funding", "disbursement")
FEE_PERCENT = 2.9
"""What paying with a card costs, of the amount that is paid."""

CARDS = Resource(
    AREA,
    "/funding-accounts/cards",
    "cardAccountId",
    "cardAccounts",
    "cat",
    {
        "nameOnAccount": Text(),
        "brand": Text(),
        "type": Text(),
        "last4": Text(),
        "issuingBankName": Text(),
        "expiration": Object({"month": Text(), "year": Text()}),
    },
    answered={
        "status": Text(required=True),
        "default": Object({name: Boolean(required=True) for name in _PURPOSES}),
        "createdBy": Text(required=True),
    },
    event="card-account",
)
AP_CARDS = Resource(
    AREA,
    "/funding-accounts/ap-cards",
    "apCardId",
    "apCards",
    "apc",
    {"nameOnAccount": Text()},
    answered={
        "status": Text(required=True),
        **{name: Number(required=True) for name in ("balance", "limit")},
    },
    archivable=False,
    present=lambda call, card: {**card, "balance": _balance(call, card["id"])},
)


def fill(call: Call) -> None:
    """One verified card account and one AP Card."""
    year = call.state.clock.now().year
    card = CARDS.insert(
        call,
        {
            "nameOnAccount": "Music Shop",
            "brand": "Visa",
            "type": "CREDIT_CARD",
            "last4": "1111",
            "issuingBankName": "First Harmony Bank",
            "expiration": {"month": "12", "year": str(year + 3)},
            "status": "VERIFIED",
            "default": {**dict.fromkeys(_PURPOSES, False), "funding": True},
            "createdBy": call.who.user_id,
        },
    )
    CARD_USERS.insert(call, card["id"], call.who.user_id, "VERIFIED")
    AP_CARDS.insert(call, {"nameOnAccount": "Music Shop", "status": "ACTIVE", "limit": 50000})


def is_usable(call: Call, account_id: str) -> bool:
    """Whether the signed-in user may pay with the card account of that id."""
    card = call.table(CARDS.table).get(account_id)
    return card is not None and is_active(card) and CARD_USERS.may_pay(call, account_id)


def is_active(card: Record) -> bool:
    """Whether the card account is verified and not archived."""
    return card["status"] == "VERIFIED" and not card["archived"]


def usable_ap_card(call: Call, card_id: str) -> bool:
    """Whether the organization may pay with the AP Card of that id."""
    return card_id in call.table(AP_CARDS.table)


def _balance(call: Call, card_id: str) -> float:
    """What payments with the AP Card add up to; canceled and voided ones do not count."""
    amounts = [
        payment["amount"]
        for payment in call.table("payments").values()
        if payment.get("fundingAccount", {}).get("id") == card_id
        and payment["status"] in {"SCHEDULED", "PAID"}
    ]
    return float(round(sum(amounts), 2))


def _list(call: Call) -> Record:
    """The cards that the signed-in user is a user of, by the user's status."""
    status = call.query("cardUserStatus")
    if status not in _USER_STATUSES:
        raise errors.bad_request(errors.invalid_parameter("cardUserStatus", status))
    found = []
    for card in call.table(CARDS.table).values():
        user = CARD_USERS.find(call, card["id"], call.who.user_id)
        if user is not None and user["verificationStatus"] == status:
            found.append(card)
    rates: Record = {"funding": {"creditCardRate": FEE_PERCENT, "debitCardRate": FEE_PERCENT}}
    for card in call.table(CARDS.table).values():
        if card["default"]["funding"] and not card["archived"]:
            rates["defaultCardAccountId"] = card["id"]
    return {"rates": rates, "cards": found}


def _purposes(call: Call) -> Record:
    vendor_id = call.query("vendorId")
    call.query("brand")
    if vendor_id not in call.table(vendors.VENDORS.table):
        raise errors.bad_request(errors.invalid_parameter("vendorId", vendor_id))
    return {}


_RATES = Object({name: Number() for name in ("creditCardRate", "debitCardRate")})

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        V3 + "/funding-accounts/cards",
        "listPayableCardAccounts",
        "Get the card accounts that the signed-in user is a VERIFIED or NOMINATED user of",
        _list,
        area=AREA,
        query=(Query("cardUserStatus", Text(required=True, choices=_USER_STATUSES)),),
        answer=Object(
            {
                "rates": Object(
                    {
                        "defaultCardAccountId": Text(),
                        "funding": _RATES,
                        "activePromotion": Object(
                            {"startDate": Text(), "endDate": Text(), **_RATES.fields}
                        ),
                    },
                    required=True,
                ),
                "cards": Many(CARDS.answer, required=True),
            }
        ),
        missing="`activePromotion`: no promotion is ever on.",
        unsure="That cardUserStatus is the status of the signed-in user is taken from its name. "
        "What paying with a card costs is made up.",
    ),
    CARD_USERS.list("listCardAccountUsers", "Get the users of card accounts"),
    Operation(
        "GET",
        V3 + "/funding-accounts/cards/funding-purposes",
        "listCardFundingPurposes",
        "Get the purposes that a card payment to a vendor can have: none is asked for",
        _purposes,
        area=AREA,
        query=(Query("vendorId", Text(required=True)), Query("brand", Text(required=True))),
        answer=Object(
            {
                "lastUsedPurpose": Text(),
                "results": Many(Object({"category": Text(), "subCategories": Many(Text())})),
            }
        ),
        missing="The purposes: every vendor's industry counts as known; then BILL asks for none.",
        unsure="BILL speaks of an empty answer with 200; here it is an empty object. The refusal "
        "of an unknown vendor is not documented; here BDC_1129.",
    ),
    CARDS.operations.get("getCardAccount", "Get card account details"),
    Operation(
        "GET",
        V3 + "/funding-accounts/ap-cards",
        "listPayableApcards",
        "Get the organization's AP Cards",
        lambda call: [
            AP_CARDS.as_answered(call, card) for card in call.table(AP_CARDS.table).values()
        ],
        area=AREA,
        answer=Many(AP_CARDS.answer),
        missing="A payment beyond the limit is not refused.",
        unsure="What counts as the balance is not documented; here all that is scheduled and paid.",
    ),
)
