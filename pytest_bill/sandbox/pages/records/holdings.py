"""What the sandbox holds: who has records, which kinds of them, and which record names which.

Looking changes nothing. Each page looks at each record once at most: a page stays fast with tens of
thousands of them. What a filter looks through is kept with the state's searches, until the next
write.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from pytest_bill.sandbox.api.people import organizations
from pytest_bill.sandbox.api.people.partner_organizations import created_organizations
from pytest_bill.sandbox.core.http import Request
from pytest_bill.sandbox.core.operations import SPEND_OWNER, Call
from pytest_bill.sandbox.core.records import Record, Table, lookup
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages.records.kinds import ORGANIZATION, WITHIN, KindOfRecord, kinds_of

_OWN_IDS = frozenset({"id", "uuid", "exportId"})
"""What a record of its own is kept by; a member of a budget is kept by the id of its user."""

_BY_ID = " by id"
_SHOWN_OF_LABEL = 2
_AT_ONCE = 500


class Row(NamedTuple):
    """One record, with the table that it is in, and the id that it is kept by there."""

    table: str
    id: str
    record: Record

    @property
    def within(self) -> str:
        """The id of the record that it belongs to; empty for most kinds."""
        return self.table.partition(WITHIN)[2]


class Place(NamedTuple):
    """Where a record is."""

    table: str
    id: str


class Naming(NamedTuple):
    """The records of one kind that name another record."""

    kind: KindOfRecord
    rows: list[Row]


@dataclass(frozen=True, eq=False)
class Owner:
    """Who has records: an organization, or Spend & Expense."""

    id: str
    name: str
    roles: tuple[str, ...]
    """Which credentials sign in to it."""


def all_owners(state: SandboxState) -> list[Owner]:
    """Who has records, in the order in which they came to be; Spend & Expense at the end."""
    found = [
        Owner(each, organization["name"], tuple(_roles(state, each)))
        for each, organization in organizations.all_organizations(state).items()
    ]
    return [*found, Owner(SPEND_OWNER, "Spend & Expense", ("Spend & Expense API token",))]


def find_owner(state: SandboxState, owner_id: str) -> Owner | None:
    """The owner of that id; None if there is none."""
    if owner_id == SPEND_OWNER:
        return Owner(SPEND_OWNER, "Spend & Expense", ("Spend & Expense API token",))
    organization = organizations.all_organizations(state).get(owner_id)
    if organization is None:
        return None
    return Owner(owner_id, organization["name"], tuple(_roles(state, owner_id)))


def _roles(state: SandboxState, organization_id: str) -> Iterator[str]:
    credentials = state.credentials
    if organization_id == credentials.organization_id:
        yield "developer key"
        yield "OAuth client credentials"
    if organization_id == credentials.sync_organization_id:
        yield "AP/AR sync token"
    if organization_id in state.client_ids:
        yield "Accountant Console API token (a client)"
    if organization_id in created_organizations(state):
        yield "partner app key (it was created by the partner)"


def counts_by_owner(state: SandboxState) -> dict[str, int]:
    """How many records each owner has."""
    tables = state.tables_by_owner()
    return {
        each.id: sum(
            count for _, count in Holdings(state, each.id, tables.get(each.id, {})).counts()
        )
        for each in all_owners(state)
    }


class Holdings:
    """What one owner has at the moment."""

    def __init__(
        self, state: SandboxState, owner: str, tables: Mapping[str, Table] | None = None
    ) -> None:
        """``tables`` are the owner's, if they are known already."""
        self.owner = owner
        self.kinds = kinds_of(owner)
        self._state = state
        known = state.tables_by_owner().get(owner, {}) if tables is None else tables
        own = organizations.all_organizations(state).get(owner)
        self._tables = {**known, **({} if own is None else {ORGANIZATION: {owner: own}})}

    def counts(self) -> list[tuple[KindOfRecord, int]]:
        """Every kind, with how many records there are of it."""
        return [
            (kind, sum(len(self._tables[name]) for name in self._names_of(kind)))
            for kind in self.kinds
        ]

    def kind_of(self, table: str) -> KindOfRecord | None:
        """The kind that a table, or all tables of that kind, are of; None for no such."""
        name, separator, _ = table.partition(WITHIN)
        found = next((each for each in self.kinds if each.table == name), None)
        if found is not None and separator and not (found.within and table in self._tables):
            return None
        return found

    def rows(self, table: str) -> list[Row]:
        """The records of a table, or of all tables of a kind, the oldest first."""
        kind = self.kind_of(table)
        if kind is None:
            return []
        names = [table] if WITHIN in table else self._names_of(kind)
        return [
            Row(name, each, record) for name in names for each, record in self._tables[name].items()
        ]

    def found(self, table: str, words: Sequence[str]) -> list[Row]:
        """The rows of which the values have all of these words, whatever their case."""
        rows = self.rows(table)
        if not words:
            return rows
        key = (self.owner, "looked through", table, len(rows))
        (kept,) = self._state.searches.get(
            key, lambda: ({"texts": [_text_of(each) for each in rows]},)
        )
        wanted = [word.casefold() for word in words]
        return [
            row
            for row, text in zip(rows, kept["texts"], strict=True)
            if all(word in text for word in wanted)
        ]

    def find(self, table: str, record_id: str) -> Row | None:
        """The record of that id in a table; None if there is none."""
        kind = self.kind_of(table)
        if kind is None:
            return None
        record = self._tables.get(table, {}).get(record_id)
        return None if record is None else Row(table, record_id, record)

    def place_of(self, value: Any) -> Place | None:
        """Where the record is that a value names; None if it names none."""
        if not isinstance(value, str) or not value:
            return None
        for kind in self._named:
            if value in self._tables.get(kind.table, {}):
                return Place(kind.table, value)
            old = self._tables.get(kind.table + _BY_ID, {}).get(value)
            if old is not None:
                return Place(kind.table, old["uuid"])
        return self._within.get(value)

    def parts_of(self, row: Row) -> list[tuple[KindOfRecord, str, int]]:
        """The tables that belong to a record: their kind, name and size."""
        names = ((kind, f"{kind.table}{WITHIN}{row.id}") for kind in self.kinds if kind.within)
        return [
            (kind, name, len(self._tables[name]))
            for kind, name in names
            if kind.within == row.table and self._tables.get(name)
        ]

    def naming(self, row: Row) -> list[Naming]:
        """The records of which a value is the id of a record, by kind."""
        ids = {row.record[name] for name in _OWN_IDS if name in row.record}
        found = []
        for kind in self.kinds if ids else ():
            rows = [
                each
                for name in self._names_of(kind)
                for each in _naming_within(name, self._tables[name], ids)
                if each.record is not row.record
            ]
            if rows:
                found.append(Naming(kind, rows))
        return found

    def answered(self, row: Row, request: Request | None = None) -> Record:
        """The record as BILL answers it; with a request, as it answers that one record."""
        kind = self.kind_of(row.table)
        assert kind is not None
        call = Call(self._state, http=request)
        if self.owner != SPEND_OWNER:
            session = Call.of(self._state, self.owner).session
            call = Call(self._state, session, http=request)
        return kind.present(call, row.record)

    def label_of(self, row: Row) -> str:
        """A name of the record, of its most telling fields; else its id."""
        kind = self.kind_of(row.table)
        columns = () if kind is None else kind.columns[:_SHOWN_OF_LABEL]
        told = (lookup(row.record, each) for each in columns)
        return " · ".join(str(each) for each in told if each not in (None, "")) or row.id

    def _names_of(self, kind: KindOfRecord) -> list[str]:
        if kind.within:
            return self._tables_within.get(kind.table, [])
        return [kind.table] if kind.table in self._tables else []

    @cached_property
    def _tables_within(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._tables:
            if WITHIN in name:
                found.setdefault(name.partition(WITHIN)[0], []).append(name)
        return found

    @cached_property
    def _named(self) -> list[KindOfRecord]:
        """The kinds whose records are named by others."""
        return [each for each in self.kinds if not each.within]

    @cached_property
    def _within(self) -> dict[str, Place]:
        """Where the records are that belong to another one, and have an id of their own."""
        return {
            each: Place(name, each)
            for kind in self.kinds
            if kind.within and kind.id in _OWN_IDS
            for name in self._names_of(kind)
            for each in self._tables[name]
        }


def _naming_within(name: str, table: Table, ids: set[str]) -> Iterator[Row]:
    wanted = [each.encode() for each in ids]
    entries = list(table.items())
    for start in range(0, len(entries), _AT_ONCE):
        part = entries[start : start + _AT_ONCE]
        # Most name no such id, and are not looked at one by one.
        written = _written([record for _, record in part])
        if any(each in written for each in wanted):
            for each, record in part:
                if _has_text(record, ids):
                    yield Row(name, each, record)


def _written(records: list[Record]) -> bytes:
    try:
        return marshal.dumps(records)
    except ValueError:  # a moment or the like is in it
        return repr(records).encode(errors="replace")


def _has_text(record: Record, texts: set[str]) -> bool:
    """Whether a value of the record is one of these texts."""
    waiting: list[Any] = [record]
    for value in waiting:  # which grows meanwhile
        kind = type(value)
        if kind is str:
            if value in texts:
                return True
        elif kind is dict:
            waiting.extend(value.values())
        elif kind is list:
            waiting.extend(value)
    return False


def _text_of(row: Row) -> str:
    """All values of a record, for the filter."""
    values = [row.id]
    waiting: list[Any] = [row.record]
    for value in waiting:  # which grows meanwhile: a call for each value takes nearly twice as long
        kind = type(value)
        if kind is str:
            values.append(value)
        elif kind is dict:
            waiting.extend(value.values())
        elif kind is list:
            waiting.extend(value)
        elif value is not None:
            values.append(as_text(value))
    return "\n".join(values).casefold()


def as_text(value: Any) -> str:
    """A value as JSON writes it; a text as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
