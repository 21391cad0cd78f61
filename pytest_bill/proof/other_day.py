"""Another day for the second run, where time-machine is installed: in another month, on another
weekday.

The time zone alone makes the local date another one. What code makes of UTC differs only by the
clock, and a clock is not moved by hand here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

_DAYS_LATER = 33


def has_other_day() -> bool:
    """Whether anything here can move the clock."""
    return find_spec("time_machine") is not None


@contextmanager
def other_day() -> Iterator[None]:
    """The block in which it is another day; the same one where nothing can move the clock."""
    if not has_other_day():
        yield
        return
    import time_machine

    later = datetime.now(UTC) + timedelta(days=_DAYS_LATER)
    with time_machine.travel(later, tick=True):
        yield
