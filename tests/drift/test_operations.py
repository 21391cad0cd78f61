"""What a request asks for in BILL's words."""

from __future__ import annotations

import pytest

from pytest_bill.drift.operations import only_reads, operation_of, path_of
from tests.helpers.recorded import recorded


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/v3/vendors", "GET /v3/vendors"),
        ("GET", "/v3/vendors/009IPJX4CZ2N2SIUHWIU", "GET /v3/vendors/{id}"),
        ("GET", "/v3/vendors/009A1/bank-account", "GET /v3/vendors/{id}/bank-account"),
        ("GET", "/v3/spend/users/VXNlcjo%3D", "GET /v3/spend/users/{id}"),
        (
            "GET",
            "/v3/organizations/PLACEHOLDER_BILL_ORGANIZATION_ID",
            "GET /v3/organizations/{id}",
        ),
        ("POST", "/v2/Crud/Read/CustomerBankAccount.json", None),
        ("GET", "/connect-events/v3/subscriptions/1", "GET /connect-events/v3/subscriptions/{id}"),
    ],
)
def test_ids_are_left_out(method, path, operation):
    assert operation_of(recorded(method, path)) == (operation or f"{method} {path}")


def test_a_path_is_as_bills_reference_writes_it():
    assert path_of("/connect/v3/bills") == "/v3/bills"
    assert path_of("/api/v2/List/Bill.json") == "/v2/List/Bill.json"


@pytest.mark.parametrize(
    ("method", "path", "reads"),
    [
        ("GET", "/v3/vendors", True),
        ("POST", "/v3/vendors", False),
        ("GET", "/v3/vendors?_method=DELETE", False),
        ("POST", "/v2/List/Vendor.json", True),
        ("POST", "/v2/Crud/Read/Vendor.json", True),
        ("POST", "/v2/GetDisbursementData.json", True),
        ("POST", "/v2/Crud/Delete/Vendor.json", False),
        ("POST", "/v2/Logout.json", False),
        ("POST", "/v2/PayBills.json", False),
    ],
)
def test_what_only_reads(method, path, reads):
    assert only_reads(recorded(method, path)) is reads


def test_a_header_that_names_another_method_reads_nothing():
    request = recorded("GET", "/v3/vendors", headers={"X-HTTP-Method-Override": "DELETE"})
    assert not only_reads(request)
