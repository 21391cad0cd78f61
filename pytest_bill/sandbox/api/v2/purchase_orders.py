"""Purchase orders in BILL's v2 API, which v3 does not have: Create and List.

Pages: https://developer.bill.com/v2/reference/ap-vendortransactions-createpurchaseorder and
/ap-vendortransactions-listpurchaseorders beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox.api.payables.vendors import VENDORS
from pytest_bill.sandbox.api.v2.columns import (
    Column,
    an_id,
    computed,
    day,
    fixed,
    flag,
    number,
    read_only,
    text,
)
from pytest_bill.sandbox.api.v2.entities import Children, Entity
from pytest_bill.sandbox.api.v2.entity_operations import entity_operations
from pytest_bill.sandbox.api.v2.shared_columns import LINE_CLASSIFIED, LINE_TYPE
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Number, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.user_names import full_name

_TABLE = "v2_purchase_orders"
_LINES = "purchaseOrderLineItems"


def _insert(call: Call, body: Record) -> Record:
    if body["vendorId"] not in call.table(VENDORS.table):
        raise errors.bad_request(errors.invalid_value("vendorId", body["vendorId"]))
    now = call.state.timestamp()
    lines = [{**line, "id": call.state.ids.new("pol")} for line in body.get(_LINES, ())]
    order: Record = {
        "id": call.state.ids.new("pur"),
        "archived": False,
        **body,
        _LINES: lines,
        "createdBy": call.who.user_id,
        "createdTime": now,
        "updatedTime": now,
    }
    call.table(_TABLE)[order["id"]] = order
    return order


def _archive(call: Call, order: Record) -> None:
    call.table(_TABLE)[order["id"]]["archived"] = True


def _user(call: Call, order: Record) -> str:
    return full_name(call, order["createdBy"])


def _kept(value: str | None, *names: str) -> dict[str, Column]:
    return {name: Column(Text(), absent=value) for name in names}


_LINE: Mapping[str, Column] = {
    "id": read_only(text("id")),
    "amount": Column(Number(required=True), "amount"),
    "lineType": LINE_TYPE,
    **{name: number() for name in ("quantity", "qtyBilled", "qtyReceived")},
    "matchType": text(),
    "unitPrice": number(),
    "description": text(),
    **LINE_CLASSIFIED,
    "jobBillable": flag(),
    "unitOfMeasureId": an_id(),
    "billedAmount": number(),
}
PURCHASE_ORDER = Entity(
    "PurchaseOrder",
    "ap-vendortransactions",
    {
        "vendorId": an_id("vendorId", required=True),
        "createdBy": read_only(an_id("createdBy")),
        "approvalStatus": fixed("0"),
        **_kept("0", "fullfillmentStatus"),
        "serviceStartDate": day(),
        "serviceEndDate": day(),
        "exchangeRate": number(),
        "poNumber": text("poNumber", required=True),
        "description": text(),
        "requestor": an_id(),
        "poDate": day("poDate", required=True),
        "sentDate": day(),
        "requiredDate": day(),
        "salesTaxPercent": read_only(number()),
        "salesTaxTotal": read_only(number()),
        **{
            name: an_id()
            for name in (
                *("paymentTermId", "chartOfAccountId", "departmentId", "locationId"),
                *("invoiceProductId",),
            )
        },
        **_kept(None, "billingEmail", "vendorEmail"),
        **{
            name: an_id() for name in ("shippingAddressId", "billingAddressId", "purchaseRequestId")
        },
        **_kept("0", "billingStatus"),
        **_kept("1", "closureStatus"),
        **_kept("0", "orderType"),
        "remainingAmount": number(),
        "memo": text(),
        "priceToleranceWarning": flag(),
        "appliedPriceToleranceAmount": number(),
        "hasLinkedBills": fixed(False, Boolean()),
        "linkedBillsCount": fixed(0, Number()),
        "hasNotes": fixed(False, Boolean()),
        "createdDate": computed(Text(), lambda _call, order: str(order["createdTime"])),
        "createdByUser": computed(Text(), _user),
        "updatedByUser": computed(Text(), _user),
        "multipleBillLineItems": computed(Boolean(), lambda _call, order: len(order[_LINES]) > 1),
    },
    records=lambda call: call.table(_TABLE),
    insert_in_v3=_insert,
    archive_in_v3=_archive,
    children=(
        Children(
            "purchaseOrderLineItems", "PurchaseOrderLineItem", "purchaseOrderLineItems", _LINE
        ),
    ),
    missing="An order is kept and answered as it was sent: no bill is matched with it, no tax, "
    "status or amount follows from it.",
    unsure="Which value a field has that nothing was said of is not documented; here null, an id "
    "of zeros, or the first code.",
)

OPERATIONS: tuple[Operation, ...] = entity_operations(PURCHASE_ORDER, ("Create", "List"))
"""The purchase orders of v2."""
