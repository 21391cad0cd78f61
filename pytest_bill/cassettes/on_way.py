"""Which requests were sent and have no answer yet, since when; and which took longest.

What is played from a cassette is never here. Requests of processes that tests start are sent by
these, and are here when they have ended.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import NamedTuple, Protocol

from pytest_bill.environments import TOKENS_AT
from pytest_bill.printable import printable
from pytest_bill.urls import split

MOST_SLOWEST = 3
_ROOTS = ("/v3/", "/v2/", "/connect-events/")
"""Below which BILL's reference writes its paths: ``/v3/vendors``."""


class Took(NamedTuple):
    """A request that was sent, as it is shown, how many seconds it took, and the test that ran."""

    request: str
    seconds: float
    test: str


class Watcher(Protocol):
    """Who shows what is on its way; called in the thread that sends."""

    def begun(self, way: OnWay) -> None:
        """One more was sent."""

    def ended(self, way: OnWay, took: Callable[[], Took], status: int) -> None:
        """One has its answer, with that status; 0 where it has none."""


class OnWay:
    """The requests of a run that are on their way. Safe to use from threads."""

    def __init__(
        self,
        hide: Callable[[str], str] = str,
        test_now: Callable[[], str] = str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``hide`` hides the secrets of the run in a text."""
        self._hide = hide
        self._test_now = test_now
        self._monotonic = monotonic
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._sent: dict[int, tuple[tuple[str, str], float, str]] = {}
        self.slowest: list[Took] = []
        """Those that took longest, the longest first."""
        self.watcher: Watcher | None = None

    def begin(self, method: str, url: str) -> int:
        """A request is sent; the number is for ``end``, and is not 0."""
        number = next(self._numbers)
        with self._lock:
            self._sent[number] = (method, url), self._monotonic(), self._test_now()
        if self.watcher is not None:
            self.watcher.begun(self)
        return number

    def end(self, number: int, status: int = 0) -> None:
        """It has its answer, or failed; of a number that nobody knows nothing happens."""
        with self._lock:
            known = self._sent.pop(number, None)
        if known is None:
            return
        request, since, test = known
        self._ended(request, self._monotonic() - since, test, status)

    def add(self, method: str, url: str, seconds: float, status: int = 0) -> None:
        """Another process has sent a request for the test that runs: it took so long."""
        self._ended((method, url), seconds, self._test_now(), status)

    def _ended(self, request: tuple[str, str], seconds: float, test: str, status: int) -> None:
        def took() -> Took:
            return Took(self.shown(request), seconds, test)

        if len(self.slowest) < MOST_SLOWEST or seconds > self.slowest[-1].seconds:
            with self._lock:
                self.slowest = slowest([*self.slowest, took()])
        if self.watcher is not None:
            self.watcher.ended(self, took, status)

    @contextmanager
    def asking(self, method: str, url: str) -> Iterator[list[int]]:
        """The block in which a request is sent; its status is put into the list."""
        number, status = self.begin(method, url), [0]
        try:
            yield status
        finally:
            self.end(number, status[-1])

    def now(self) -> list[tuple[str, float]]:
        """What is on its way now, the oldest first, each with the seconds that it took so far."""
        with self._lock:
            sent, at = list(self._sent.values()), self._monotonic()
        return [(self.shown(request), at - since) for request, since, _ in sent]

    def shown(self, request: tuple[str, str]) -> str:
        """Method and path as BILL's reference writes them; of other links nothing is shown.

        A query's values may be anybody's. Nothing is learned here: to describe a request as
        messages do makes its tokens secrets of the run, and this one may be a test's own.
        """
        method, url = request
        try:
            path = split(url).path
        except ValueError:
            path = ""
        starts = [path.find(root) for root in _ROOTS if root in path]
        # Where OAuth tokens are handed out, the path is no secret.
        other = TOKENS_AT if path.endswith(TOKENS_AT) else "(a link)"
        shown = self._hide(path[min(starts) :]) if starts else other
        return printable(f"{method} {shown}")


def slowest(took: list[Took]) -> list[Took]:
    """Those that took longest, the longest first."""
    return sorted(took, key=lambda each: each.seconds, reverse=True)[:MOST_SLOWEST]
