"""Vendors: list, get, create (also in bulk), update, archive, restore.

Pages: https://developer.bill.com/docs/creating-a-us-vendor,
https://developer.bill.com/reference/listvendors, https://developer.bill.com/reference/createvendor,
https://developer.bill.com/reference/getvendor, https://developer.bill.com/reference/updatevendor.

A vendor has `id` (begins with 009), `archived`, `name`, `shortName`, `accountNumber`,
`accountType`, `email`, `phone`, `address`, `paymentInformation`, `recurringPayments`,
`billCurrency`, `networkStatus`, `createdTime` and `updatedTime`, and `paymentNetworkId` or `rppsId`
if it is connected in the BILL Network (see `network`); fields without a value are left out, as BILL
does. `paymentInformation.payByType` is ACH for a vendor with a bank account and CHECK
otherwise; the bank account's number comes back masked, as public clients report.

An update replaces the given fields; a given object replaces the whole object. Bank accounts cannot
be updated (https://developer.bill.com/v3/changelog), so an update leaves them alone. HTTP 201 for a
created record is what public clients report.
"""

from __future__ import annotations

from pytest_bill.sandbox.bodies import ADDRESS, Boolean, Field, Object, Text
from pytest_bill.sandbox.lists import FLAG, IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.operations import Call, Operation
from pytest_bill.sandbox.records import Record, Table
from pytest_bill.sandbox.resources import Resource
from pytest_bill.sandbox.state import SandboxState

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


def table(state: SandboxState, organization_id: str) -> Table:
    """The vendors of an organization."""
    return state.table(organization_id, "vendors")


def _complete(_call: Call, body: Record) -> Record:
    return {
        "accountType": "NONE",
        **body,
        "paymentInformation": _payment_information(body),
        "recurringPayments": False,
        "billCurrency": body.get("billCurrency", "USD"),
        "networkStatus": "NOT_CONNECTED",
    }


def _payment_information(body: Record) -> Record:
    given: Record = body.get("paymentInformation", {})
    information: Record = {"payeeName": body["name"], **given, "payBySubType": "NONE"}
    information["payByType"] = "ACH" if "bankAccount" in given else "CHECK"
    if "bankAccount" in given:
        masked = "*" * 12 + given["bankAccount"]["accountNumber"][-4:]
        information["bankAccount"] = {**given["bankAccount"], "accountNumber": masked}
    return information


def _change(_call: Call, vendor: Record, body: Record) -> None:
    changes = dict(body)
    information = dict(changes.pop("paymentInformation", {}))
    information.pop("bankAccount", None)
    vendor["paymentInformation"] |= information
    vendor.update(changes)


VENDORS = Resource(
    "Vendors",
    "/vendors",
    "vendorId",
    "vendors",
    "009",
    _FIELDS,
    answered={
        "recurringPayments": Boolean(),
        "networkStatus": Text(),
        "paymentNetworkId": Text(),
        "rppsId": Text(),
    },
    filterable=_FILTERABLE,
    sortable=("name",),
    event="vendor",
    complete=_complete,
    change=_change,
)

OPERATIONS: tuple[Operation, ...] = (
    VENDORS.list("listVendors", "Get list of vendors"),
    VENDORS.create("createVendor", "Create a vendor"),
    VENDORS.get("getVendor", "Get vendor details"),
    VENDORS.update("updateVendor", "Update a vendor"),
    VENDORS.archive("archiveVendor", "Archive a vendor"),
    VENDORS.restore("restoreVendor", "Restore an archived vendor"),
    VENDORS.bulk_create(
        "createBulkVendor",
        "Create several vendors",
        unsure="How many vendors one call takes is not documented; here 100.",
    ),
)
