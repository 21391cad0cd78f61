"""The sandbox's idea of time: real time plus an offset that tests move."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

LATEST = datetime(9900, 1, 1, tzinfo=UTC)
"""No clock goes further: what is due later than now needs a date as well, and 9999 is the end."""

Moment = tuple[datetime, timedelta]
"""A time of the sandbox that is worked out when it is wanted: see ``time_of``."""


def _real_time() -> datetime:
    return datetime.now(UTC)


class Clock:
    """A clock that can be moved forward, safe to share between threads.

    ``source`` answers the time before the offset, as an aware datetime; real time by default, and a
    constant function for a clock that only moves when told to.
    """

    def __init__(self, source: Callable[[], datetime] = _real_time) -> None:
        self._source = source
        self._offset = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The sandbox's time, aware, in UTC."""
        with self._lock:
            return self._source().astimezone(UTC) + self._offset

    def advance(self, by: timedelta) -> None:
        """Move the clock forward.

        ValueError for a negative step, because idle times would go negative, and OverflowError,
        with the clock where it was, for a step beyond ``LATEST``.
        """
        if by < timedelta():
            raise ValueError("the sandbox's clock only moves forward")
        with self._lock:
            offset = self._offset + by
            if self._source().astimezone(UTC) + offset > LATEST:
                raise OverflowError(f"the sandbox's clock ends at {LATEST.date()}")
            self._offset = offset


def moment_of(clock: Clock) -> Moment:
    """What time it is now, for who may never want to know it."""
    return clock._source(), clock._offset


def time_of(moment: Moment) -> datetime:
    """The sandbox's time of a moment."""
    source, offset = moment
    return source.astimezone(UTC) + offset


def timestamp(moment: datetime) -> str:
    """``moment`` as BILL writes times: ISO 8601 with milliseconds and an offset.

    Source: https://developer.bill.com/docs/common-api-error-codes (sample error response).
    """
    return moment.isoformat(timespec="milliseconds")
