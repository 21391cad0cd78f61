"""Lists: `max`, `page`, `sort` and `filters`, and the answer's `results`, `nextPage`, `prevPage`.

Source: https://developer.bill.com/docs/search-op-with-lists and, for the fields and operators of
each list, https://developer.bill.com/docs/filterable-fields. `filters` is a list, with commas, of
field:operator:value; a value may stand in double quotes, and then hold commas. `sort` is a list of
field:asc or field:desc; the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman) also have a field alone, here ascending.
`nextPage` and `prevPage` are opaque and go back to BILL as `page` (as `nextPage` in Spend &
Expense); a list ends where `nextPage` is missing.

`max` is 1 to 100, anything else is HTTP 400. Its default is 20 in BILL's endpoint reference and 100
in the page above; 20 is used. Not documented, and refused here with HTTP 400: a `page` sent with
other filters or another sort than it was made for, and a sort by a field that is not listed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Integer
from pytest_bill.sandbox.core.records import Record

_DEFAULT_MAX = 20
_LARGEST_MAX = 100
PAGE_SIZE = Integer(minimum=1, maximum=_LARGEST_MAX)
"""The kind of `max`, for descriptions."""

OPERATORS: dict[str, Callable[[Any, Sequence[Any]], bool]] = {
    "eq": lambda field, values: bool(field == values[0]),
    "ne": lambda field, values: bool(field != values[0]),
    "gt": lambda field, values: bool(field > values[0]),
    "gte": lambda field, values: bool(field >= values[0]),
    "lt": lambda field, values: bool(field < values[0]),
    "lte": lambda field, values: bool(field <= values[0]),
    "in": lambda field, values: field in values,
    "nin": lambda field, values: field not in values,
    "sw": lambda field, values: str(field).startswith(str(values[0])),
}
NEGATIONS = {"ne", "nin"}
# BILL orders dates and times only (https://developer.bill.com/docs/filterable-fields).
ORDERINGS = {"gt", "gte", "lt", "lte"}
TAKES_MANY = {"in", "nin"}
_TERM = re.compile(r'([^:,"]+):([^:,"]+):("[^"]*"|[^,"]*)(?:,|$)')


@dataclass(frozen=True)
class Filterable:
    """How a field can be filtered on: with these operators and, if there are any, these values.

    `field` is what the records call it, if that is another name.
    """

    operators: Collection[str]
    choices: Collection[str] = ()
    field: str = ""


IDS = Filterable(("eq", "ne", "in"))
FLAG = Filterable(("eq", "ne"))
TIMES = Filterable(("gt", "gte", "lt", "lte"))


def one_of(*choices: str) -> Filterable:
    """A field with a closed set of values, with every operator of equality."""
    return Filterable(("eq", "ne", "in", "nin"), choices)


@dataclass(frozen=True)
class _Filter:
    path: str
    operator: str
    values: tuple[str, ...]

    def matches(self, record: Record) -> bool:
        field = _lookup(record, self.path)
        # An absent field equals nothing: only the negations hold for it.
        if field is None:
            return self.operator in NEGATIONS
        values: list[Any] = list(self.values)
        if self.operator in ORDERINGS:
            field, values = time(field), [time(value) for value in values]
        elif isinstance(field, bool):
            values = [_boolean(value) for value in values]
        return OPERATORS[self.operator](field, values)


class Searches:
    """What recent searches found, so that paging through a list filters and sorts it once.

    Forgotten at every write (see `SandboxState.changed`), since a write may change what is found.
    """

    _MOST = 16

    def __init__(self) -> None:
        self._found: dict[Hashable, Sequence[Record]] = {}

    def get(self, key: Hashable, search: Callable[[], Sequence[Record]]) -> Sequence[Record]:
        """What `search` finds, from an earlier search of the same key if there was one."""
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= self._MOST:
                self.forget()
            found = self._found[key] = search()
        return found

    def forget(self) -> None:
        """Search anew from now on."""
        self._found.clear()


def page(
    request: Request,
    records: Iterable[Record],
    filterable: Mapping[str, Filterable],
    *,
    sortable: Collection[str] = (),
    searches: Searches | None = None,
    name: Hashable = None,
) -> Record:
    """One page of `records`: `results`, and `nextPage` and `prevPage` where there are such pages.

    Fields are named as in the records; a dot reaches into an object. Records can be sorted by the
    `sortable` and the `filterable` fields; without `sort` they keep their order. `searches` keeps
    what was found under `name`. Raises BillError (HTTP 400 with BDC_1129, BDC_1130 or BDC_1131).
    """
    query = request.query_params
    size = page_size(query)
    search = (query.get("filters", ""), query.get("sort", ""))
    start = position(query["page"], "page", search) if "page" in query else 0
    filters = _filters(search[0], filterable)
    order = _sort(search[1], {*sortable, *filterable})

    def find() -> Sequence[Record]:
        found = [record for record in records if all(term.matches(record) for term in filters)]
        for path, descending in reversed(order):
            found.sort(key=_sort_key(path), reverse=descending)
        return found

    found = find() if searches is None else searches.get((name, search), find)
    answer: Record = {"results": found[start : start + size]}
    if start + size < len(found):
        answer["nextPage"] = token(start + size, search)
    if start > 0:
        answer["prevPage"] = token(max(0, start - size), search)
    return answer


def _lookup(record: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; None where there is none."""
    value: Any = record
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def page_size(query: Mapping[str, str], largest: int = _LARGEST_MAX) -> int:
    """The `max` of a query, at most `largest`; BDC_1129 if it is none."""
    text = query.get("max", str(_DEFAULT_MAX))
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= largest:
        raise errors.bad_request(errors.invalid_parameter("max", text))
    return int(text)


def terms(filters: str) -> Iterable[tuple[str, str, str]]:
    """Field, operator and value of each term of `filters`, the value without its quotes."""
    end = 0
    while end < len(filters):
        term = _TERM.match(filters, end)
        if term is None:
            raise errors.bad_request(errors.invalid_parameter("filters", filters))
        field, operator, value = term.groups()
        yield field, operator, value.strip('"')
        end = term.end()


def token(start: int, search: Sequence[str]) -> str:
    """An opaque token for the page that begins at `start` of what `search` finds."""
    content = json.dumps([start, _digest(search)], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def position(given: str, parameter: str, search: Sequence[str]) -> int:
    """Where the page of a token begins; BDC_1129 unless `token` made it for the same `search`."""
    try:
        start, digest = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
        if isinstance(start, int) and start >= 0 and digest == _digest(search):
            return start
    except (ValueError, TypeError, RecursionError):
        pass
    raise errors.bad_request(errors.invalid_parameter(parameter, given))


def _filters(text: str, filterable: Mapping[str, Filterable]) -> list[_Filter]:
    filters: list[_Filter] = []
    for path, operator, value in terms(text):
        values = value.split(",") if operator in TAKES_MANY else [value]
        _check_filter(filterable, path, operator, values)
        field = filterable[path].field or path
        filters.append(_Filter(field, operator, tuple(values)))
    return filters


def _check_filter(
    filterable: Mapping[str, Filterable], path: str, operator: str, values: Collection[str]
) -> None:
    rule = filterable.get(path)
    if rule is None:
        raise errors.bad_request(errors.invalid_filter_field(path))
    if operator not in rule.operators:
        raise errors.bad_request(errors.invalid_filter_operator(operator))
    for value in values:
        if rule.choices and value not in rule.choices:
            raise errors.bad_request(errors.invalid_parameter("filters", value))


def _sort(text: str, fields: Collection[str]) -> list[tuple[str, bool]]:
    keys: list[tuple[str, bool]] = []
    for term in filter(None, text.split(",")):
        path, colon, order = term.partition(":")
        if path not in fields or (colon and order not in {"asc", "desc"}):
            raise errors.bad_request(errors.invalid_parameter("sort", term))
        keys.append((path, order == "desc"))
    return keys


def _sort_key(path: str) -> Callable[[Record], tuple[bool, Any]]:
    def key(record: Record) -> tuple[bool, Any]:
        value = _lookup(record, path)
        return (value is not None, value)

    return key


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise errors.bad_request(errors.invalid_parameter("filters", text))
    return text == "true"


def time(text: str) -> datetime:
    """A date or time in one of BILL's formats; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise errors.bad_request(errors.invalid_parameter("filters", text)) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _digest(search: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(search).encode()).hexdigest()[:12]
