"""What stands in a secret's place and is none: placeholders, masks, templates, plain words, ids."""

from __future__ import annotations

import binascii
import math
import re
from collections import Counter

from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.patterns import late_pattern

_PLACEHOLDER = late_pattern(
    re.escape(PLACEHOLDER_PREFIX) + r"\w+|(?:bearer|basic|token)\s+" + PLACEHOLDER_PREFIX + r"\w+",
    re.IGNORECASE,
)
_MASK = late_pattern(r"[*•●xX#.…-]{3,}\s?[0-9A-Za-z]{0,4}|[0-9]{0,6}[*•●xX#]{3,}[0-9]{0,4}")
_TEMPLATE = late_pattern(
    r"\{\{.*\}\}|\{[^{}]*\}|<[^<>]*>|\$\{.*\}|\$[A-Za-z_]\w*|%\([A-Za-z_]\w*\)s|%[A-Za-z_]+%"
)


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as a text."""
    return frozenset(text.split())


_OF_EXAMPLES = late_pattern(
    r"[\w.+-]{1,60}@(?:[\w-]{1,40}\.)?example\.(?:com|org|net)", re.IGNORECASE
)
_SAID_SO = frozenset(
    {"redacted", "filtered", "scrubbed", "sanitized", "placeholder", "dummy", "fake", "changeme"}
)
"""No word of a passphrase: a value of words with one of these is what somebody put in its place."""
_SAID_AMONG_OTHERS = frozenset(
    {"removed", "masked", "hidden", "example", "sample", "your", "secret"}
)
_DESCRIBING = word_set(
    "bill dev developer key session id token api app partner console spend password pass user "
    "name username login email org organization value here my the a an is by vcr cassette in "
    "for of from"
)
_NO_VALUE = frozenset({"", "~", "none", "null", "nil", "undefined", "true", "false", "deleted"})

_BILL_ID = late_pattern(r"[0-9a-z]{3}[0-9A-Z]{17}|[a-z]{2,5}_[0-9A-Za-z]{16,40}")
"""20 characters, of which 3 name the kind of record; Spend & Expense's begin with such a name.

Source: the examples of https://developer.bill.com/reference; the format is not documented.
"""
_UUID = late_pattern(
    r"[0-9a-f]{8}-?[0-9a-f]{4}-?[1-8][0-9a-f]{3}-?[089ab][0-9a-f]{3}-?[0-9a-f]{12}"
)
_RELAY_ID = late_pattern(r"[A-Z][A-Za-z]{2,30}:[\w-]{1,64}")
_DATE = late_pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{5,15}(?:Z|[+-][0-9:]{4,6})?)?")
_WORD_BREAK = late_pattern(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])")


def is_no_secret(value: str) -> bool:
    """Whether a value in a secret's place is no secret: a placeholder, a mask, a template."""
    value = value.strip()
    if value.lower() in _NO_VALUE or _PLACEHOLDER.fullmatch(value) or _MASK.fullmatch(value):
        return True
    if _TEMPLATE.fullmatch(value[:200]):
        return True
    return len(value) < 80 and (_OF_EXAMPLES.fullmatch(value) is not None or _says_so(value))


_WORDS_ONLY = late_pattern(r"[\[({<*_ .-]{0,3}[A-Za-z][A-Za-z _.-]{2,60}[0-9]{0,3}[\])}>*_]{0,3}")


def _says_so(value: str) -> bool:
    """Whether a value says in words that it is none, with at most three digits behind them."""
    if not _WORDS_ONLY.fullmatch(value):
        return False
    said = {word for word in words_of(value) if not word.isdecimal()}
    if not said.isdisjoint(_SAID_SO):
        return True
    return not said.isdisjoint(_SAID_AMONG_OTHERS) and said <= _SAID_AMONG_OTHERS | _DESCRIBING


def words_of(value: str) -> list[str]:
    """The words and numbers of a text, in lower case: ``myDevKey-1`` has four."""
    return [word.lower() for word in _WORD_BREAK.split(value[:400]) if word]


def is_id(value: str) -> bool:
    """Whether a value has the form of a BILL id, a UUID, or a date: random, but no secret."""
    if _BILL_ID.fullmatch(value) or _UUID.fullmatch(value.lower()) or _DATE.fullmatch(value):
        return True
    plain = decoded_base64(value) if len(value) <= 128 else None
    return plain is not None and _RELAY_ID.fullmatch(plain) is not None


def is_generated(value: str) -> bool:
    """Whether a value looks made by a machine: long, of mixed characters, no words."""
    if len(value) < 12 or not any(map(str.isdigit, value)) or not any(map(str.isalpha, value)):
        return False
    if any(map(str.isspace, value)) or is_id(value):
        return False
    parts = [part for part in _WORD_BREAK.split(value[:200]) if part]
    wordy = sum(len(part) for part in parts if part.isalpha() and len(part) >= 4)
    return wordy < len(value[:200]) / 2 and entropy(value[:200]) >= 3


_PAIRS = late_pattern(r"(?:(.)\1+)+")
_COUNTED = late_pattern("012345|123456|234567|345678|456789|567890|987654|876543|765432|abcdef")


def is_counted(value: str) -> bool:
    """Whether a value was made by counting or in pairs: ``0123456789``, ``998877``, ``abcdef``."""
    return bool(_COUNTED.search(value.lower()) or _PAIRS.fullmatch(value))


def entropy(text: str) -> float:
    """Shannon's entropy of a text, in bits per character."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())


_BASE64 = late_pattern(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_CONTROL = late_pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")


def decoded_base64(value: str) -> str | None:
    """The text that a value holds in base64 (also URL-safe), or None where it holds none."""
    if len(value) < 16 or not _BASE64.fullmatch(value) or _BILL_ID.fullmatch(value):
        return None
    if "-" in value or "_" in value:
        value = value.replace("-", "+").replace("_", "/")
    try:
        text = binascii.a2b_base64(value + "=" * (-len(value) % 4)).decode("utf-8")
    except ValueError:
        return None
    return None if _CONTROL.search(text) else text
