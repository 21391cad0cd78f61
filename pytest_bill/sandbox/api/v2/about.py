"""What BILL's v2 API tells of itself: CurrentTime, Errors, GetEntityMetadata, GetObjectUrl.

Pages: https://developer.bill.com/v2/reference/search-currenttime, /search-getentitymetadata and
/search-getobjecturl beside it, https://developer.bill.com/v2/docs/common-error-codes and
https://developer.bill.com/docs/common-api-error-codes, which call Errors with POST and with GET and
without any credential. That GetEntityMetadata answers ``fields`` by the name of the entity is what
public clients report.
"""

from __future__ import annotations

from dataclasses import replace

from pytest_bill.sandbox.api.v2.columns import TIME
from pytest_bill.sandbox.api.v2.entities import Entity
from pytest_bill.sandbox.api.v2.every_entity import ENTITIES
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.error_list import ERROR_LIST
from pytest_bill.sandbox.core.fields import Many, Object, Text
from pytest_bill.sandbox.core.operations import Call, Caller, Operation
from pytest_bill.sandbox.core.records import Record

_WEB_APP = "https://app-stage02.us.bill.com"
_CODES_PAGE = "https://developer.bill.com/v2/docs/common-error-codes"
_GET_PAGE = "https://developer.bill.com/docs/common-api-error-codes"


def _metadata(call: Call) -> Record:
    asked = call.form.get("data", {}).get("entity", list(ENTITIES))
    for name in asked:
        if name not in ENTITIES:
            raise errors.bad_request(errors.invalid_value("entity", name))
    return {name: {"fields": {each: {} for each in _fields(ENTITIES[name])}} for name in asked}


def _fields(entity: Entity) -> list[str]:
    return list(entity.answer.fields)


def _url(call: Call) -> Record:
    object_id = call.form["data"]["objectId"]
    for entity in ENTITIES.values():
        if object_id in entity.all_records(call):
            name = entity.name[0].lower() + entity.name[1:]
            return {"url": f"{_WEB_APP}/{name}?id={object_id}"}
    raise errors.no_data_found()


_ERRORS = operation(
    "Errors",
    "v2Errors",
    "The codes that refusals have, with their texts",
    lambda _call: dict(ERROR_LIST),
    page=_CODES_PAGE,
    caller=Caller.ANYONE,
    answer=Object({}, others=True),
    missing="Of BILL's more than 500 codes those that the sandbox refuses with.",
    unsure="The shape of the list is not documented; here the texts by their codes.",
)

OPERATIONS: tuple[Operation, ...] = (
    _ERRORS,
    replace(_ERRORS, method="GET", name="v2ListErrors", page=_GET_PAGE, form=None),
    operation(
        "CurrentTime",
        "v2CurrentTime",
        "The current time in UTC",
        lambda call: {"currentTime": TIME.read(call.state.timestamp())},
        page="search-currenttime",
        answer=Object({"currentTime": Text(required=True)}),
        unsure="Its form is not documented; here that of all of v2's times.",
    ),
    operation(
        "GetEntityMetadata",
        "v2GetEntityMetadata",
        "The fields that kinds of entities have",
        _metadata,
        page="search-getentitymetadata",
        data={"entity": Many(Text())},
        data_required=False,
        answer=Object({}, others=True),
        missing="What is said of each field: it is an empty object.",
        unsure="The page requires entity; a public client sends none, and here that asks for all. "
        "An unknown one is BDC_1119.",
    ),
    operation(
        "GetObjectUrl",
        "v2GetObjectUrl",
        "Where an object is in BILL's web app",
        _url,
        page="search-getobjecturl",
        data={"objectId": Text(required=True)},
        answer=Object({"url": Text(required=True)}),
        unsure="The page shows the address of a bill; the others are assumed to have their "
        "entity's name there. An unknown id is BDC_1120.",
    ),
)
"""What v2 tells of itself."""
