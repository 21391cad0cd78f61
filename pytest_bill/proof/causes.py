"""Why a recording did not replay, in words: the likely cause, and what to do.

What is told is what can be seen from outside: which request had no answer, in which values it
differs from the recorded one, and how the test ended otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from pytest_bill.cassettes.differences import Difference
from pytest_bill.cassettes.use import Miss
from pytest_bill.patterns import late_pattern
from pytest_bill.proof.replay import Replay


@dataclass(frozen=True)
class Cause:
    """The likely cause of a recording that does not replay, and what to do."""

    what: str
    remedy: str


LOST = Cause(
    "a request was answered after the test had ended, or never, so nothing of it is recorded.",
    "Join the thread, task or process before the test ends.",
)
CLOCK = Cause(
    "a value of the clock is in the request.",
    "Give the code a fixed time in the test, or freeze the clock (time-machine, freezegun).",
)
UUID = Cause(
    "a new uuid is in the request.",
    "Give the code a fixed one in the test (monkeypatch uuid.uuid4).",
)
RANDOM = Cause(
    "a value of a random generator is in the request.",
    "Seed the generator in the test, or give the code a fixed value.",
)
HASH_ORDER = Cause(
    "the request holds the same values in another order, as those of a set.",
    "Sort them before they are sent.",
)
NEVER_RECORDED = Cause(
    "a request that was never recorded: in the replay the code takes another way.",
    "Look for what it decides by: a cache, a file, a variable, the clock, an answer come late.",
)
ASKED_AGAIN = Cause(
    "the request is asked for more often than it was recorded: for another test it was cached, or "
    "the code asks until something is so.",
    "Clear the cache before each test, or ask a fixed number of times.",
)
OTHER_ID = Cause(
    "the request names another record than the recorded one: it chose it by what is not recorded.",
    "Choose the record by what BILL answers in this test, or create it in the test.",
)
NOT_PLAYED = Cause(
    "in the replay the code asks for less than was recorded.",
    "Look for what it decides by: a cache that another test has filled, a file, the clock.",
)
TEST_ORDER = Cause(
    "the test depends on the tests that ran before it: in the order of the recording it passes.",
    "Move what it needs into a fixture; a test alone, and in any order, has to replay.",
)
USED_UP = Cause(
    "the test needs something that was there only once: its first run has taken it away.",
    "Make it in the test or in a fixture (tmp_path), each time.",
)
VARIABLE = Cause(
    "the code needs a variable that a replay does not have.",
    "Let the fixture bill_environ set it (bill_config['environ']), or give it a default.",
)
ANSWER_ORDER = Cause(
    "the same request was answered differently, and these answers were played in another order.",
    "Ask one after the other where the order matters; answers are played as they were recorded.",
)
STAND_IN = Cause(
    "the test compares or computes with data that is recorded as stand-ins.",
    "Compare with what the test sent itself, or switch the kind off in bill_config['stand_ins'].",
)
NOT_COLLECTED = Cause(
    "the second run did not find the test: its name depends on the clock, on chance or on a file.",
    "Give its parameters fixed ids.",
)
UNKNOWN = Cause(
    "the test depends on something that is not recorded: a file, a variable, another test's state, "
    "the clock, the time zone.",
    "Run it again without --bill-record-mode, with TZ set to another zone, to see it fail.",
)

_UUID = late_pattern(r"\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b", re.IGNORECASE)
_TIME = late_pattern(
    r"\d{4}-\d{2}(?:-\d{2})?"
    r"(?:[T ]\d{2}[:.]?\d{2}(?:[:.]?\d{2})?(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?"
    r"|\d{1,2}/\d{1,2}/\d{2,4}|\b20\d{6}(?:T?\d{4,6}Z?)?\b|\b\d{1,2}:\d{2}(?::\d{2})?\b"
    r"|\b1[6-9]\d{8}(?:\d{3}){0,3}(?:\.\d+)?\b"
    r"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
)
_BILLS_ID = late_pattern(r"^[0-9A-Za-z]{20}$|^[a-z]{3,}_[A-Za-z0-9]{8,}$")
_TOKEN = late_pattern(r"[A-Za-z0-9_-]{6,}|\d+(?:\.\d+)?")
_WORD = late_pattern(r"[^\s,;|&:=]+")
_NAME = late_pattern(r"\b(?:BILL_[A-Z_]+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b")


def likely_cause(
    replay: Replay,
    *,
    is_lost: bool = False,
    passes_in_order: bool = False,
    has_stand_ins: bool = False,
    repeats: bool = False,
) -> Cause:
    """The likely cause that a test did not pass when it was replayed.

    ``is_lost`` says that the recording lacks a request, ``passes_in_order`` that the test passes
    where the tests run in the order of the recording, ``has_stand_ins`` that its cassette holds
    some, and ``repeats`` that it holds different answers to the same request.
    """
    if is_lost:
        return LOST
    if not replay.outcome:
        return NOT_COLLECTED
    if passes_in_order:
        return TEST_ORDER
    for miss in replay.misses:
        return _cause_of_miss(miss)
    if replay.outcome == "skipped":
        return NOT_PLAYED
    error = replay.error
    if error.startswith(("FileNotFoundError", "NotADirectoryError")):
        return USED_UP
    if "MissingCredentials" in error or (error.startswith("KeyError") and _NAME.search(error)):
        return VARIABLE
    if "AssertionError" in error or error.startswith("assert "):
        if repeats:
            return ANSWER_ORDER
        if has_stand_ins:
            return STAND_IN
    return NOT_PLAYED if replay.unplayed else UNKNOWN


def _cause_of_miss(miss: Miss) -> Cause:
    if not miss.nearest:
        return NEVER_RECORDED
    if not miss.differences:
        return ASKED_AGAIN
    for difference in miss.differences:
        cause = cause_of_difference(difference)
        if cause is not None:
            return cause
    if all(each.part in ("path", "uri") for each in miss.differences):
        return OTHER_ID if _same_but_ids(miss) else NEVER_RECORDED
    return NEVER_RECORDED


def cause_of_difference(difference: Difference) -> Cause | None:
    """What may have made two values different; None where nothing is to be seen."""
    now, recorded = difference.now, difference.recorded
    for pattern, cause in ((_UUID, UUID), (_TIME, CLOCK)):
        if _differ_in(pattern, now, recorded):
            return cause
    if Counter(_WORD.findall(now)) == Counter(_WORD.findall(recorded)):
        return HASH_ORDER
    if _look_random(now, recorded) and difference.part not in ("path", "uri"):
        return RANDOM
    return None


def _differ_in(pattern: re.Pattern[str], now: str, recorded: str) -> bool:
    """Whether two texts are the same but for what the pattern finds in both."""
    return bool(
        pattern.search(now)
        and pattern.search(recorded)
        and pattern.sub("#", now) == pattern.sub("#", recorded)
    )


def _look_random(now: str, recorded: str) -> bool:
    """Whether two texts differ in words of letters and digits, or in numbers, of one form only."""
    ours, theirs = _TOKEN.findall(now), _TOKEN.findall(recorded)
    if len(ours) != len(theirs) or _TOKEN.sub("#", now) != _TOKEN.sub("#", recorded):
        return False
    pairs = [(one, other) for one, other in zip(ours, theirs, strict=True) if one != other]
    return bool(pairs) and all(
        (one.replace(".", "").isdecimal() and other.replace(".", "").isdecimal())
        or (len(one) == len(other) and any(map(str.isdecimal, one + other)))
        or (len(one) == len(other) >= 8)
        for one, other in pairs
    )


def _same_but_ids(miss: Miss) -> bool:
    now, recorded = miss.request.split("/"), miss.nearest.split("/")
    if len(now) != len(recorded):
        return False
    return all(
        one == other or (_BILLS_ID.match(one) and _BILLS_ID.match(other))
        for one, other in zip(now, recorded, strict=True)
    )
