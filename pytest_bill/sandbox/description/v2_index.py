"""BILL's reference index of v2: which operations there are, and since when this is known.

``v2_reference_index.tsv`` has a row for each operation, as ``reference_index.tsv`` has for v3:
area, method, path, operationId and page; its first lines, which begin with #, say of what it is the
index and from when. The area is v2, or v2-clients for what public clients call and no page of
BILL's describes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pytest_bill.sandbox.core.errors import V2_PREFIX
from pytest_bill.sandbox.core.operations import Operation

_FILE = Path(__file__).parent / "v2_reference_index.tsv"
_HELD = "held against"
_COMMENT = "#"

Row = tuple[str, str, str, str, str]
"""Area, method, path, name and the page's address."""


def index() -> list[Row]:
    """Every operation of BILL's v2 reference, and those that public clients alone call."""
    found: list[Row] = []
    for line in _lines():
        if not line.startswith(_COMMENT):
            area, method, path, name, page_url = line.split("\t")
            found.append((area, method, path, name, page_url))
    return found


def as_of() -> str:
    """The day, yyyy-MM-dd, on which the index was last held against BILL's documents."""
    for line in _lines():
        name, _, value = line.removeprefix(_COMMENT).strip().partition(": ")
        if name == _HELD:
            return value
    raise ValueError(f"{_FILE.name} does not say when it was {_HELD} BILL's documents")


def listed(operations: Iterable[Operation]) -> list[Row]:
    """The index, and those of the sandbox's v2 operations that it does not have."""
    rows = index()
    known = {(method, path) for _, method, path, *_ in rows}
    more = [
        ("v2", each.method, each.path, each.name, each.page_url)
        for each in operations
        if each.path.startswith(V2_PREFIX) and (each.method, each.path) not in known
    ]
    return [*rows, *more]


@cache
def _lines() -> list[str]:
    return _FILE.read_text(encoding="utf-8").splitlines()
