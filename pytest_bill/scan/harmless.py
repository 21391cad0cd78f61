"""What stands in a secret's place and is none: placeholders, masks, templates, plain words, ids."""

from __future__ import annotations

import binascii
import math
import re
from collections import Counter

from pytest_bill.credentials import PLACEHOLDER_PREFIX

_PLACEHOLDER = re.compile(
    re.escape(PLACEHOLDER_PREFIX) + r"\w+|(?:bearer|basic|token)\s+" + PLACEHOLDER_PREFIX + r"\w+",
    re.IGNORECASE,
)
_MASK = re.compile(r"[*•●xX#.…-]{3,}\s?[0-9A-Za-z]{0,4}|[0-9]{0,6}[*•●xX#]{3,}[0-9]{0,4}")
_TEMPLATE = re.compile(
    r"\{\{.*\}\}|\{[^{}]*\}|<[^<>]*>|\$\{.*\}|\$[A-Za-z_]\w*|%\([A-Za-z_]\w*\)s|%[A-Za-z_]+%"
)
_SAID_SO = re.compile(
    r"(?=.*(?:redacted|filtered|removed|scrubbed|masked|hidden|sanitized|placeholder|dummy|fake|"
    r"example|sample|changeme|your|secret))[a-z\[\](){}<> _.-]{3,60}[0-9]{0,3}[\])}>]?|"
    r"[\w.+-]{1,60}@example\.(?:com|org|net)",
    re.IGNORECASE,
)
_NO_VALUE = frozenset({"", "none", "null", "nil", "undefined", "true", "false", "deleted"})

_BILL_ID = re.compile(r"[0-9a-z]{3}[0-9A-Z]{17}|[a-z]{2,5}_[0-9A-Za-z]{16,40}")
"""20 characters, of which 3 name the kind of record; Spend & Expense's begin with such a name.

Source: the examples of https://developer.bill.com/reference; the format is not documented.
"""
_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[1-8][0-9a-f]{3}-?[089ab][0-9a-f]{3}-?[0-9a-f]{12}")
_RELAY_ID = re.compile(r"[A-Z][A-Za-z]{2,30}:[\w-]{1,64}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{5,15}(?:Z|[+-][0-9:]{4,6})?)?")
_WORD_BREAK = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])")


def is_harmless(value: str) -> bool:
    """Whether a value in a secret's place is no secret: a placeholder, a mask, a template."""
    value = value.strip()
    if value.lower() in _NO_VALUE or _PLACEHOLDER.fullmatch(value) or _MASK.fullmatch(value):
        return True
    short = value[:200]
    return bool(_TEMPLATE.fullmatch(short) or (len(value) < 80 and _SAID_SO.fullmatch(value)))


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


def is_counted(value: str) -> bool:
    """Whether a value was made by counting or in pairs: ``0123456789``, ``998877``, ``abcdef``."""
    return bool(_COUNTED.search(value.lower()) or _PAIRS.fullmatch(value))


_PAIRS = re.compile(r"(?:(.)\1+)+")
_COUNTED = re.compile("012345|123456|234567|345678|456789|567890|987654|876543|765432|abcdef")


def entropy(text: str) -> float:
    """Shannon's entropy of a text, in bits per character."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())


_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")


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


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
