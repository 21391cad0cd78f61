"""Documents of bills: upload, upload status, list, get.

Pages: https://developer.bill.com/docs/documents-attachments and the reference pages of the
operations; see ``downloads`` for the files themselves.

BILL takes minutes to take a document in. Until then it has an ``uploadId`` (begins with 0du) and
the status IN_PROGRESS; then it has a ``documentId`` (begins with 00h) and the status UPLOADED. A
document is answered as ``id``, ``name``, ``createdTime``, ``downloadLink``, ``scanStatus`` and
``numOfPages`` (https://developer.bill.com/changelog/2026-02-18-documents-api-improvements); an
upload too, but while it is in progress it has nothing but its ``id``, which the status calls
``uploadId``: so the reference and the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman), which the statuses follow too. When the
upload is done, see ``background``.
"""

from __future__ import annotations

from pytest_bill.patterns import late_pattern
from pytest_bill.sandbox.api.files import downloads
from pytest_bill.sandbox.api.payables import bills
from pytest_bill.sandbox.core import background, errors
from pytest_bill.sandbox.core.fields import Integer, Many, Object, Text
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query, listing, many_of
from pytest_bill.sandbox.core.records import Record

_TABLE = "documents"
_UPLOADS = "documentUploads"
_AREA = "Documents"
_SCAN_STATUSES = ("NOT_SCANNED", "CLEAN", "INFECTED", "IN_QUEUE", "REJECTED", "UNDEFINED")
_PAGE = late_pattern(rb"/Type\s*/Page(?![A-Za-z])")
_ANSWER = Object(
    {
        **downloads.ANSWER.fields,
        "scanStatus": Text(required=True, choices=_SCAN_STATUSES),
        "numOfPages": Integer(required=True, minimum=1),
    },
    missing="Every scanStatus but CLEAN: nothing is scanned.",
    unsure="numOfPages counts what a PDF calls its pages where that can be read, and is 1 for any "
    "other file. The form of the link is documented for attachments only; here it is the same.",
)


def fill(call: Call) -> None:
    """One document of the first bill."""
    bill_id = next(iter(call.table(bills.BILLS.table)))
    _insert(call, bill_id, "delivery-note.txt", b"Delivered in good order.\n")


def _insert(call: Call, bill_id: str, name: str, content: bytes) -> Record:
    file = {"billId": bill_id, "name": name, "numOfPages": len(_PAGE.findall(content)) or 1}
    return downloads.insert_file(call, _TABLE, "00h", file, content)


def _as_answered(call: Call, document: Record) -> Record:
    scanned = {"scanStatus": "CLEAN", "numOfPages": document["numOfPages"]}
    return downloads.as_answered(call, document) | scanned


def _upload(call: Call) -> Record:
    bill = bills.BILLS.find(call)
    return {"id": begin_upload(call, bill["id"], *downloads.uploaded_file(call))}


def begin_upload(call: Call, bill_id: str, name: str, content: bytes) -> str:
    """Begin to take a bill's document in; the id of the upload."""
    upload_id = call.state.ids.new("0du")
    call.table(_UPLOADS)[upload_id] = {"billId": bill_id, "name": name, "content": content}
    background.start_work(call, upload_id)
    return upload_id


def _finish_upload(call: Call, upload_id: str, upload: Record) -> None:
    """Make the document if BILL is done with the upload."""
    if "documentId" not in upload and background.is_done(call, upload_id):
        document = _insert(call, upload["billId"], upload["name"], upload.pop("content"))
        upload["documentId"] = document["id"]


def _status(call: Call) -> list[Record]:
    uploads = call.table(_UPLOADS)
    upload_ids = list(dict.fromkeys(each.strip() for each in call.query("ids").split(",")))
    if not all(each in uploads for each in upload_ids):
        raise errors.no_data_found()
    statuses = []
    for upload_id in upload_ids:
        upload = uploads[upload_id]
        _finish_upload(call, upload_id, upload)
        if "documentId" in upload:
            result = {"status": "UPLOADED", "documentId": upload["documentId"]}
        else:
            result = {"status": "IN_PROGRESS"}
        statuses.append({"uploadId": upload_id, **result})
    return statuses


def _list(call: Call) -> Record:
    found = documents_of(call, bills.BILLS.find(call)["id"])
    return listing(call, [_as_answered(call, each) for each in found], {})


def documents_of(call: Call, bill_id: str) -> list[Record]:
    """The documents of the bill of that id that are taken in."""
    for upload_id, upload in call.table(_UPLOADS).items():
        if upload["billId"] == bill_id:
            _finish_upload(call, upload_id, upload)
    return [each for each in call.table(_TABLE).values() if each["billId"] == bill_id]


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        V3 + "/documents/bills/{billId}",
        "listDocuments",
        "Get the documents of a bill that are taken in",
        _list,
        area=_AREA,
        query=(Query("max"), Query("page")),
        answer=many_of(_ANSWER),
    ),
    Operation(
        "POST",
        V3 + "/documents/bills/{billId}",
        "createBillDocument",
        "Upload a document of a bill; up to 6 MB",
        _upload,
        area=_AREA,
        upload=True,
        query=downloads.UPLOAD_QUERY,
        answer=_ANSWER.as_answered(),
        missing="The file's format is not checked.",
        unsure="BILL says that it takes minutes; here the document is there at the second look "
        "at its status or at the bill's documents, or two minutes later by the clock. The "
        "refusal of a missing name, of an empty file and of one that is too large is not "
        "documented; here 400.",
    ),
    Operation(
        "GET",
        V3 + "/documents/upload-status",
        "uploadStatus",
        "Get how far uploads are: IN_PROGRESS or UPLOADED",
        _status,
        area=_AREA,
        query=(Query("ids", Text(required=True)),),
        answer=Many(
            Object(
                {
                    "uploadId": Text(required=True),
                    "status": Text(required=True, choices=("IN_PROGRESS", "UPLOADED")),
                    "documentId": Text(),
                }
            )
        ),
        missing="The status IVA_PROCESSING, which one of BILL's samples shows.",
        unsure="The refusal of an unknown id is not documented; here BDC_1120 if one is unknown.",
    ),
    Operation(
        "GET",
        V3 + "/documents/{documentId}",
        "getDocument",
        "Get a document, with the link to its file",
        lambda call: _as_answered(call, call.find(_TABLE, "documentId")),
        area=_AREA,
        answer=_ANSWER,
    ),
)
