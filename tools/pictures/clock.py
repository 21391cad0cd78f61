"""A plugin for the runs that are shown: their clock begins at ``AT``, not today."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from pytest_bill.cassettes import times
from pytest_bill.sandbox import Clock

AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def since(began: float) -> datetime:
    """The time of a run that began then, by ``time.time``."""
    return datetime.fromtimestamp(AT.timestamp() + time.time() - began, UTC)


def sandbox_clock() -> Clock:
    """One that stands still."""
    return Clock(lambda: AT)


_BEGAN = time.time()


def pytest_configure() -> None:
    """What is recorded was recorded then."""
    times._Clock.time = staticmethod(lambda: since(_BEGAN).timestamp())
