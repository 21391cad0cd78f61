"""GetProfilePermissions of BILL's v2 API: what the users of a role may do.

Page: https://developer.bill.com/v2/reference/org-basic-getprofilepermissions, which lists the
permissions, and not which role has which. What BILL's pages say of its default roles
(https://developer.bill.com/docs/organizations-users) decides here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_bill.sandbox.api.people.roles import ADMINISTRATOR, ROLES
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Object, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_VIEWED = (
    *("BankAccount", "Bill", "Billing", "CardTransaction", "Cashview", "ChartOfAccount", "Class"),
    *("Customer", "Department", "Document", "Employee", "Inbox", "Invoice", "InvoiceTemplate"),
    *("Item", "Job", "Location", "Org", "Payment", "PaymentTerm", "PurchaseOrder", "Report"),
    *("Role", "UnitOfMeasure", "User", "Vendor", "VendorDirectDetails", "VendorForAssignedBill"),
)
_EDITED = (
    *("AssignedBill", "Bill", "Billing", "CardTransaction", "Cashview", "ChartOfAccount", "Class"),
    *("Customer", "Department", "Document", "Employee", "Invoice", "InvoiceTemplate", "Item"),
    *("Job", "Location", "Org", "Payment", "PaymentTerm", "PurchaseOrder", "Role"),
    *("UnitOfMeasure", "User", "Vendor"),
)
_OTHERS = (
    *("canApprove", "canDualControl", "canManageNetwork", "canOverrideRemittance"),
    *("canPayUnapprovedBill", "canPayUnassignedBill", "canSync", "notifyDeniedBill"),
)
PERMISSIONS = (
    *(f"view{each}" for each in _VIEWED),
    *(f"edit{each}" for each in _EDITED),
    *_OTHERS,
)
_OF_ADMINISTRATORS = {"editUser", "editRole", "editOrg", "editBilling", "canDualControl"}
_OF_CLERKS = {"editBill", "editInvoice", "editVendor", "editCustomer", "editDocument"}


def _is_seen(permission: str) -> bool:
    return permission.startswith("view")


def _is_of_accountants(permission: str) -> bool:
    pays = permission.startswith("canPay") or permission == "editPayment"
    return not pays and permission not in _OF_ADMINISTRATORS


_ALLOWS: Mapping[str, Callable[[str], bool]] = {
    ADMINISTRATOR: lambda _each: True,
    "ACCOUNTANT": _is_of_accountants,
    "APPROVER": lambda each: _is_seen(each) or each in {"canApprove", "editAssignedBill"},
    "PAYER": lambda each: _is_seen(each) or each in {"editPayment", "canPayUnassignedBill"},
    "CLERK": lambda each: _is_seen(each) or each in _OF_CLERKS,
    "AUDITOR": _is_seen,
}


def _permissions(call: Call) -> Record:
    role = call.table(ROLES.table).get(call.form["data"]["id"])
    if role is None:
        raise errors.no_data_found()
    allows = _ALLOWS.get(role["type"], _is_seen)
    return {each: allows(each) for each in PERMISSIONS}


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "GetProfilePermissions",
        "v2GetProfilePermissions",
        "What the users of a role profile may do",
        _permissions,
        page="org-basic-getprofilepermissions",
        data={"id": Text(required=True)},
        answer=Object({each: Boolean(required=True) for each in PERMISSIONS}),
        unsure="Which role has which permission is on no page; here an administrator has all, an "
        "auditor those to see, and the others what the words of their role say.",
    ),
)
"""The permissions of v2's role profiles."""
