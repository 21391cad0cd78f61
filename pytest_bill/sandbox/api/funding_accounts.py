"""What an organization pays with: bank accounts, card accounts, AP Cards; and who may.

See `funding_banks`, `funding_bank_users`, `funding_cards` and `funding_users` for each of them.
Page: https://developer.bill.com/reference/getfundingaccountpermission.
"""

from __future__ import annotations

from pytest_bill.sandbox.api import funding_bank_users, funding_banks, funding_cards
from pytest_bill.sandbox.api.funding_users import AREA
from pytest_bill.sandbox.bodies import Boolean, Object
from pytest_bill.sandbox.operations import V3, Call, Operation
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.sessions import Kind

_KINDS = ("bankAccount", "cardAccount", "apCard", "wallet")


def fill(call: Call) -> None:
    """The shop's bank accounts and cards."""
    funding_banks.fill(call)
    funding_cards.fill(call)


def known(call: Call, kind: str, account_id: str) -> bool:
    """Whether the signed-in user may pay from the funding account of that `type` and id.

    A WALLET has no id. Other kinds need an account of the organization that is neither unverified
    nor archived, and, unless it is an AP_CARD, the user as a verified user of it.
    """
    match kind:
        case "BANK_ACCOUNT":
            return funding_banks.usable(call, account_id)
        case "CARD_ACCOUNT":
            return funding_cards.usable(call, account_id)
        case "AP_CARD":
            return funding_cards.usable_ap_card(call, account_id)
        case _:
            return kind == "WALLET"


def _permissions(call: Call) -> Record:
    """Payments are not for sessions that were signed in with a sync token."""
    may_pay = call.who.kind is not Kind.SYNC_TOKEN
    return {
        "organization": dict.fromkeys(_KINDS, True),
        "user": dict.fromkeys(_KINDS, may_pay),
    }


_PERMISSIONS = Object({kind: Boolean(required=True) for kind in _KINDS}, required=True)

OPERATIONS: tuple[Operation, ...] = (
    # Their paths come first: the path of one bank account would match them, too.
    *funding_bank_users.OPERATIONS,
    *funding_banks.OPERATIONS,
    *funding_cards.OPERATIONS,
    Operation(
        "GET",
        V3 + "/funding-accounts/permissions",
        "getFundingAccountPermission",
        "Get what the organization and its signed-in user may pay with",
        _permissions,
        area=AREA,
        answer=Object({"organization": _PERMISSIONS, "user": _PERMISSIONS}),
        unsure="The fields of the answer are not documented: these are the sandbox's own.",
    ),
)
