"""BILL's reference index: which operations there are, and since when this is known.

``reference_index.tsv`` has a row for each operation (area, method, path, operationId, page) and
says in its first lines, which begin with #, of what it is the index and from when.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "reference_index.tsv"
_HELD = "held against"
_PAGES = "list of pages"
_COMMENT = "#"

Key = tuple[str, str]
"""A method, and a path without the names of its parameters: BILL's pages disagree about them."""


@dataclass(frozen=True)
class Indexed:
    """One row of BILL's reference index."""

    area: str
    method: str
    path: str
    name: str
    page_url: str

    @property
    def key(self) -> Key:
        """The row's method and path."""
        return key(self.method, self.path)


def key(method: str, path: str) -> Key:
    """What an operation of the sandbox and a row of the index have in common."""
    return method, re.sub(r"\{\w+\}", "{}", path.removeprefix("/connect/").lstrip("/"))


def reference_index() -> list[Indexed]:
    """BILL's reference index."""
    rows = [line for line in _lines() if not line.startswith(_COMMENT)]
    return [Indexed(*line.split("\t")) for line in rows]


def as_of() -> str:
    """The day, yyyy-MM-dd, on which the index was last held against BILL's pages."""
    return _said_of(_HELD)


def pages_of() -> str:
    """The day, yyyy-MM-dd, of BILL's list of pages, llms.txt, that it was held against."""
    return _said_of(_PAGES)


def _said_of(what: str) -> str:
    for line in _lines():
        name, _, value = line.removeprefix(_COMMENT).strip().partition(": ")
        if name == what:
            return value
    raise ValueError(f"{_FILE.name} does not say in its first lines: {_COMMENT} {what}: yyyy-MM-dd")


@cache
def _lines() -> list[str]:
    return _FILE.read_text(encoding="utf-8").splitlines()
