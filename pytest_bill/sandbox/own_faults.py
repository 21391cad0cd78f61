"""Faults of the sandbox itself: BILL's system error for who asked, one line for who runs it.

The line has no value of the request and no message of the exception, which may quote one.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_logger = logging.getLogger(__name__)
_HERE = str(Path(__file__).parent)
_MOST_PLACES = 4


class OwnFaults:
    """Answers where a handler raised what it should not have."""

    def __init__(self, app: ASGIApp, *, answer: Callable[[str], Response]) -> None:
        """``answer`` gives the system error in the shape of a path's API."""
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            _logger.error(fault_message(error, _operation(scope)))  # noqa: TRY400  (see above: one line)
            if not begun:
                await self._answer(scope["path"])(scope, receive, send)


def fault_message(error: BaseException, operation: str) -> str:
    """What is said of a fault."""
    return (
        f"A fault of pytest-bill's local sandbox, not of your test: {operation} ended in "
        f"{type(error).__name__} ({_places(error.__traceback__)}). BILL's system error was "
        "answered. Please report this line to pytest-bill, with the call that you made, less its "
        "credentials."
    )


def _operation(scope: Scope) -> str:
    return getattr(scope.get("endpoint"), "__name__", "a request")


def _places(trace: TracebackType | None) -> str:
    """Where in the sandbox it happened, innermost first."""
    frames = reversed(traceback.extract_tb(trace))
    ours = [each for each in frames if each.filename.startswith(_HERE)]
    places = [f"{Path(each.filename).name}:{each.lineno}" for each in ours]
    return " < ".join(places[:_MOST_PLACES]) or "outside of it"
