from datetime import date

from acme_payables.statements import open_balance


def test_an_entered_bill_can_be_read_back(payables, bill_dev_session, supplier):
    bill = payables.enter_bill(supplier["id"], "AE-1", date(2026, 1, 15), 1250.50)
    stored = bill_dev_session.call("GET", f"/v3/bills/{bill['id']}")
    assert stored["amount"] == 1250.50
    assert stored["invoice"]["invoiceNumber"] == "AE-1"
    assert stored["paymentStatus"] == "UNPAID"


def test_overdue_are_the_bills_due_before_today(payables, supplier):
    late = payables.enter_bill(supplier["id"], "AE-2", date(2026, 1, 31), 80)
    due_today = payables.enter_bill(supplier["id"], "AE-3", date(2026, 2, 1), 80)
    overdue = [bill["id"] for bill in payables.overdue(today=date(2026, 2, 1))]
    assert late["id"] in overdue
    assert due_today["id"] not in overdue


def test_the_open_balance_is_what_all_bills_of_a_vendor_sum_up_to(
    payables, bill_dev_session, address
):
    vendor = payables.onboard("Jacquard Looms", "joseph@jacquard.example.com", address)
    payables.enter_bill(vendor["id"], "JL-1", date(2026, 3, 1), 100)
    payables.enter_bill(vendor["id"], "JL-2", date(2026, 3, 8), 20.5)
    headers = bill_dev_session.credential_headers()
    assert open_balance(bill_dev_session.base_url, headers, vendor["id"]) == 120.5
