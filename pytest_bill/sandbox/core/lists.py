"""Lists: ``max``, ``page``, ``sort`` and ``filters``, and the answer's ``results``, ``nextPage``,
``prevPage``.

Source: https://developer.bill.com/docs/search-op-with-lists; see ``filters`` for those. ``sort`` is
a list of field:asc or field:desc; the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman) also have a field alone, here ascending.
``nextPage`` and ``prevPage`` are opaque and go back to BILL as ``page`` (as ``nextPage`` in Spend &
Expense); a list ends where ``nextPage`` is missing.

``max`` is 1 to 100, anything else is HTTP 400. Its default is 20 in BILL's endpoint reference and
100 in the page above; 20 is used. Not documented, and refused here with HTTP 400: a ``page`` sent
with other filters or another sort than it was made for, and a sort by a field that is not listed
(https://developer.bill.com/docs/sortable-fields). What can be filtered on can be sorted by, too.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Integer
from pytest_bill.sandbox.core.filters import Filterable, conditions_of
from pytest_bill.sandbox.core.http import Request
from pytest_bill.sandbox.core.records import Record, lookup

_DEFAULT_MAX = 20
_LARGEST_MAX = 100
PAGE_SIZE = Integer(minimum=1, maximum=_LARGEST_MAX)
"""The kind of ``max``, for descriptions."""


class Searches:
    """What recent searches found, so that paging through a list filters and sorts it once.

    Forgotten at every write (see ``SandboxState.changed``), since a write may change what is found.
    """

    _MOST = 16

    def __init__(self) -> None:
        self._found: dict[Hashable, Sequence[Record]] = {}

    def get(self, key: Hashable, search: Callable[[], Sequence[Record]]) -> Sequence[Record]:
        """What ``search`` finds, from an earlier search of the same key if there was one."""
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= self._MOST:
                self.clear()
            found = self._found[key] = search()
        return found

    def found(self, key: Hashable) -> Sequence[Record] | None:
        """What was found before, if it was."""
        return self._found.get(key)

    def clear(self) -> None:
        """Search anew from now on."""
        self._found.clear()


def page_of(
    request: Request,
    records: Iterable[Record],
    filterable: Mapping[str, Filterable],
    *,
    sortable: Collection[str] = (),
    searches: Searches | None = None,
    name: Hashable = None,
) -> Record:
    """One page of ``records``: ``results``, and ``nextPage`` and ``prevPage`` where there are such
    pages.

    Fields are named as in the records; a dot reaches into an object. Records can be sorted by the
    ``sortable`` and the ``filterable`` fields; without ``sort`` they keep their order. ``searches``
    keeps what was found under ``name``. Raises BillError (HTTP 400 with BDC_1129, BDC_1130 or
    BDC_1131).
    """
    query = request.query
    size = page_size(query)
    search = (query.get("filters", ""), query.get("sort", ""))
    start = page_position(query["page"], "page", search) if "page" in query else 0
    wanted = conditions_of(search[0], filterable)
    order = _sort(search[1], {*sortable, *filterable}) if search[1] else []

    def find() -> Sequence[Record]:
        found = [record for record in records if all(holds(record) for holds in wanted)]
        for path, descending in reversed(order):
            found.sort(key=_sort_key(path), reverse=descending)
        return found

    found = find() if searches is None else searches.get((name, search), find)
    return answer_of_page(found, start, size, search, search)


def answer_of_page(
    found: Sequence[Record],
    start: int,
    size: int,
    next_search: Sequence[str],
    previous_search: Sequence[str],
) -> Record:
    """The page of ``found`` that begins at ``start``, with the tokens of those around it."""
    answer: Record = {"results": found[start : start + size]}
    if start + size < len(found):
        answer["nextPage"] = page_token(start + size, next_search)
    if start > 0:
        answer["prevPage"] = page_token(max(0, start - size), previous_search)
    return answer


def page_size(query: Mapping[str, str], largest: int = _LARGEST_MAX) -> int:
    """The ``max`` of a query, at most ``largest``; BDC_1129 if it is none."""
    text = query.get("max", str(_DEFAULT_MAX))
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= largest:
        raise errors.bad_request(errors.invalid_parameter("max", text))
    return int(text)


def page_token(start: int, search: Sequence[str]) -> str:
    """An opaque token for the page that begins at ``start`` of what ``search`` finds."""
    content = f'[{start},"{_digest(search)}"]'
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def page_position(given: str, parameter: str, search: Sequence[str]) -> int:
    """Where the page of a token begins; BDC_1129 unless ``page_token`` made it for ``search``."""
    try:
        start, digest = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
        if isinstance(start, int) and start >= 0 and digest == _digest(search):
            return start
    except (ValueError, TypeError, RecursionError):
        pass
    raise errors.bad_request(errors.invalid_parameter(parameter, given))


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
        value = lookup(record, path)
        return (value is not None, value)

    return key


def _digest(search: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(search).encode()).hexdigest()[:12]
