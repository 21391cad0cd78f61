"""Entities of BILL's v2 API: v3's records under v2's names, and the operations for all of them.

Pages: https://developer.bill.com/v2/docs/api-request-format (Crud and Bulk),
https://developer.bill.com/v2/docs/api-response-format (times),
https://developer.bill.com/v2/docs/search-ops-with-lists (List), and
https://developersupport.bill.com/hc/en-us/articles/209605773-Vendor beside it, whose samples show
an entity as it is answered: every field is there, null or, for an id, twenty zeros if it has no
value. Deleting makes an entity inactive: ``isActive`` is 2, and 1 after undeleting.

An entity is one more view of a record of v3, so that what one version writes the other reads: each
field of v2 is a ``Column`` that says where in the record it stands. What v3 has no place for is
kept beside the record, by its id, and so is that of a line within it. In what is sent, null, an
empty text and an id of twenty zeros stand for no value, as public clients send them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import cached_property
from typing import Any

from pytest_bill.sandbox.api.v2.columns import NO_ID, TIME, Column
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Field, Many, Object, Text
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_BESIDE = "beside_v2"
"""The table of what v3 has no place for, by the record's id."""

_ACTIVE, _INACTIVE = "1", "2"
_NO_VALUE = (None, "", NO_ID)

_IS_ACTIVE = Column(
    Text(choices=(_ACTIVE, _INACTIVE)),
    absent=_ACTIVE,
    made=lambda _call, record: _INACTIVE if record.get("archived") else _ACTIVE,
)


@dataclass(frozen=True, eq=False)
class Children:
    """A list of entities within another one: ``name`` is that of its field, ``path`` the record's.

    ``parent`` is the field that says of a child whose it is. ``required`` says that there must be
    one. A child has what it ``inherits`` of the record that it is in, beside the times of that, and
    its ``position`` among the others.
    ``found`` gives the children where they are no list in the record.
    """

    name: str
    entity: str
    path: str
    columns: Mapping[str, Column]
    _: KW_ONLY
    parent: str = ""
    required: bool = False
    sent: bool = True
    inherits: Sequence[str] = ()
    found: Callable[[Record], Sequence[Record]] | None = None

    def of(self, record: Record) -> list[Record]:
        """The children in the record, with what they inherit."""
        inherited = {
            name: record[name]
            for name in ("createdTime", "updatedTime", *self.inherits)
            if name in record
        }
        children = record.get(self.path, ()) if self.found is None else self.found(record)
        return [
            {**inherited, "position": position, **each} for position, each in enumerate(children)
        ]


@dataclass(frozen=True, eq=False)
class Entity:
    """A kind of entity.

    What is not said of ``records`` and of how v3 changes them is that of ``resource``. Whatever
    changes a record raises BillError before it has changed anything.
    """

    name: str
    group: str
    """The part of BILL's v2 reference that has its pages."""
    columns: Mapping[str, Column]
    resource: Resource | None = None
    """The kind of the records that it shows."""
    _: KW_ONLY
    children: Sequence[Children] = ()
    records: Callable[[Call], Mapping[str, Record]] | None = None
    """The records that it shows, by id."""
    insert_in_v3: Callable[[Call, Record], Record] | None = None
    """Makes a record of a body of v3."""
    patch_in_v3: Callable[[Call, Record, Record], None] | None = None
    """Changes a record by a body of v3."""
    archive_in_v3: Callable[[Call, Record], None] | None = None
    restore_in_v3: Callable[[Call, Record], None] | None = None
    archivable: bool = True
    """It has ``isActive``."""
    sets_active: bool = True
    """``isActive`` can be sent: not for what is deleted for good."""
    options: Mapping[str, Field] = field(default_factory=dict)
    """What is sent beside an object that is created or changed."""
    missing: str = ""
    unsure: str = ""

    @property
    def one(self) -> str:
        """The name with its article, for summaries."""
        return f"{'an' if self.name[0] in 'AEIO' else 'a'} {self.name}"

    @cached_property
    def all_columns(self) -> dict[str, Column]:
        """The entity's own columns with those of all entities."""
        return {
            "id": Column(Text(required=True), "id", sent=False),
            **({"isActive": replace(_IS_ACTIVE, sent=self.sets_active)} if self.archivable else {}),
            **self.columns,
            "createdTime": _time("createdTime"),
            "updatedTime": _time("updatedTime"),
        }

    @cached_property  # most of its operations describe their answer by it
    def answer(self) -> Object:
        """An entity as it is answered."""
        fields: dict[str, Field] = {
            "entity": Text(required=True, choices=(self.name,)),
            **_answered(self.all_columns),
        }
        for each in self.children:
            fields[each.name] = Many(_child(each))
        return Object(fields, missing=self.missing, unsure=self.unsure)

    def sent(self, *, new: bool) -> dict[str, Field]:
        """The fields of an object that is sent; without ``new`` none but the id is required."""
        fields: dict[str, Field] = {"entity": Text(choices=(self.name,))}
        if not new:
            fields["id"] = Text(required=True)
        for name, column in self.all_columns.items():
            if column.sent:
                fields[name] = column.kind if new else column.kind.with_required(False)
        for each in self.children:
            if each.sent:
                fields[each.name] = Many(Object(_sent(each)), required=each.required and new)
        return fields

    def all_records(self, call: Call) -> Mapping[str, Record]:
        """The caller's records, by id."""
        if self.records is not None:
            return self.records(call)
        return call.table(self._of_v3.table)

    def find_by_id(self, call: Call, entity_id: str) -> Record:
        """The record of that id; BDC_1120 if there is none."""
        record = self.all_records(call).get(entity_id)
        if record is None:
            raise errors.no_data_found()
        return record

    def as_answered(self, call: Call, record: Record, *, nested: bool = True) -> Record:
        """The record as an entity; without ``nested``, the entities within it are left out."""
        beside = call.table(_BESIDE).get(record["id"], {})
        answered: Record = {"entity": self.name}
        for name, column in self.all_columns.items():
            answered[name] = column.value(call, record, beside, name)
        for each in self.children if nested else ():
            answered[each.name] = _answered_children(call, record, each)
        return answered

    def value(self, call: Call, record: Record, name: str) -> Any:
        """One field of the record as an entity, for filters and sorting."""
        beside = call.table(_BESIDE).get(record["id"], {})
        return self.all_columns[name].value(call, record, beside, name)

    def insert(self, call: Call, given: Record) -> Record:
        """A new record of a checked object."""
        body, beside, _ = self._split(given, {})
        if self.insert_in_v3 is not None:
            record = self.insert_in_v3(call, body)
        else:
            record = self._of_v3.insert(call, body)
        keep_beside(call, record["id"], beside)
        self._keep_of_children(call, given, record)
        if given.get("isActive") == _INACTIVE:
            self.archive(call, record)
            return self.find_by_id(call, record["id"])
        return record

    def patch(self, call: Call, record: Record, given: Record) -> Record:
        """The record with the fields of a checked object."""
        body, beside, cleared = self._split(given, record)
        before = copy.deepcopy(record)
        if self.patch_in_v3 is not None:
            self.patch_in_v3(call, record, body)
        else:
            self._patch_of_v3(call, record, body)
        try:
            archived = {_ACTIVE: False, _INACTIVE: True}.get(given.get("isActive", ""))
            if archived is not None and archived != record["archived"]:
                mark = self.archive if archived else self.restore
                mark(call, record)
        except errors.BillError:
            record.clear()
            record.update(before)
            raise
        for path in cleared:
            record.pop(path, None)
        keep_beside(call, record["id"], beside)
        changed = self.find_by_id(call, record["id"])
        self._keep_of_children(call, given, changed)
        return changed

    def archive(self, call: Call, record: Record) -> None:
        """Make the record inactive."""
        if self.archive_in_v3 is not None:
            self.archive_in_v3(call, record)
        else:
            self._of_v3.archive(call, record)

    def restore(self, call: Call, record: Record) -> None:
        """Make the record active again."""
        if self.restore_in_v3 is not None:
            self.restore_in_v3(call, record)
        else:
            self._of_v3.restore(call, record)

    @property
    def _of_v3(self) -> Resource:
        assert self.resource is not None
        return self.resource

    def _patch_of_v3(self, call: Call, record: Record, body: Record) -> None:
        """The record with a body of v3; entities within it stand for all that are there."""
        if any(each.path in body for each in self.children):
            known = self._of_v3.fields
            kept = {name: record[name] for name in known if name in record}
            self._of_v3.replace(call, record, {**kept, **body})
        else:
            self._of_v3.patch(call, record, body)

    def _keep_of_children(self, call: Call, given: Record, record: Record) -> None:
        """Keep what v3 has no place for of the entities within; they are in the order sent."""
        for each in self.children:
            if each.sent and given.get(each.name):
                for child, known in zip(given[each.name], record[each.path], strict=False):
                    keep_beside(call, known["id"], _beside(child, each.columns))

    def _split(self, given: Record, record: Record) -> tuple[Record, Record, list[str]]:
        """A body of v3, what is kept beside the record, and which of its fields lose their value.

        Objects within a body replace those of the record, so they begin as these.
        """
        body: Record = {}
        beside: Record = {}
        cleared: list[str] = []
        columns = {name: each for name, each in self.columns.items() if each.sent}
        for name, column in columns.items():
            if name not in given:
                continue
            value, path = given[name], column.sent_path or column.path
            if column.kind.required and value == "":
                raise errors.bad_request(errors.missing_data(name))
            if not path:
                beside[name] = None if value in _NO_VALUE else value
            elif value not in _NO_VALUE or column.kind.required:
                _put(body, record, path, column.codec.write(value))
            elif "." in path:
                _put(body, record, path, None)
            elif record:
                cleared.append(path)
        for each in self.children:
            if each.sent and each.name in given:
                body[each.path] = [_body(child, each.columns) for child in given[each.name]]
        return body, beside, cleared


def keep_beside(call: Call, entity_id: str, fields: Mapping[str, Any]) -> None:
    """Keep fields beside the record of that id."""
    if fields:
        call.table(_BESIDE).setdefault(entity_id, {}).update(fields)


def _time(path: str) -> Column:
    return Column(Text(), path, codec=TIME, sent=False)


def _answered_children(call: Call, record: Record, children: Children) -> list[Record]:
    answered = []
    for each in children.of(record):
        child: Record = {"entity": children.entity}
        beside = call.table(_BESIDE).get(each.get("id", ""), {})
        if children.parent:
            child[children.parent] = record["id"]
        for name, column in _child_columns(children).items():
            child[name] = column.value(call, each, beside, name)
        answered.append(child)
    return answered


def _child_columns(children: Children) -> dict[str, Column]:
    return {
        **children.columns,
        "createdTime": _time("createdTime"),
        "updatedTime": _time("updatedTime"),
    }


def _child(children: Children) -> Object:
    """A child as it is answered."""
    fields: dict[str, Field] = {"entity": Text(required=True, choices=(children.entity,))}
    if children.parent:
        fields[children.parent] = Text(required=True)
    return Object({**fields, **_answered(_child_columns(children))})


def _sent(children: Children) -> dict[str, Field]:
    """The fields of a child that is sent."""
    sent = {name: each.kind for name, each in children.columns.items() if each.sent}
    return {"entity": Text(choices=(children.entity,)), **sent}


def _answered(columns: Mapping[str, Column]) -> dict[str, Field]:
    return {name: each.answer for name, each in columns.items()}


def _body(child: Record, columns: Mapping[str, Column]) -> Record:
    body: Record = {}
    for name, column in columns.items():
        if column.sent and column.path and child.get(name) not in _NO_VALUE:
            _put(body, {}, column.path, column.codec.write(child[name]))
    return body


def _beside(child: Record, columns: Mapping[str, Column]) -> Record:
    return {
        name: None if child[name] in _NO_VALUE else child[name]
        for name, column in columns.items()
        if column.sent and not column.path and name in child
    }


def _put(body: Record, record: Record, path: str, value: Any) -> None:
    """Set what the path leads to in the body; None takes it away."""
    *outer, last = path.split(".")
    for name in outer:
        if name not in body:
            body[name] = copy.deepcopy(record.get(name, {}))
        body, record = body[name], record.get(name, {})
    if value is None:
        body.pop(last, None)
    else:
        body[last] = value
