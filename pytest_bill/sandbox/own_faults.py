"""Faults of the sandbox itself: BILL's system error for who asked, one line for who runs it.

The line has no value of the request and no message of the exception, which may quote one.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from types import TracebackType

_logger = logging.getLogger(__name__)
_HERE = str(Path(__file__).parent)
_MOST_PLACES = 4


def tell(error: Exception, operation: str) -> None:
    """Log what a handler raised and should not have."""
    _logger.error(fault_message(error, operation))


def fault_message(error: BaseException, operation: str) -> str:
    """What is said of a fault."""
    return (
        f"A fault of pytest-bill's local sandbox, not of your test: {operation} ended in "
        f"{type(error).__name__} ({_places(error.__traceback__)}). BILL's system error was "
        "answered. Please report this line to pytest-bill, with the call that you made, less its "
        "credentials."
    )


def _places(trace: TracebackType | None) -> str:
    """Where in the sandbox it happened, innermost first."""
    frames = reversed(traceback.extract_tb(trace))
    ours = [each for each in frames if each.filename.startswith(_HERE)]
    places = [f"{Path(each.filename).name}:{each.lineno}" for each in ours]
    return " < ".join(places[:_MOST_PLACES]) or "outside of it"
