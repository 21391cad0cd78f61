"""BILL's changelog since 2025, and what became of each entry here.

``changelog.tsv`` has a row for each entry: its day, its page (below
https://developer.bill.com/changelog/ unless it is a whole address), its title, its standing, the
operations that it names (their operationIds, or -), and what the standing rests on: the tests of
what is applied, else why it is not.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from pytest_bill.sandbox.description.dated_table import DatedTable

_TABLE = DatedTable("changelog.tsv")
_READ = "read"
_NONE = "-"


class Standing(enum.Enum):
    """What became of an entry."""

    APPLIED = "applied"
    NOT_APPLICABLE = "not applicable"
    OPEN = "open"


@dataclass(frozen=True)
class Entry:
    """One entry of BILL's changelog."""

    day: str
    page_url: str
    title: str
    standing: Standing
    operations: tuple[str, ...]
    tests: tuple[str, ...]
    """Of what is applied, each as pytest names it."""
    reason: str
    """Of what is not applied."""


def entries() -> list[Entry]:
    """The entries, the oldest first."""
    return [_entry(*row) for row in _TABLE.rows()]


def read_on() -> str:
    """The day, yyyy-MM-dd, on which the changelog was last read."""
    return _TABLE.said_of(_READ)


def _entry(day: str, page: str, title: str, standing: str, operations: str, basis: str) -> Entry:
    applied = standing == Standing.APPLIED.value
    return Entry(
        day,
        page if "://" in page else f"https://developer.bill.com/changelog/{page}",
        title,
        Standing(standing),
        () if operations == _NONE else tuple(operations.split()),
        tuple(basis.split()) if applied else (),
        "" if applied else basis,
    )
