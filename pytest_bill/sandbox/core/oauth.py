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
Of the table of rights, what Accounting data access leaves out is taken to be what it leaves out of
a sync token's: payments, MFA, and changes of funding accounts. Full access needs MFA when the app
is made, so its tokens count as trusted.
"""

from __future__ import annotations

import enum
import secrets
from collections.abc import Collection
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


class Tokens:
    """The access tokens of one sandbox, and the settings of its developer app."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.scope = Scope.FULL
        self.lifetime = DEFAULT_LIFETIME
        self._until: dict[str, tuple[datetime, Scope]] = {}
        self._given: Latest[str] = Latest()

    def new(self) -> str:
        """A token of the app; those that were given before stay good."""
        token = secrets.token_urlsafe(48)
        self._until[token] = (self._clock.now() + self.lifetime, self.scope)
        self._given.add(token)
        return token

    def require(self, token: str) -> Scope:
        """The scope of a token that is good; else BDC_1109."""
        until, scope = self._until.get(token, (None, Scope.FULL))
        if until is None or self._clock.now() >= until:
            self._until.pop(token, None)
            raise errors.invalid_session()
        return scope

    def all(self) -> Collection[str]:
        """The latest that were given, ended ones too."""
        return self._given.all()

    def expire_all(self) -> None:
        """End every token now."""
        self._until.clear()
