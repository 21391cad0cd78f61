"""Records of Spend & Expense, and the operations that most kinds of them have alike.

Pages: https://developer.bill.com/changelog/2025-02-28-uuids-in-spend-expense-api. Every record has
an old ``id`` and a ``uuid``, and is found by either. Their form is what public integrations report:
the old id is base64 of the kind and a number, a UUID is the kind's prefix and 26 characters.

What is deleted cannot be restored, and is not in the list any more, say the pages of the deleting
operations. It can still be read here, as ``retired``. Not documented: the refusal of a change to
it, here BDC_1119, and that deleting it again changes nothing.

BILL's Postman collection has HTTP 200 for what was created too, and for what was deleted HTTP 200
without a body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from pytest_bill.sandbox.api.spend import lists
from pytest_bill.sandbox.api.spend.lists import Sortable
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Field, Object, Text
from pytest_bill.sandbox.core.filters import Filterable
from pytest_bill.sandbox.core.operations import V3, Call, Caller, Operation, many_of
from pytest_bill.sandbox.core.records import Record

_BY_ID = " by id"
"""Ends the name of the table that has a kind's records by their old id."""


@dataclass(frozen=True, eq=False)
class SpendResource:
    """One kind of record.

    The hooks raise BillError before they have changed anything.
    """

    area: str
    """The part of Spend & Expense."""
    path: str
    """Below /connect/v3, without the id."""
    parameter: str
    """The id's name in BILL's paths."""
    table: str
    """Where the records are kept by uuid."""
    kind: str
    """What is in their old ids."""
    prefix: str
    """What their uuids begin with."""
    _: KW_ONLY
    answered: Mapping[str, Field]
    """The fields of an answer but the ids and ``retired``."""
    fields: Mapping[str, Field] = field(default_factory=dict)
    """What can be set."""
    filterable: Mapping[str, Filterable] = field(default_factory=lambda: lists.RETIRED)
    """What a list can be filtered on."""
    sortable: Sortable = field(default_factory=dict)
    """What a list can be sorted by."""
    complete: Callable[[Call, Record], Record] = lambda _, body: dict(body)
    """Makes the record of a checked body."""
    change: Callable[[Call, Record, Record], None] = lambda _, record, body: record.update(body)
    """Changes a record by a checked body."""
    after_insert: Callable[[Call, Record, Record], None] = lambda _call, _record, _body: None
    """Does what comes with a new record, of a body that ``complete`` took."""
    before_archiving: Callable[[Call, Record], None] = lambda _call, _record: None
    """Does what comes with deleting a record."""
    refresh: Callable[[Call, Record], None] = lambda _call, _record: None
    """Brings a record up to the day before it is read."""
    archived: tuple[str, Any] = ("retired", True)
    """The field, and its value, by which a deleted record is known."""
    missing: str = ""
    """What the sandbox leaves out of the records, for every operation that answers one."""
    unsure: str = ""
    """What BILL's pages do not say of the records, for every operation that answers one."""

    @property
    def operations(self) -> SpendOperations:
        """What BILL's reference may offer for this kind."""
        return SpendOperations(self)

    @property
    def answer(self) -> Object:
        """A record as it is answered."""
        common: dict[str, Field] = {
            "id": Text(required=True),
            "uuid": Text(required=True),
        }
        if self.archived[0] == "retired":
            common["retired"] = Boolean(required=True)
        return Object({**common, **self.answered}, missing=self.missing, unsure=self.unsure)

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
        return None if record is None or self.is_archived(record) else record

    def is_archived(self, record: Record) -> bool:
        """Whether the record was deleted."""
        name, value = self.archived
        return bool(record.get(name) == value)

    def require_active(self, record: Record) -> None:
        """BDC_1119 for a record that was deleted."""
        if self.is_archived(record):
            raise errors.bad_request(errors.invalid_value(*self.archived))

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

    def insert(self, call: Call, body: Record) -> Record:
        """A new record of a checked body."""
        record = self.insert_complete(call, self.complete(call, body))
        self.after_insert(call, record, body)
        return record

    def insert_complete(self, call: Call, content: Record) -> Record:
        """A new record with that content, which may say that it is ``retired``."""
        record = {
            "id": call.state.ids.new_numbered(self.kind),
            "uuid": call.state.ids.new_uuid(self.prefix),
            **({"retired": False} if self.archived[0] == "retired" else {}),
            **content,
        }
        call.table(self.table)[record["uuid"]] = record
        call.table(self.table + _BY_ID)[record["id"]] = record
        return record

    def patch(self, call: Call, record: Record, body: Record) -> Record:
        """The record with the fields of a checked body."""
        self.require_active(record)
        self.change(call, record, body)
        return record

    def archive(self, call: Call, record: Record) -> None:
        """Delete the record, which stays readable."""
        if not self.is_archived(record):
            self.before_archiving(call, record)
            name, value = self.archived
            record[name] = value


class SpendOperations:
    """The operations of one kind of record. ``name`` and ``summary`` are the operation's; whatever
    else an ``Operation`` says can be given beside them."""

    def __init__(self, resource: SpendResource) -> None:
        self._resource = resource
        self.one = f"/{{{resource.parameter}}}"
        """What a record's path ends in."""

    def list(self, name: str, summary: str, **more: Any) -> Operation:
        """GET: a page of records; deleted ones only where they are asked for."""
        resource = self._resource
        return self.operation(
            "GET",
            "",
            name,
            summary,
            lambda call: lists.page(
                call,
                resource.all(call),
                resource.filterable,
                resource.sortable,
                unlisted=resource.archived,
            ),
            **{
                "query": lists.list_query(resource.sortable),
                "filterable": resource.filterable,
                "answer": many_of(resource.answer),
                **more,
            },
        )

    def get(self, name: str, summary: str, **more: Any) -> Operation:
        """GET: one record."""
        return self.operation("GET", self.one, name, summary, self._resource.find, **more)

    def create(self, name: str, summary: str, **more: Any) -> Operation:
        """POST: a new record."""
        return self.operation(
            "POST",
            "",
            name,
            summary,
            lambda call: self._resource.insert(call, call.body),
            **{"body": self._resource.fields, **more},
        )

    def update(self, name: str, summary: str, **more: Any) -> Operation:
        """PATCH: the given fields replace the record's."""
        return self.operation(
            "PATCH",
            self.one,
            name,
            summary,
            lambda call: self._resource.patch(call, self._resource.find(call), call.body),
            **{"body": self._resource.fields, "partial": True, **more},
        )

    def delete(self, name: str, summary: str, **more: Any) -> Operation:
        """DELETE: the record is marked as deleted; nothing is answered."""
        return self.operation(
            "DELETE",
            self.one,
            name,
            summary,
            lambda call: self._resource.archive(call, self._resource.find(call)),
            **{"answer": None, **more},
        )

    def operation(
        self,
        method: str,
        path: str,
        name: str,
        summary: str,
        handler: Callable[[Call], Any],
        **more: Any,
    ) -> Operation:
        """An operation of this kind; ``path`` is below the kind's."""
        resource = self._resource
        return Operation(
            method,
            V3 + resource.path + path,
            name,
            summary,
            handler,
            **{"caller": Caller.SPEND, "area": resource.area, "answer": resource.answer, **more},
        )


def reference_to(kind: str, record: Record) -> Record:
    """Both ids of a record as the fields that refer to it."""
    return {f"{kind}Id": record["id"], f"{kind}Uuid": record["uuid"]}
