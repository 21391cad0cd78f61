"""Answers that say "come again": BILL's limits, and how long to wait.

By developer key: 20,000 calls and 200 sign-ins an hour, BDC_1144 until the next hour begins. By
developer key and organization: 3 calls at once, BDC_1322 until one is done; BILL asks for an
exponential backoff. Source: https://developer.bill.com/docs/api-rate-limits. Their HTTP status is
not documented, and v2 answers HTTP 200 whatever happened. 429, 503 and ``Retry-After`` are HTTP's
(RFC 9110 and 6585); whether BILL sends that header is not documented.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pytest_bill.bill_errors import problems_in
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern

CALLS_IN_PERIOD = "BDC_1144"
CALLS_AT_ONCE = "BDC_1322"
LIMIT_CODES = frozenset({CALLS_IN_PERIOD, CALLS_AT_ONCE})
_STATUSES = frozenset({429, 503})
_SECONDS = late_pattern(r"\s*([0-9]{1,9})\s*")


def limit_codes(answered: Interaction) -> frozenset[str]:
    """The limits of BILL's that an answer names; its body is one that can be read."""
    problems = problems_in(answered.status, answered.answer_body)
    return LIMIT_CODES & {problem.code for problem in problems}


def says_come_again(answered: Interaction) -> bool:
    """Whether the same request may be answered, if it is only sent again later."""
    return answered.status in _STATUSES or bool(limit_codes(answered))


def seconds_to_wait(answered: Interaction, now: datetime) -> float | None:
    """How long to wait as the answer says: seconds, or until a date; None where it does not."""
    return _seconds(answered.answer_header("retry-after"), now)


def next_hour(now: datetime) -> datetime:
    """When the next hour begins, and with it BILL's limits by the hour."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _seconds(text: str, now: datetime) -> float | None:
    plain = _SECONDS.fullmatch(text)
    if plain is not None:
        return float(plain[1])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
