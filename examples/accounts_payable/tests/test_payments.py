from datetime import date

import pytest

from pytest_bill import BillError


@pytest.fixture
def checking_account(bill_dev_session):
    """The id of a bank account that the organization pays from."""
    return bill_dev_session.call("GET", "/v3/funding-accounts/banks")["results"][0]["id"]


def test_a_paid_bill_is_scheduled_and_no_longer_overdue(
    payables, bill_dev_session, supplier, checking_account
):
    bill = payables.enter_bill(supplier["id"], "AE-4", date(2026, 1, 10), 300)
    payment = payables.pay(bill, checking_account)
    assert payment["status"] == "SCHEDULED"
    paid = bill_dev_session.call("GET", f"/v3/bills/{bill['id']}")
    assert paid["paymentStatus"] == "SCHEDULED"
    assert paid["id"] not in [each["id"] for each in payables.overdue(today=date(2026, 2, 1))]


def test_a_part_can_be_paid(payables, bill_dev_session, supplier, checking_account):
    bill = payables.enter_bill(supplier["id"], "AE-5", date(2026, 1, 20), 300)
    payables.pay(bill, checking_account, amount=100)
    assert bill_dev_session.call("GET", f"/v3/bills/{bill['id']}")["dueAmount"] == 200


def test_more_than_is_due_is_refused(payables, supplier, checking_account):
    bill = payables.enter_bill(supplier["id"], "AE-6", date(2026, 1, 20), 300)
    with pytest.raises(BillError) as refused:
        payables.pay(bill, checking_account, amount=300.01)
    assert refused.value.status == 400
