"""What is asked again where BILL says "come again", when, and how often.

urllib3's ``Retry`` counts and knows the backoff, which is exponential as BILL's page on limits asks
(https://developer.bill.com/docs/api-rate-limits). Asked again are reads, sign-ins, and requests
with an idempotent key where BILL documents one
(https://developer.bill.com/docs/bill-webhook-api-general-rules): never a payment, nor anything else
that writes. And only where there was no connection, or where the answer is 429, 503, or names one
of BILL's limits. Nobody waits long, and who waits says so.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import requests
from urllib3.exceptions import MaxRetryError
from urllib3.util.retry import Retry

from pytest_bill.cassettes import times
from pytest_bill.cassettes.decoding import readable
from pytest_bill.environments import Environment, answerer
from pytest_bill.interaction import Interaction

LONGEST_WAIT = 60.0
"""Seconds. A limit by the minute has passed by then; one by the hour is not waited for."""
LONGEST_WAITS = 180.0
"""Seconds that all waits of a process take together at most."""

_MOST_TIMES = 4
_SHORTEST_WAIT = 1.0
_RANDOM = secrets.SystemRandom()
"""Not the seeded one, which is the same in each worker."""
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_IDEMPOTENT_KEY = "x-idempotent-key"


def is_repeatable(
    method: str, url: str, headers: Mapping[str, str], environment: Environment
) -> bool:
    """Whether a request may be sent twice: it reads, or BILL takes its second for its first."""
    if method.upper() in _READS:
        return True
    has_key = any(name.lower() == _IDEMPOTENT_KEY and headers[name] for name in headers)
    return has_key and url.startswith(environment.events + "/")


class Retrying:
    """Asks again, in one process of a run. Safe to use from threads."""

    def __init__(
        self,
        tell: Callable[[str], object] = str,
        *,
        # As they are now: a test may replace them.
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = times.now,
        jitter: Callable[[], float] = _RANDOM.random,
    ) -> None:
        """``tell`` is given a line before each wait; ``jitter`` parts those who wait at once."""
        self._tell = tell
        self._sleep = sleep
        self._now = now
        self._jitter = jitter
        self._left = LONGEST_WAITS

    def answer(
        self, request: str, send: Callable[[], Interaction], *, is_near: bool = False
    ) -> Interaction:
        """The answer to a request that may be repeated, the last one where BILL was asked again.

        ``request`` is what is told of it. Where it ``is_near``, on this machine, nobody will be
        there in a moment who is not there now.

        Raises:
            requests.RequestException: as ``send``, the last time.
        """
        policy = Retry(_MOST_TIMES - 1, allowed_methods=None, backoff_factor=1)
        while True:
            tried = _Try.of(send)
            if not tried.is_to_be_repeated or (is_near and tried.answered is None):
                return tried.result()
            try:
                policy = policy.increment()
            except MaxRetryError:
                return tried.result()
            if not self._waits(request, tried, policy):
                return tried.result()

    def _waits(self, request: str, tried: _Try, policy: Retry) -> bool:
        """Wait, and say so; where that is too long, say that."""
        seconds = tried.seconds_to_wait(self._now())
        if seconds is None:
            seconds = max(policy.get_backoff_time(), _SHORTEST_WAIT) + self._jitter()
        if seconds > min(LONGEST_WAIT, self._left):
            self._tell(f"{request}: {tried.why}; {seconds:.0f} s is too long to wait for here")
            return False
        self._left -= seconds
        count = len(policy.history) + 1
        self._tell(
            f"{request}: {tried.why}; waiting {seconds:.0f} s, then asking again "
            f"({count} of {_MOST_TIMES})"
        )
        self._sleep(seconds)
        return True


@dataclass(frozen=True, repr=False)
class _Try:
    """What came of sending a request once: an answer, or a failure."""

    answered: Interaction | None = None
    failure: requests.RequestException | None = None

    @classmethod
    def of(cls, send: Callable[[], Interaction]) -> _Try:
        try:
            return cls(answered=send())
        except requests.RequestException as error:
            return cls(failure=error)

    def result(self) -> Interaction:
        """The answer; where there is none, the failure is raised, without those before it."""
        if self.answered is None:
            raise self.failure or RuntimeError("neither an answer nor a failure")
        return self.answered

    @property
    def is_to_be_repeated(self) -> bool:
        if self.answered is not None:
            from pytest_bill.limits import says_come_again

            # The local sandbox answers what a test told it to.
            return says_come_again(readable(self.answered)) and not _is_local(self.answered)
        from pytest_bill.sessions.network_faults import was_never_sent

        return self.failure is not None and was_never_sent(self.failure)

    @property
    def why(self) -> str:
        if self.answered is None:
            from pytest_bill.sessions.network_faults import in_words

            return f"BILL was not reached: {in_words(self.failure)}" if self.failure else ""
        from pytest_bill.limits import limit_codes

        codes = " ".join(sorted(limit_codes(readable(self.answered))))
        said = f"HTTP {self.answered.status} {codes}".rstrip()
        return f"BILL says to come again ({said})"

    def seconds_to_wait(self, now: datetime) -> float | None:
        """How long BILL asks to wait; None where it does not say."""
        if self.answered is None:
            return None
        from pytest_bill.limits import CALLS_IN_PERIOD, limit_codes, next_hour, seconds_to_wait

        asked = seconds_to_wait(self.answered, now)
        if asked is None and CALLS_IN_PERIOD in limit_codes(readable(self.answered)):
            return (next_hour(now) - now).total_seconds()
        return asked


def _is_local(answered: Interaction) -> bool:
    return answerer(answered.url, answered.answer_header("server")) == "local"
