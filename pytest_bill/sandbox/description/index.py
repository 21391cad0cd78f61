"""BILL's reference index: which operations there are, and since when this is known.

``reference_index.tsv`` has a row for each operation (area, method, path, operationId, page) and
says in its first lines, which begin with #, of what it is the index and from when.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pytest_bill.sandbox.description.dated_table import DatedTable

HELD = "held against"
"""What the first lines of an index say the day of."""
_TABLE = DatedTable("reference_index.tsv")
_PAGES = "list of pages"

Key = tuple[str, str]
"""A method, and a path without the names of its parameters: BILL's pages disagree about them."""


class Indexed(NamedTuple):
    """One row of an index of BILL's."""

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
    return [Indexed(*row) for row in _TABLE.rows()]


def as_of() -> str:
    """The day, yyyy-MM-dd, on which the index was last held against BILL's pages."""
    return _TABLE.said_of(HELD)


def pages_of() -> str:
    """The day, yyyy-MM-dd, of BILL's list of pages, llms.txt, that it was held against."""
    return _TABLE.said_of(_PAGES)
