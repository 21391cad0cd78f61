"""BILL's changelog since 2025, and what became of each entry here.

``changelog.tsv`` has a row for each entry: its day, its page (below
https://developer.bill.com/changelog/ unless it is a whole address), its title, its standing, the
operations that it names (their operationIds, or -), and what the standing rests on: the tests of
what is applied, else why it is not.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "changelog.tsv"
_COMMENT = "#"
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
    return [_entry(line) for line in _lines() if not line.startswith(_COMMENT)]


def read_on() -> str:
    """The day, yyyy-MM-dd, on which the changelog was last read."""
    for line in _lines():
        name, _, value = line.removeprefix(_COMMENT).strip().partition(": ")
        if name == _READ:
            return value
    raise ValueError(f"{_FILE.name} does not say when BILL's changelog was {_READ}")


def _entry(line: str) -> Entry:
    day, page, title, standing, operations, basis = line.split("\t")
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


@cache
def _lines() -> list[str]:
    return _FILE.read_text(encoding="utf-8").splitlines()
