"""OAuth client credentials: the developer app, its scope, and the access tokens that it was given.

Pages: https://developer.bill.com/docs/oauth-client-credentials,
https://developer.bill.com/docs/oauth-api-scope-capabilities,
https://developer.bill.com/reference/createaccesstoken.

A developer app belongs to an organization and has a client ID, a client secret and a scope that
cannot be changed: Full access, or Accounting data access. A token has the rights of the user who
made the app; it is sent as ``Authorization: Bearer``, with no other credential, to AP, AR and Spend
& Expense alike. There are no refresh tokens.

Not documented: how long a token lives ("short-lived"), here an hour unless ``lifetime`` says
otherwise, and the refusal of one that is not good, here HTTP 401 with BDC_1109 as for a session.

The page has a table of rights for each scope. That of Full access was visible in part: signing in
and out, session details, all of bills, recurring bills and vendor credits, recording payments,
bills that wait for approval and approving them; here it leaves nothing out. It needs MFA when the
app is made, so its tokens count as trusted. That of Accounting data access was not visible; the
page says that payments and changes of funding accounts need Full access, so here it leaves out what
a sync token may not do (see ``access``). What a table leaves out beyond that can be told:
``refused``.
"""

from __future__ import annotations

import enum
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.core.latest import Latest

DEFAULT_LIFETIME = timedelta(hours=1)


class Scope(enum.StrEnum):
    """What a developer app may do, by the words of BILL's page."""

    FULL = "full"
    """Full access."""
    ACCOUNTING = "accounting"
    """Accounting data access."""


@dataclass(frozen=True)
class _Grant:
    """What a token may do, and until when."""

    until: datetime
    scope: Scope
    refused: frozenset[str]


class Tokens:
    """The access tokens of one sandbox, and the settings of its developer app."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.scope = Scope.FULL
        self.lifetime = DEFAULT_LIFETIME
        self.refused: frozenset[str] = frozenset()
        """The operations, by BILL's operationId, that the scope leaves out beside what it does."""
        self.has_refused = False
        """Whether there was a token for which some are."""
        self._grants: dict[str, _Grant] = {}
        self._given: Latest[str] = Latest()

    def new(self) -> str:
        """A token of the app; those that were given before stay good."""
        token = secrets.token_urlsafe(48)
        self.has_refused = self.has_refused or bool(self.refused)
        until = self._clock.now() + self.lifetime
        self._grants[token] = _Grant(until, self.scope, self.refused)
        self._given.add(token)
        return token

    def require(self, token: str) -> Scope:
        """The scope of a token that is good; else BDC_1109."""
        grant = self._grants.get(token)
        if grant is None or self._clock.now() >= grant.until:
            self._grants.pop(token, None)
            raise errors.invalid_session()
        return grant.scope

    def lasts_until(self, token: str) -> datetime | None:
        """When a token ends, used or not; None if there is none, or it was found to have ended."""
        grant = self._grants.get(token)
        return None if grant is None else grant.until

    def leaves_out(self, token: str, operation: str) -> bool:
        """Whether the scope of a token leaves that operation out, by what was told of it."""
        grant = self._grants.get(token)
        return grant is not None and operation in grant.refused

    def all(self) -> Collection[str]:
        """The latest that were given, ended ones too."""
        return self._given.all()

    def expire_all(self) -> None:
        """End every token now."""
        self._grants.clear()
