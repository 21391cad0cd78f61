"""Attachments of vendors, customers and invoices: upload, list, get, delete.

Pages: https://developer.bill.com/docs/documents-attachments and the reference pages of the
operations; see `downloads` for the files themselves.

An attachment is answered as `id` (begins with att), `name`, `createdTime` and `downloadLink`.
"""

from __future__ import annotations

from pytest_bill.sandbox.api import customers, downloads, invoices, vendors
from pytest_bill.sandbox.bodies import Object, Text
from pytest_bill.sandbox.operations import V3, Call, Operation, Query, listing, many_of
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.resources import Resource

_TABLE = "attachments"
_AREA = "Attachments"
_ANSWER = Object(
    {name: Text(required=True) for name in ("id", "name", "createdTime", "downloadLink")}
)


def fill(call: Call) -> None:
    """One attachment of the first vendor."""
    vendor_id = next(iter(call.table(vendors.VENDORS.table)))
    add(call, vendor_id, "price-list.csv", b"item,price\r\nClassic drum sticks,14.99\r\n")


def add(call: Call, object_id: str, name: str, content: bytes) -> Record:
    """A new attachment of the record of that id."""
    attachment = {
        "id": call.state.ids.new("att"),
        "objectId": object_id,
        "name": name,
        "createdTime": call.state.timestamp(),
    }
    call.table(_TABLE)[attachment["id"]] = attachment
    downloads.keep(call, attachment["id"], name, content)
    return attachment


def of(call: Call, object_id: str) -> list[Record]:
    """The attachments of the record of that id."""
    return [each for each in call.table(_TABLE).values() if each["objectId"] == object_id]


def _answered(call: Call, attachment: Record) -> Record:
    return {
        "id": attachment["id"],
        "name": attachment["name"],
        "createdTime": attachment["createdTime"],
        "downloadLink": downloads.link(call, attachment["id"]),
    }


def _delete(call: Call) -> None:
    attachment = call.find(_TABLE, "attachmentId")
    del call.table(_TABLE)[attachment["id"]]
    downloads.drop(call, attachment["id"])


def _of(owners: Resource, noun: str) -> tuple[Operation, Operation]:
    """List and upload the attachments of one kind of record."""

    def list_all(call: Call) -> Record:
        owner_id = owners.find(call)["id"]
        return listing(call, [_answered(call, each) for each in of(call, owner_id)], {})

    def upload(call: Call) -> Record:
        owner_id = owners.find(call)["id"]
        return _answered(call, add(call, owner_id, *downloads.uploaded(call)))

    path = f"{V3}/attachments{owners.path}/{{{owners.parameter}}}"
    article = "an" if noun[0] in "aeiou" else "a"
    return (
        Operation(
            "GET",
            path,
            f"list{noun.capitalize()}Attachments",
            f"Get the attachments of {article} {noun}",
            list_all,
            area=_AREA,
            query=(Query("max"), Query("page")),
            answer=many_of(_ANSWER),
        ),
        Operation(
            "POST",
            path,
            f"create{noun.capitalize()}Attachment",
            f"Attach a file to {article} {noun}; up to 6 MB",
            upload,
            area=_AREA,
            upload=True,
            query=downloads.UPLOAD_QUERY,
            answer=_ANSWER,
            status=201,
            missing="The file's format is not checked. It can be downloaded at once; at BILL it "
            "takes a few minutes.",
            unsure="The status of a success, and the refusal of a missing name, an empty file or "
            "one that is too large, are not documented; here 201 and 400.",
        ),
    )


OPERATIONS: tuple[Operation, ...] = (
    *_of(customers.CUSTOMERS, "customer"),
    *_of(invoices.INVOICES, "invoice"),
    *_of(vendors.VENDORS, "vendor"),
    Operation(
        "GET",
        V3 + "/attachments/{attachmentId}",
        "getAttachment",
        "Get an attachment, with the link to its file",
        lambda call: _answered(call, call.find(_TABLE, "attachmentId")),
        area=_AREA,
        answer=_ANSWER,
        unsure="BILL's example fetches the link with the header sessionId alone; so does the "
        "sandbox's answer.",
    ),
    Operation(
        "DELETE",
        V3 + "/attachments/{attachmentId}",
        "deleteAttachment",
        "Delete an attachment and its file, for good",
        _delete,
        area=_AREA,
        status=204,
        unsure="The answer of a success is not documented; here 204 without a body.",
    ),
)
