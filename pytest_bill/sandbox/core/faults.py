"""Faults on demand: the next calls of an operation fail in the way that a test asks for.

None of this is BILL's behaviour; it is what any service over a network can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.core.errors import BillError, Problem
from pytest_bill.sandbox.core.http import Dropped, Request, Response

ON_DEMAND = "X-Pytest-Bill-Fault"
"""The header of a refusal that a test asked for: it may be recorded."""

SLOWEST_SECONDS = 600
_SHOWN = 60
"""So many characters of a body tell which one it is."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong: one of a refusal, a cut connection and a cut body, after a delay if any.

    ``status`` and ``code`` make a refusal, with ``message`` as its text; ``body`` is sent instead
    of it, whatever answers so in BILL's place. ``headers`` come with either. ``drop`` cuts the
    connection without an answer, before anything is done. ``truncate`` cuts the answer's body in
    half, after everything was done. With a delay alone the call is slow but succeeds.
    """

    status: int | None = None
    code: str = "BDC_1001"
    message: str = "System error occurred."
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0
    drop: bool = False
    truncate: bool = False

    def in_words(self) -> str:
        """What it does, for people."""
        told = []
        if self.delay_seconds:
            told.append(f"{self.delay_seconds:g} s late")
        if self.drop:
            told.append("connection cut before an answer")
        elif self.status is not None and self.body is not None:
            told.append(f"HTTP {self.status} with a body of its own ({self.body[:_SHOWN]})")
        elif self.status is not None:
            told.append(f"HTTP {self.status}, {self.code}: {self.message}")
        elif self.truncate:
            told.append("answer cut in half")
        told += [f"{name}: {value}" for name, value in self.headers.items()]
        return "; ".join(told)


@dataclass(eq=False)
class Waiting:
    """A fault that is still to come, ``times`` times more; its ``number`` names it."""

    number: int
    operation: str
    fault: Fault
    times: int


class Faults:
    """The faults to come, by the name of their operation, in the order they were asked for."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Waiting]] = {}
        self._asked_for = 0

    def add(self, operation: str, fault: Fault, times: int) -> None:
        """Let the next ``times`` calls of an operation fail so."""
        self._asked_for += 1
        waiting = Waiting(self._asked_for, operation, fault, times)
        self._waiting.setdefault(operation, []).append(waiting)

    def take(self, operation: str) -> Fault | None:
        """The fault of this call."""
        waiting = self._waiting.get(operation)
        if not waiting:
            return None
        first = waiting[0]
        first.times -= 1
        if not first.times:
            waiting.pop(0)
        return first.fault

    def to_come(self) -> list[Waiting]:
        """Those that are still to come, in the order they were asked for."""
        waiting = [each for several in self._waiting.values() for each in several]
        return sorted(waiting, key=lambda each: each.number)

    def clear(self, *, operation: str | None = None, number: int | None = None) -> None:
        """No more faults; with either, those of an operation, or the one of a number alone."""
        for name, waiting in self._waiting.items():
            if operation in (None, name):
                waiting[:] = [each for each in waiting if number not in (None, each.number)]


async def apply_before_call(fault: Fault, request: Request, clock: Clock) -> Response | None:
    """What a fault does before the call is looked at; a response ends the call."""
    import asyncio  # not by who only reaches the sandbox of another process

    await asyncio.sleep(fault.delay_seconds)
    if fault.drop:
        return Dropped()
    if fault.status is not None:
        response = _refusal(fault, fault.status, request, clock.now())
        given = {**fault.headers, ON_DEMAND: "as asked for"}
        response.headers.update({name.lower(): value for name, value in given.items()})
        return response
    return None


def _refusal(fault: Fault, status: int, request: Request, now: datetime) -> Response:
    if fault.body is not None:
        return Response(fault.body, status)
    refusal = BillError(status, (Problem(fault.code, fault.message),))
    return refusal.response(request.path, now)
