"""The image of a cashed check, where the link that BILL answers leads to.

Source: https://developer.bill.com/reference/ap-vendortransactions-getcheckimagedata: the address
ends in /is/CheckImageServlet, and the image's id begins with cki. What the image looks like is up
to the vendor's bank; here it is a blank picture.
"""

from __future__ import annotations

import struct
import zlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.operations import Call
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.state import SandboxState

_PATH = "/is/CheckImageServlet"
_TABLE = "check_images"
_WIDTH, _HEIGHT = 300, 125


def link(call: Call, payment: Record) -> str:
    """The address of the image of a payment's check."""
    images = call.table(_TABLE)
    image = images.get(payment["id"])
    if image is None:
        image = images[payment["id"]] = {"id": call.state.ids.new("cki")}
    return f"{str(call.request.base_url).rstrip('/')}{_PATH}?id={image['id']}"


def routes(state: SandboxState) -> list[BaseRoute]:
    """The path that the links lead to."""

    async def download(request: Request) -> Response:
        """GET: the image, a PNG."""
        wanted = request.query_params.get("id")
        for _, images in state.tables(_TABLE):
            if any(image["id"] == wanted for image in images.values()):
                return Response(_blank(), media_type="image/png")
        raise errors.no_data_found()

    return [Route(_PATH, download, methods=["GET"])]


def _blank() -> bytes:
    """A white picture."""
    rows = (b"\0" + b"\xff" * _WIDTH) * _HEIGHT
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
