"""When an interaction was recorded: ``recorded_at``, to the second, in UTC.

A test may stop the clock or set another time; a cassette says what time it really was.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import Any

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
# Kept, because freezegun replaces the names in modules.
_FROM_TIMESTAMP = datetime.fromtimestamp
_STRPTIME = datetime.strptime


class _Clock:
    """The system's clock; freezegun replaces names of modules only."""

    time = staticmethod(time.time)


def now() -> datetime:
    """The time, whatever a test says that it is."""
    # time-machine replaces what the function does, and leaves the real one here.
    hatch: Any = getattr(sys.modules.get("time_machine"), "escape_hatch", None)
    is_real = hatch is None or not hatch.is_travelling()
    seconds = _Clock.time() if is_real else hatch.time.time()
    return _FROM_TIMESTAMP(seconds, UTC)


def written(moment: datetime) -> str:
    """A time as a cassette has it; without an offset it is UTC."""
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime(_FORMAT)


def read(recorded_at: str) -> datetime | None:
    """The time that a cassette has; None where it has none that can be read."""
    try:
        return _STRPTIME(recorded_at, _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
