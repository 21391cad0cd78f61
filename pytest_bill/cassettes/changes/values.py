"""What the values in recorded texts are: dates, ids that BILL made, or something that counts.

BILL's ids are opaque strings (https://developer.bill.com/docs/api-sandbox-sign-in); its samples
have 20 characters, UUIDs, or a prefix and 26 characters. So an id is told by the name of its field,
or by its look.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.placeholders import is_placeholder

_ISO_DATE = (
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"  # ISO 8601
)
_HTTP_DATE = r"[A-Z][a-z]{2}, \d\d[ -][A-Z][a-z]{2}[ -]\d{4} \d\d:\d\d:\d\d GMT"
_US_DATE = r"\d\d?/\d\d?/\d\d(?:\d\d)?"
_PIECE = late_pattern(
    rf"(?<![\w-])(?P<date>{_ISO_DATE}|{_HTTP_DATE}|{_US_DATE})(?![\w-])"
    r"|[A-Za-z0-9][\w-]*+={0,2}"
)
_FRACTION = late_pattern(r"\.\d+")
# BILL numbers payments, and hands out where the next page of a list begins.
_ID_NAME = late_pattern(
    r"(?:^|_)(?:id|ids|uuid|token)$|^(?:ID|UUID)$|[a-z0-9](?:Ids?|IDs?|Uuids?|UUID|Token)$"
    r"|^(?:confirmation|transaction|txn)Number$|^(?:next|prev)Page$"
)
_DATE_NAME = late_pattern(r"(?:^|_)(?:date|time|timestamp|at)$|(?:Date|Time|Timestamp|At|On)$")
_FIRST_EPOCH = 10**8
_UUID = late_pattern(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_BILLS = late_pattern(r"(?=[a-z]*[0-9A-Z])[0-9A-Za-z]{20}")
_PREFIXED = late_pattern(r"[a-z]+_[a-z0-9]{20,}")
_LONG = late_pattern(r"(?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])[\w-]{16,}={0,2}")
_ENUM = late_pattern(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_BASE64 = late_pattern(r"[A-Za-z0-9_-]{12,}={0,2}")
_NUMBERED = late_pattern(rb"[A-Za-z]\w*:\d+")
_SHORTEST_ID = 12
_LONGEST_KEPT = 256
_DIGIT = late_pattern(r"\d")
_NUMBER_AT_END = late_pattern(r"_\d+$")


class Piece(NamedTuple):
    """A word or a date in a text."""

    text: str
    is_date: bool


class Pieces(NamedTuple):
    """A text taken apart: what stands between the pieces, and the pieces."""

    between: tuple[str, ...]
    pieces: tuple[Piece, ...]


def taken_apart(text: str) -> Pieces:
    """The words and dates in a text."""
    # Short texts come again and again; long ones would fill the memory.
    return _short_taken_apart(text) if len(text) <= _LONGEST_KEPT else _taken_apart(text)


@lru_cache(maxsize=2**14)
def _short_taken_apart(text: str) -> Pieces:
    return _taken_apart(text)


def _taken_apart(text: str) -> Pieces:
    between, pieces, done = [], [], 0
    for found in _PIECE.finditer(text):
        between.append(text[done : found.start()])
        pieces.append(Piece(found[0], found["date"] is not None))
        done = found.end()
    return Pieces((*between, text[done:]), tuple(pieces))


def with_words(text: str, of: Callable[[str], str]) -> str:
    """A text with another word, or the same, for each word and date."""
    return _PIECE.sub(lambda found: of(found[0]), text)


def words_in(text: str) -> Iterator[str]:
    """The words and dates in a text."""
    for found in _PIECE.finditer(text):
        yield found[0]


@lru_cache(maxsize=2**14)
def date_form(date: str) -> str:
    """How a date is written; a fraction of a second may have any length."""
    form = _DIGIT.sub("0", _FRACTION.sub(".0", date))
    return form if "," not in form else "http"


def has_time(date: str) -> bool:
    """Whether a date tells the time of day, so that few things have the same."""
    return ":" in date


@lru_cache(maxsize=2**12)
def is_id_name(name: str) -> bool:
    """Whether a field of that name holds an id, or another value that BILL makes up."""
    return _ID_NAME.search(name) is not None


@lru_cache(maxsize=2**12)
def is_date_name(name: str) -> bool:
    """Whether a field of that name holds a time, if it holds a number."""
    return _DATE_NAME.search(name) is not None


def is_epoch(value: object) -> bool:
    """Whether a number may be a time: seconds or milliseconds since 1970."""
    return isinstance(value, int) and not isinstance(value, bool) and value > _FIRST_EPOCH


@lru_cache(maxsize=2**15)
def is_opaque(word: str) -> bool:
    """Whether a word looks like an id, whatever the name of its field."""
    if len(word) < _SHORTEST_ID or is_enum(word):
        return False
    looks = (_BILLS, _LONG, _UUID, _PREFIXED)
    return any(look.fullmatch(word) for look in looks) or _is_numbered(word)


def _is_numbered(word: str) -> bool:
    """Whether it is a kind and a number in base64, as Spend & Expense had its ids before."""
    if not _BASE64.fullmatch(word):
        return False
    try:
        return _NUMBERED.fullmatch(base64.b64decode(word, validate=True)) is not None
    except (binascii.Error, ValueError):
        return False


def is_enum(word: str) -> bool:
    """Whether a word looks like a value of an enumeration, or like a placeholder."""
    return ("_" in word or not _DIGIT.search(word)) and _ENUM.fullmatch(word) is not None


def may_be_id(word: str, name: str) -> bool:
    """Whether a word in a field of that name is an id that BILL made."""
    if is_opaque(word):
        return True
    if not is_id_name(name) or is_placeholder(word):
        return False
    # What is drawn may be letters only.
    return _DIGIT.search(word) is not None or (len(word) >= _SHORTEST_ID and "_" not in word)


def are_numbered_placeholders(one: str, other: str) -> bool:
    """Whether two placeholders differ in their number only: it says which came first in a run."""
    if not (is_placeholder(one) and is_placeholder(other)):
        return False
    return _NUMBER_AT_END.sub("", one) == _NUMBER_AT_END.sub("", other)
