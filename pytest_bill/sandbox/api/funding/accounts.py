"""What an organization pays with: bank accounts, card accounts, AP Cards; and who may.

See ``banks``, ``bank_users``, ``cards`` and ``users`` for each of them.
Page: https://developer.bill.com/reference/getfundingaccountpermission; the answer is that of the
samples of BILL's Postman collection (https://developer.bill.com/docs/bill-v3-api-in-postman).
"""

from __future__ import annotations

from pytest_bill.sandbox.api.funding import banks, cards
from pytest_bill.sandbox.api.funding.banks import BANKS
from pytest_bill.sandbox.api.funding.cards import CARDS
from pytest_bill.sandbox.api.funding.users import AREA
from pytest_bill.sandbox.core.access import is_limited
from pytest_bill.sandbox.core.fields import Boolean, Object
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record


def fill(call: Call) -> None:
    """The shop's bank accounts and cards."""
    banks.fill(call)
    cards.fill(call)


def is_usable(call: Call, kind: str, account_id: str) -> bool:
    """Whether the signed-in user may pay from the funding account of that ``type`` and id.

    A WALLET has no id. Other kinds need an account of the organization that is neither unverified
    nor archived, and, unless it is an AP_CARD, the user as a verified user of it.
    """
    match kind:
        case "BANK_ACCOUNT":
            return banks.is_usable(call, account_id)
        case "CARD_ACCOUNT":
            return cards.is_usable(call, account_id)
        case "AP_CARD":
            return cards.usable_ap_card(call, account_id)
        case _:
            return kind == "WALLET"


def _permissions(call: Call) -> Record:
    """Payments are not for sessions that were signed in with a sync token."""
    has_card = any(cards.is_active(card) for card in call.table(CARDS.table).values())
    accounts = ((BANKS, banks.is_usable), (CARDS, cards.is_usable))
    may_pay = not is_limited(call.who) and any(
        usable(call, account_id)
        for kind, usable in accounts
        for account_id in call.table(kind.table)
    )
    return {
        "organization": {
            "card": {"payByCard": has_card, "fundingEnabled": has_card, "amexAllowed": has_card},
            "wallet": {"fundingEnabled": is_usable(call, "WALLET", "")},
        },
        "user": {"payOnline": may_pay},
    }


def _flags(*names: str) -> Object:
    return Object({name: Boolean(required=True) for name in names}, required=True)


_OF_ORGANIZATION = Object(
    {
        "card": _flags("payByCard", "fundingEnabled", "amexAllowed"),
        "wallet": _flags("fundingEnabled"),
    },
    required=True,
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        V3 + "/funding-accounts/permissions",
        "getFundingAccountPermission",
        "Get what the organization and its signed-in user may pay with",
        _permissions,
        area=AREA,
        answer=Object({"organization": _OF_ORGANIZATION, "user": _flags("payOnline")}),
        unsure="What the fields stand for is not documented: here those of card are true where the "
        "organization has a verified card, wallet's always, and payOnline where the user may pay "
        "from an account, which a session of a sync token may not.",
    ),
)
