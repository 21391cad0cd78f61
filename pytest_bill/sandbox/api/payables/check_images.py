"""The images of cashed checks, which are blank here.

Page:
https://developer.bill.com/changelog/2024-09-27-new-v3-api-endpoint-for-getting-check-image-data.
"""

from __future__ import annotations

import struct
import zlib

from pytest_bill.sandbox.api.files import downloads
from pytest_bill.sandbox.api.payables.payment_fields import PAYMENTS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

_TABLE = "check_images"

_IMAGE_WIDTH, _IMAGE_HEIGHT = 300, 125


def links_to_images(call: Call) -> Record:
    """Where the images of a cashed check are, of its front and of its back."""
    links = (downloads.link_to_file(call, image_id) for image_id in image_ids(call))
    return {"results": [{"downloadLink": each} for each in links]}


def image_ids(call: Call) -> list[str]:
    """The files of both images; BDC_1120 for a payment that is no cashed check."""
    payment = PAYMENTS.find(call)
    if payment["disbursementType"] != "CHECK" or payment["singleStatus"] != "CLEARED":
        raise errors.no_data_found()
    images = call.table(_TABLE).get(payment["id"])
    if images is None:
        images = {side: call.state.ids.new("cki") for side in ("front", "back")}
        call.table(_TABLE)[payment["id"]] = images
        number = payment["disbursementInfo"]["checkDisbursement"]["checkNumber"]
        for side, image_id in images.items():
            downloads.keep_file(call, image_id, f"check-{number}-{side}.png", _blank_image())
    return list(images.values())


def _blank_image() -> bytes:
    """A white picture, as a PNG."""
    rows = (b"\0" + b"\xff" * _IMAGE_WIDTH) * _IMAGE_HEIGHT
    header = struct.pack(">IIBBBBB", _IMAGE_WIDTH, _IMAGE_HEIGHT, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
