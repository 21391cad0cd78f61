"""Exports: lists of records as CSV files, made by a schedule and fetched through a link.

Pages: https://developer.bill.com/docs/export-bill-records,
https://developer.bill.com/reference/listexports,
https://developer.bill.com/reference/getdownloadlink.

Schedules are set up in BILL's web app. The sandbox has one: every day each kind of record is
exported that there is any of, at the first look at the list on that day. An export is answered as
``exportId``, ``fileName``, ``recordType``, ``fileType`` and ``createdTime``; only ``exportId`` is
documented.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from pytest_bill.sandbox.api.files import downloads
from pytest_bill.sandbox.api.payables import bills, vendors
from pytest_bill.sandbox.api.receivables import customers, invoices
from pytest_bill.sandbox.core.fields import Object, Text
from pytest_bill.sandbox.core.filters import IDS, TIMES, one_of
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query, listing, many_of
from pytest_bill.sandbox.core.records import Record

_TABLE = "exports"
_AREA = "Exports"
_EVERY = timedelta(days=1)
_EXPORTED: Mapping[str, str] = {
    "VENDOR": vendors.VENDORS.table,
    "BILL": bills.BILLS.table,
    "PAYMENT": "payments",
    "CUSTOMER": customers.CUSTOMERS.table,
    "INVOICE": invoices.INVOICES.table,
}
_FILTERABLE = {"exportId": IDS, "recordType": one_of(*_EXPORTED), "createdTime": TIMES}


def _list(call: Call) -> Record:
    exports = call.table(_TABLE)
    latest = next(reversed(exports.values()), None)
    now = call.state.clock.now()
    if latest is None or now - datetime.fromisoformat(latest["createdTime"]) >= _EVERY:
        for record_type, table in _EXPORTED.items():
            _export(call, record_type, call.table(table).values())
        call.state.changed()
    return listing(call, _TABLE, _FILTERABLE)


def _export(call: Call, record_type: str, records: Collection[Record]) -> None:
    if not records:
        return
    export_id = call.state.ids.new("exp")
    day = call.state.clock.now().date()
    export = {
        "exportId": export_id,
        "fileName": f"{record_type.lower()}s-{day}.csv",
        "recordType": record_type,
        "fileType": "CSV",
        "createdTime": call.state.timestamp(),
    }
    call.table(_TABLE)[export_id] = export
    downloads.keep_file(call, export_id, export["fileName"], _csv(records).encode())


def _csv(records: Collection[Record]) -> str:
    """The fields of the records that hold one value, one line per record."""
    names = dict.fromkeys(
        name
        for record in records
        for name, value in record.items()
        if not isinstance(value, dict | list)
    )
    content = io.StringIO(newline="")
    lines = csv.DictWriter(content, list(names), extrasaction="ignore")
    lines.writeheader()
    lines.writerows(records)
    return content.getvalue()


def _link(call: Call) -> Record:
    return {"downloadLink": downloads.signed_link(call, call.find(_TABLE, "exportId")["exportId"])}


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        V3 + "/exports",
        "listExports",
        "Get the exports that can be downloaded",
        _list,
        area=_AREA,
        query=(Query("max"), Query("filters"), Query("page")),
        filterable=_FILTERABLE,
        answer=many_of(
            Object(
                {
                    name: Text(required=True)
                    for name in ("exportId", "fileName", "recordType", "fileType", "createdTime")
                }
            )
        ),
        missing="Schedules, which are set up in BILL's web app: there is one, for every day.",
        unsure="Of an export's fields only exportId is documented, and neither are the fields to "
        "filter by, the columns of a file, nor how an exportId begins.",
    ),
    Operation(
        "GET",
        V3 + "/exports/{exportId}/download-link",
        "getDownloadLink",
        "Get the link to an export's file",
        _link,
        area=_AREA,
        answer=Object({"downloadLink": Text(required=True)}),
        unsure="BILL's example fetches the link without a header. That it is signed and lives for "
        "15 minutes is the sandbox's choice.",
    ),
)
