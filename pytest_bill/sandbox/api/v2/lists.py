"""v2's lists: ``start``, ``max``, ``filters`` and ``sort``.

Page: https://developer.bill.com/v2/docs/search-ops-with-lists. ``start`` is 0 and ``max`` 999 if
they are not given, and 999 is the most. All ``filters`` hold of what is found: each has a
``field``, an ``op`` (=, !=, <, <=, >, >=, in, nin or sw, the latter three as public clients report)
and a ``value``, for in and nin a list or a text with commas. ``sort`` goes by its first field, then
by the next. Here every field of an entity can be filtered and sorted by; which BILL lets is not
documented for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import (
    Anything,
    Boolean,
    Field,
    Integer,
    Many,
    Object,
    Text,
    truth,
)
from pytest_bill.sandbox.core.records import Record

LARGEST_MAX = 999

FILTER = Object({"field": Text(required=True), "op": Text(required=True), "value": Anything()})
SORT = Object({"field": Text(required=True), "asc": Anything()})
LIST: Mapping[str, Field] = {
    "start": Integer(minimum=0),
    "max": Integer(minimum=1, maximum=LARGEST_MAX),
    "filters": Many(FILTER),
    "sort": Many(SORT),
    "nested": Boolean(),
    "showAudit": Boolean(),
}
"""What is sent to ask for a list."""

_ORDERINGS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda value, bound: bool(value < bound),
    "<=": lambda value, bound: bool(value <= bound),
    ">": lambda value, bound: bool(value > bound),
    ">=": lambda value, bound: bool(value >= bound),
}
_OPERATORS = {"=", "!=", "in", "nin", "sw", *_ORDERINGS}
_TIMES = {"createdTime", "updatedTime"}

ValueOf = Callable[[Record, str], Any]
"""Gives a record's field as v2 answers it."""


def search(
    records: Sequence[Record], asked: Record, kinds: Mapping[str, Field], value_of: ValueOf
) -> list[Record]:
    """The records that ``asked`` asks for; ``kinds`` are the fields that there are."""
    found = list(records)
    for given in asked.get("filters", ()):
        holds = _predicate(given, kinds)
        name = given["field"]
        found = [each for each in found if holds(value_of(each, name))]
    for given in reversed(asked.get("sort", [])):
        name = given["field"]
        if name not in kinds:
            raise errors.bad_request(errors.invalid_parameter("sort", name))
        descending = not _truth(given.get("asc", True))
        found.sort(key=_sort_key(value_of, name), reverse=descending)
    start = asked.get("start", 0)
    return found[start : start + asked.get("max", LARGEST_MAX)]


def _predicate(given: Record, kinds: Mapping[str, Field]) -> Callable[[Any], bool]:
    name, operator = given["field"], given["op"]
    if name not in kinds:
        raise errors.bad_request(errors.invalid_filter_field(name))
    if operator not in _OPERATORS:
        raise errors.bad_request(errors.invalid_filter_operator(operator))
    wanted = given.get("value")
    if operator in {"in", "nin"}:
        listed = wanted if isinstance(wanted, list) else str(wanted or "").split(",")
        values = [_comparable(each, name, kinds[name]) for each in listed]
        return lambda value: (_comparable(value, name, kinds[name]) in values) == (operator == "in")
    if operator == "sw":
        return lambda value: value is not None and str(value).startswith(str(wanted or ""))
    bound = _comparable(wanted, name, kinds[name])
    if operator in {"=", "!="}:
        return lambda value: (_comparable(value, name, kinds[name]) == bound) == (operator == "=")
    ordered = _ORDERINGS[operator]
    return lambda value: (
        value is not None
        and bound is not None
        and ordered(_comparable(value, name, kinds[name]), bound)
    )


def _comparable(value: Any, name: str, kind: Field) -> Any:
    """A value as what it is compared as; BDC_1129 for one that the field cannot have."""
    if value is None or (value == "" and not isinstance(kind, Text)):
        return None
    if name in _TIMES:
        return _time(value, name)
    try:
        return kind.comparable(value)
    except ValueError:
        raise _refused(name, value) from None


def _time(value: Any, name: str) -> datetime:
    try:
        time = datetime.fromisoformat(str(value))
    except ValueError:
        raise _refused(name, value) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _truth(value: Any) -> bool:
    try:
        return truth(value)
    except ValueError:
        raise _refused("asc", value) from None


def _refused(name: str, value: Any) -> errors.BillError:
    return errors.bad_request(errors.invalid_parameter(name, value))


def _sort_key(value_of: ValueOf, name: str) -> Callable[[Record], tuple[bool, Any]]:
    def key(record: Record) -> tuple[bool, Any]:
        value = value_of(record, name)
        # BILL's ids and codes are texts, its amounts numbers: a field has values of one kind only.
        return (value is not None, value)

    return key
