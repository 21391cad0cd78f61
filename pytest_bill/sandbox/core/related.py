"""What other records say of a record, for filters: the statuses of its bills, of a vendor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection

from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

Values = Callable[[Record], Collection[str]]
"""What a record has there; see ``Filterable.values``."""


def values_of(table: str, belongs_to: str, field: str) -> Callable[[Call], Values]:
    """What the records of ``table`` that are not archived have in ``field``.

    ``belongs_to`` is the field with the id of the record that is looked at.
    """

    def values(call: Call) -> Values:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for each in call.table(table).values():
            if not each["archived"]:
                found[each[belongs_to]].add(each[field])
        return lambda record: found.get(record["id"], ())

    return values
