"""Files in BILL's v2 API: UploadAttachment, GetDocumentPages, GetDocuments, GetCheckImageData, and
where they are fetched.

Pages: https://developer.bill.com/v2/docs/upload-documents,
https://developersupport.bill.com/hc/en-us/articles/208586996-UploadAttachment,
https://developer.bill.com/v2/reference/org-basic-getdocumentpages, /org-basic-getdocuments and
/ap-vendortransactions-getcheckimagedata beside it, and
https://developersupport.bill.com/hc/en-us/articles/208590056-GetDocumentPages.

A file is uploaded as the part ``file`` of a multipart form, with ``id`` and ``fileName`` in
``data``; without ``id`` it goes to the organization's inbox. Public clients send it as
``document`` in ``data``, too, in base64. A bill's file becomes one of v3's documents, another one
an attachment. ``fileUrl`` is /HtmlServlet?id=… for a single text, and otherwise
/is/BillImageServlet?entityId=…, to be fetched page by page with ``pageNumber``; the documents of a
bill are fetched one by one at /DownloadBillDocumentServlet?id=…&billId=…&pageNumber=…, a check's
images at /is/CheckImageServlet?id=….
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from pytest_bill.multipart import MEDIA_TYPE, form_parts
from pytest_bill.sandbox.api.accounting.classifications import CHART_OF_ACCOUNTS
from pytest_bill.sandbox.api.files import attachments, documents, downloads
from pytest_bill.sandbox.api.payables import check_images
from pytest_bill.sandbox.api.payables.bills import BILLS
from pytest_bill.sandbox.api.payables.payment_fields import PAYMENTS
from pytest_bill.sandbox.api.payables.vendor_credits import VENDOR_CREDITS
from pytest_bill.sandbox.api.payables.vendors import VENDORS
from pytest_bill.sandbox.api.receivables.customers import CUSTOMERS
from pytest_bill.sandbox.api.receivables.invoices import INVOICES
from pytest_bill.sandbox.api.receivables.receivable_payments import RECEIVABLE_PAYMENTS
from pytest_bill.sandbox.api.v2.columns import TIME
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Either, Field, Integer, Many, Null, Object, Text
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
_DOCUMENT, _CHECK = "DownloadBillDocumentServlet", "is/CheckImageServlet"
_MOST = 99
"""How many documents GetDocuments answers at most: its page says to set ``max`` to it."""


def document_routes(state: SandboxState) -> list[Route]:
    """Where ``fileUrl`` points to."""

    async def text(request: Request) -> Response:
        """GET: a text that was uploaded, or a check's image."""
        session = _session(request, state)
        return downloads.file_response(state, session.organization_id, request.query.get("id", ""))

    async def image(request: Request) -> Response:
        """GET: a page of what was uploaded for a record."""
        session = _session(request, state)
        call = Call(state, session)
        number = request.query.get("pageNumber", "1")
        files = _files(call, request.query.get("entityId", ""))
        if not _is_page(number, len(files)):
            raise errors.no_data_found()
        file_id = files[int(number) - 1]["id"]
        return downloads.file_response(state, session.organization_id, file_id)

    async def document(request: Request) -> Response:
        """GET: a bill's document."""
        session = _session(request, state)
        given = request.query
        files = documents.documents_of(Call(state, session), given.get("billId", ""))
        document = next((each for each in files if each["id"] == given.get("id")), None)
        if document is None or not _is_page(given.get("pageNumber", "1"), document["numOfPages"]):
            raise errors.no_data_found()
        return downloads.file_response(state, session.organization_id, document["id"])

    return [
        Route(f"/{_TEXT}", text),
        Route(f"/{_IMAGE}", image),
        Route(f"/{_DOCUMENT}", document),
        Route(f"/{_CHECK}", text),
    ]


def _is_page(number: str, of: int) -> bool:
    return number.isascii() and number.isdecimal() and 1 <= int(number) <= of


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
    """The file of the form, or that in its data, or nothing."""
    content_type = call.request.headers.get("content-type", "")
    if content_type.lower().startswith(MEDIA_TYPE):
        files = (part for part in form_parts(content_type, call.content) if part.is_file)
        for part in files:
            if part.name == "file":
                return part.content
    given = call.form["data"].get("document", "")
    try:
        return base64.b64decode(given, validate=True)
    except ValueError:
        return str(given).encode()


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


def _documents(call: Call) -> Record:
    given = call.form["data"]
    if given["id"] not in call.table(BILLS.table):
        raise errors.no_data_found()
    found = documents.documents_of(call, given["id"])
    start = given.get("start", 0)
    shown = found[start : start + given.get("max", _MOST)]
    return {
        "documents": [
            {
                "entity": "Document",
                "id": each["id"],
                "fileName": each["name"],
                "createdDate": TIME.read(each["createdTime"]),
                "numPages": each["numOfPages"],
                "fileUrl": f"/{_DOCUMENT}?id={each['id']}&billId={given['id']}",
                "scanStatus": "clean",
            }
            for each in shown
        ],
        "numPages": len(found),
    }


def _check_images(call: Call) -> Record:
    payment_id = call.form["data"]["sentPayId"]
    images = check_images.image_ids(call.at(paymentId=payment_id))
    return {"checkImageData": [{"url": f"/{_CHECK}?id={each}"} for each in images]}


_DATA: Mapping[str, Field] = {"id": Text(), "fileName": Text(required=True), "document": Text()}

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
        unsure="An older page has 20 MB as the limit. document is what public clients send; what "
        "BILL makes of it is not documented; here it is read as base64, and as text if it is none. "
        "The refusal of an unknown id is BDC_1120 here, of an empty file BDC_1117, of one that is "
        "too large BDC_1129.",
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
    operation(
        "GetDocuments",
        "v2GetDocuments",
        "The documents of a bill, and where they are",
        _documents,
        page="org-basic-getdocuments",
        data={
            "id": Text(required=True),
            "start": Integer(minimum=0),
            "max": Integer(minimum=1),
        },
        answer=Object(
            {
                "documents": Many(
                    Object(
                        {
                            name: Integer(required=True)
                            if name == "numPages"
                            else Text(required=True)
                            for name in (
                                *("entity", "id", "fileName", "createdDate", "numPages"),
                                *("fileUrl", "scanStatus"),
                            )
                        }
                    ),
                    required=True,
                ),
                "numPages": Integer(required=True),
            }
        ),
        missing="Each page of a document is served as the whole file.",
        unsure="Of fileUrl the page says that it has the document's id; where it leads is that of "
        "its example. The page calls start and max required; here they may be absent.",
    ),
    operation(
        "GetCheckImageData",
        "v2GetCheckImageData",
        "Where the images of a cleared check are",
        _check_images,
        page="ap-vendortransactions-getcheckimagedata",
        data={"sentPayId": Text(required=True)},
        answer=Object(
            {"checkImageData": Many(Object({"url": Text(required=True)}), required=True)}
        ),
        missing="The images are blank.",
        unsure="One image of the front and one of the back, as in v3. The refusal of a payment "
        "that is no cleared check is not documented; here BDC_1120.",
    ),
)
