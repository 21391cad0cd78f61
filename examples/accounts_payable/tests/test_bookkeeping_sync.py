"""The nightly job that copies bills into the ledger: its token may read, but not pay."""

from datetime import date

import pytest
from acme_payables.payables import Payables

from pytest_bill import BillError


@pytest.fixture
def ledger(bill_sync_session):
    return Payables(bill_sync_session, bill_sync_session.base_url)


def test_the_job_reads_every_bill(bill_sync_session):
    bills = list(bill_sync_session.paginate("/v3/bills", {"max": 10}))
    assert len(bills) > 10
    assert all(bill["vendorName"] for bill in bills)


def test_the_job_sees_what_accounting_entered(ledger, payables, supplier):
    bill = payables.enter_bill(supplier["id"], "AE-7", date(2026, 1, 5), 42)
    assert bill["id"] in [each["id"] for each in ledger.overdue(today=date(2026, 2, 1))]


def test_the_job_cannot_pay(ledger, bill_sync_session):
    (bill, *_) = bill_sync_session.call("GET", "/v3/bills", params={"max": 1})["results"]
    with pytest.raises(BillError) as refused:
        ledger.pay(bill, "bac01ACMECHECKING000")
    assert refused.value.status == 403
