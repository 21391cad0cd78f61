"""Bills: list, get, create, replace and update.

Pages: https://developer.bill.com/docs/ap-bills, https://developer.bill.com/reference/listbills,
https://developer.bill.com/reference/createbill, https://developer.bill.com/reference/getbill,
https://developer.bill.com/reference/replacebill, https://developer.bill.com/reference/updatebill.

A bill has `id` (begins with 00n), `archived`, `vendorId`, `vendorName`, `amount`, `paidAmount`,
`dueAmount`, `scheduledAmount`, `creditAmount`, `description`, `dueDate`, `invoice`,
`billLineItems`, `payFromChartOfAccountId`, `classifications`, `purchaseOrderNumber`,
`paymentStatus`, `approvalStatus`, `createdBy`, `createdTime` and `updatedTime`. Amounts are in
dollars. A line item without `amount` counts as `quantity` times `price`. `paymentStatus` is UNPAID,
PARTIAL, SCHEDULED or PAID. The sandbox has no approval policies: `approvalStatus` is UNASSIGNED.

BILL's page of filterable fields has no `approvalStatus`; public clients filter on it, so it is
taken here. Not documented: the refusal of an unknown `vendorId`, here HTTP 400 with BDC_1119.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.access import require_session
from pytest_bill.sandbox.api import vendors
from pytest_bill.sandbox.bodies import Date, Field, Many, Number, Object, Text, check, json_object
from pytest_bill.sandbox.lists import FLAG, IDS, TIMES, Filterable, one_of, page
from pytest_bill.sandbox.records import Record, Table
from pytest_bill.sandbox.sessions import Session
from pytest_bill.sandbox.state import SandboxState

_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "vendorId": Filterable(("eq", "in")),
    "dueDate": TIMES,
    "paymentStatus": Filterable(
        ("eq", "ne", "in"), ("PAID", "UNPAID", "PARTIAL", "SCHEDULED", "UNDEFINED")
    ),
    "approvalStatus": one_of("UNASSIGNED", "ASSIGNED", "APPROVING", "APPROVED", "DENIED"),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}

_CLASSIFICATIONS = {
    name: Text()
    for name in (
        "chartOfAccountId",
        "accountingClassId",
        "departmentId",
        "locationId",
        "itemId",
        "employeeId",
        "jobId",
        "customerId",
    )
}
_LINE_ITEM: dict[str, Field] = {
    "id": Text(),
    "amount": Number(),
    "quantity": Number(),
    "price": Number(),
    "description": Text(),
    "classifications": Object(_CLASSIFICATIONS),
}
_INVOICE: dict[str, Field] = {
    "invoiceNumber": Text(required=True),
    "invoiceDate": Date(required=True),
}
_FIELDS: dict[str, Field] = {
    "vendorId": Text(required=True),
    "description": Text(),
    "dueDate": Date(required=True),
    "billLineItems": Many(Object(_LINE_ITEM), required=True),
    "invoice": Object(_INVOICE, required=True),
    "payFromChartOfAccountId": Text(),
    "classifications": Object(_CLASSIFICATIONS),
    "purchaseOrderNumber": Text(),
}


def routes(state: SandboxState) -> list[BaseRoute]:
    """GET and POST /v3/bills; GET, PUT and PATCH /v3/bills/{billId}."""

    async def list_bills(request: Request) -> Response:
        """GET: a page of bills."""
        bills = table(state, require_session(request, state).organization_id)
        return JSONResponse(page(request, bills.values(), _FILTERABLE, sortable=("amount",)))

    async def create_bill(request: Request) -> Response:
        """POST: required are `vendorId`, `dueDate`, `billLineItems` and `invoice`."""
        session = require_session(request, state)
        body = check(await json_object(request), _FIELDS)
        return JSONResponse(add(state, session, body), 201)

    async def get_bill(request: Request) -> Response:
        """GET: one bill."""
        return JSONResponse(_find(require_session(request, state), request, state))

    async def replace_bill(request: Request) -> Response:
        """PUT: the body's fields in place of all fields that can be set."""
        session = require_session(request, state)
        bill = _find(session, request, state)
        body = check(await json_object(request), _FIELDS)
        kept = {name: value for name, value in bill.items() if name not in _FIELDS}
        return JSONResponse(_change(state, session, bill, kept, body))

    async def update_bill(request: Request) -> Response:
        """PATCH: the given fields replace the bill's; `billLineItems` replaces all line items."""
        session = require_session(request, state)
        bill = _find(session, request, state)
        body = check(await json_object(request), _FIELDS, partial=True)
        return JSONResponse(_change(state, session, bill, dict(bill), body))

    return [
        Route("/connect/v3/bills", list_bills, methods=["GET"]),
        Route("/connect/v3/bills", create_bill, methods=["POST"]),
        Route("/connect/v3/bills/{id}", get_bill, methods=["GET"]),
        Route("/connect/v3/bills/{id}", replace_bill, methods=["PUT"]),
        Route("/connect/v3/bills/{id}", update_bill, methods=["PATCH"]),
    ]


def table(state: SandboxState, organization_id: str) -> Table:
    """The bills of an organization."""
    return state.table(organization_id, "bills")


def add(state: SandboxState, session: Session, body: Record) -> Record:
    """Create a bill from a checked body; BDC_1119 if there is no such vendor."""
    now = state.timestamp()
    settled = _settled(state, session, body, {})
    bill: Record = {
        "id": state.ids.new("00n"),
        "archived": False,
        **settled,
        "paidAmount": 0,
        "scheduledAmount": 0,
        "creditAmount": 0,
        "approvalStatus": "UNASSIGNED",
        "createdBy": session.user_id,
        "createdTime": now,
        "updatedTime": now,
    }
    _settle_amounts(bill)
    table(state, session.organization_id)[bill["id"]] = bill
    return bill


def schedule(state: SandboxState, bill: Record, amount: float) -> None:
    """Note a scheduled payment of the bill."""
    bill["scheduledAmount"] = round(bill["scheduledAmount"] + amount, 2)
    bill["updatedTime"] = state.timestamp()
    _settle_amounts(bill)


def _change(
    state: SandboxState, session: Session, bill: Record, kept: Record, body: Record
) -> Record:
    settled = _settled(state, session, body, bill)
    bill.clear()
    bill.update(kept, **settled, updatedTime=state.timestamp())
    _settle_amounts(bill)
    return bill


def _settled(state: SandboxState, session: Session, body: Record, bill: Record) -> Record:
    """The body's fields with what BILL adds to them: the vendor's name, ids of line items."""
    settled = dict(body)
    if "vendorId" in body:
        vendor = vendors.table(state, session.organization_id).get(body["vendorId"])
        if vendor is None:
            raise errors.bad_request(errors.invalid_value("vendorId", body["vendorId"]))
        settled["vendorName"] = vendor["name"]
    if "billLineItems" in body:
        known = {item["id"] for item in bill.get("billLineItems", ())}
        settled["billLineItems"] = [
            _line_item(state, index, item, known)
            for index, item in enumerate(body["billLineItems"])
        ]
        settled["amount"] = round(sum(item["amount"] for item in settled["billLineItems"]), 2)
    return settled


def _line_item(state: SandboxState, index: int, item: Record, known: set[str]) -> Record:
    line_item = dict(item)
    if "amount" not in item:
        if not {"quantity", "price"} <= item.keys():
            raise errors.bad_request(errors.missing_data(f"billLineItems[{index}].amount"))
        line_item["amount"] = round(item["quantity"] * item["price"], 2)
    line_item["id"] = item["id"] if item.get("id") in known else state.ids.new("bli")
    return line_item


def _settle_amounts(bill: Record) -> None:
    gone = bill["paidAmount"] + bill["scheduledAmount"] + bill["creditAmount"]
    bill["dueAmount"] = round(bill["amount"] - gone, 2)
    bill["paymentStatus"] = _payment_status(bill)


def _payment_status(bill: Mapping[str, float]) -> str:
    if not bill["paidAmount"] and not bill["scheduledAmount"]:
        return "UNPAID"
    if bill["dueAmount"] > 0:
        return "PARTIAL"
    return "SCHEDULED" if bill["scheduledAmount"] else "PAID"


def _find(session: Session, request: Request, state: SandboxState) -> Record:
    bill = table(state, session.organization_id).get(request.path_params["id"])
    if bill is None:
        raise errors.no_data_found()
    return bill
