"""BILL's tables of the fields that lists are filtered by, as the Markdown of its pages has them.

https://developer.bill.com/docs/filterable-fields.md, and entries of the changelog: under a heading
that names the records is a table of fields and operators; a field that not all of these records
have names its own in brackets, such as ``dueDate`` (Bills).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_PARTS = re.compile(
    r"^#+ (?P<heading>[^\n]+)$|<tr>(?P<row>.*?)</tr>|^\|(?P<pipe>[^\n]+)\|\s*$",
    re.DOTALL | re.MULTILINE,
)
_CELL = re.compile(r"<td>(.*?)</td>", re.DOTALL)
_FIELD = re.compile(r"`([\w.]+)`(?:\s*\(([^)]+)\))?")
_OPERATOR = re.compile(r"`(\w+)`\s*\(")
_OPERATORS = frozenset({"eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "sw"})


@dataclass(frozen=True)
class Filter:
    """A field, and how the lists of some records are filtered by it."""

    records: str
    """The records, in BILL's words, which may be several kinds: "Vendors and Customers"."""
    field: str
    operators: frozenset[str]


def read(text: str) -> tuple[Filter, ...]:
    """The filters of a page."""
    return tuple(_filters(text))


def _filters(text: str) -> Iterator[Filter]:
    heading = ""
    for part in _PARTS.finditer(text):
        if part["heading"]:
            heading = part["heading"].strip()
            continue
        cells = _CELL.findall(part["row"]) if part["row"] else (part["pipe"] or "").split("|")
        if len(cells) != 2:
            continue
        operators = frozenset(_OPERATOR.findall(cells[1]))
        if operators and operators <= _OPERATORS:
            for field, of in _FIELD.findall(cells[0]):
                yield Filter(of or heading, field, operators)


def kinds_in(words: str, known: Collection[str]) -> list[str]:
    """Which of the known kinds of records are named; "Recurring bills" does not name "Bills"."""
    left, found = words.lower(), []
    for kind in sorted(known, key=len, reverse=True):
        shorter = re.sub(rf"\b{re.escape(kind.lower())}\b", " ", left)
        if shorter != left:
            found.append(kind)
        left = shorter
    return sorted(found)
