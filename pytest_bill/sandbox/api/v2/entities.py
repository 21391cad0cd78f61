"""Entities of BILL's v2 API: v3's records under v2's names, and the operations for all of them.

Pages: https://developer.bill.com/v2/docs/api-request-format (Crud and Bulk),
https://developer.bill.com/v2/docs/api-response-format (times),
https://developer.bill.com/v2/docs/search-ops-with-lists (List), and
https://developersupport.bill.com/hc/en-us/articles/209605773-Vendor beside it, whose samples show
an entity as it is answered: every field is there, null or, for an id, twenty zeros if it has no
value. Deleting makes an entity inactive: `isActive` is 2, and 1 after undeleting.

An entity is one more view of a record of v3, so that what one version writes the other reads: each
field of v2 is a `Column` that says where in the record it stands. What v3 has no place for is kept
beside the record. In what is sent, null, an empty text and an id of twenty zeros stand for no
value, as public clients send them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import cached_property
from typing import Any

from pytest_bill.sandbox.api.v2 import lists
from pytest_bill.sandbox.api.v2 import operations as v2
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.bodies import check
from pytest_bill.sandbox.core.fields import (
    Anything,
    Boolean,
    Date,
    Either,
    Field,
    Integer,
    Many,
    Null,
    Number,
    Object,
    Text,
)
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

NO_ID = "0" * 20
"""The id that refers to nothing."""

MOST_IN_BULK = 100
"""How many objects a bulk operation takes (/v2/reference/ap-vendormgmt-bulkcreatevendor)."""

_BESIDE = "beside_v2"
"""The table of what v3 has no place for, by the record's id."""

_ACTIVE, _INACTIVE = "1", "2"
_NO_VALUE = (None, "", NO_ID)


@dataclass(frozen=True)
class Codec:
    """How a value of a record is written in v2, and the other way round."""

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


_PLAIN = Codec(_same, _same)


def coded(codes: Mapping[str, Any]) -> Codec:
    """v2's codes for v3's values; a value without a code is answered as it is."""
    of_value = {value: code for code, value in codes.items()}
    return Codec(
        lambda value: of_value.get(value, str(value)),
        lambda code: codes[code],
    )


TIME = Codec(lambda value: value.replace("+00:00", "+0000"), _same)
"""v2 writes a time's offset without a colon."""


@dataclass(frozen=True)
class Column:
    """One field of an entity.

    `path` leads to it in the record, a dot into an object; without a path it is kept beside the
    record. `sent_path` is the path in a body of v3, where that is another one. `absent` is answered
    without a value, unless the record has one at `otherwise`. `made` gives what is answered from
    the record, in place of a path.
    """

    kind: Field = field(default_factory=Text)
    path: str = ""
    _: KW_ONLY
    codec: Codec = _PLAIN
    absent: Any = None
    sent: bool = True
    sent_path: str = ""
    otherwise: str = ""
    made: Callable[[Call, Record], Any] | None = None


def text(path: str = "", *, required: bool = False, longest: int | None = None) -> Column:
    """A text."""
    return Column(Text(required=required, longest=longest), path)


def an_id(path: str = "", *, required: bool = False, sent_path: str = "") -> Column:
    """The id of another entity; twenty zeros if there is none."""
    return Column(Text(required=required), path, absent=NO_ID, sent_path=sent_path)


def code(path: str, codes: Mapping[str, Any], *, absent: str, required: bool = False) -> Column:
    """A value that v2 has a code for, which is a text."""
    return Column(
        Text(required=required, choices=tuple(codes)), path, codec=coded(codes), absent=absent
    )


def day(path: str = "", *, required: bool = False, otherwise: str = "") -> Column:
    """A date."""
    return Column(Date(required=required, or_empty=not required), path, otherwise=otherwise)


def number(path: str = "", *, required: bool = False) -> Column:
    """A number, which may be sent as a text."""
    return Column(Number(required=required, text=True), path)


def flag(path: str = "", *, absent: bool = False) -> Column:
    """A boolean."""
    return Column(Boolean(), path, absent=absent)


def fixed(value: Any, kind: Field | None = None) -> Column:
    """What the sandbox answers of every entity alike."""
    return Column(kind or Text(), absent=value, sent=False)


def read_only(column: Column) -> Column:
    """The column, which BILL sets itself."""
    return replace(column, sent=False)


def made(kind: Field, value: Callable[[Call, Record], Any]) -> Column:
    """What is answered follows from the record."""
    return Column(kind, made=value, sent=False)


@dataclass(frozen=True)
class Children:
    """A list of entities within another one: `name` is that of its field, `path` the record's.

    `parent` is the field that says of a child whose it is. `required` says that there must be one.
    A child has what it `inherits` of the record that it is in, beside the times of that. `found`
    gives the children where they are no list in the record.
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
        return [{**inherited, **each} for each in children]


@dataclass(frozen=True)
class Entity:
    """A kind of entity.

    `records` are the records that it shows, by id: without it, those of `resource`. `add` makes one
    of a body of v3, `change` changes one by such a body and `mark` archives or restores one; each
    raises BillError before it changes anything, and without it `resource` does it. `group` is the
    part of BILL's v2 reference that has its pages. `archivable` says whether it has `isActive`,
    and `sets_active` whether that can be sent: not for what is deleted for good.
    """

    name: str
    group: str
    columns: Mapping[str, Column]
    resource: Resource | None = None
    _: KW_ONLY
    children: Sequence[Children] = ()
    records: Callable[[Call], Mapping[str, Record]] | None = None
    add: Callable[[Call, Record], Record] | None = None
    change: Callable[[Call, Record, Record], None] | None = None
    mark: Callable[[Call, Record, bool], None] | None = None
    archivable: bool = True
    sets_active: bool = True
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

    @property
    def answer(self) -> Object:
        """An entity as it is answered."""
        fields: dict[str, Field] = {
            "entity": Text(required=True, choices=(self.name,)),
            **_answered(self.all_columns),
        }
        for each in self.children:
            fields[each.name] = Many(_child(each))
        return Object(fields)

    def sent(self, *, new: bool) -> dict[str, Field]:
        """The fields of an object that is sent; without `new` none but the id is required."""
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
        assert self.resource is not None
        return call.table(self.resource.table)

    def find(self, call: Call, entity_id: str) -> Record:
        """The record of that id; BDC_1120 if there is none."""
        record = self.all_records(call).get(entity_id)
        if record is None:
            raise errors.no_data_found()
        return record

    def show(self, call: Call, record: Record, *, nested: bool = True) -> Record:
        """The record as an entity; without `nested`, the entities within it are left out."""
        beside = call.table(_BESIDE).get(record["id"], {})
        shown: Record = {"entity": self.name}
        for name, column in self.all_columns.items():
            shown[name] = _value(call, record, beside, name, column)
        for each in self.children if nested else ():
            shown[each.name] = _shown_children(call, record, each)
        return shown

    def value(self, call: Call, record: Record, name: str) -> Any:
        """One field of the record as an entity, for filters and sorting."""
        beside = call.table(_BESIDE).get(record["id"], {})
        return _value(call, record, beside, name, self.all_columns[name])

    def create(self, call: Call, given: Record) -> Record:
        """A new entity of a checked object."""
        body, beside, _ = self._split(given, {})
        if self.add is not None:
            record = self.add(call, body)
        else:
            assert self.resource is not None
            record = self.resource.add(call, body)
        keep(call, record["id"], beside)
        if given.get("isActive") == _INACTIVE:
            self._mark(call, record, True)
        return self.show(call, record)

    def update(self, call: Call, given: Record) -> Record:
        """The entity with the given fields."""
        record = self.find(call, given["id"])
        body, beside, cleared = self._split(given, record)
        before = copy.deepcopy(record)
        if self.change is not None:
            self.change(call, record, body)
        else:
            self._change(call, record, body)
        try:
            archived = {_ACTIVE: False, _INACTIVE: True}.get(given.get("isActive", ""))
            if archived is not None and archived != record["archived"]:
                self._mark(call, record, archived)
        except errors.BillError:
            record.clear()
            record.update(before)
            raise
        for path in cleared:
            record.pop(path, None)
        keep(call, record["id"], beside)
        return self.show(call, self.find(call, record["id"]))

    def _change(self, call: Call, record: Record, body: Record) -> None:
        """The record with a body of v3; entities within it stand for all that are there."""
        assert self.resource is not None
        if any(each.path in body for each in self.children):
            kept = {name: record[name] for name in self.resource.fields if name in record}
            self.resource.put(call, record, {**kept, **body})
        else:
            self.resource.modify(call, record, body)

    def set_active(self, call: Call, entity_id: str, *, active: bool) -> Record:
        """The entity, deleted or undeleted."""
        record = self.find(call, entity_id)
        self._mark(call, record, not active)
        return self.show(call, self.find(call, entity_id))

    def _mark(self, call: Call, record: Record, archived: bool) -> None:
        if self.mark is not None:
            self.mark(call, record, archived)
        else:
            assert self.resource is not None
            self.resource.set_archived(call, [record], archived)

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


def keep(call: Call, entity_id: str, fields: Mapping[str, Any]) -> None:
    """Keep fields beside the record of that id."""
    if fields:
        call.table(_BESIDE).setdefault(entity_id, {}).update(fields)


_IS_ACTIVE = Column(
    Text(choices=(_ACTIVE, _INACTIVE)),
    absent=_ACTIVE,
    made=lambda _call, record: _INACTIVE if record.get("archived") else _ACTIVE,
)


def _time(path: str) -> Column:
    return Column(Text(), path, codec=TIME, sent=False)


def _value(call: Call, record: Record, beside: Record, name: str, column: Column) -> Any:
    if column.made is not None:
        return column.made(call, record)
    value = lists.lookup(record, column.path) if column.path else beside.get(name)
    if value is None and column.otherwise:
        value = lists.lookup(record, column.otherwise)
    return column.absent if value in (None, "") else column.codec.read(value)


def _shown_children(call: Call, record: Record, children: Children) -> list[Record]:
    shown = []
    for each in children.of(record):
        child: Record = {"entity": children.entity}
        if children.parent:
            child[children.parent] = record["id"]
        for name, column in _child_columns(children).items():
            child[name] = _value(call, each, {}, name, column)
        shown.append(child)
    return shown


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
    return {name: _as_answered(each) for name, each in columns.items()}


def _as_answered(column: Column) -> Field:
    """A column's field in an answer, where it always is: null for a value that there is not."""
    kind = column.kind.as_always_answered()
    return kind if column.absent is not None else Either((kind, Null()), required=True)


def _body(child: Record, columns: Mapping[str, Column]) -> Record:
    body: Record = {}
    for name, column in columns.items():
        if column.sent and column.path and child.get(name) not in _NO_VALUE:
            _put(body, {}, column.path, column.codec.write(child[name]))
    return body


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


# -- Operations --------------------------------------------------------------------------------

_ID: Mapping[str, Field] = {"id": Text(required=True)}
_OVERVIEW = "api-reference-overview"
_PAGES = frozenset(
    {
        *("ap-vendormgmt-updatevendor", "ap-vendormgmt-deletevendor"),
        *("ap-vendormgmt-bulkcreatevendor", "ap-vendormgmt-bulkupdatevendor"),
        *("ap-vendormgmt-createvendorbankaccount", "ap-vendormgmt-bulkcreatevendorbankaccount"),
        *("ap-vendortransactions-listbill", "ap-vendortransactions-bulkcreatebill"),
        *("ap-vendortransactions-bulkupdatebill", "ap-vendortransactions-listsentpay"),
        *("ar-customermgmt-listcustomer", "ar-customermgmt-listcustomerbankaccount"),
        *("ar-customermgmt-bulkcreatecustomer", "ar-customermgmt-bulkupdatecustomer"),
        *("ar-customertransactions-listinvoice", "ar-customertransactions-bulkcreateinvoice"),
        *("ar-customertransactions-bulkupdateinvoice", "org-accounts-listchartofaccount"),
        "org-basic-listprofile",
    }
)
"""The pages of BILL's v2 reference whose addresses are known; for the others, its overview."""

_LIST: Mapping[str, Field] = {
    "start": Integer(minimum=0),
    "max": Integer(minimum=1, maximum=lists.LARGEST_MAX),
    "filters": Many(lists.FILTER),
    "sort": Many(lists.SORT),
    "nested": Boolean(),
    "showAudit": Boolean(),
}
_LIST_UNSURE = (
    "A max of more than 999 is refused with BDC_1129; BILL does not say. Without nested, the "
    "entities within an entity are left out. showAudit changes nothing."
)
_CLEARS = "An empty text or an id of zeros takes a value away, null leaves it; not documented."


def operations(
    entity: Entity,
    verbs: Iterable[str] = ("Create", "Read", "Update", "Delete", "Undelete", "List"),
    **more: Any,
) -> tuple[Operation, ...]:
    """The entity's operations: Crud/… of each verb, and List. `more` is for those that write."""
    return tuple(_OPERATION[verb](entity, more) for verb in verbs)


def bulk_operations(
    entity: Entity, verbs: Iterable[str] = ("Create", "Update"), **more: Any
) -> tuple[Operation, ...]:
    """The entity's bulk operations."""
    return tuple(_bulk(entity, verb, more) for verb in verbs)


def _operation(
    entity: Entity, path: str, verb: str, summary: str, handler: Callable[[Call], Any], **more: Any
) -> Operation:
    page = f"{entity.group}-{verb.lower()}{entity.name.lower()}"
    told = [each for each in (entity.unsure, more.pop("unsure", "")) if each]
    return v2.operation(
        path,
        f"v2{verb}{entity.name}",
        summary,
        handler,
        page=page if page in _PAGES else _OVERVIEW,
        unsure=" ".join(told),
        missing=more.pop("missing", entity.missing),
        **more,
    )


def _create(entity: Entity, more: Mapping[str, Any]) -> Operation:
    return _operation(
        entity,
        f"Crud/Create/{entity.name}",
        "Create",
        f"Create {entity.one}",
        lambda call: entity.create(call, call.form["data"]["obj"]),
        data={"obj": Object(entity.sent(new=True), required=True, nameless=True)},
        answer=entity.answer,
        **more,
    )


def _read(entity: Entity, _more: Mapping[str, Any]) -> Operation:
    return _operation(
        entity,
        f"Crud/Read/{entity.name}",
        "Read",
        f"Read {entity.one}",
        lambda call: entity.show(call, entity.find(call, call.form["data"]["id"])),
        data=_ID,
        answer=entity.answer,
    )


def _update(entity: Entity, more: Mapping[str, Any]) -> Operation:
    return _operation(
        entity,
        f"Crud/Update/{entity.name}",
        "Update",
        f"Update the given fields of {entity.one}",
        lambda call: entity.update(call, call.form["data"]["obj"]),
        data={"obj": Object(entity.sent(new=False), required=True, nameless=True)},
        answer=entity.answer,
        **{"unsure": _CLEARS, **more},
    )


def _set_active(verb: str, active: bool) -> Callable[[Entity, Mapping[str, Any]], Operation]:
    def operation(entity: Entity, more: Mapping[str, Any]) -> Operation:
        what = "active again" if active else "inactive"
        return _operation(
            entity,
            f"Crud/{verb}/{entity.name}",
            verb,
            f"Make {entity.one} {what}",
            lambda call: entity.set_active(call, call.form["data"]["id"], active=active),
            data=_ID,
            answer=entity.answer,
            **more,
        )

    return operation


def _list(entity: Entity, _more: Mapping[str, Any]) -> Operation:
    def search(call: Call) -> Any:
        asked = call.form["data"]
        columns = entity.all_columns
        found = lists.search(
            list(entity.all_records(call).values()),
            asked,
            {name: each.kind for name, each in columns.items()},
            lambda record, name: entity.value(call, record, name),
        )
        return [entity.show(call, each, nested=asked.get("nested", False)) for each in found]

    return _operation(
        entity,
        f"List/{entity.name}",
        "List",
        f"List {entity.name} entities, with filters, sort, start and max",
        search,
        data=_LIST,
        answer=Many(entity.answer),
        unsure=_LIST_UNSURE,
    )


def _bulk(entity: Entity, verb: str, more: Mapping[str, Any]) -> Operation:
    do = {"Create": entity.create, "Update": entity.update}[verb]
    an_object = Object(entity.sent(new=verb == "Create"), required=True, nameless=True)

    def all_of_them(call: Call) -> Any:
        given = call.form["data"]["bulk"]
        if len(given) > MOST_IN_BULK:
            raise errors.bad_request(errors.invalid_parameter("bulk", len(given)))
        return {"bulk": [_one(call, each["obj"]) for each in given]}

    def _one(call: Call, given: Any) -> Record:
        try:
            checked = check({"obj": given}, {"obj": an_object})
            return v2.envelope(do(call, checked["obj"]))
        except errors.BillError as refusal:
            return v2.refusal(refusal)

    return _operation(
        entity,
        f"Bulk/Crud/{verb}/{entity.name}",
        f"Bulk{verb}",
        f"{verb} up to {MOST_IN_BULK} {entity.name} entities, each for itself",
        all_of_them,
        data={"bulk": Many(Object({"obj": Anything(required=True)}), required=True)},
        answer=Object({"bulk": Many(v2.answered(entity.answer), required=True)}),
        **{
            "unsure": "Each object has an envelope of its own, as public clients report.",
            **more,
        },
    )


_OPERATION: Mapping[str, Callable[[Entity, Mapping[str, Any]], Operation]] = {
    "Create": _create,
    "Read": _read,
    "Update": _update,
    "Delete": _set_active("Delete", False),
    "Undelete": _set_active("Undelete", True),
    "List": _list,
}
