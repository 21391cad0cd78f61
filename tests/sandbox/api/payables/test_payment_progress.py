"""What becomes of a payment as days pass."""

from datetime import date

import pytest


@pytest.fixture
def payment(developer):
    params = {"filters": "paymentStatus:eq:UNPAID"}
    bill = developer.get("/v3/bills", params=params).json()["results"][0]
    body = {
        "billId": bill["id"],
        "amount": bill["dueAmount"],
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac" + "0" * 17},
        "processingOptions": {},
    }
    return developer.post("/v3/payments", body).json()


@pytest.fixture
def days_until(payment):
    """How many days lie between now and so many days after the payment's process date."""
    created = date.fromisoformat(payment["createdTime"][:10])
    process = date.fromisoformat(payment["processDate"])
    return lambda days: (process - created).days + days


@pytest.mark.parametrize(
    ("after", "status", "single_status", "bill_status"),
    [
        (0, "SCHEDULED", "FUNDING_STARTED", "SCHEDULED"),
        (1, "PAID", "SENT", "PAID"),
        (14, "PAID", "CLEARED", "PAID"),
    ],
)
def test_statuses_follow_the_clock(
    developer, payment, days_until, pass_days, after, status, single_status, bill_status
):
    pass_days(days_until(after))
    now = developer.get(f"/v3/payments/{payment['id']}").json()
    assert (now["status"], now["singleStatus"]) == (status, single_status)
    bill = developer.get(f"/v3/bills/{payment['billId']}").json()
    assert bill["paymentStatus"] == bill_status
    assert bill["paidAmount"] + bill["scheduledAmount"] == payment["amount"]


def test_a_sent_check_has_a_number_and_lists_know_that_it_is_paid(
    developer, payment, days_until, pass_days
):
    info = payment["disbursementInfo"]
    assert (info["isVoidable"], set(info["checkDisbursement"])) == (False, {"arrivesByDate"})
    params = {"filters": "status:eq:PAID"}
    assert developer.get("/v3/payments", params=params).json() == {"results": []}
    pass_days(days_until(1))
    [paid] = (
        each
        for each in developer.get("/v3/payments", params=params).json()["results"]
        if each["id"] == payment["id"]
    )
    assert paid["disbursementStatus"] == "IN_PROGRESS"
    check = paid["disbursementInfo"]["checkDisbursement"]
    assert check["checkNumber"] > 0
    assert payment["processDate"] < check["sentDate"] < check["arrivesByDate"]
    assert paid["disbursementInfo"]["isVoidable"] is True
    assert paid["updatedTime"] > payment["updatedTime"]


def test_a_payment_for_today_is_under_way(developer, payment, days_until, pass_days):
    pass_days(days_until(0))  # a business day
    body = {
        "vendorId": payment["vendorId"],
        "amount": 5,
        "processDate": payment["processDate"],
        "fundingAccount": {"type": "WALLET"},
        "processingOptions": {"createBill": True},
    }
    assert developer.post("/v3/payments", body).json()["singleStatus"] == "FUNDING_STARTED"


def test_a_canceled_payment_stays_so(developer, payment, pass_days):
    canceled = developer.post(f"/v3/payments/{payment['id']}/cancel").json()
    pass_days(30)
    assert developer.get(f"/v3/payments/{payment['id']}").json() == canceled


def test_the_clock_moves_on_after_a_reset(sandbox, developer, pass_days):
    params = {"filters": "status:eq:SCHEDULED"}
    pass_days(20)
    assert developer.get("/v3/payments", params=params).json() == {"results": []}
    sandbox.reset()
    assert len(developer.get("/v3/payments", params=params).json()["results"]) == 2
    pass_days(20)
    assert developer.get("/v3/payments", params=params).json() == {"results": []}
