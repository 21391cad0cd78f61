"""The operations that v2 has for each kind of entity.

Pages: https://developer.bill.com/v2/docs/api-request-format (Crud and Bulk) and
https://developer.bill.com/v2/docs/search-ops-with-lists (List).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pytest_bill.sandbox.api.v2 import lists
from pytest_bill.sandbox.api.v2.entities import Entity
from pytest_bill.sandbox.api.v2.operations import (
    answer_in_envelope,
    envelope,
    operation,
    refusal_envelope,
)
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.bodies import check_body
from pytest_bill.sandbox.core.fields import Anything, Field, Many, Object, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

MOST_IN_BULK = 100
"""How many objects a bulk operation takes (/v2/reference/ap-vendormgmt-bulkcreatevendor)."""

_ID: Mapping[str, Field] = {"id": Text(required=True)}
_OVERVIEW = "api-reference-overview"
_PAGES = {
    "readOrganization": "readorg",
    "readSentPay": "sentpay",
    "readBillPay": "billpay",
    "readReceivedPay": "receivedpay",
    "readRPConvFee": "rpconvfee",
    "listPurchaseOrder": "listpurchaseorders",
}
"""How BILL calls the pages that are not called by verb and entity."""
_WITHOUT_PAGE = {
    *("createBankAccount", "updateBankAccount", "deleteBankAccount"),
    *("undeleteVendorCredit", "undeleteCreditMemo"),
}
"""What BILL's reference does not have, and public clients use."""

_LIST_UNSURE = (
    "A max of more than 999 is refused with BDC_1129; BILL does not say. A recorded list has the "
    "entities within an entity without nested; here they are left out where nested is false. "
    "showAudit changes nothing."
)
_CLEARS = "An empty text or an id of zeros takes a value away, null leaves it; not documented."


def _operation(
    entity: Entity, path: str, verb: str, summary: str, handler: Callable[[Call], Any], **more: Any
) -> Operation:
    called = verb[0].lower() + verb[1:] + entity.name
    page = f"{entity.group}-{_PAGES.get(called, called).lower()}"
    notes = [each for each in (entity.unsure, more.pop("unsure", "")) if each]
    return operation(
        path,
        f"v2{verb}{entity.name}",
        summary,
        handler,
        page=_OVERVIEW if called in _WITHOUT_PAGE else page,
        unsure=" ".join(notes),
        missing=more.pop("missing", entity.missing),
        **more,
    )


def _object(entity: Entity, *, new: bool) -> Mapping[str, Field]:
    obj = Object(entity.sent(new=new), required=True, nameless=True)
    return {"obj": obj, **entity.options}


def _insert(entity: Entity, call: Call, data: Record) -> Record:
    """``data`` has the object, and the entity's options beside it."""
    with_options = replace(call, form={**call.form, "data": data})
    return entity.as_answered(call, entity.insert(with_options, data["obj"]))


def _patch(entity: Entity, call: Call, data: Record) -> Record:
    given = data["obj"]
    record = entity.find_by_id(call, given["id"])
    with_options = replace(call, form={**call.form, "data": data})
    return entity.as_answered(call, entity.patch(with_options, record, given))


def _mark(entity: Entity, call: Call, entity_id: str, active: bool) -> Record:
    record = entity.find_by_id(call, entity_id)
    mark = entity.restore if active else entity.archive
    mark(call, record)
    # What is gone altogether in v3 is answered once more.
    left = entity.all_records(call).get(entity_id, {**record, "archived": True})
    return entity.as_answered(call, left)


def _create(entity: Entity, more: Mapping[str, Any]) -> Operation:
    return _operation(
        entity,
        f"Crud/Create/{entity.name}",
        "Create",
        f"Create {entity.one}",
        lambda call: _insert(entity, call, call.form["data"]),
        data=_object(entity, new=True),
        answer=entity.answer,
        **more,
    )


def _read(entity: Entity, _more: Mapping[str, Any]) -> Operation:
    return _operation(
        entity,
        f"Crud/Read/{entity.name}",
        "Read",
        f"Read {entity.one}",
        lambda call: entity.as_answered(call, entity.find_by_id(call, call.form["data"]["id"])),
        data=_ID,
        answer=entity.answer,
    )


def _update(entity: Entity, more: Mapping[str, Any]) -> Operation:
    return _operation(
        entity,
        f"Crud/Update/{entity.name}",
        "Update",
        f"Update the given fields of {entity.one}",
        lambda call: _patch(entity, call, call.form["data"]),
        data=_object(entity, new=False),
        answer=entity.answer,
        **{"unsure": _CLEARS, **more},
    )


def _set_active(verb: str, active: bool) -> Callable[[Entity, Mapping[str, Any]], Operation]:
    def marking(entity: Entity, more: Mapping[str, Any]) -> Operation:
        what = "active again" if active else "inactive"
        return _operation(
            entity,
            f"Crud/{verb}/{entity.name}",
            verb,
            f"Make {entity.one} {what}",
            lambda call: _mark(entity, call, call.form["data"]["id"], active),
            data=_ID,
            answer=entity.answer,
            **more,
        )

    return marking


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
        return [entity.as_answered(call, each, nested=asked.get("nested", True)) for each in found]

    return _operation(
        entity,
        f"List/{entity.name}",
        "List",
        f"List {entity.name} entities, with filters, sort, start and max",
        search,
        data=lists.LIST,
        answer=Many(entity.answer),
        unsure=_LIST_UNSURE,
    )


def _bulk(entity: Entity, verb: str, more: Mapping[str, Any]) -> Operation:
    one = _IN_BULK[verb](entity)
    # What an object has is checked for each of them alone.
    unchecked = Object(dict.fromkeys(one.fields, Anything()), others=True)

    def all_of_them(call: Call) -> Any:
        given = call.form["data"]["bulk"]
        if len(given) > MOST_IN_BULK:
            raise errors.bad_request(errors.invalid_parameter("bulk", len(given)))
        return {"bulk": [_enveloped(call, each) for each in given]}

    def _enveloped(call: Call, given: Record) -> Record:
        try:
            return envelope(one.do(call, check_body(given, one.fields)))
        except errors.BillError as error:
            return refusal_envelope(error)

    return _operation(
        entity,
        f"Bulk/Crud/{verb}/{entity.name}",
        f"Bulk{verb}",
        f"{verb} up to {MOST_IN_BULK} {entity.name} entities, each for itself",
        all_of_them,
        data={"bulk": Many(unchecked, required=True)},
        answer=Object({"bulk": Many(answer_in_envelope(entity.answer), required=True)}),
        **{
            "unsure": "Which of them a refusal stops is not documented; here none but its own.",
            **more,
        },
    )


@dataclass(frozen=True, eq=False)
class _InBulk:
    """What a bulk operation does with each of its objects."""

    fields: Mapping[str, Field]
    do: Callable[[Call, Record], Record]


_IN_BULK: Mapping[str, Callable[[Entity], _InBulk]] = {
    "Create": lambda entity: _InBulk(
        _object(entity, new=True),
        lambda call, given: _insert(entity, call, given),
    ),
    "Update": lambda entity: _InBulk(
        _object(entity, new=False),
        lambda call, given: _patch(entity, call, given),
    ),
    "Delete": lambda entity: _InBulk(
        _ID, lambda call, given: _mark(entity, call, given["id"], False)
    ),
    "Undelete": lambda entity: _InBulk(
        _ID, lambda call, given: _mark(entity, call, given["id"], True)
    ),
}

_OPERATION: Mapping[str, Callable[[Entity, Mapping[str, Any]], Operation]] = {
    "Create": _create,
    "Read": _read,
    "Update": _update,
    "Delete": _set_active("Delete", False),
    "Undelete": _set_active("Undelete", True),
    "List": _list,
}


def entity_operations(
    entity: Entity,
    verbs: Iterable[str] = ("Create", "Read", "Update", "Delete", "Undelete", "List"),
    **more: Any,
) -> tuple[Operation, ...]:
    """The entity's operations: Crud/… of each verb, and List. ``more`` is for those that write."""
    return tuple(_OPERATION[verb](entity, more) for verb in verbs)


def bulk_operations(
    entity: Entity, verbs: Iterable[str] = ("Create", "Update", "Delete", "Undelete"), **more: Any
) -> tuple[Operation, ...]:
    """The entity's bulk operations."""
    return tuple(_bulk(entity, verb, more) for verb in verbs)
