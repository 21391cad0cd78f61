"""What would move money or change people, and that production is not asked for it by accident."""

from __future__ import annotations

import re

import pytest

from pytest_bill.guards.production_groups import GROUPS, UNKNOWN
from pytest_bill.guards.production_operations import change_by
from pytest_bill.sandbox.description.index import reference_index

GATEWAY = "https://gateway.prod.bill.com/connect"
API = "https://api.bill.com/api"

REFERENCE = [(each.method, each.path, each.name) for each in reference_index()]


def url_of(path: str) -> str:
    base = GATEWAY.removesuffix("/connect") if path.startswith("/connect-events") else GATEWAY
    return base + re.sub(r"\{\w+\}", "00x01ABC", path)


def test_every_operation_of_the_reference_is_known():
    unknown = []
    for method, path, operation in REFERENCE:
        change = change_by(method, url_of(path))
        if change is None:
            continue
        if change.group == UNKNOWN or change.operation != operation:
            unknown.append((method, path, operation, change))
        assert re.sub(r"\{\w+\}", "{id}", path) == change.path
    assert unknown == []


def test_what_reads_changes_nothing():
    assert all(change_by(m, url_of(p)) is None for m, p, _ in REFERENCE if m == "GET")


@pytest.mark.parametrize(
    ("group", "method", "path", "operation"),
    [
        ("payments", "POST", "/v3/payments", "createPayment"),
        ("payments", "POST", "/v3/payments/bulk", "createBulkPayment"),
        ("payments", "POST", "/v3/payments/stp01/cancel", "cancelPayment"),
        ("payments", "POST", "/v3/payments/stp01/void", "voidPayment"),
        ("payments", "POST", "/v3/receivable-payments", "chargeCustomer"),
        ("payments", "post", "/v3/%70ayments", "createPayment"),
        ("approvals", "POST", "/v3/bill-approvals/actions", "billApproveDenyActions"),
        ("bank-accounts", "POST", "/v3/funding-accounts/banks", "createBankAccount"),
        ("bank-accounts", "DELETE", "/v3/vendors/0091/bank-account", "deleteVendorBankAccount"),
        ("cards", "POST", "/v3/spend/cards", "createBudgetCard"),
        ("reimbursements", "POST", "/v3/spend/reimbursements/1/action", None),
        ("people", "POST", "/v3/users", "createOrganizationUser"),
        ("people", "POST", "/v3/partner/users", "createPartnerUser"),
        ("people", "DELETE", "/v3/spend/users/VXNlcjox%3D", "deleteUser"),
        ("people", "POST", "/v3/mfa/setup", "setup"),
        ("network", "POST", "/v3/network/invitation/vendor/0091/email", None),
        ("messages", "POST", "/v3/invoices/00e1/email", "sendInvoice"),
        ("organizations", "POST", "/v3/partner/organizations", "createOrganization"),
        ("payments", "POST", "/v2/PayBills.json", "PayBills"),
        ("payments", "GET", "/v2/PayBills.json", "PayBills"),
        ("payments", "POST", "/v2/VoidAPPayment.json", "VoidAPPayment"),
        ("bank-accounts", "POST", "/v2/Crud/Create/VendorBankAccount.json", None),
        ("people", "POST", "/v2/Bulk/Crud/Update/User.json", "BulkUpdateUser"),
        # What nobody knows may do anything.
        (UNKNOWN, "POST", "/v3/bills/00n1/pay", ""),
        (UNKNOWN, "POST", "/v3/something-new", ""),
        (UNKNOWN, "PURGE", "/v3/vendors", ""),
        (UNKNOWN, "POST", "/v2/VoidPayment.json", ""),
        (UNKNOWN, "POST", "/v2/Crud/Create/Something.json", ""),
        # What a server might read otherwise.
        (UNKNOWN, "POST", "/v3//payments", ""),
        (UNKNOWN, "POST", "/v3/payments/", ""),
        (UNKNOWN, "POST", "/v3/vendors/../payments", ""),
        (UNKNOWN, "POST", "/v3/vendors/%2e%2e/payments", ""),
        (UNKNOWN, "POST", "/v3/vendors/x%2F..%2Fy/archive", ""),
        (UNKNOWN, "POST", "/v3/vendors;/bulk", ""),
        (UNKNOWN, "POST", "/V3/Vendors", ""),
    ],
)
def test_the_group_of_an_operation(group, method, path, operation):
    change = change_by(method, (API if path.startswith("/v2") else GATEWAY) + path)
    assert change is not None
    assert change.group == group
    assert operation is None or change.operation == operation
    assert change.effect == GROUPS[group]


ODD_V2 = [
    "/api/V2/PayBills.json",
    "/API/v2/PayBills.json",
    "/api//v2/PayBills.json",
    "//api/v2/PayBills.json",
    "/api/./v2/PayBills.json",
    "/api/x/../v2/PayBills.json",
    "/api/v3/%2e%2e/v2/PayBills.json",
    "/api/%762/PayBills.json",
    "/api/%25762/PayBills.json",
    "/api/v2%2FPayBills.json",
    "/api/v2;a=b/PayBills.json",
    "/api;a/v2/PayBills.json",
    "/api/v2./PayBills.json",
    "/api/v\t2/PayBills.json",
    "/api/v%092/PayBills.json",
    "/api/%20v2/PayBills.json",
    "/api/v%002/PayBills.json",
    "/api/\uff562/PayBills.json",
    "/api/%u00762/PayBills.json",
    "/api\\v2\\PayBills.json",
    "/api%5cv2%5cPayBills.json",
    "/connect/../api/v2/PayBills.json",
    "/connect/v2/paybills.json",
    "/v2/PayBills.json/",
    "/v2/PayBills",
    "/api/v2/PayBills.json%00",
]


@pytest.mark.parametrize("path", ODD_V2)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "get"])
def test_an_oddly_written_path_of_v2_may_do_anything(method, path):
    change = change_by(method, "https://api.bill.com" + path)
    assert change is not None
    assert change.group in (UNKNOWN, "payments")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/v3/payments.",
            "/v3/payments%20",
            "/v3/payments;a",
            "/v3/payments\t",
            "/v3/payments%09",
        ),
        *(
            "/v3/pAyments",
            "/v3/%2570ayments",
            "/v3/./payments",
            "/v3/payments/.",
            "/v3/payments%00",
        ),
        *("/v3/vendors/x%3F/archive", "/v3/vendors/\uff0f/archive", "/v3/vendors/.../archive"),
        *("/v3/vendors%2Fbulk", "/v3/vendors/%C0%AE/archive", "/v3\\payments", "/v3/ payments"),
    ],
)
def test_an_oddly_written_write_is_no_plain_one(path):
    change = change_by("POST", GATEWAY + path)
    assert change is not None
    assert change.group in (UNKNOWN, "payments")


@pytest.mark.parametrize("name", ["_method", "X-HTTP-Method-Override"])
def test_a_parameter_that_may_stand_for_the_method_makes_it_unknown(name):
    change = change_by("GET", f"{GATEWAY}/v3/payments?{name}=POST")
    assert change is not None
    assert change.group == UNKNOWN


@pytest.mark.parametrize(
    "url",
    [
        *(f"{GATEWAY}/v3/vendors/", f"{GATEWAY}/v3//vendors", f"{GATEWAY}/v3/vendors/a%20b;c"),
        "https://api.bill.com/Invoice2PdfServlet?Id=00e1",
        "https://app02.us.bill.com/",
        f"{GATEWAY}/v3/vendors?filters=name:eq:%22v2%22",
    ],
)
def test_an_oddly_written_path_that_is_read_is_read(url):
    assert change_by("GET", url) is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v3/vendors"),
        ("PATCH", "/v3/bills/00n1"),
        ("POST", "/v3/bills/00n1/archive"),
        ("POST", "/v3/login"),
        ("POST", "/v2/Login.json"),
        ("POST", "/v2/List/User.json"),
        ("POST", "/v2/Crud/Read/SentPay.json"),
        ("POST", "/v2/Crud/Create/Vendor.json"),
        ("GET", "/v3/payments"),
    ],
)
def test_plain_records_and_reading(method, path):
    assert change_by(method, (API if path.startswith("/v2") else GATEWAY) + path) is None


def test_a_header_that_changes_the_method_is_not_trusted():
    override = frozenset({"x-http-method-override"})
    change = change_by("GET", f"{GATEWAY}/v3/payments", override)
    assert change is not None
    assert change.group == UNKNOWN
