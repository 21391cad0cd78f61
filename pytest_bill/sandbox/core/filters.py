"""Filters of lists: which fields can be filtered on, and which records meet the ``filters``.

Source: https://developer.bill.com/docs/search-op-with-lists and, for the fields and operators of
each list, https://developer.bill.com/docs/filterable-fields. ``filters`` is a list, with commas, of
field:operator:value; a value may stand in double quotes, and then hold commas.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pytest_bill.patterns import late_pattern
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.records import Record, lookup

_OPERATORS: Mapping[str, Callable[[Any, Sequence[Any]], bool]] = {
    "eq": lambda value, given: bool(value == given[0]),
    "ne": lambda value, given: bool(value != given[0]),
    "gt": lambda value, given: bool(value > given[0]),
    "gte": lambda value, given: bool(value >= given[0]),
    "lt": lambda value, given: bool(value < given[0]),
    "lte": lambda value, given: bool(value <= given[0]),
    "in": lambda value, given: value in given,
    "nin": lambda value, given: value not in given,
    "sw": lambda value, given: str(value).startswith(str(given[0])),
}
_NEGATIONS = {"ne", "nin"}
# BILL orders dates and times only (https://developer.bill.com/docs/filterable-fields).
_ORDERINGS = {"gt", "gte", "lt", "lte"}
_TAKES_MANY = {"in", "nin"}
_TERM = late_pattern(r'([^:,"]+):([^:,"]+):("[^"]*"|[^,"]*)(?:,|$)')
_TEXTS = {True: "true", False: "false"}

Condition = Callable[[Record], bool]
"""Whether a record meets a term of the filters."""


def parsed_time(text: str) -> datetime:
    """A date or time in one of BILL's formats; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise errors.bad_request(errors.invalid_parameter("filters", text)) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class Filterable:
    """How a field can be filtered on."""

    operators: Collection[str]
    choices: Collection[str] = ()
    """The only values that it can be compared with, if there are any."""
    field: str = ""
    """What the records call it, if that is another name; a dot reaches into an object."""
    values: Callable[[Record], Collection[Any]] | None = None
    """What a record has there, in place of a field: a record may answer to several values, such as
    its two ids, or to none."""
    measure: Callable[[str], Any] = parsed_time
    """What operators of order compare of a text; BDC_1129 if it cannot be ordered."""

    def condition(self, name: str, operator: str, given: str) -> Condition:
        """What a term of the filters asks of a record."""
        if operator not in self.operators:
            raise errors.bad_request(errors.invalid_filter_operator(operator))
        wanted = given.split(",") if operator in _TAKES_MANY else [given]
        for each in wanted:
            if self.choices and each not in self.choices:
                raise errors.bad_request(errors.invalid_parameter("filters", each))
        values = self.values or _values_at(self.field or name)
        holds = _OPERATORS[operator]
        if operator in _ORDERINGS:
            limits = [self.measure(each) for each in wanted]
            return lambda record: any(holds(self.measure(each), limits) for each in values(record))
        # A negation holds if no value of the record is the given one, the others if one of them is.
        among = all if operator in _NEGATIONS else any
        return lambda record: among(holds(each, wanted) for each in values(record))


IDS = Filterable(("eq", "ne", "in"))
CLASSIFICATIONS = {
    f"classifications.{name}": IDS
    for name in ("accountingClassId", "departmentId", "locationId", "itemId")
}
"""Those of a bill or an invoice itself, not of its lines."""
FLAG = Filterable(("eq", "ne"), tuple(_TEXTS.values()))
TIMES = Filterable(("gt", "gte", "lt", "lte"))


def one_of(*choices: str) -> Filterable:
    """A field with a closed set of values, with every operator of equality."""
    return Filterable(("eq", "ne", "in", "nin"), choices)


def terms_of(filters: str) -> Iterator[tuple[str, str, str]]:
    """Field, operator and value of each term of ``filters``, the value without its quotes."""
    end = 0
    while end < len(filters):
        term = _TERM.match(filters, end)
        if term is None:
            raise errors.bad_request(errors.invalid_parameter("filters", filters))
        field, operator, value = term.groups()
        yield field, operator, value.strip('"')
        end = term.end()


def conditions_of(filters: str, filterable: Mapping[str, Filterable]) -> list[Condition]:
    """What each term of ``filters`` asks of a record; else BDC_1129, BDC_1130 or BDC_1131."""
    found = []
    for name, operator, value in terms_of(filters):
        rule = filterable.get(name)
        if rule is None:
            raise errors.bad_request(errors.invalid_filter_field(name))
        found.append(rule.condition(name, operator, value))
    return found


def _values_at(path: str) -> Callable[[Record], Collection[Any]]:
    def values(record: Record) -> Collection[Any]:
        value = lookup(record, path)
        if value is None:
            return ()
        return (_TEXTS[value] if isinstance(value, bool) else value,)

    return values
