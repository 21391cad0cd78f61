"""GetAPSummary and GetARSummary."""

from datetime import date, timedelta

import pytest


@pytest.fixture
def vendor(v2):
    return v2.create("Vendor", name="Paper")


@pytest.fixture
def today(vendor):
    return date.fromisoformat(vendor["createdTime"][:10])


def test_bills_count_by_their_due_dates(v2, vendor, today):
    before = v2("GetAPSummary")["bills"]
    for number, days in enumerate((-1, 0, 1, 7, 8)):
        v2.create(
            "Bill",
            vendorId=vendor["id"],
            invoiceNumber=str(number),
            invoiceDate="2026-01-01",
            dueDate=(today + timedelta(days=days)).isoformat(),
            billLineItems=[{"amount": 10}],
        )
    after = v2("GetAPSummary")["bills"]
    more = {name: after[name] - before[name] for name in after if name.endswith("Count")}
    assert more == {
        "overdueCount": 1,
        "dueTodayCount": 1,
        "due7DaysCount": 2,
        "due7PlusDaysCount": 1,
        "allCount": 5,
    }
    assert round(after["due7DaysTotal"] - before["due7DaysTotal"], 2) == 20


def test_a_bill_that_waits_for_an_approver_counts_there(v2):
    assert v2("GetAPSummary")["approvals"]["allCount"] == 0
    bill, me = v2.list("Bill", ("dueAmount", ">", 0))[0], v2("GetSessionInfo")["userId"]
    v2("SetApprovers", {"objectId": bill["id"], "entity": "Bill", "approvers": [me]})
    approvals = v2("GetAPSummary")["approvals"]
    assert (approvals["allCount"], approvals["allTotal"]) == (1, bill["dueAmount"])


def test_receivables_are_told_in_dollars(v2, today):
    customer = v2.list("Customer")[0]
    before = v2("GetARSummary")
    v2(
        "RecordARPayment",
        {
            "customerId": customer["id"],
            "paymentDate": today.isoformat(),
            "paymentType": "0",
            "amount": 1234.5,
        },
    )
    after = v2("GetARSummary")
    assert after["payments"]["todayCount"] == before["payments"]["todayCount"] + 1
    assert after["payments"]["todayTotal"].startswith("$1,")
    assert set(after["invoices"]) == set(v2("GetAPSummary")["bills"])
