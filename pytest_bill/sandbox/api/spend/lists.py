"""Lists of Spend & Expense: ``max``, ``nextPage``, ``prevPage``, ``sort`` and ``filters``.

Pages: https://developer.bill.com/hc/reference/budgets and the reference pages of the other lists.

A list takes ``max`` (1 to 100, 20 by default) and answers ``results``, and ``nextPage`` and
``prevPage`` where there are such pages. Unlike the other v3 lists, it takes them back in query
parameters of their own names. ``filters`` is written as in ``lists``, ``sort`` is one field:asc or
field:desc. BILL's Postman collection also sorts by a field alone; here that is ascending. Unknown
query parameters are ignored, as public clients see it.

Not documented, and so in line with the rest of v3 here: the codes of refusals, HTTP 400 for a
refused query parameter, for a token of the wrong list and for a token sent with other filters than
it was made for.

BILL's pages say that what was deleted is not in the list, and that lists can be filtered on
``retired`` (cards: on the ``status`` DELETED): here only a list with that filter holds what was
deleted. Public clients sort retired records out themselves, as if they had seen some.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from pytest_bill.sandbox.core import errors, lists
from pytest_bill.sandbox.core.filters import Condition, Filterable, conditions_of, terms_of
from pytest_bill.sandbox.core.operations import Call, Query
from pytest_bill.sandbox.core.records import Record

Sortable = Mapping[str, Callable[[Record], Any]]
"""What a list can be sorted by: a field's name, and what a record has there."""


def by_text(name: str, *operators: str, choices: Collection[str] = ()) -> Filterable:
    """A filter on the text that records have under ``name``."""
    return Filterable(
        operators or ("eq",), choices, values=lambda record: _present(record.get(name))
    )


def by_flag(name: str) -> Filterable:
    """A filter on the boolean that records have under ``name``."""
    return Filterable(
        ("eq",),
        ("true", "false"),
        values=lambda record: ("true",) if record.get(name) else ("false",),
    )


def by_ids(*prefixes: str, operators: Collection[str] = ("eq", "in")) -> Filterable:
    """A filter on ids, old ones and uuids alike; ``prefixes`` as in "user" for ``userId``,
    ``userUuid``.

    Without a prefix it is the record's own.
    """
    names = [
        name
        for prefix in prefixes or ("",)
        for name in ((f"{prefix}Id", f"{prefix}Uuid") if prefix else ("id", "uuid"))
    ]
    return Filterable(
        operators, values=lambda record: [record[name] for name in names if name in record]
    )


def by_number(name: str) -> Filterable:
    """A filter on the least and the greatest number that records have under ``name``."""
    return Filterable(
        ("lte", "gte"), values=lambda record: _present(record.get(name)), measure=_decimal
    )


RETIRED: Mapping[str, Filterable] = {"retired": by_flag("retired")}
"""What all of these lists can be filtered on."""


def list_query(sortable: Collection[str]) -> tuple[Query, ...]:
    """The query parameters of a list."""
    names = ["max", "nextPage", "prevPage", "filters", *(["sort"] if sortable else [])]
    return tuple(Query(name) for name in names)


def page(
    call: Call,
    records: Iterable[Record],
    filterable: Mapping[str, Filterable],
    sortable: Sortable | None = None,
    *,
    unlisted: tuple[str, Any] | None = None,
    largest: int = 100,
) -> Record:
    """One page of ``records``, at most ``largest``. Without ``sortable`` fields it takes no
    ``sort``.

    ``unlisted`` is a field's name and value: records that have it are left out, unless that field
    is filtered on. The records must follow from the call's path, the day and the sandbox's state:
    what was found is kept for the next page.
    """
    given = call.request.query
    size = lists.page_size(given, largest)
    filters = given.get("filters", "")
    sort = given.get("sort", "") if sortable else ""
    search = (call.request.path, filters, sort)
    start = _start(given, search)
    matches = _matcher(filters, filterable, unlisted)
    order = _sort(sort, sortable) if sortable and sort else None

    def find() -> Sequence[Record]:
        found = [record for record in records if matches(record)]
        if order is not None:
            key, descending = order
            found.sort(key=key, reverse=descending)
        return found

    today = call.state.clock.now().date()
    found = call.state.searches.get((call.owner, today, *search), find)
    return lists.answer_of_page(found, start, size, ("nextPage", *search), ("prevPage", *search))


def matching_records(
    call: Call, records: Iterable[Record], filterable: Mapping[str, Filterable]
) -> list[Record]:
    """The records that meet the call's ``filters``: all of them, for a list without pages."""
    matches = _matcher(call.request.query.get("filters", ""), filterable, None)
    return [record for record in records if matches(record)]


def _present(value: Any) -> Collection[str]:
    return () if value is None else (str(value),)


def _decimal(given: str) -> Decimal:
    try:
        number = Decimal(given)
    except InvalidOperation:
        number = Decimal("NaN")
    # Decimal takes "NaN" too, which has no order.
    if not number.is_finite():
        raise errors.bad_request(errors.invalid_parameter("filters", given))
    return number


def _matcher(
    filters: str, filterable: Mapping[str, Filterable], unlisted: tuple[str, Any] | None
) -> Condition:
    """Whether a record meets every term of ``filters``, and is to be listed at all."""
    wanted = conditions_of(filters, filterable)
    if unlisted is not None and unlisted[0] not in {name for name, _, _ in terms_of(filters)}:
        field, value = unlisted
        wanted.append(lambda record: record.get(field) != value)
    return lambda record: all(holds(record) for holds in wanted)


def _sort(given: str, sortable: Sortable) -> tuple[Callable[[Record], Any], bool]:
    """The key to sort by, and whether the order is descending."""
    name, _, order = given.partition(":")
    if name not in sortable or (order or "asc") not in {"asc", "desc"} or given.endswith(":"):
        raise errors.bad_request(errors.invalid_parameter("sort", given))
    return sortable[name], order == "desc"


def _start(given: Mapping[str, str], search: tuple[str, ...]) -> int:
    """The position that a page token stands for; the beginning without a token."""
    names = [name for name in ("nextPage", "prevPage") if name in given]
    if not names:
        return 0
    # Which one BILL follows when both are sent is not documented.
    if len(names) > 1:
        raise errors.bad_request(*(errors.invalid_parameter(name, given[name]) for name in names))
    return lists.page_position(given[names[0]], names[0], (names[0], *search))
