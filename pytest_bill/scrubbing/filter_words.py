"""What people put in a secret's place when they filter a recording: REDACTED, <KEY>, ****."""

from __future__ import annotations

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.placeholders import is_placeholder

_MASK = late_pattern(r"[\W_xX]{3,}")
_IN_BRACKETS = late_pattern(r"<[^<>]*>|\[[^\[\]]*\]|\{+[^{}]*\}+|\$\{?\w+\}?|%\w+%")
_WORD_BREAK = late_pattern(r"[\W_\d]+|(?<=[a-z])(?=[A-Z])")
_WORDS = frozenset(
    {"redacted", "filtered", "scrubbed", "sanitized", "removed", "masked", "hidden", "dummy"}
    | {"fake", "placeholder", "changeme", "test", "testing", "example", "sample", "anonymized"}
    | {"none", "null", "secret"}
)
_BILL_ID = late_pattern(r"[0-9a-z]{3}[0-9A-Z]{17}")
"""The form of BILL's ids in the examples of its reference; a word may stand in one by chance."""
_LONGEST = 80


def is_filtered(value: str) -> bool:
    """Whether a value is nothing, one of our placeholders, or says that it was put there."""
    if not value or is_placeholder(value):
        return True
    if len(value) > _LONGEST or _BILL_ID.fullmatch(value):
        return False
    if _MASK.fullmatch(value) or _IN_BRACKETS.fullmatch(value):
        return True
    return not _WORDS.isdisjoint(word.lower() for word in _WORD_BREAK.split(value) if word)
