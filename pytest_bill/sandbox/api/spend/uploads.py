"""Upload URLs of Spend & Expense: where the images of receipts go, and where they can be seen.

Pages: https://developer.bill.com/docs/reimbursements and
https://developer.bill.com/docs/transaction-management (an image is sent with PUT to the URL that
BILL hands out, without a token, and HTTP 200 says that it arrived; JPG and PNG are supported),
https://developer.bill.com/reference/createimageuploadurl and /createreceiptuploadurl.

BILL's URLs lead to its storage; the sandbox's lead to itself. They are signed, and an URL for an
upload ends after 15 minutes by the sandbox's clock. Not documented: how long BILL's live, how they
look, and what is refused. Here that is HTTP 403 for a wrong signature or an URL that has ended,
HTTP 400 for a body that is no JPG, PNG or PDF or a Content-Type that says another kind, and
BDC_1119 for a receipt with another URL, or with one to which no image was sent. An image can be
sent again. That a PDF is taken is what public clients do; BILL's pages name JPG and PNG.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.access import is_same
from pytest_bill.sandbox.core.errors import BillError, Problem
from pytest_bill.sandbox.core.fields import Object, Text
from pytest_bill.sandbox.core.http import Request, Response
from pytest_bill.sandbox.core.operations import SPEND_OWNER, Call
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.core.state import SandboxState

PATH = "/spend-uploads/"
"""What the path of every such URL begins with; it is the sandbox's own, not BILL's."""

LIFETIME = timedelta(minutes=15)
"""How long an image can be sent to an upload URL."""

ANSWER = Object({"url": Text(required=True)})
"""The answer of the operations that create an upload URL."""

_SAMPLE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
    "gg=="
)
_BEGINNINGS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}


def create_upload_url(call: Call) -> Record:
    """A new URL for one upload."""
    upload_id = call.state.ids.new_uuid("upl")
    ends = int((call.state.clock.now() + LIFETIME).timestamp())
    return {"url": _url(call, "PUT", upload_id, {"expires": str(ends)})}


def image_of(call: Call, url: str) -> str:
    """The id of the image that was sent to an upload URL; BDC_1119 if there is none.

    The URL may have ended since, and its host is not compared: a sandbox has several names.
    """
    # Not urlsplit, which refuses some texts with an exception of its own.
    _, _, tail = url.partition(PATH)
    upload_id, _, query = tail.partition("?")
    given = dict(parse_qsl(query))
    signed = _signature(call.state, "PUT", upload_id, given.get("expires", ""))
    if not is_same(given.get("signature", ""), signed) or upload_id not in _images(call.state):
        raise errors.bad_request(errors.invalid_value("url", url))
    return upload_id


def keep_sample_image(call: Call) -> str:
    """The id of a tiny image, for receipts that the sandbox starts with."""
    upload_id = call.state.ids.new_uuid("upl")
    keep_image(call.state, upload_id, _SAMPLE)
    return upload_id


def link_to_image(call: Call, upload_id: str) -> str:
    """Where an image that was sent can be seen, for as long as the sandbox lives."""
    return _url(call, "GET", upload_id, {})


def keep_image(state: SandboxState, upload_id: str, content: bytes) -> None:
    """Keep an image; BDC_1119 for what is neither a JPG, nor a PNG, nor a PDF."""
    kinds = [kind for beginning, kind in _BEGINNINGS.items() if content.startswith(beginning)]
    if not kinds:
        raise errors.bad_request(errors.invalid_value("image", "neither JPG, nor PNG, nor PDF"))
    _images(state)[upload_id] = {"contentType": kinds[0], "content": content}


def upload_routes(state: SandboxState) -> list[Route]:
    """The URLs themselves: they are no operations of BILL's API."""

    async def image(request: Request) -> Response:
        """Send an image (PUT), or see it (GET)."""
        upload_id = request.path_parameters["uploadId"]
        method = "PUT" if request.method == "PUT" else "GET"
        _require_signature(state, request, method, upload_id)
        if method == "PUT":
            declared = request.headers.get("Content-Type", "").partition(";")[0].strip()
            if declared not in {"", "application/octet-stream", *_BEGINNINGS.values()}:
                raise errors.bad_request(errors.invalid_value("Content-Type", declared))
            keep_image(state, upload_id, await request.body())
            state.changed()
            return Response()
        kept = _images(state).get(upload_id)
        if kept is None:
            raise errors.no_data_found()
        return Response(kept["content"], media_type=kept["contentType"])

    return [Route(PATH + "{uploadId}", image, methods=("PUT", "GET"))]


def _images(state: SandboxState) -> Table:
    return state.table(SPEND_OWNER, "uploads")


def _url(call: Call, method: str, upload_id: str, query: dict[str, str]) -> str:
    signed = _signature(call.state, method, upload_id, query.get("expires", ""))
    signature = call.state.remember_secret(signed)
    base = call.request.base_url.rstrip("/")
    return f"{base}{PATH}{upload_id}?{urlencode({**query, 'signature': signature})}"


def _signature(state: SandboxState, method: str, upload_id: str, expires: str) -> str:
    text = f"{method} {upload_id} {expires}"
    key = state.credentials.spend_api_token.encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _require_signature(state: SandboxState, request: Request, method: str, upload_id: str) -> None:
    expires = request.query.get("expires", "")
    given = request.query.get("signature", "")
    if not is_same(given, _signature(state, method, upload_id, expires)):
        raise _forbidden("signature")
    if method == "PUT" and int(expires) <= state.clock.now().timestamp():
        raise _forbidden("expires")


def _forbidden(parameter: str) -> BillError:
    return BillError(403, (Problem("BDC_1129", f"Invalid parameter value: {parameter}."),))
