"""Payments to a vendor whose bank account is new."""

from datetime import date

import pytest
import requests

from pytest_bill.sandbox.core.business_days import following_business_day

ACCOUNT = {
    "nameOnAccount": "Zoë Vendorson",
    "accountNumber": "111222333",
    "routingNumber": "074000010",
    "type": "CHECKING",
}
REFUSAL = "Please select a payment processing date two business days out from today."


@pytest.fixture
def bill(developer):
    params = {"filters": "paymentStatus:eq:UNPAID"}
    return developer.get("/v3/bills", params=params).json()["results"][0]


@pytest.fixture
def account(developer, bill):
    path = f"/v3/vendors/{bill['vendorId']}/bank-account"
    assert developer.post(path, ACCOUNT).status_code == 200
    return path


@pytest.fixture
def pay(developer, bill, sandbox):
    """Pay a dollar, in so many business days; None names no day."""

    def pay(days):
        body = {
            "billId": bill["id"],
            "amount": 1,
            "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac" + "0" * 17},
            "processingOptions": {"createBill": False},
        }
        if days is not None:
            now = requests.get(f"{sandbox.origin}/__sandbox__/health", timeout=5).json()["now"]
            day = following_business_day(date.fromisoformat(now[:10]), days)
            body["processDate"] = day.isoformat()
        return developer.post("/v3/payments", body)

    return pay


@pytest.mark.parametrize("days", [None, 1])
def test_a_new_account_is_paid_in_two_business_days_where_it_has_to_be_verified(
    sandbox, account, pay, days
):
    assert pay(days).status_code == 201  # as in BILL's sandbox
    sandbox.require_account_verification()
    refused = pay(days)
    assert refused.status_code == 400
    (problem,) = refused.json()
    assert (problem["code"], problem["message"]) == ("BDC_1402", REFUSAL)
    assert pay(2).status_code == 201
    sandbox.require_account_verification(False)
    assert pay(days).status_code == 201


def test_an_account_is_verified_once(sandbox, developer, account, pay, pass_days, codes):
    sandbox.require_account_verification()
    pass_days(7)
    assert pay(None).status_code == 201
    developer.delete(account)
    developer.post(account, ACCOUNT)
    assert codes(pay(None)) == ["BDC_1402"]


def test_who_is_paid_by_check_waits_for_nothing(sandbox, pay):
    sandbox.require_account_verification()
    assert pay(None).status_code == 201


def test_a_check_in_the_place_of_an_account_waits_for_nothing(sandbox, developer, account, pay):
    sandbox.require_account_verification()
    developer.delete(account)
    assert pay(None).status_code == 201


def test_a_vendor_that_came_with_its_account_waits_as_well(sandbox, developer, codes):
    sandbox.require_account_verification()
    vendor = developer.post(
        "/v3/vendors",
        {
            "name": "Steady Drum Works",
            "address": {
                "line1": "7 Beat Street",
                "city": "Reno",
                "zipOrPostalCode": "89501",
                "country": "US",
            },
            "paymentInformation": {"payeeName": "Steady Drums", "bankAccount": ACCOUNT},
        },
    ).json()
    body = {
        "vendorId": vendor["id"],
        "amount": 1,
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac" + "0" * 17},
        "processingOptions": {"createBill": True},
    }
    assert codes(developer.post("/v3/payments", body)) == ["BDC_1402"]
