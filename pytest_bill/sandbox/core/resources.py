"""Operations that BILL offers for most kinds of records alike: list, get, create, update and so on.

A module of `api` describes its kind of record once, as a `Resource`, and names the operations that
BILL's reference has for it. What is special about a kind stands in its module's hooks.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Field, Many, Object, Text, optional
from pytest_bill.sandbox.core.lists import PAGE_SIZE, Filterable
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query, listing, many_of
from pytest_bill.sandbox.core.records import Record

LIST_QUERY = (Query("max", PAGE_SIZE), Query("page"), Query("sort"), Query("filters"))
"""What every list of AP & AR takes; see `lists`."""

MOST_IN_BULK = 100
"""How many records one bulk operation takes, where BILL's page names no number."""


@dataclass(frozen=True)
class Resource:
    """One kind of record.

    The hooks raise BillError for what the kinds of the fields cannot say, and before they have
    changed anything. What they change in other tables they take back in ``Call.undo``.
    """

    area: str
    """The part of BILL's API."""
    path: str
    """Below /connect/v3 and the parent's path and id, without the id."""
    parameter: str
    """The id's name in BILL's paths."""
    table: str
    """Where the records are kept."""
    prefix: str
    """What their ids begin with."""
    fields: Mapping[str, Field]
    """What can be set."""
    _: KW_ONLY
    answered: Mapping[str, Field] = field(default_factory=dict)
    """Further fields of an answer."""
    filterable: Mapping[str, Filterable] = field(default_factory=dict)
    """What a list can be filtered on."""
    sortable: Collection[str] = ()
    """What a list can be sorted by, beside that."""
    event: str = ""
    """What the names of its webhook events begin with; none are published without it."""
    complete: Callable[[Call, Record], Record] | None = None
    """Makes the record of a checked body."""
    change: Callable[[Call, Record, Record], None] | None = None
    """Changes a record by a checked body."""
    supplant: Callable[[Call, Record, Record], None] | None = None
    """Changes a record by a body that stands for all that can be set, as PUT does; without it,
    these fields are taken away before ``change``."""
    before_archiving: Callable[[Call, Record], None] | None = None
    """Looks at a record that is to be archived."""
    mark: Callable[[Call, Record, bool], None] | None = None
    """Is called before a record is archived (True) or restored."""
    present: Callable[[Call, Record], Record] | None = None
    """Makes an answer of a record, where it is not the record itself."""
    audit: Callable[[Call, Record | None, Record], None] | None = None
    """Is called at every change: with the record before, None for a new one, and after."""
    archivable: bool = True
    """Records have ``archived``."""
    plural: str = ""
    """What the answer of a bulk operation calls its records; without it, that is a bare list."""
    parent: Resource | None = None
    """The kind that each record belongs to one of. Each parent has a table of its own, so that no
    list and no id reaches into another's."""

    @property
    def whole_path(self) -> str:
        """The path below /connect/v3, with the parent's."""
        if self.parent is None:
            return self.path
        return f"{self.parent.whole_path}/{{{self.parent.parameter}}}{self.path}"

    def table_of(self, call: Call) -> str:
        """The table of the call's records; BDC_1120 if the path names no parent that is known."""
        if self.parent is None:
            return self.table
        return f"{self.table} of {self.parent.find(call)['id']}"

    @property
    def answer(self) -> Object:
        """A record as it is answered."""
        common: dict[str, Field] = {
            "id": Text(required=True),
            **({"archived": Boolean()} if self.archivable else {}),
            "createdTime": Text(),
            "updatedTime": Text(),
        }
        return Object({**common, **optional(self.fields), **self.answered})

    @property
    def several(self) -> Field:
        """Several records as a bulk operation answers them."""
        records = Many(self.answer, required=True)
        return Object({self.plural: records}) if self.plural else records

    def add(self, call: Call, body: Record, *, record_id: str = "") -> Record:
        """A new record of a checked body; with a new id, unless one is given."""
        table = call.table(self.table_of(call))
        now = call.state.timestamp()
        settled = dict(body) if self.complete is None else self.complete(call, body)
        record = {
            "id": record_id or call.state.ids.new(self.prefix),
            **({"archived": False} if self.archivable else {}),
            **settled,
            "createdTime": now,
            "updatedTime": now,
        }
        table[record["id"]] = record
        self._done(call, "created", None, record)
        return record

    def modify(self, call: Call, record: Record, body: Record) -> Record:
        """The record with the fields of a checked body."""
        before = self._before(record)
        self._apply(call, record, body)
        return self._changed(call, before, record)

    def put(self, call: Call, record: Record, body: Record) -> Record:
        """The record with a checked body in place of all that can be set."""
        before = self._before(record)
        if self.supplant is not None:
            self.supplant(call, record, body)
        else:
            fresh = {name: value for name, value in record.items() if name not in self.fields}
            self._apply(call, fresh, body)
            record.clear()
            record.update(fresh)
        return self._changed(call, before, record)

    def answered_as(self, call: Call, record: Record) -> Record:
        """The record as it is answered."""
        return record if self.present is None else self.present(call, record)

    def find(self, call: Call) -> Record:
        """The record that the call's path names; BDC_1120 if there is none."""
        return call.find(self.table_of(call), self.parameter)

    def list(self, name: str, summary: str, **more: Any) -> Operation:
        """GET: a page of records, archived ones too unless they are filtered out."""
        return self._operation(
            "GET",
            "",
            name,
            summary,
            self._page,
            **{
                "query": LIST_QUERY,
                "filterable": self.filterable,
                "answer": many_of(self.answer),
                **more,
            },
        )

    def get(self, name: str, summary: str, **more: Any) -> Operation:
        """GET: one record."""
        return self._operation("GET", self._one, name, summary, self._answering(self.find), **more)

    def create(self, name: str, summary: str, **more: Any) -> Operation:
        """POST: a new record."""
        return self._operation(
            "POST",
            "",
            name,
            summary,
            self._answering(lambda call: self.add(call, call.body)),
            **{"body": self.fields, "status": 201, **more},
        )

    def update(self, name: str, summary: str, **more: Any) -> Operation:
        """PATCH: the given fields replace the record's."""
        return self._operation(
            "PATCH",
            self._one,
            name,
            summary,
            self._answering(lambda call: self.modify(call, self.find(call), call.body)),
            **{"body": self.fields, "partial": True, **more},
        )

    def replace(self, name: str, summary: str, **more: Any) -> Operation:
        """PUT: the given fields in place of all that can be set."""
        return self._operation(
            "PUT",
            self._one,
            name,
            summary,
            self._answering(lambda call: self.put(call, self.find(call), call.body)),
            body=self.fields,
            **more,
        )

    def archive(self, name: str, summary: str, **more: Any) -> Operation:
        """POST …/archive: BILL deletes nothing, it archives."""
        return self._operation(
            "POST", f"{self._one}/archive", name, summary, self._mark(True), **more
        )

    def restore(self, name: str, summary: str, **more: Any) -> Operation:
        """POST …/restore: undo archiving."""
        return self._operation(
            "POST", f"{self._one}/restore", name, summary, self._mark(False), **more
        )

    def bulk_create(self, name: str, summary: str, **more: Any) -> Operation:
        """POST …/bulk: a list of new records, all or none."""

        def create(call: Call) -> Any:
            with self._all_or_none(call):
                made = [self.add(call, body) for body in call.body]
            return self._several(call, made)

        return self._operation(
            "POST",
            "/bulk",
            name,
            summary,
            create,
            **{
                "body": self.fields,
                "many": MOST_IN_BULK,
                "answer": self.several,
                "status": 201,
                **more,
            },
        )

    def bulk_update(self, name: str, summary: str, **more: Any) -> Operation:
        """PATCH …/bulk: a list of changes, each with the record's `id`; all or none."""
        fields: dict[str, Field] = {
            "id": Text(required=True),
            **{key: each.with_required(False) for key, each in self.fields.items()},
        }
        return self._bulk("PATCH", name, summary, fields, self.modify, more)

    def bulk_replace(self, name: str, summary: str, **more: Any) -> Operation:
        """PUT …/bulk: a list of whole bodies, each with the record's `id`; all or none."""
        fields = {"id": Text(required=True), **self.fields}
        return self._bulk("PUT", name, summary, fields, self.put, more)

    def bulk_archive(self, name: str, summary: str, **more: Any) -> Operation:
        """POST …/bulk/archive?ids=…: archive the records of these ids, all or none."""
        return self._operation(
            "POST", "/bulk/archive", name, summary, self._mark_many(True), **self._many(more)
        )

    def bulk_restore(self, name: str, summary: str, **more: Any) -> Operation:
        """POST …/bulk/restore?ids=…: undo archiving the records of these ids, all or none."""
        return self._operation(
            "POST", "/bulk/restore", name, summary, self._mark_many(False), **self._many(more)
        )

    def _bulk(
        self,
        method: str,
        name: str,
        summary: str,
        fields: Mapping[str, Field],
        change: Callable[[Call, Record, Record], Record],
        more: dict[str, Any],
    ) -> Operation:
        def handle(call: Call) -> Any:
            records = [self._known(call, body["id"]) for body in call.body]
            with self._all_or_none(call, records):
                for record, body in zip(records, call.body, strict=True):
                    change(call, record, {key: body[key] for key in body if key != "id"})
            return self._several(call, records)

        known: dict[str, Any] = {
            "body": fields,
            "many": MOST_IN_BULK,
            "answer": self.several,
        }
        return self._operation(method, "/bulk", name, summary, handle, **{**known, **more})

    @contextmanager
    def _all_or_none(self, call: Call, records: Sequence[Record] = ()) -> Iterator[None]:
        """Undo what was added, and what was changed in `records`, if one body is refused."""
        table = call.table(self.table_of(call))
        known = len(table)
        before = [copy.deepcopy(record) for record in records]
        try:
            yield
        except errors.BillError:
            for added in list(table)[known:]:
                del table[added]
            for record, old in zip(records, before, strict=True):
                record.clear()
                record.update(old)
            for take_back in reversed(call.undo):
                take_back()
            raise

    @property
    def _one(self) -> str:
        return f"/{{{self.parameter}}}"

    def _operation(
        self,
        method: str,
        path: str,
        name: str,
        summary: str,
        handler: Callable[[Call], Any],
        **more: Any,
    ) -> Operation:
        more.setdefault("answer", self.answer)
        return Operation(
            method, V3 + self.whole_path + path, name, summary, handler, area=self.area, **more
        )

    def _mark(self, archived: bool) -> Callable[[Call], Record]:
        return self._answering(lambda call: self.set_archived(call, [self.find(call)], archived)[0])

    def _mark_many(self, archived: bool) -> Callable[[Call], Any]:
        def mark(call: Call) -> Any:
            ids = [
                each
                for given in call.request.query_params.getlist("ids")
                for each in given.split(",")
                if each
            ]
            if not 1 <= len(ids) <= MOST_IN_BULK:
                raise errors.bad_request(errors.invalid_parameter("ids", ",".join(ids)))
            records = [self._known(call, each) for each in ids]
            return self._several(call, self.set_archived(call, records, archived))

        return mark

    def _many(self, more: dict[str, Any]) -> dict[str, Any]:
        return {"query": (Query("ids", Text(required=True)),), "answer": self.several, **more}

    def _several(self, call: Call, records: Sequence[Record]) -> Any:
        answered = [self.answered_as(call, record) for record in records]
        return {self.plural: answered} if self.plural else answered

    def _known(self, call: Call, record_id: str) -> Record:
        record = call.table(self.table_of(call)).get(record_id)
        if record is None:
            raise errors.no_data_found()
        return record

    def set_archived(
        self, call: Call, records: Sequence[Record], archived: bool
    ) -> Sequence[Record]:
        """The records, all of them archived or restored, or none of them."""
        # BILL's pages: no change when an archived one is archived, or a restored one restored.
        others = [record for record in records if record["archived"] != archived]
        if archived and self.before_archiving is not None:
            for record in others:
                self.before_archiving(call, record)
        for record in others:
            before = self._before(record)
            if self.mark is not None:
                self.mark(call, record, archived)
            record["archived"] = archived
            record["updatedTime"] = call.state.timestamp()
            self._done(call, "archived" if archived else "restored", before, record)
        return records

    def _answering(self, handler: Callable[[Call], Record]) -> Callable[[Call], Record]:
        return lambda call: self.answered_as(call, handler(call))

    def _page(self, call: Call) -> Record:
        page = listing(call, self.table_of(call), self.filterable, sortable=self.sortable)
        if self.present is not None:
            page["results"] = [self.present(call, record) for record in page["results"]]
        return page

    def _apply(self, call: Call, record: Record, body: Record) -> None:
        if self.change is None:
            record.update(body)
        else:
            self.change(call, record, body)

    def _before(self, record: Record) -> Record | None:
        return copy.deepcopy(record) if self.audit is not None else None

    def _changed(self, call: Call, before: Record | None, record: Record) -> Record:
        record["updatedTime"] = call.state.timestamp()
        self._done(call, "updated", before, record)
        return record

    def _done(self, call: Call, what: str, before: Record | None, record: Record) -> None:
        if self.audit is not None:
            self.audit(call, before, record)
        if self.event:
            told = self.answered_as(call, record)
            call.state.publish(call.owner, f"{self.event}.{what}", told)
