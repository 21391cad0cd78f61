"""Files in BILL's v2 API: UploadAttachment, GetDocumentPages, and where they are fetched.

Pages: https://developer.bill.com/v2/docs/upload-documents,
https://developer.bill.com/v2/reference/org-basic-getdocumentpages and
https://developersupport.bill.com/hc/en-us/articles/208590056-GetDocumentPages.

A file is uploaded as the part ``file`` of a multipart form, with ``id`` and ``fileName`` in
``data``; without ``id`` it goes to the organization's inbox. A bill's file becomes one of v3's
documents, another one an attachment. ``fileUrl`` is /HtmlServlet?id=… for a single text, and
otherwise /is/BillImageServlet?entityId=…, to be fetched page by page with ``pageNumber``. That the
answer of an upload is ``documentUploadedId`` is what public clients report.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.multipart import form_parts
from pytest_bill.sandbox.api.accounting.classifications import CHART_OF_ACCOUNTS
from pytest_bill.sandbox.api.files import attachments, documents, downloads
from pytest_bill.sandbox.api.payables.bills import BILLS
from pytest_bill.sandbox.api.payables.payment_fields import PAYMENTS
from pytest_bill.sandbox.api.payables.vendor_credits import VENDOR_CREDITS
from pytest_bill.sandbox.api.payables.vendors import VENDORS
from pytest_bill.sandbox.api.receivables.customers import CUSTOMERS
from pytest_bill.sandbox.api.receivables.invoices import INVOICES
from pytest_bill.sandbox.api.receivables.receivable_payments import RECEIVABLE_PAYMENTS
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Either, Field, Integer, Null, Object, Text
from pytest_bill.sandbox.core.http import Request, Response
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.core.sessions import ORGANIZATION_KINDS, Session
from pytest_bill.sandbox.core.state import SandboxState

_INBOX = ""
_OWNERS = (
    *(BILLS, INVOICES, VENDORS, CUSTOMERS, VENDOR_CREDITS, PAYMENTS, RECEIVABLE_PAYMENTS),
    CHART_OF_ACCOUNTS,
)
_TEXT, _IMAGE = "HtmlServlet", "is/BillImageServlet"


def document_routes(state: SandboxState) -> list[Route]:
    """Where ``fileUrl`` points to."""

    async def text(request: Request) -> Response:
        """GET: a text that was uploaded."""
        session = _session(request, state)
        return downloads.file_response(state, session.organization_id, request.query.get("id", ""))

    async def image(request: Request) -> Response:
        """GET: a page of what was uploaded for a record."""
        session = _session(request, state)
        call = Call(state, session)
        number = request.query.get("pageNumber", "1")
        files = _files(call, request.query.get("entityId", ""))
        if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= len(files)):
            raise errors.no_data_found()
        file_id = files[int(number) - 1]["id"]
        return downloads.file_response(state, session.organization_id, file_id)

    return [
        Route(f"/{_TEXT}", text),
        Route(f"/{_IMAGE}", image),
    ]


def _session(request: Request, state: SandboxState) -> Session:
    """The session of the header, or, as in BILL's older examples, of the query."""
    given = request.headers.get("sessionId") or request.query.get("sessionId", "")
    return state.sessions.require(given, None, ORGANIZATION_KINDS)


def _files(call: Call, object_id: str) -> list[Record]:
    """What was uploaded for a record."""
    if object_id in call.table(BILLS.table):
        return documents.documents_of(call, object_id)
    return attachments.attachments_of(call, object_id)


def _upload(call: Call) -> Record:
    data = call.form["data"]
    object_id = data.get("id", _INBOX)
    if object_id and not any(object_id in call.table(each.table) for each in _OWNERS):
        raise errors.no_data_found()
    content = downloads.checked_content(_file_in(call))
    if object_id in call.table(BILLS.table):
        uploaded = documents.begin_upload(call, object_id, data["fileName"], content)
    else:
        uploaded = attachments.insert_attachment(call, object_id, data["fileName"], content)["id"]
    return {"documentUploadedId": uploaded}


def _file_in(call: Call) -> bytes:
    """The file of the form, or nothing."""
    content_type = call.request.headers.get("content-type", "")
    files = (part for part in form_parts(content_type, call.content) if part.is_file)
    return next((part.content for part in files if part.name == "file"), b"")


def _pages(call: Call) -> Record:
    object_id = call.form["data"]["id"]
    if not any(object_id in call.table(each.table) for each in _OWNERS):
        raise errors.no_data_found()
    files = _files(call, object_id)
    url = None
    if len(files) == 1 and files[0]["name"].lower().endswith(".txt"):
        url = f"/{_TEXT}?id={files[0]['id']}"
    elif files:
        url = f"/{_IMAGE}?entityId={object_id}"
    return {"documentPages": {"numPages": len(files) or None, "fileUrl": url}}


_DATA: Mapping[str, Field] = {"id": Text(), "fileName": Text(required=True)}

OPERATIONS: tuple[Operation, ...] = (
    operation(
        "UploadAttachment",
        "v2UploadAttachment",
        "Upload a file for a record, or to the inbox; up to 6 MB",
        _upload,
        page="https://developer.bill.com/v2/docs/upload-documents",
        data=_DATA,
        upload=True,
        answer=Object({"documentUploadedId": Text(required=True)}),
        missing="The file's format is not checked. What is in the inbox cannot be read.",
        unsure="The answer is what public clients report. The refusal of an unknown id is BDC_1120 "
        "here, of an empty file BDC_1117, of one that is too large BDC_1129.",
    ),
    operation(
        "GetDocumentPages",
        "v2GetDocumentPages",
        "How many pages were uploaded for a record, and where they are",
        _pages,
        page="org-basic-getdocumentpages",
        data={"id": Text(required=True)},
        answer=Object(
            {
                "documentPages": Object(
                    {
                        "numPages": Either((Integer(), Null()), required=True),
                        "fileUrl": Either((Text(), Null()), required=True),
                    },
                    required=True,
                )
            }
        ),
        missing="Each file counts as one page and is served as it is, not as a PNG image.",
        unsure="BILL's pages disagree about the records that it knows; here any, and invoices too.",
    ),
)
