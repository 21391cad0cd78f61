"""How often, how many at once, and how many failed sign-ins: BILL's limits.

Source: https://developer.bill.com/docs/api-rate-limits. By developer key: 20,000 calls an hour, and
200 sign-ins an hour (v2's Login and ListOrgs too:
https://developer.bill.com/v2/docs/api-rate-limits), both BDC_1144 until the next hour begins. By
developer key and organization: 3 calls at once, BDC_1322. Any operation that sends a text message
to a user: 5 a minute. Spend & Expense: 60 calls a minute for each token
(https://developer.bill.com/docs/spend-expense-api).

Not documented, and simplified: the HTTP status is 429; what the limits by the minute are refused
with (here BDC_1144 too); text messages are counted by user, whatever the operation; partners' calls
and sign-ins count by their app key as those of developers do. A call of v2 tells its session only
at the end of its body, so two of them never run at once here.

A user name is locked after 10 failed sign-ins in a row, as BILL's support pages told of its web
app; whether the API counts so is not documented. BILL's users unlock it with a new password, which
the sandbox has no operation for: here ``POST /__sandbox__/reset`` does.
"""

from __future__ import annotations

import enum
from collections import Counter
from datetime import datetime, timedelta

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.clock import Clock

CALLS_AN_HOUR = 20_000
SIGN_INS_AN_HOUR = 200
TEXTS_A_MINUTE = 5
SPEND_CALLS_A_MINUTE = 60
CALLS_AT_ONCE = 3
FAILED_SIGN_INS = 10


class Period(enum.Enum):
    """A stretch of the clock that calls are counted in."""

    HOUR = "hour"
    MINUTE = "minute"

    def number(self, moment: datetime) -> int:
        """Which hour or minute it is, counted from a fixed one."""
        length = timedelta(hours=1) if self is Period.HOUR else timedelta(minutes=1)
        return int(moment.timestamp() // length.total_seconds())


class Limits:
    """Counts calls by who makes them. Used by the server's loop alone.

    Nothing is refused unless ``enforced``.
    """

    def __init__(self, clock: Clock, *, enforced: bool = True) -> None:
        self._clock = clock
        self._enforced = enforced
        self._calls: dict[tuple[str, Period], tuple[int, int]] = {}
        self._running: dict[str, int] = {}

    def count(self, caller: str, most: int, period: Period = Period.HOUR) -> None:
        """One more call of ``caller``; BDC_1144 beyond ``most`` in this period of the clock."""
        if not self._enforced:
            return
        now = period.number(self._clock.now())
        since, calls = self._calls.get((caller, period), (now, 0))
        calls = calls + 1 if since == now else 1
        self._calls[caller, period] = (now, calls)
        if calls > most:
            raise errors.too_many_calls(most, period.value)

    def begin(self, caller: str) -> None:
        """A call of ``caller`` runs, until its ``end``; BDC_1322 if too many do already."""
        running = self._running.get(caller, 0)
        if self._enforced and running >= CALLS_AT_ONCE:
            raise errors.too_many_at_once()
        self._running[caller] = running + 1

    def end(self, caller: str) -> None:
        """It runs no longer."""
        self._running[caller] -= 1


class Locks:
    """User names that failed to sign in too often. Used by the server's loop alone."""

    def __init__(self) -> None:
        self._failed: Counter[str] = Counter()

    def require_open(self, name: str) -> None:
        """BDC_1110 for a user name that is locked, even with the right password."""
        if self._failed[name] >= FAILED_SIGN_INS:
            raise errors.login_locked()

    def failed(self, name: str) -> None:
        """One more failed sign-in."""
        self._failed[name] += 1

    def signed_in(self, name: str) -> None:
        """The failed sign-ins so far no longer count."""
        self._failed.pop(name, None)

    def clear(self) -> None:
        """Unlock every user name."""
        self._failed.clear()
