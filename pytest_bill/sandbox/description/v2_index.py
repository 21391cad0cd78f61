"""BILL's reference index of v2: which operations there are, and since when this is known.

``v2_reference_index.tsv`` has a row for each operation, as ``reference_index.tsv`` has for v3:
area, method, path, operationId and page; its first lines, which begin with #, say of what it is the
index and from when. The area is v2, or v2-clients for what public clients call and no page of
BILL's describes.
"""

from __future__ import annotations

from collections.abc import Iterable

from pytest_bill.sandbox.core.errors import V2_PREFIX
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.description.dated_table import DatedTable
from pytest_bill.sandbox.description.index import HELD, Indexed

_TABLE = DatedTable("v2_reference_index.tsv")


def index() -> list[Indexed]:
    """Every operation of BILL's v2 reference, and those that public clients alone call."""
    return [Indexed(*row) for row in _TABLE.rows()]


def as_of() -> str:
    """The day, yyyy-MM-dd, on which the index was last held against BILL's documents."""
    return _TABLE.said_of(HELD)


def listed(operations: Iterable[Operation]) -> list[Indexed]:
    """The index, and those of the sandbox's v2 operations that it does not have."""
    rows = index()
    known = {(each.method, each.path) for each in rows}
    more = [
        Indexed("v2", each.method, each.path, each.name, each.page_url)
        for each in operations
        if each.path.startswith(V2_PREFIX) and (each.method, each.path) not in known
    ]
    return [*rows, *more]
