"""Attachments of vendors, customers and invoices: upload, list, get, delete.

Pages: https://developer.bill.com/docs/documents-attachments,
https://developer.bill.com/docs/ar-invoice-pdf-email-attachments and the reference pages of the
operations; see ``downloads`` for the files themselves.

Statuses and the answer of a deletion are those of the samples of BILL's Postman
collection (https://developer.bill.com/docs/bill-v3-api-in-postman).

An attachment is answered as ``id`` (begins with att), ``name``, ``createdTime`` and
``downloadLink``.
"""

from __future__ import annotations

from dataclasses import replace

from pytest_bill.sandbox.api.files import downloads
from pytest_bill.sandbox.api.payables import vendors
from pytest_bill.sandbox.api.receivables import customers, invoices
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Object, Text
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query, many_of
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_TABLE = "attachments"
_AREA = "Attachments"
_REPLACE = "replaceInvoicePdf"


def fill(call: Call) -> None:
    """One attachment of the first vendor."""
    vendor_id = next(iter(call.table(vendors.VENDORS.table)))
    insert_attachment(
        call, vendor_id, "price-list.csv", b"item,price\r\nClassic drum sticks,14.99\r\n"
    )


def insert_attachment(call: Call, object_id: str, name: str, content: bytes) -> Record:
    """A new attachment of the record of that id."""
    return downloads.insert_file(
        call, _TABLE, "att", {"objectId": object_id, "name": name}, content
    )


def attachments_of(call: Call, object_id: str) -> list[Record]:
    """The attachments of the record of that id."""
    return [each for each in call.table(_TABLE).values() if each["objectId"] == object_id]


def _delete(call: Call) -> Record:
    attachment = call.find(_TABLE, "attachmentId")
    del call.table(_TABLE)[attachment["id"]]
    downloads.drop_file(call, attachment["id"])
    return {"status": "SUCCESS"}


def _upload_to_invoice(call: Call) -> Record:
    """Attach a file to an invoice, as its PDF if ``replaceInvoicePdf`` says so."""
    invoice = invoices.INVOICES.find(call)
    replaces = call.flag(_REPLACE)
    name, content = downloads.uploaded_file(call)
    if replaces and not name.lower().endswith(".pdf"):
        raise errors.bad_request(errors.invalid_parameter("name", name))
    attachment = insert_attachment(call, invoice["id"], name, content)
    if replaces:
        invoices.set_pdf(call, invoice, attachment["id"])
    return downloads.as_answered(call, attachment)


def _of(owners: Resource, noun: str) -> tuple[Operation, Operation]:
    """List and upload the attachments of one kind of record."""

    def list_all(call: Call) -> Record:
        owner_id = owners.find(call)["id"]
        return downloads.page_of_files(call, attachments_of(call, owner_id))

    def upload(call: Call) -> Record:
        owner_id = owners.find(call)["id"]
        return downloads.as_answered(
            call, insert_attachment(call, owner_id, *downloads.uploaded_file(call))
        )

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
            answer=many_of(downloads.ANSWER),
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
            answer=downloads.ANSWER,
            missing="The file's format is not checked.",
            unsure="The refusal of a missing name, of an empty file and of one that is too large "
            "is not documented; here 400.",
        ),
    )


_INVOICE_LIST, _INVOICE_UPLOAD = _of(invoices.INVOICES, "invoice")

OPERATIONS: tuple[Operation, ...] = (
    *_of(customers.CUSTOMERS, "customer"),
    _INVOICE_LIST,
    replace(
        _INVOICE_UPLOAD,
        handler=_upload_to_invoice,
        query=(*_INVOICE_UPLOAD.query, Query(_REPLACE, Boolean())),
        unsure=f"{_INVOICE_UPLOAD.unsure} As an invoice's PDF a file must be a PDF: here its name "
        "must end with .pdf, else BDC_1129. That invoicePdfId is the attachment's id is assumed.",
    ),
    *_of(vendors.VENDORS, "vendor"),
    Operation(
        "GET",
        V3 + "/attachments/{attachmentId}",
        "getAttachment",
        "Get an attachment, with the link to its file",
        lambda call: downloads.as_answered(call, call.find(_TABLE, "attachmentId")),
        area=_AREA,
        answer=downloads.ANSWER,
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
        answer=Object({"status": Text(required=True)}),
    ),
)
