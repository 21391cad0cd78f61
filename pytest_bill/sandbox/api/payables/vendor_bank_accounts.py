"""A vendor's bank account: get, create, delete.

Pages: https://developer.bill.com/reference/getvendorbankaccount,
https://developer.bill.com/reference/createvendorbankaccount,
https://developer.bill.com/reference/deletevendorbankaccount,
https://developer.bill.com/changelog/2024-09-03-new-v3-api-endpoints-for-vendor-bank-account-operations.

A vendor has one bank account at most. It cannot be updated: it is deleted and created anew. With it
the vendor is paid electronically, without it by check. Of its number, four digits can be seen. That
creating one needs an MFA-trusted session is what the page of v2's operation says
(https://developer.bill.com/v2/reference/ap-vendormgmt-createvendorbankaccount), as does that a new
account counts as verified. The HTTP statuses are those of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman): 200 for creating, 204 for deleting.

``status`` tells whether BILL has verified the account
(https://developer.bill.com/changelog/2026-05-21-vendor-bank-accounts-api-improvements). Its words
are not documented; here the one of v2's page for a new account, VERIFIED.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

from pytest_bill.sandbox.api.payables import vendors
from pytest_bill.sandbox.api.payables.vendors import BANK_ACCOUNT, VENDORS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Many, Object, Text
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record


def _get(call: Call) -> Record:
    """The vendor's bank account; BDC_1120 if it has none."""
    account: Record | None = VENDORS.find(call)["paymentInformation"].get("bankAccount")
    if account is None:
        raise errors.no_data_found()
    return _as_answered(account)


def _as_answered(account: Record) -> Record:
    return {**account, "status": "VERIFIED"}


def create_bank_account(call: Call) -> Record:
    """Give the vendor a bank account."""
    vendor = VENDORS.find(call)
    information = vendor["paymentInformation"]
    if "bankAccount" in information:
        raise errors.bad_request(errors.invalid_value("vendorId", vendor["id"]))
    account = vendors.checked_account(vendor, call.body, "")
    _changing(call, vendor, lambda: information.update(bankAccount=account))
    return _as_answered(account)


def delete_bank_account(call: Call) -> None:
    """Take the vendor's bank account away."""
    _get(call)
    vendor = VENDORS.find(call)
    _changing(call, vendor, lambda: vendor["paymentInformation"].pop("bankAccount"))


def _changing(call: Call, vendor: Record, change: Callable[[], object]) -> None:
    before = copy.deepcopy(vendor)
    change()
    vendors.settle_method(vendor)
    vendor["updatedTime"] = call.state.timestamp()
    vendors.record_change(call, before, vendor)
    call.state.publish(call.owner, "vendor.updated", VENDORS.as_answered(call, vendor))


_PATH = V3 + "/vendors/{vendorId}/bank-account"
_ANSWER = Object(
    {
        **{name: Text() for name in BANK_ACCOUNT if name not in {"regulatoryFields"}},
        "accountNumber": Text(required=True),
        "status": Text(required=True),
        "regulatoryFields": Many(Object({"name": Text(), "value": Text()})),
        "paymentPurpose": Object(vendors.PAYMENT_PURPOSE),
    },
    unsure="The fields of the answer are those of the request. The words of status are not "
    "documented; here always VERIFIED, as in v2.",
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        _PATH,
        "getVendorBankAccount",
        "Get the vendor's bank account",
        _get,
        sync=False,
        area="Vendors",
        answer=_ANSWER,
    ),
    Operation(
        "POST",
        _PATH,
        "createVendorBankAccount",
        "Give the vendor a bank account",
        create_bank_account,
        sync=False,
        area="Vendors",
        body=BANK_ACCOUNT,
        answer=_ANSWER,
        trusted=True,
        missing="The two business days that BILL takes in production to verify the account, unless"
        " the sandbox was told to take them (/__sandbox__/account-verification).",
        unsure="The refusal of a second account is not documented; here BDC_1119. MFA is what the "
        "page of v2's operation asks for. What a country asks for is the sandbox's own data.",
    ),
    Operation(
        "DELETE",
        _PATH,
        "deleteVendorBankAccount",
        "Take the vendor's bank account away",
        delete_bank_account,
        sync=False,
        area="Vendors",
        status=204,
        trusted=True,
        unsure="Whether BILL asks for MFA is not documented; here it does, as for creating one.",
    ),
)
