"""Files: taken in by uploads, kept with the records, and served where a ``downloadLink`` points to.

Pages: https://developer.bill.com/docs/documents-attachments,
https://developer.bill.com/reference/getattachment,
https://developer.bill.com/reference/getdocument,
https://developer.bill.com/reference/getdownloadlink.

An upload has the file's bytes as its body and the file's name, with its extension, as ``name`` in
the query; a file has at most 6 MB. The link to an attachment or a document has the form
{origin}/AttachDownload?id={id} and is fetched with the header ``sessionId``: BILL's examples send
no devKey, so it is not asked for. The link to an export is fetched with no header at all, so it is
signed here, and expires.

Not documented: the refusal of a missing name (here BDC_1108), of an empty file (BDC_1117) and of
one that is too large (BDC_1129), each with HTTP 400; for documents, the form of the link; for
exports, the form of the link, that it lives for 15 minutes, and the refusal of an expired one, here
HTTP 403 with BDC_1109. MB is taken as 1,048,576 bytes. BILL takes certain file formats only; here
every one is taken.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import quote, urlencode

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.access import require_any_key
from pytest_bill.sandbox.core.fields import Object, Text
from pytest_bill.sandbox.core.http import Request, Response
from pytest_bill.sandbox.core.operations import Call, Query, listing
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.core.state import SandboxState

LARGEST_FILE = 6 * 1024 * 1024
LINK_LIFETIME = timedelta(minutes=15)

UPLOAD_QUERY = (Query("name", Text(required=True)),)

ANSWER = Object(
    {name: Text(required=True) for name in ("id", "name", "createdTime", "downloadLink")},
    missing="It can be downloaded at once; at BILL it takes a few minutes.",
)
"""An attachment as it is answered; a document has more fields."""

_TABLE = "files"
_WITH_SESSION = "AttachDownload"
_SIGNED = "ExportDownload"


def uploaded_file(call: Call) -> tuple[str, bytes]:
    """The name and the bytes of the file that a call uploads."""
    name = call.query("name")
    return name, checked_content(call.content)


def checked_content(content: bytes) -> bytes:
    """The bytes of a file; BDC_1117 for none, BDC_1129 for too many."""
    if not content:
        raise errors.bad_request(errors.missing_data("file"))
    if len(content) > LARGEST_FILE:
        raise errors.bad_request(errors.invalid_parameter("file", f"{len(content)} bytes"))
    return content


def insert_file(call: Call, table: str, prefix: str, file: Record, content: bytes) -> Record:
    """A new record of a file, an attachment or a document, with what ``file`` says of it."""
    record = {
        "id": call.state.ids.new(prefix),
        **file,
        "createdTime": call.state.timestamp(),
    }
    call.table(table)[record["id"]] = record
    keep_file(call, record["id"], file["name"], content)
    return record


def as_answered(call: Call, file: Record) -> Record:
    """The record of a file as it is answered."""
    return {
        "id": file["id"],
        "name": file["name"],
        "createdTime": file["createdTime"],
        "downloadLink": link_to_file(call, file["id"]),
    }


def page_of_files(call: Call, files: Iterable[Record]) -> Record:
    """A page of the records of files, as they are answered."""
    return listing(call, [as_answered(call, each) for each in files], {})


def keep_file(call: Call, file_id: str, name: str, content: bytes) -> None:
    """Keep a file of the caller's organization."""
    call.table(_TABLE)[file_id] = {"name": name, "content": content}


def drop_file(call: Call, file_id: str) -> None:
    """Forget a file."""
    call.table(_TABLE).pop(file_id, None)


def link_to_file(call: Call, file_id: str) -> str:
    """Where a file can be fetched in a session."""
    return f"{call.request.base_url}{_WITH_SESSION}?{urlencode({'id': file_id})}"


def signed_link(call: Call, file_id: str) -> str:
    """Where a file can be fetched without a session, for a while."""
    expires = str(int((call.state.clock.now() + LINK_LIFETIME).timestamp()))
    query = {
        "organizationId": call.owner,
        "id": file_id,
        "expires": expires,
        "signature": call.state.remember_secret(
            _signature(call.state, call.owner, file_id, expires)
        ),
    }
    return f"{call.request.base_url}{_SIGNED}?{urlencode(query)}"


def download_routes(state: SandboxState) -> list[Route]:
    """Where the links point to; no operations of BILL's reference."""

    async def with_session(request: Request) -> Response:
        """GET: a file of the organization that the session is signed in to."""
        session = require_any_key(request, state)
        return file_response(state, session.organization_id, request.query.get("id", ""))

    async def signed(request: Request) -> Response:
        """GET: the file that a signed link was made for, unless the link has expired."""
        given = request.query
        owner, file_id = given.get("organizationId", ""), given.get("id", "")
        expires = given.get("expires", "")
        wanted = _signature(state, owner, file_id, expires)
        # Only what the sandbox itself wrote is signed, so `expires` is a number from here on.
        if not hmac.compare_digest(given.get("signature", "").encode(), wanted.encode()):
            raise errors.refused_link()
        if state.clock.now().timestamp() >= int(expires):
            raise errors.refused_link()
        return file_response(state, owner, file_id)

    return [
        Route(f"/{_WITH_SESSION}", with_session),
        Route(f"/{_SIGNED}", signed),
    ]


def _signature(state: SandboxState, *parts: str) -> str:
    content = "\n".join(parts).encode()
    return hmac.new(state.signing_key, content, hashlib.sha256).hexdigest()


def file_response(state: SandboxState, owner: str, file_id: str) -> Response:
    """A file of that owner; BDC_1120 if there is none."""
    file: Record | None = state.table(owner, _TABLE).get(file_id)
    if file is None:
        raise errors.no_data_found()
    import mimetypes

    name = file["name"]
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    # As a header: a media type of text would claim a charset.
    headers = {"Content-Type": media_type, "Content-Disposition": disposition}
    return Response(file["content"], headers=headers)
