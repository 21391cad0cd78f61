"""What the sandbox holds, as tables: owners, kinds of records, records, and one record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from pytest_bill.patterns import late_pattern
from pytest_bill.sandbox.admission import refused
from pytest_bill.sandbox.control_paths import PREFIX
from pytest_bill.sandbox.core.http import Request, Response, json_response
from pytest_bill.sandbox.core.operations import SPEND_OWNER
from pytest_bill.sandbox.core.received import without_secrets
from pytest_bill.sandbox.core.records import Record, lookup
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages.records.holdings import (
    Holdings,
    Owner,
    Row,
    all_owners,
    as_text,
    counts_by_owner,
    find_owner,
)
from pytest_bill.sandbox.pages.records.kinds import WITHIN, KindOfRecord
from pytest_bill.sandbox.pages.routes import Served, page

PATH = PREFIX + "records"
ROWS_PATH = PATH + "/rows"
PAGE_SIZE = 100
_MOST_NAMING = 20
_LONGEST_SHORT = 32
"""How long a value may be that is not broken into lines: a moment, an id of Spend & Expense."""

_WHERE = ("owner", "kind", "id")
_LINE = late_pattern(r'(\s*(?:"(?:[^"\\]|\\.)*": )?)("(?:[^"\\]|\\.)*")(,?)')
"""A line of JSON with a text as its value: what stands before it, the text, the comma."""


class Asked(NamedTuple):
    """What of a kind's records is looked at."""

    kind: str
    """The name of a table, or of all tables of a kind."""
    q: str = ""
    sort: str = ""
    """A column; with a - before it, the largest goes first."""
    start: int = 0

    @classmethod
    def of(cls, request: Request) -> Asked:
        """As the query says; what is no number counts as 0."""
        query = request.query
        start = query.get("start", "")
        at = int(start) if start.isascii() and start.isdecimal() and len(start) < 10 else 0
        return cls(query.get("kind", ""), query.get("q", ""), query.get("sort", ""), at)


def address(owner: str = "", kind: str = "", record_id: str = "", **more: Any) -> str:
    """Where an owner, a kind or a record is shown."""
    given = {**dict(zip(_WHERE, (owner, kind, record_id), strict=True)), **more}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{PATH}?{query}" if query else PATH


def routes(served: Served) -> list[Route]:
    """The page of owners, of an owner, of a kind and of a record; and the rows of a kind."""
    state = served.state

    async def records(request: Request) -> Response:
        """What is held; of an ``owner``, of a ``kind``, or the record of an ``id``."""
        state.catch_up()
        owner_id, kind, record_id = (request.query.get(each, "") for each in _WHERE)
        if not owner_id:
            return _owners_page(state)
        owner = find_owner(state, owner_id)
        if owner is None:
            return _missing(state, f"This sandbox has no organization {owner_id}.", [])
        holdings = Holdings(state, owner.id)
        if not kind:
            return _owner_page(state, owner, holdings)
        if holdings.kind_of(kind) is None:
            told = f"{owner.name} has no kind of records that is called {kind}."
            return _missing(state, told, _trail(owner))
        if not record_id:
            return _kind_page(state, owner, holdings, Asked.of(request))
        row = holdings.find(kind, record_id)
        if row is None:
            told = f"{owner.name} has no such record {record_id}. It may have been deleted, or be "
            told += "from before the sandbox was reset."
            return _missing(state, told, _trail(owner, holdings, kind))
        return _record_page(state, owner, holdings, row, request)

    async def rows(request: Request) -> Response:
        """The rows of a ``kind`` of an ``owner``, as the page of that kind has them."""
        state.catch_up()
        owner = find_owner(state, request.query.get("owner", ""))
        asked = Asked.of(request)
        holdings = None if owner is None else Holdings(state, owner.id)
        if owner is None or holdings is None or holdings.kind_of(asked.kind) is None:
            told = "The sandbox has no such kind of records. Load the page anew."
            return refused(404, told)
        return json_response(_shown(state, _table(owner, holdings, asked)))

    return [Route(PATH, records), Route(ROWS_PATH, rows)]


def _shown(state: SandboxState, value: Any) -> Any:
    return without_secrets(value, state.secrets())


def _page(
    state: SandboxState,
    template: str,
    about: Mapping[str, Any],
    scripts: Iterable[str] = (),
    data: Any = None,
) -> Response:
    told = _shown(state, {"about": about, "data": data})
    return page(template, PATH, scripts, told["data"], **told["about"])


def _trail(owner: Owner | None = None, holdings: Holdings | None = None, kind: str = "") -> Any:
    """The links from all records down to here: name and address."""
    found = [] if owner is None else [(owner.name, address(owner.id))]
    known = None if holdings is None or owner is None else holdings.kind_of(kind)
    if known is not None and owner is not None:
        found.append((known.name, address(owner.id, known.table)))
    return [("Records", address()), *found]


def _missing(state: SandboxState, told: str, trail: Sequence[Any]) -> Response:
    answer = _page(state, "missing.html.j2", {"told": told, "trail": trail or _trail()})
    answer.status = 404
    return answer


def _owners_page(state: SandboxState) -> Response:
    counts = counts_by_owner(state)
    owners = [
        {
            "name": each.name,
            "id": "" if each.id == SPEND_OWNER else each.id,
            "roles": each.roles,
            "count": counts[each.id],
            "href": address(each.id),
        }
        for each in all_owners(state)
    ]
    return _page(
        state, "records/records.html.j2", {"owners": owners, "total": sum(counts.values())}
    )


def _owner_page(state: SandboxState, owner: Owner, holdings: Holdings) -> Response:
    kinds = [
        {
            "area": kind.area,
            "name": kind.name,
            "count": count,
            "href": address(owner.id, kind.table),
        }
        for kind, count in holdings.counts()
    ]
    about = {
        "name": owner.name,
        "id": owner.id,
        "is_organization": owner.id != SPEND_OWNER,
        "roles": owner.roles,
        "kinds": [each for each in kinds if each["count"]],
        "without": [each["name"] for each in kinds if not each["count"]],
        "trail": _trail(),
    }
    return _page(state, "records/owner.html.j2", about)


# --- a kind ------------------------------------------------------------------------------------


def _kind_page(state: SandboxState, owner: Owner, holdings: Holdings, asked: Asked) -> Response:
    kind = holdings.kind_of(asked.kind)
    assert kind is not None
    table = _table(owner, holdings, asked)
    _, separator, parent = asked.kind.partition(WITHIN)
    about = {
        "name": kind.name,
        "owner": {"id": owner.id, "name": owner.name},
        "asked": asked._asdict(),
        "table": table,
        "note": kind.note,
        "of": _cell(owner, holdings, parent) if separator else None,
        "trail": _trail(owner),
    }
    data = {"rows_path": ROWS_PATH, "path": PATH, "owner": owner.id, **asked._asdict()}
    return _page(state, "records/kind.html.j2", about, ("records/kind.js",), data)


def _table(owner: Owner, holdings: Holdings, asked: Asked) -> Record:
    """A page of the records of a kind: ``columns``, ``rows`` of cells, and where others are."""
    kind = holdings.kind_of(asked.kind)
    assert kind is not None
    found = holdings.found(asked.kind, asked.q.split())
    columns = _columns_of(kind)
    column = asked.sort.removeprefix("-")
    if column in columns:
        found = _sorted(found, column, backwards=asked.sort.startswith("-"))
    start = min(asked.start, max(len(found) - 1, 0)) // PAGE_SIZE * PAGE_SIZE
    shown = found[start : start + PAGE_SIZE]

    def at(start: int) -> str:
        return address(owner.id, asked.kind, q=asked.q, sort=asked.sort, start=start)

    return {
        "columns": [_column(owner, asked, each) for each in columns],
        "rows": [_cells(owner, holdings, kind, columns, row) for row in shown],
        "found": len(found),
        "total": sum(count for each, count in holdings.counts() if each is kind)
        if WITHIN not in asked.kind
        else len(holdings.rows(asked.kind)),
        "first": start + 1 if shown else 0,
        "last": start + len(shown),
        "previous": at(start - PAGE_SIZE) if start else "",
        "next": at(start + PAGE_SIZE) if start + PAGE_SIZE < len(found) else "",
    }


def _columns_of(kind: KindOfRecord) -> list[str]:
    return [kind.id or "of", *(["in"] if kind.within else []), *kind.columns]


def _column(owner: Owner, asked: Asked, name: str) -> Record:
    """A column's name, in which order it is, and where it is in another one."""
    order = {name: "ascending", f"-{name}": "descending"}.get(asked.sort, "")
    other = f"-{name}" if order == "ascending" else name
    return {
        "name": name,
        "order": order,
        "href": address(owner.id, asked.kind, q=asked.q, sort=other),
    }


def _cells(
    owner: Owner, holdings: Holdings, kind: KindOfRecord, columns: Sequence[str], row: Row
) -> list[Record]:
    answered = holdings.answered(row)
    first = {"text": row.id, "href": address(owner.id, row.table, row.id), "kind": "short"}
    within = [_cell(owner, holdings, row.within)] if kind.within else []
    rest = columns[1 + len(within) :]
    return [first, *within, *(_cell(owner, holdings, lookup(answered, each)) for each in rest)]


def _cell(owner: Owner, holdings: Holdings, value: Any) -> Record:
    """A value as it is shown; with an address, if it names a record."""
    place = holdings.place_of(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = "" if value is None else as_text(value)
    return {
        "text": text,
        "href": "" if place is None else address(owner.id, *place),
        "kind": "number" if is_number else "short" if len(text) <= _LONGEST_SHORT else "",
    }


def _sorted(rows: list[Row], column: str, *, backwards: bool) -> list[Row]:
    """In the order of a column; those without a value at the end."""
    value_of = _value_of(column)
    valued: list[tuple[tuple[bool, Any], int]] = []
    without = []
    for number, row in enumerate(rows):
        value = value_of(row)
        if value is None or isinstance(value, dict | list):
            without.append(row)
        elif isinstance(value, str):
            valued.append(((True, value.casefold()), number))
        else:
            valued.append(((False, value), number))
    valued.sort(key=lambda each: each[0], reverse=backwards)
    return [*(rows[number] for _, number in valued), *without]


def _value_of(column: str) -> Callable[[Row], Any]:
    """Gives the value of a column in what is kept: to answer each record would take too long."""
    if column == "of":
        return lambda row: row.id
    if column == "in":
        return lambda row: row.within
    if "." in column:
        return lambda row: lookup(row.record, column)
    return lambda row: row.record.get(column)


# --- a record ----------------------------------------------------------------------------------


def _record_page(
    state: SandboxState, owner: Owner, holdings: Holdings, row: Row, request: Request
) -> Response:
    kind = holdings.kind_of(row.table)
    assert kind is not None
    answered = holdings.answered(row, request)
    text = json.dumps(answered, indent=2, ensure_ascii=False, default=str)
    links = _links(owner, holdings, row, answered)
    about = {
        "kind": kind.name,
        "label": holdings.label_of(row),
        "id": row.id,
        "lines": [_line(each, links) for each in text.split("\n")],
        "note": kind.note,
        "within": _cell(owner, holdings, row.within) if row.within else None,
        "parts": [
            {"name": part.name, "count": count, "href": address(owner.id, table)}
            for part, table, count in holdings.parts_of(row)
        ],
        "naming": [
            {
                "name": each.kind.name,
                "count": len(each.rows),
                "rows": [
                    {"label": holdings.label_of(one), "href": address(owner.id, one.table, one.id)}
                    for one in each.rows[:_MOST_NAMING]
                ],
                "all": address(owner.id, each.kind.table, q=row.id)
                if len(each.rows) > _MOST_NAMING
                else "",
            }
            for each in holdings.naming(row)
        ],
        "trail": _trail(owner, holdings, row.table),
    }
    data = {"text": text, "links": links}
    return _page(state, "records/record.html.j2", about, ("records/record.js",), data)


def _links(owner: Owner, holdings: Holdings, row: Row, answered: Record) -> dict[str, str]:
    """Where the other records are that a record names, by their id as JSON writes it."""
    found: dict[str, str] = {}
    waiting: list[Any] = [answered]
    for value in waiting:  # which grows meanwhile
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif (place := holdings.place_of(value)) is not None and place != row[:2]:
            found[json.dumps(value, ensure_ascii=False)] = address(owner.id, *place)
    return found


def _line(text: str, links: Mapping[str, str]) -> tuple[str, str, str, str]:
    """A line of JSON: what stands before a link, its text and address, what stands after it."""
    found = _LINE.fullmatch(text)
    if found is None or found[2] not in links:
        return text, "", "", ""
    return found[1], found[2], links[found[2]], found[3]
