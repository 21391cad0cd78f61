"""Notes on BILL's objects in its v2 API: SendMessage, ListMessage.

Pages: https://developer.bill.com/v2/reference/org-basic-sendmessage and /org-basic-listmessage
beside it. A note is on a vendor, a bill, a vendor credit, a customer, an invoice or an invoice
credit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bill.sandbox.api.people import organizations
from pytest_bill.sandbox.api.v2.columns import TIME
from pytest_bill.sandbox.api.v2.every_entity import ENTITIES
from pytest_bill.sandbox.api.v2.lists import LARGEST_MAX
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Field, Integer, Many, Object, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.user_names import full_name

_TABLE = "v2_messages"
_NOTED = ("Vendor", "Bill", "VendorCredit", "Customer", "Invoice", "InvoiceCredit")


def _object_id(call: Call) -> str:
    """The id of the object that the call is about; BDC_1120 if there is none."""
    object_id: str = call.form["data"]["objectId"]
    if not any(object_id in ENTITIES[name].all_records(call) for name in _NOTED):
        raise errors.no_data_found()
    return object_id


def _send(call: Call) -> Record:
    given = call.form["data"]
    user_id = call.who.user_id
    first_name, _, last_name = full_name(call, user_id).partition(" ")
    message: Record = {
        "entity": "Message",
        "id": call.state.ids.new("act"),
        "objectId": _object_id(call),
        "message": given["message"],
        "isPublic": given.get("isPublic", False),
        "createdDate": TIME.read(call.state.timestamp()),
        "usersId": user_id,
        "from": {
            "usersOrgName": organizations.name_of(call.state, call.owner),
            "usersFirstName": first_name,
            "usersLastName": last_name,
        },
    }
    call.table(_TABLE)[message["id"]] = message
    return message


def _list(call: Call) -> list[Any]:
    given, object_id = call.form["data"], _object_id(call)
    found = [each for each in call.table(_TABLE).values() if each["objectId"] == object_id]
    start = given.get("start", 0)
    return found[start : start + given.get("max", LARGEST_MAX)]


_FROM: Mapping[str, Field] = {
    name: Text(required=True) for name in ("usersOrgName", "usersFirstName", "usersLastName")
}
_MESSAGE = Object(
    {
        **{
            name: Text(required=True)
            for name in ("entity", "id", "objectId", "message", "createdDate", "usersId")
        },
        "isPublic": Boolean(required=True),
        "from": Object(_FROM, required=True),
    }
)

OPERATIONS: tuple[Operation, ...] = (
    operation(
        "SendMessage",
        "v2SendMessage",
        "Add a note to an object",
        _send,
        page="org-basic-sendmessage",
        data={
            "objectId": Text(required=True),
            "message": Text(required=True),
            "isPublic": Boolean(),
        },
        answer=_MESSAGE,
        missing="Nobody is told: neither who is named in it, nor a connected organization.",
        unsure="The refusal of an unknown objectId is not documented; here BDC_1120.",
    ),
    operation(
        "ListMessage",
        "v2ListMessage",
        "The notes of an object",
        _list,
        page="org-basic-listmessage",
        data={
            "objectId": Text(required=True),
            "start": Integer(minimum=0),
            "max": Integer(minimum=1, maximum=LARGEST_MAX),
        },
        answer=Many(_MESSAGE),
        unsure="Their order is not documented; here the oldest first.",
    ),
)
"""The notes of v2."""
