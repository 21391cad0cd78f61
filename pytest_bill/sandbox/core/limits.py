"""How often, how many at once, and how many failed sign-ins: BILL's limits.

Source: https://developer.bill.com/docs/api-rate-limits. By developer key: 20,000 calls an hour, and
200 sign-ins an hour (v2's Login and ListOrgs too:
https://developer.bill.com/v2/docs/api-rate-limits), both BDC_1144 until the next hour begins. By
developer key and organization: 3 calls at once, BDC_1322. Any operation that sends a text message
to a user: 5 a minute. Spend & Expense: 60 calls a minute for each token
(https://developer.bill.com/docs/spend-expense-api).

Not documented, and simplified: the HTTP status is 429, and no ``Retry-After`` comes with it (public
clients look for one, no page names it); what the limits by the minute are refused with (here
BDC_1144 too); text messages are counted by user, whatever the operation; partners' calls and
sign-ins count by their app key as those of developers do.

How long a call takes at BILL is not documented, and a sandbox answers so fast that calls of several
threads would hardly ever be at once. So a call that may be one of several is answered only when no
further one has come for a moment, ``OVERLAP_SECONDS``, and until then it has its place: of calls
that come together the first three are answered, in order of arrival, and the others refused. It is
answered at once where it surely stands alone: for a quarter of a second no other connection had a
call on its way or had only just been opened, fewer than three others brought one, and the latest
call of that key and organization is not longer ago. Who asks one after the other hardly ever waits,
and is never refused: what was answered has no place any more.

A user name is locked after 10 failed sign-ins in a row, as BILL's support pages told of its web
app; whether the API counts so is not documented. BILL's users unlock it with a new password, which
the sandbox has no operation for: here ``POST /__sandbox__/reset`` does.
"""

from __future__ import annotations

import enum
import math
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.core.http import Neighbours

CALLS_AN_HOUR = 20_000
SIGN_INS_AN_HOUR = 200
TEXTS_A_MINUTE = 5
SPEND_CALLS_A_MINUTE = 60
CALLS_AT_ONCE = 3
FAILED_SIGN_INS = 10

OVERLAP_SECONDS = 0.01
_MOST_OVERLAPS = 10
"""A call keeps its place for so many of them at most, however many others come."""
_MEMORY_SECONDS = 0.25
"""So long ago a call is no sign of what the next one is."""


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

    No calls are refused by their number in an hour or a minute unless ``enforced``, and none
    because there are too many at once unless ``at_once``. ``ticks`` is the event loop's clock.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        enforced: bool = True,
        at_once: bool = True,
        overlap_seconds: float = OVERLAP_SECONDS,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._enforced = enforced
        self._at_once = at_once
        self._overlap = overlap_seconds
        self._ticks = ticks
        self._calls: dict[tuple[str, Period], tuple[int, int]] = {}
        self._running: dict[str, int] = {}
        self._latest: dict[str, float] = {}
        self._several: dict[str, float] = {}

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

    def begin(self, caller: str, neighbours: Neighbours) -> bool:
        """A call of ``caller`` runs, until its ``end``; BDC_1322 if too many do already.

        Whether it may be one of several, and is to be kept ``until_quiet``.
        """
        now, running = self._ticks(), self._running.get(caller, 0)
        before, self._latest[caller] = self._latest.get(caller, -math.inf), now
        if self._at_once and running >= CALLS_AT_ONCE:
            raise errors.too_many_at_once()
        self._running[caller] = running + 1
        if not (self._at_once and self._overlap):
            return False
        since = now - _MEMORY_SECONDS
        on_way, recent = neighbours(since)
        if on_way > 0 or recent >= CALLS_AT_ONCE:
            self._several[caller] = now
        return before < since or self._several.get(caller, -math.inf) >= since

    async def until_quiet(self, caller: str) -> None:
        """Wait until no further call of ``caller`` has come for a moment, but not for ever."""
        import asyncio  # not by who only reaches the sandbox of another process

        at_most = self._ticks() + self._overlap * _MOST_OVERLAPS
        while True:
            seconds = min(self._latest[caller] + self._overlap, at_most) - self._ticks()
            if seconds <= 0:
                return
            await asyncio.sleep(seconds)

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
