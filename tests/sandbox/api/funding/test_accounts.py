"""Which funding accounts a payment may name, and permissions."""

from datetime import timedelta

import pytest

from pytest_bill.sandbox import seed
from pytest_bill.sandbox.api.funding import accounts, banks, cards
from pytest_bill.sandbox.api.funding.users import BANK_USERS, CARD_USERS
from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.sessions import Kind, Session
from pytest_bill.sandbox.core.state import SandboxState


@pytest.fixture
def call():
    state = SandboxState(Clock(), 0, {})
    seed.fill_state(state)
    owner = state.credentials.organization_id
    user_id = state.user_ids[Kind.DEVELOPER_KEY]
    return Call(state, Session("", Kind.DEVELOPER_KEY, "", user_id, owner))


@pytest.fixture
def bank(call):
    return call.table(banks.BANKS.table)[banks.CHECKING_ID]


@pytest.fixture
def card(call):
    return next(iter(call.table(cards.CARDS.table).values()))


def permissions_of(call):
    (operation,) = (
        each for each in accounts.OPERATIONS if each.name == "getFundingAccountPermission"
    )
    return operation.handler(call)


def test_what_the_shop_can_pay_with(call, bank, card):
    ap_card = next(iter(call.table(cards.AP_CARDS.table)))
    assert accounts.is_usable(call, "BANK_ACCOUNT", bank["id"])
    assert accounts.is_usable(call, "CARD_ACCOUNT", card["id"])
    assert accounts.is_usable(call, "AP_CARD", ap_card)
    assert accounts.is_usable(call, "WALLET", "")
    assert not accounts.is_usable(call, "CARD_ACCOUNT", bank["id"])
    assert not accounts.is_usable(call, "BANK_ACCOUNT", "")
    assert not accounts.is_usable(call, "PIGGY_BANK", bank["id"])


@pytest.mark.parametrize("change", [{"status": "PENDING"}, {"archived": True}])
def test_accounts_that_cannot_pay(call, bank, card, change):
    for kind, account in (("BANK_ACCOUNT", bank), ("CARD_ACCOUNT", card)):
        account.update(change)
        assert not accounts.is_usable(call, kind, account["id"])


@pytest.mark.parametrize("status", ["NOMINATED", "UNVERIFIED"])
def test_users_who_cannot_pay(call, bank, card, status):
    for users, kind, account in (
        (BANK_USERS, "BANK_ACCOUNT", bank),
        (CARD_USERS, "CARD_ACCOUNT", card),
    ):
        call.table(users.users.table).clear()
        users.insert(call, account["id"], call.who.user_id, status)
        assert not accounts.is_usable(call, kind, account["id"])
        # Asking again is no look at it: only a list is.
        assert not accounts.is_usable(call, kind, account["id"])


def test_a_nominated_user_may_pay_in_time(call, bank):
    call.table(BANK_USERS.users.table).clear()
    BANK_USERS.insert(call, bank["id"], call.who.user_id, "NOMINATED")
    call.state.clock.advance(timedelta(minutes=2))
    assert accounts.is_usable(call, "BANK_ACCOUNT", bank["id"])


def test_permissions(developer, sync):
    permissions = "/v3/funding-accounts/permissions"
    assert developer.get(permissions).json() == {
        "organization": {
            "card": {"payByCard": True, "fundingEnabled": True, "amexAllowed": True},
            "wallet": {"fundingEnabled": True},
        },
        "user": {"payOnline": True},
    }
    assert sync.get(permissions).json()["user"] == {"payOnline": False}


def test_permissions_follow_the_accounts(call, card):
    call.table(BANK_USERS.users.table).clear()
    assert permissions_of(call)["user"] == {"payOnline": True}
    card["archived"] = True
    assert permissions_of(call)["organization"]["card"]["payByCard"] is False
    assert permissions_of(call)["user"] == {"payOnline": False}
