"""``recordStatus``: whether a bill or an invoice counts.

Source: https://developer.bill.com/changelog/2026-03-20-bills-invoices-api-improvements.
``archived`` is false where it is ACTIVE, and true for every other status. Drafts
are made in BILL's web app only, so there are none here: what is archived is INACTIVE.
"""

from __future__ import annotations

from pytest_bill.sandbox.core.fields import Text
from pytest_bill.sandbox.core.records import Record

OF_BILLS = Text(required=True, choices=("ACTIVE", "INACTIVE", "DRAFT", "DRAFT_DELETED"))
OF_INVOICES = Text(required=True, choices=("ACTIVE", "INACTIVE", "DRAFT"))
NO_DRAFTS = "Drafts (recordStatus DRAFT, of bills DRAFT_DELETED, too): BILL's web app makes them."


def with_record_status(record: Record) -> Record:
    """The record as it is answered; the record itself stays as it is."""
    return {**record, "recordStatus": "INACTIVE" if record["archived"] else "ACTIVE"}
