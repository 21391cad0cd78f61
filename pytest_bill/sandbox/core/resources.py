"""Operations that BILL offers for most kinds of records alike: list, get, create, update and so on.

A module of ``api`` describes its kind of record once, as a ``Resource``, and names those of its
``operations`` that BILL's reference has. What is special about a kind stands in its module's hooks.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import cached_property
from typing import Any

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Field, Many, Object, Text, optional
from pytest_bill.sandbox.core.filters import Filterable
from pytest_bill.sandbox.core.lists import PAGE_SIZE
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query, listing, many_of
from pytest_bill.sandbox.core.records import Record

LIST_QUERY = (Query("max", PAGE_SIZE), Query("page"), Query("sort"), Query("filters"))
"""What every list of AP & AR takes; see ``lists``."""

MOST_IN_BULK = 100
"""How many records one bulk operation takes, where BILL's page names no number."""


@dataclass(frozen=True, eq=False)
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
    related: Mapping[str, Callable[[Call], Callable[[Record], Collection[str]]]] = field(
        default_factory=dict
    )
    """Of what can be filtered on, what other records say; see ``related.values_of``."""
    sortable: Collection[str] = ()
    """What a list can be sorted by, beside that."""
    event: str = ""
    """What the names of its webhook events begin with; none are published without it."""
    complete: Callable[[Call, Record], Record] | None = None
    """Makes the record of a checked body."""
    change: Callable[[Call, Record, Record], None] | None = None
    """Changes a record by a checked body."""
    change_whole: Callable[[Call, Record, Record], None] | None = None
    """Changes a record by a body that stands for all that can be set, as PUT does; without it,
    these fields are taken away before ``change``."""
    before_archiving: Callable[[Call, Record], None] | None = None
    """Looks at a record that is to be archived."""
    change_archived: Callable[[Call, Record, bool], None] | None = None
    """Is called before a record is archived (True) or restored."""
    present: Callable[[Call, Record], Record] | None = None
    """Makes an answer of a record, where it is not the record itself."""
    audit: Callable[[Call, Record | None, Record], None] | None = None
    """Is called at every change: with the record before, None for a new one, and after."""
    number: Callable[[Record], str | None] | None = None
    """What no other record may have; None for a record without a number."""
    archivable: bool = True
    """Records have ``archived``."""
    plural: str = ""
    """What the answer of a bulk operation calls its records; without it, that is a bare list."""
    parent: Resource | None = None
    """The kind that each record belongs to one of. Each parent has a table of its own, so that no
    list and no id reaches into another's."""
    missing: str = ""
    """What the sandbox leaves out of the records, for every operation that answers one."""
    unsure: str = ""
    """What BILL's pages do not say of the records, for every operation that answers one."""

    @property
    def operations(self) -> ResourceOperations:
        """What BILL's reference may offer for this kind."""
        return ResourceOperations(self)

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

    @cached_property  # most of its operations describe their answer by it
    def answer(self) -> Object:
        """A record as it is answered."""
        common: dict[str, Field] = {
            "id": Text(required=True),
            **({"archived": Boolean()} if self.archivable else {}),
            "createdTime": Text(),
            "updatedTime": Text(),
        }
        return Object(
            {**common, **optional(self.fields), **self.answered},
            missing=self.missing,
            unsure=self.unsure,
        )

    def find(self, call: Call) -> Record:
        """The record that the call's path names; BDC_1120 if there is none."""
        return call.find(self.table_of(call), self.parameter)

    def find_by_id(self, call: Call, record_id: str) -> Record:
        """The record of that id; BDC_1120 if there is none."""
        record = call.table(self.table_of(call)).get(record_id)
        if record is None:
            raise errors.no_data_found()
        return record

    def insert(
        self, call: Call, body: Record, *, record_id: str = "", checks_number: bool = True
    ) -> Record:
        """A new record of a checked body; with a new id, unless one is given."""
        table = call.table(self.table_of(call))
        now = call.state.timestamp()
        if checks_number:
            self._check_number(call, body, "")
        content = dict(body) if self.complete is None else self.complete(call, body)
        record = {
            "id": record_id or call.state.ids.new(self.prefix),
            **({"archived": False} if self.archivable else {}),
            **content,
            "createdTime": now,
            "updatedTime": now,
        }
        table[record["id"]] = record
        self._keep_number(call, record)
        self._publish(call, "created", None, record)
        return record

    def patch(self, call: Call, record: Record, body: Record) -> Record:
        """The record with the fields of a checked body."""
        before = self._before(record)
        self._check_number(call, {**record, **body}, record["id"])
        self._change(call, record, body)
        return self._updated(call, before, record)

    def replace(self, call: Call, record: Record, body: Record) -> Record:
        """The record with a checked body in place of all that can be set."""
        before = self._before(record)
        self._check_number(call, {**record, **body}, record["id"])
        if self.change_whole is not None:
            self.change_whole(call, record, body)
        else:
            fresh = {name: value for name, value in record.items() if name not in self.fields}
            self._change(call, fresh, body)
            record.clear()
            record.update(fresh)
        return self._updated(call, before, record)

    def archive(self, call: Call, *records: Record) -> None:
        """Archive the records, all of them or none; BILL deletes nothing."""
        # BILL's pages: no change when an archived one is archived, or a restored one restored.
        active = [record for record in records if not record["archived"]]
        if self.before_archiving is not None:
            for record in active:
                self.before_archiving(call, record)
        for record in active:
            self._set_archived(call, record, True)

    def restore(self, call: Call, *records: Record) -> None:
        """Undo archiving the records."""
        for record in records:
            if record["archived"]:
                self._set_archived(call, record, False)

    def as_answered(self, call: Call, record: Record) -> Record:
        """The record as it is answered."""
        return record if self.present is None else self.present(call, record)

    def _set_archived(self, call: Call, record: Record, archived: bool) -> None:
        before = self._before(record)
        if self.change_archived is not None:
            self.change_archived(call, record, archived)
        record["archived"] = archived
        record["updatedTime"] = call.state.timestamp()
        self._publish(call, "archived" if archived else "restored", before, record)

    def _change(self, call: Call, record: Record, body: Record) -> None:
        if self.change is None:
            record.update(body)
        else:
            self.change(call, record, body)

    def _before(self, record: Record) -> Record | None:
        return copy.deepcopy(record) if self.audit is not None else None

    def _updated(self, call: Call, before: Record | None, record: Record) -> Record:
        record["updatedTime"] = call.state.timestamp()
        self._keep_number(call, record)
        self._publish(call, "updated", before, record)
        return record

    def _check_number(self, call: Call, record: Record, record_id: str) -> None:
        """Refuse a number that another record has: BDC_1171."""
        number = self.number(record) if self.number is not None else None
        if number is None:
            return
        other: str = call.table(f"{self.table}Numbers").get(number, {}).get("id", record_id)
        # What had it may have another one by now, or be gone.
        holder = call.table(self.table_of(call)).get(other, {})
        if other != record_id and self.number is not None and self.number(holder) == number:
            raise errors.taken_number(number.rpartition("\n")[2])

    def _keep_number(self, call: Call, record: Record) -> None:
        number = self.number(record) if self.number is not None else None
        if number is not None:
            call.table(f"{self.table}Numbers")[number] = {"id": record["id"]}

    def _publish(self, call: Call, what: str, before: Record | None, record: Record) -> None:
        if self.audit is not None:
            self.audit(call, before, record)
        if self.event and call.state.has_subscribers():
            answered = self.as_answered(call, record)
            call.state.publish(call.owner, f"{self.event}.{what}", answered)


class ResourceOperations:
    """The operations of one kind of record. ``name`` and ``summary`` are the operation's; whatever
    else an ``Operation`` says can be given beside them."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource

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
                "filterable": self._resource.filterable,
                "answer": many_of(self._resource.answer),
                **more,
            },
        )

    def get(self, name: str, summary: str, **more: Any) -> Operation:
        """GET: one record."""
        find = self._resource.find
        return self._operation("GET", self._one, name, summary, self._answering(find), **more)

    def create(self, name: str, summary: str, **more: Any) -> Operation:
        """POST: a new record."""
        insert = self._resource.insert
        return self._operation(
            "POST",
            "",
            name,
            summary,
            self._answering(lambda call: insert(call, call.body)),
            **{"body": self._resource.fields, "status": 201, **more},
        )

    def update(self, name: str, summary: str, **more: Any) -> Operation:
        """PATCH: the given fields replace the record's."""
        patch = self._changing(self._resource.patch)
        known = {"body": self._resource.fields, "partial": True}
        return self._operation("PATCH", self._one, name, summary, patch, **{**known, **more})

    def replace(self, name: str, summary: str, **more: Any) -> Operation:
        """PUT: the given fields in place of all that can be set."""
        replace = self._changing(self._resource.replace)
        known = {"body": self._resource.fields}
        return self._operation("PUT", self._one, name, summary, replace, **{**known, **more})

    def archive(self, name: str, summary: str, **more: Any) -> Operation:
        """POST …/archive: BILL deletes nothing, it archives."""
        archive = self._marking(self._resource.archive)
        return self._operation("POST", f"{self._one}/archive", name, summary, archive, **more)

    def restore(self, name: str, summary: str, **more: Any) -> Operation:
        """POST …/restore: undo archiving."""
        restore = self._marking(self._resource.restore)
        return self._operation("POST", f"{self._one}/restore", name, summary, restore, **more)

    def bulk_create(self, name: str, summary: str, **more: Any) -> Operation:
        """POST …/bulk: a list of new records, all or none."""

        def create(call: Call) -> Any:
            with self._all_or_none(call):
                made = [self._resource.insert(call, body) for body in call.body]
            return self._as_answered(call, made)

        known = {**self._known_in_bulk(self._resource.fields), "status": 201}
        return self._operation("POST", "/bulk", name, summary, create, **{**known, **more})

    def bulk_update(self, name: str, summary: str, **more: Any) -> Operation:
        """PATCH …/bulk: a list of changes, each with the record's ``id``; all or none."""
        fields = {key: each.with_required(False) for key, each in self._resource.fields.items()}
        return self._bulk("PATCH", name, summary, fields, self._resource.patch, more)

    def bulk_replace(self, name: str, summary: str, **more: Any) -> Operation:
        """PUT …/bulk: a list of whole bodies, each with the record's ``id``; all or none."""
        return self._bulk("PUT", name, summary, self._resource.fields, self._resource.replace, more)

    def bulk_archive(self, name: str, summary: str, **more: Any) -> Operation:
        """POST …/bulk/archive?ids=…: archive the records of these ids, all or none."""
        return self._bulk_marking("archive", name, summary, self._resource.archive, more)

    def bulk_restore(self, name: str, summary: str, **more: Any) -> Operation:
        """POST …/bulk/restore?ids=…: undo archiving the records of these ids, all or none."""
        return self._bulk_marking("restore", name, summary, self._resource.restore, more)

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
            records = [self._resource.find_by_id(call, body["id"]) for body in call.body]
            with self._all_or_none(call, records):
                for record, body in zip(records, call.body, strict=True):
                    change(call, record, {key: body[key] for key in body if key != "id"})
            return self._as_answered(call, records)

        known = self._known_in_bulk({"id": Text(required=True), **fields})
        return self._operation(method, "/bulk", name, summary, handle, **{**known, **more})

    def _known_in_bulk(self, fields: Mapping[str, Field]) -> dict[str, Any]:
        return {"body": fields, "many": MOST_IN_BULK, "answer": self._several}

    @contextmanager
    def _all_or_none(self, call: Call, records: Sequence[Record] = ()) -> Iterator[None]:
        """Undo what was inserted, and what was changed in ``records``, if one body is refused."""
        table = call.table(self._resource.table_of(call))
        known = len(table)
        before = [copy.deepcopy(record) for record in records]
        try:
            yield
        except errors.BillError:
            for inserted in list(table)[known:]:
                del table[inserted]
            for record, old in zip(records, before, strict=True):
                record.clear()
                record.update(old)
            for take_back in reversed(call.undo):
                take_back()
            raise

    def _bulk_marking(
        self,
        verb: str,
        name: str,
        summary: str,
        mark: Callable[..., None],
        more: dict[str, Any],
    ) -> Operation:
        def handle(call: Call) -> Any:
            ids = [
                each for given in call.request.query.all("ids") for each in given.split(",") if each
            ]
            if not 1 <= len(ids) <= MOST_IN_BULK:
                raise errors.bad_request(errors.invalid_parameter("ids", ",".join(ids)))
            records = [self._resource.find_by_id(call, each) for each in ids]
            mark(call, *records)
            return self._as_answered(call, records)

        known = {"query": (Query("ids", Text(required=True)),), "answer": self._several}
        return self._operation("POST", f"/bulk/{verb}", name, summary, handle, **{**known, **more})

    @property
    def _one(self) -> str:
        return f"/{{{self._resource.parameter}}}"

    @property
    def _several(self) -> Field:
        """Several records as a bulk operation answers them."""
        records = Many(self._resource.answer, required=True)
        return Object({self._resource.plural: records}) if self._resource.plural else records

    def _as_answered(self, call: Call, records: Sequence[Record]) -> Any:
        answered = [self._resource.as_answered(call, record) for record in records]
        return {self._resource.plural: answered} if self._resource.plural else answered

    def _operation(
        self,
        method: str,
        path: str,
        name: str,
        summary: str,
        handler: Callable[[Call], Any],
        **more: Any,
    ) -> Operation:
        more.setdefault("answer", self._resource.answer)
        whole_path = V3 + self._resource.whole_path + path
        return Operation(
            method, whole_path, name, summary, handler, area=self._resource.area, **more
        )

    def _answering(self, handler: Callable[[Call], Record]) -> Callable[[Call], Record]:
        return lambda call: self._resource.as_answered(call, handler(call))

    def _changing(
        self, change: Callable[[Call, Record, Record], Record]
    ) -> Callable[[Call], Record]:
        return self._answering(lambda call: change(call, self._resource.find(call), call.body))

    def _marking(self, mark: Callable[..., None]) -> Callable[[Call], Record]:
        def handle(call: Call) -> Record:
            record = self._resource.find(call)
            mark(call, record)
            return record

        return self._answering(handle)

    def _filterable(self, call: Call) -> Mapping[str, Filterable]:
        known = self._resource.filterable
        filters = call.request.query.get("filters", "") if self._resource.related else ""
        looked_up = {
            name: replace(known[name], values=values(call))
            for name, values in self._resource.related.items()
            if name in filters
        }
        return {**known, **looked_up} if looked_up else known

    def _page(self, call: Call) -> Record:
        resource = self._resource
        page = listing(
            call, resource.table_of(call), self._filterable(call), sortable=resource.sortable
        )
        if resource.present is not None:
            page["results"] = [resource.present(call, record) for record in page["results"]]
        return page
