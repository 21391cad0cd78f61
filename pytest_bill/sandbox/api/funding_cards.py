"""Card accounts and AP Cards that an organization can pay with: lists, details, users, purposes.

Pages: https://developer.bill.com/docs/card-account-notification-payloads,
https://developer.bill.com/changelog/2024-10-28-new-v3-api-endpoint-for-getting-card-funding-purpose
and the reference pages of the operations. Cards are added in BILL's web app, so there is no
operation that makes one: the shop starts with one card account and one AP Card.

A card account has `id` (begins with cat), `archived`, `nameOnAccount`, `brand`, `type`
(CREDIT_CARD, DEBIT_CARD, PREPAID_CARD or UNKNOWN), `status`, `last4`, `expiration`, `default`,
`createdBy`, `createdTime` and `updatedTime`. Not documented: what stands in `expiration` and
`default`, the fields of an AP Card, and how its id begins.
"""

from __future__ import annotations

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.api import vendors
from pytest_bill.sandbox.api.funding_users import AREA, CARD_USERS
from pytest_bill.sandbox.bodies import Boolean, Integer, Many, Object, Text
from pytest_bill.sandbox.operations import V3, Call, Operation, Query
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.resources import Resource

_USER_STATUSES = ("VERIFIED", "NOMINATED")

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
        "expiration": Object({"month": Integer(), "year": Integer()}),
    },
    answered={
        "status": Text(required=True),
        "default": Object({"payables": Boolean()}),
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
    {"name": Text(), "last4": Text(), "status": Text()},
)


def fill(call: Call) -> None:
    """One verified card account and one AP Card."""
    year = call.state.clock.now().year
    card = CARDS.add(
        call,
        {
            "nameOnAccount": "Music Shop",
            "brand": "Visa",
            "type": "CREDIT_CARD",
            "last4": "1111",
            "expiration": {"month": 12, "year": year + 3},
            "status": "VERIFIED",
            "default": {"payables": False},
            "createdBy": call.who.user_id,
        },
    )
    CARD_USERS.add(call, card["id"], call.who.user_id, "VERIFIED")
    AP_CARDS.add(call, {"name": "BILL AP Card", "last4": "4242", "status": "ACTIVE"})


def usable(call: Call, account_id: str) -> bool:
    """Whether the signed-in user may pay with the card account of that id."""
    card = call.table(CARDS.table).get(account_id)
    return (
        card is not None
        and card["status"] == "VERIFIED"
        and not card["archived"]
        and CARD_USERS.may_pay(call, account_id)
    )


def usable_ap_card(call: Call, card_id: str) -> bool:
    """Whether the organization may pay with the AP Card of that id."""
    return card_id in call.table(AP_CARDS.table)


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
    return {"results": found}


def _purposes(call: Call) -> Record:
    vendor_id = call.query("vendorId")
    call.query("brand")
    if vendor_id not in call.table(vendors.VENDORS.table):
        raise errors.bad_request(errors.invalid_parameter("vendorId", vendor_id))
    return {}


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        V3 + "/funding-accounts/cards",
        "listPayableCardAccounts",
        "Get the card accounts that the signed-in user is a VERIFIED or NOMINATED user of",
        _list,
        area=AREA,
        query=(Query("cardUserStatus", Text(required=True, choices=_USER_STATUSES)),),
        answer=Object({"results": Many(CARDS.answer)}),
        unsure="That cardUserStatus is the status of the signed-in user is taken from its name; "
        "what stands in expiration and default is not documented.",
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
        answer=Object({}),
        missing="The purposes: every vendor's industry counts as known; then BILL asks for none.",
        unsure="BILL speaks of an empty answer with 200; here it is an empty object. The refusal "
        "of an unknown vendor is not documented; here BDC_1129.",
    ),
    CARDS.get("getCardAccount", "Get card account details"),
    Operation(
        "GET",
        V3 + "/funding-accounts/ap-cards",
        "listPayableApcards",
        "Get the organization's AP Cards",
        lambda call: list(call.table(AP_CARDS.table).values()),
        area=AREA,
        answer=Many(AP_CARDS.answer),
        unsure="Public clients report that the answer is a list; its fields are not documented.",
    ),
)
