"""How often and how many at once: BILL's limits per developer key and organization.

Source: https://developer.bill.com/docs/common-api-error-codes and
https://developer.bill.com/docs/faq: 20,000 calls an hour (200 sign-ins an hour) per developer key,
BDC_1144, and 3 calls at once per developer key and organization, BDC_1322. Spend & Expense: 60
calls a minute per token.

Not documented, and simplified: an hour is one of the clock, the HTTP status is 429.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.clock import Clock

CALLS_AN_HOUR = 20_000
SIGN_INS_AN_HOUR = 200
CALLS_AT_ONCE = 3


class Limits:
    """Counts calls by who makes them. Used by the server's loop alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since = clock.now()
        self._calls: Counter[str] = Counter()
        self._running: Counter[str] = Counter()

    def count(self, caller: str, most: int) -> None:
        """One more call of `caller` this hour; BDC_1144 beyond `most`."""
        now = self._clock.now()
        if now - self._since >= timedelta(hours=1):
            self._calls.clear()
            self._since = now
        self._calls[caller] += 1
        if self._calls[caller] > most:
            raise errors.too_many_calls()

    @contextmanager
    def running(self, caller: str) -> Iterator[None]:
        """While a call of `caller` runs; BDC_1322 if too many do already."""
        if self._running[caller] >= CALLS_AT_ONCE:
            raise errors.too_many_at_once()
        self._running[caller] += 1
        try:
            yield
        finally:
            self._running[caller] -= 1
