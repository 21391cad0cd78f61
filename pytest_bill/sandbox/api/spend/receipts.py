"""Receipts of transactions and reimbursements: images that were sent to an upload URL.

Pages: https://developer.bill.com/reference/addtransactionreceipt,
https://developer.bill.com/reference/addreimbursementreceipt and the deletions beside them. A
receipt is added by the ``url`` that its image was sent to, with a ``filename``. ``uuid``, ``url``
and ``filename`` are answered, says BILL's Postman collection; public clients report an ``id`` as
well. The ``url`` that is answered is one to see the image at, not the one it was sent to.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox.api.spend import uploads
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Field, Many, Object, Text
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

FIELDS: Mapping[str, Field] = {"url": Text(required=True), "filename": Text()}
"""The body that adds a receipt."""

ANSWER = Object(
    {
        **{name: Text(required=True) for name in ("id", "uuid", "url")},
        "filename": Text(),
    }
)

ANSWERS = Many(ANSWER)


def receipts_of(call: Call, bodies: list[Record]) -> list[Record]:
    """Receipts of checked bodies; BDC_1119, with none made, for an url without an image."""
    images = [uploads.image_of(call, body["url"]) for body in bodies]
    return [
        new_receipt(call, image, body.get("filename", ""))
        for image, body in zip(images, bodies, strict=True)
    ]


def new_receipt(call: Call, image: str, filename: str) -> Record:
    """A receipt as it is kept: with the id of its image in the place of an URL."""
    return {
        "id": call.state.ids.new_numbered("Receipt"),
        "uuid": call.state.ids.new_uuid("rct"),
        "image": image,
        **({"filename": filename} if filename else {}),
        "createdTime": call.state.timestamp(),
    }


def as_answered(call: Call, kept: Record) -> Record:
    """A receipt as it is answered."""
    rest = {name: value for name, value in kept.items() if name not in {"image", "createdTime"}}
    return {**rest, "url": uploads.link_to_image(call, kept["image"])}


def with_answered_receipts(call: Call, answer: Record) -> Record:
    """A transaction or reimbursement whose receipts are as they are answered."""
    return {**answer, "receipts": [as_answered(call, each) for each in answer["receipts"]]}


def remove_receipt(call: Call, receipts: list[Record]) -> None:
    """Take the receipt that the call's path names away; BDC_1120 if it is not among these."""
    named = call.parameter("receiptId")
    for index, each in enumerate(receipts):
        if named in (each["id"], each["uuid"]):
            del receipts[index]
            return
    raise errors.no_data_found()
