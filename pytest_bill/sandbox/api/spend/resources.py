"""Records of Spend & Expense, and the operations that most kinds of them have alike.

Pages: https://developer.bill.com/changelog/2025-02-28-uuids-in-spend-expense-api. Every record has
an old `id` and a `uuid`, and is found by either. Their form is what public integrations report: the
old id is base64 of the kind and a number, a UUID is the kind's prefix and 26 characters.

What is deleted cannot be restored, and is not in the list any more, say the pages of the deleting
operations. It can still be read here, as `retired`. Not documented: the refusal of a change to it,
here BDC_1119, and that deleting it again changes nothing.

BILL's Postman collection has HTTP 200 for what was created too, and for what was deleted HTTP 200
without a body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from pytest_bill.sandbox.api.spend import lists
from pytest_bill.sandbox.api.spend.lists import Filterable, Sortable
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Field, Object, Text
from pytest_bill.sandbox.core.operations import V3, Call, Caller, Operation, many_of
from pytest_bill.sandbox.core.records import Record

_BY_ID = " by id"
"""Ends the name of the table that has a kind's records by their old id."""


@dataclass(frozen=True)
class SpendResource:
    """One kind of record.

    `path` is below /connect/v3, without the id; `parameter` is the id's name in BILL's paths.
    `table` is where the records are kept by uuid; `kind` is in their old ids, `prefix` begins their
    uuids. `answered` are the fields of an answer but the ids and `retired`; `fields` can be set.
    `ended` is the field, and its value, by which a deleted record is known. `complete` makes the
    record of a checked body, `change` changes it by one, `retire` does what comes with deleting it;
    all raise BillError before they have changed anything. `added` does what comes with a new
    record, of a body that `complete` took. `refresh` brings a record up to the day before it is
    read.
    """

    area: str
    path: str
    parameter: str
    table: str
    kind: str
    prefix: str
    _: KW_ONLY
    answered: Mapping[str, Field]
    fields: Mapping[str, Field] = field(default_factory=dict)
    filterable: Mapping[str, Filterable] = field(default_factory=lambda: lists.RETIRED)
    sortable: Sortable = field(default_factory=dict)
    complete: Callable[[Call, Record], Record] = lambda _, body: dict(body)
    change: Callable[[Call, Record, Record], None] = lambda _, record, body: record.update(body)
    added: Callable[[Call, Record, Record], None] = lambda _call, _record, _body: None
    retire: Callable[[Call, Record], None] = lambda _call, _record: None
    refresh: Callable[[Call, Record], None] = lambda _call, _record: None
    ended: tuple[str, Any] = ("retired", True)

    @property
    def answer(self) -> Object:
        """A record as it is answered."""
        common: dict[str, Field] = {
            "id": Text(required=True),
            "uuid": Text(required=True),
        }
        if self.ended[0] == "retired":
            common["retired"] = Boolean(required=True)
        return Object({**common, **self.answered})

    def known(self, call: Call, id_or_uuid: str) -> Record | None:
        """The record of that id or uuid, retired ones too; None if there is none."""
        by_uuid = call.table(self.table).get(id_or_uuid)
        record = by_uuid or call.table(self.table + _BY_ID).get(id_or_uuid)
        if record is not None:
            self.refresh(call, record)
        return record

    def active(self, call: Call, id_or_uuid: str) -> Record | None:
        """The record of that id or uuid, if there is one that was not deleted."""
        record = self.known(call, id_or_uuid)
        return None if record is None or self.is_ended(record) else record

    def is_ended(self, record: Record) -> bool:
        """Whether the record was deleted."""
        name, value = self.ended
        return bool(record.get(name) == value)

    def all(self, call: Call) -> Iterator[Record]:
        """Every record, in the order of their creation."""
        for record in call.table(self.table).values():
            self.refresh(call, record)
            yield record

    def find(self, call: Call) -> Record:
        """The record that the call's path names; BDC_1120 if there is none."""
        record = self.known(call, call.parameter(self.parameter))
        if record is None:
            raise errors.no_data_found()
        return record

    def put(self, call: Call, content: Record) -> Record:
        """A new record with that content, which may say that it is `retired`."""
        record = {
            "id": call.state.ids.new_numbered(self.kind),
            "uuid": call.state.ids.new_uuid(self.prefix),
            **({"retired": False} if self.ended[0] == "retired" else {}),
            **content,
        }
        call.table(self.table)[record["uuid"]] = record
        call.table(self.table + _BY_ID)[record["id"]] = record
        return record

    def add(self, call: Call, body: Record) -> Record:
        """A new record of a checked body."""
        record = self.put(call, self.complete(call, body))
        self.added(call, record, body)
        return record

    def modify(self, call: Call) -> Record:
        """The record that the path names, changed by the call's body."""
        record = self.find(call)
        self.require_active(record)
        self.change(call, record, call.body)
        return record

    def require_active(self, record: Record) -> None:
        """BDC_1119 for a record that was deleted."""
        if self.is_ended(record):
            name, value = self.ended
            raise errors.bad_request(errors.invalid_value(name, value))

    def end(self, call: Call) -> None:
        """Delete the record that the path names."""
        record = self.find(call)
        if not self.is_ended(record):
            self.retire(call, record)
            name, value = self.ended
            record[name] = value

    def list(self, name: str, summary: str, **more: Any) -> Operation:
        """GET: a page of records; deleted ones only where they are asked for."""
        return self.operation(
            "GET",
            "",
            name,
            summary,
            lambda call: lists.page(
                call, self.all(call), self.filterable, self.sortable, unlisted=self.ended
            ),
            **{
                "query": lists.query(self.sortable),
                "filterable": self.filterable,
                "answer": many_of(self.answer),
                **more,
            },
        )

    def get(self, name: str, summary: str, **more: Any) -> Operation:
        """GET: one record."""
        return self.operation("GET", self.one, name, summary, self.find, **more)

    def create(self, name: str, summary: str, **more: Any) -> Operation:
        """POST: a new record."""
        return self.operation(
            "POST",
            "",
            name,
            summary,
            lambda call: self.add(call, call.body),
            **{"body": self.fields, **more},
        )

    def update(self, name: str, summary: str, **more: Any) -> Operation:
        """PATCH: the given fields replace the record's."""
        return self.operation(
            "PATCH",
            self.one,
            name,
            summary,
            self.modify,
            **{"body": self.fields, "partial": True, **more},
        )

    def delete(self, name: str, summary: str, **more: Any) -> Operation:
        """DELETE: the record is marked as deleted; nothing is answered."""
        return self.operation(
            "DELETE", self.one, name, summary, self.end, **{"answer": None, **more}
        )

    @property
    def one(self) -> str:
        """What a record's path ends in."""
        return f"/{{{self.parameter}}}"

    def operation(
        self,
        method: str,
        path: str,
        name: str,
        summary: str,
        handler: Callable[[Call], Any],
        **more: Any,
    ) -> Operation:
        """An operation of this kind; `path` is below the kind's."""
        return Operation(
            method,
            V3 + self.path + path,
            name,
            summary,
            handler,
            **{"caller": Caller.SPEND, "area": self.area, "answer": self.answer, **more},
        )
