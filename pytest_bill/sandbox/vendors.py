"""Vendors: list, get, create and update.

Pages: https://developer.bill.com/docs/creating-a-us-vendor,
https://developer.bill.com/reference/listvendors, https://developer.bill.com/reference/createvendor,
https://developer.bill.com/reference/getvendor, https://developer.bill.com/reference/updatevendor.

A vendor has `id` (begins with 009), `archived`, `name`, `shortName`, `accountNumber`,
`accountType`, `email`, `phone`, `address`, `paymentInformation`, `recurringPayments`,
`billCurrency`, `networkStatus`, `createdTime` and `updatedTime`; fields without a value are left
out, as BILL does. `paymentInformation.payByType` is ACH for a vendor with a bank account and CHECK
otherwise; the bank account's number comes back masked, as public clients report.

An update replaces the given fields; a given object replaces the whole object. Bank accounts cannot
be updated (https://developer.bill.com/v3/changelog), so an update leaves them alone. HTTP 201 for a
created record is what public clients report.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.access import require_session
from pytest_bill.sandbox.bodies import ADDRESS, Field, Object, Text, check, json_object
from pytest_bill.sandbox.lists import FLAG, IDS, TIMES, Filterable, one_of, page
from pytest_bill.sandbox.state import Record, SandboxState, Table

_ACCOUNT_TYPES = ("BUSINESS", "PERSON", "NONE")

_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "name": Filterable(("eq", "sw")),
    "accountType": one_of(*_ACCOUNT_TYPES),
    "billCurrency": Filterable(("eq", "ne", "in", "nin")),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}

_BANK_ACCOUNT = {
    "nameOnAccount": Text(),
    "accountNumber": Text(required=True),
    "routingNumber": Text(),
    "type": Text(choices=("CHECKING", "SAVINGS")),
    "ownerType": Text(choices=("BUSINESS", "PERSON")),
    "paymentCurrency": Text(),
}
_PAYMENT_INFORMATION: dict[str, Field] = {
    "payeeName": Text(),
    "email": Text(),
    "bankAccount": Object(_BANK_ACCOUNT),
}
_FIELDS: dict[str, Field] = {
    "name": Text(required=True),
    "shortName": Text(),
    "accountNumber": Text(),
    "accountType": Text(choices=_ACCOUNT_TYPES),
    "email": Text(),
    "phone": Text(),
    "address": Object(ADDRESS, required=True),
    "paymentInformation": Object(_PAYMENT_INFORMATION),
    "billCurrency": Text(),
}


def routes(state: SandboxState) -> list[BaseRoute]:
    """GET and POST /v3/vendors, GET and PATCH /v3/vendors/{vendorId}."""

    async def list_vendors(request: Request) -> Response:
        """GET: a page of vendors, archived ones too unless filtered out."""
        vendors = table(state, require_session(request, state).organization_id)
        return JSONResponse(page(request, vendors.values(), _FILTERABLE, sortable=("name",)))

    async def create_vendor(request: Request) -> Response:
        """POST: required are `name` and `address`."""
        session = require_session(request, state)
        body = check(await json_object(request), _FIELDS)
        return JSONResponse(add(state, session.organization_id, body), 201)

    async def get_vendor(request: Request) -> Response:
        """GET: one vendor."""
        return JSONResponse(_find(request, state))

    async def update_vendor(request: Request) -> Response:
        """PATCH: the given fields replace the vendor's."""
        vendor = _find(request, state)
        body = check(await json_object(request), _FIELDS, partial=True)
        information = body.pop("paymentInformation", {})
        information.pop("bankAccount", None)
        vendor["paymentInformation"] |= information
        vendor.update(body, updatedTime=state.timestamp())
        return JSONResponse(vendor)

    return [
        Route("/connect/v3/vendors", list_vendors, methods=["GET"]),
        Route("/connect/v3/vendors", create_vendor, methods=["POST"]),
        Route("/connect/v3/vendors/{id}", get_vendor, methods=["GET"]),
        Route("/connect/v3/vendors/{id}", update_vendor, methods=["PATCH"]),
    ]


def table(state: SandboxState, organization_id: str) -> Table:
    """The vendors of an organization."""
    return state.table(organization_id, "vendors")


def add(state: SandboxState, organization_id: str, body: Record) -> Record:
    """Create a vendor from a checked body."""
    now = state.timestamp()
    vendor: Record = {
        "id": state.ids.new("009"),
        "archived": False,
        "accountType": "NONE",
        **body,
        "paymentInformation": _payment_information(body),
        "recurringPayments": False,
        "billCurrency": body.get("billCurrency", "USD"),
        "networkStatus": "NOT_CONNECTED",
        "createdTime": now,
        "updatedTime": now,
    }
    table(state, organization_id)[vendor["id"]] = vendor
    return vendor


def _payment_information(body: Record) -> Record:
    given: Record = body.get("paymentInformation", {})
    information: Record = {"payeeName": body["name"], **given, "payBySubType": "NONE"}
    information["payByType"] = "ACH" if "bankAccount" in given else "CHECK"
    if "bankAccount" in given:
        masked = "*" * 12 + given["bankAccount"]["accountNumber"][-4:]
        information["bankAccount"] = {**given["bankAccount"], "accountNumber": masked}
    return information


def _find(request: Request, state: SandboxState) -> Record:
    vendors = table(state, require_session(request, state).organization_id)
    vendor = vendors.get(request.path_params["id"])
    if vendor is None:
        raise errors.no_data_found()
    return vendor
