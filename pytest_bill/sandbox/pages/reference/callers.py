"""The credentials that a page can send a call with, and which of them may call an operation."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox.core.operations import SPEND_OWNER, Caller, Operation
from pytest_bill.sandbox.core.outbox import PARTNER_OWNER
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages.credentials import (
    ALL,
    CONSOLE_TOKEN,
    DEVELOPER_KEY,
    OAUTH_CLIENT,
    PARTNER_KEY,
    SPEND_TOKEN,
    SYNC_TOKEN,
)

NOBODY = ""
DEVELOPER, SYNC, CONSOLE = DEVELOPER_KEY.name, SYNC_TOKEN.name, CONSOLE_TOKEN.name
SPEND, PARTNER, OAUTH = SPEND_TOKEN.name, PARTNER_KEY.name, OAUTH_CLIENT.name
CREDENTIALS = tuple(each.name for each in ALL)

_MAY_CALL: Mapping[Caller, tuple[str, ...]] = {
    Caller.ANYONE: (NOBODY,),
    Caller.ORGANIZATION: (DEVELOPER, SYNC, CONSOLE, OAUTH),
    Caller.FORM: (DEVELOPER, SYNC, CONSOLE),
    Caller.SIGNED_IN: (DEVELOPER, SYNC, CONSOLE, PARTNER, OAUTH),
    Caller.PARTNER: (PARTNER,),
    Caller.PARTNER_IN_ORGANIZATION: (PARTNER,),
    Caller.SPEND: (SPEND, OAUTH),
    Caller.SUBSCRIBER: (DEVELOPER, CONSOLE, PARTNER, SPEND, SYNC),
}


def may_call(operation: Operation) -> tuple[str, ...]:
    """The names of the credentials that may, the usual one first; "" for who needs none."""
    names = _MAY_CALL[operation.caller]
    limited = operation.trusted or not operation.sync
    return tuple(name for name in names if not (limited and name == SYNC))


def owner_of(state: SandboxState, credential: str, operation: Operation) -> str:
    """Whose records a call is about: an organization's id, or ``SPEND_OWNER``, or the partner's."""
    if operation.caller is Caller.SPEND or credential == SPEND:
        return SPEND_OWNER
    if credential == PARTNER:
        return PARTNER_OWNER
    if credential == CONSOLE:
        return state.credentials.console_organization_id
    if credential == SYNC:
        return state.credentials.sync_organization_id
    return state.credentials.organization_id
