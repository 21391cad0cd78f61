"""Another day for the second run, where time-machine is installed: in another month, on another
weekday.

The time zone alone makes the local date another one. What code makes of UTC differs only by the
clock, and a clock is not moved by hand here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_DAYS_LATER = 33


@contextmanager
def other_day() -> Iterator[None]:
    """The block in which it is another day; the same one where nothing can move the clock."""
    try:
        import time_machine
    except ImportError:
        yield
        return
    later = datetime.now(UTC) + timedelta(days=_DAYS_LATER)
    with time_machine.travel(later, tick=True):
        yield
