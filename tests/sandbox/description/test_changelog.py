"""BILL's changelog: each entry has a row, and what is applied a test.

What an entry says in a sentence, and no other module tests, is tested here.
"""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest
import requests

from pytest_bill.sandbox.description import changelog, index
from pytest_bill.sandbox.description.changelog import Standing

ROOT = Path(__file__).parents[3]
ADDRESS = {"line1": "1", "city": "Reno", "zipOrPostalCode": "89501", "country": "US"}


@cache
def functions_of(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}


def test_what_is_applied_names_tests_that_there_are():
    named = [test.split("::") for each in changelog.entries() for test in each.tests]
    assert [test for test in named if test[1] not in functions_of(test[0])] == []
    assert all(each.tests for each in changelog.entries() if each.standing is Standing.APPLIED)


def test_what_is_not_applied_says_why():
    others = [each for each in changelog.entries() if each.standing is not Standing.APPLIED]
    assert [each.title for each in others if len(each.reason) < len("a video")] == []


def test_the_operations_that_it_names_are_in_the_index():
    known = {each.name for each in index.reference_index()}
    named = {name for each in changelog.entries() for name in each.operations}
    assert named - known == set()


def test_entries_are_told_once_in_the_order_of_their_days_since_2025():
    entries = changelog.entries()
    days = [each.day for each in entries if re.fullmatch(r"\d{4}-\d\d-\d\d", each.day)]
    assert days == sorted(days)
    assert days[0] >= "2025"
    assert len({(each.page_url, each.title) for each in entries}) == len(entries)
    assert changelog.read_on() >= days[-1]


# --- what entries say in a sentence -----------------------------------------------------------


@pytest.fixture
def vendor(developer):
    made = developer.post("/v3/vendors", {"name": "Strings", "address": ADDRESS})
    assert made.status_code == 201, made.text
    return made.json()


@pytest.fixture
def bill_body(vendor):
    return {
        "vendorId": vendor["id"],
        "dueDate": "2030-12-31",
        "billLineItems": [{"amount": 50}],
        "invoice": {"invoiceNumber": "B-1", "invoiceDate": "2030-12-01"},
    }


def test_records_name_their_place_in_the_general_ledger(developer, bill_body):
    account = {
        "nameOnAccount": "Music Shop",
        "routingNumber": "074000010",
        "accountNumber": "1000200030005000",
        "type": "CHECKING",
        "ownerType": "BUSINESS",
        "bankName": "Checking",
        "chartOfAccountId": "0ca01",
    }
    made = developer.post("/v3/funding-accounts/banks", account)
    assert made.json()["chartOfAccountId"] == "0ca01", made.text
    classified = {**bill_body, "classifications": {"chartOfAccountId": "0ca02"}}
    made = developer.post("/v3/bills", classified)
    assert made.json()["classifications"] == {"chartOfAccountId": "0ca02"}, made.text


def test_a_bill_names_its_purchase_order(developer, bill_body):
    made = developer.post("/v3/bills", {**bill_body, "purchaseOrderNumber": "PO-7"})
    assert made.json()["purchaseOrderNumber"] == "PO-7"


@pytest.fixture
def credit(developer, vendor):
    body = {
        "vendorId": vendor["id"],
        "referenceNumber": "VC-9",
        "creditDate": "2030-11-01",
        "vendorCreditLineItems": [{"amount": 20}],
    }
    made = developer.post("/v3/vendor-credits", body)
    assert made.status_code == 201, made.text
    return made.json()


def test_what_credits_cover_of_a_bill_counts_as_paid(developer, bill_body, credit):
    used = [{"id": credit["id"], "amount": 20}]
    bill = developer.post("/v3/bills", {**bill_body, "vendorCredits": used}).json()
    assert (bill["paidAmount"], bill["creditAmount"], bill["dueAmount"]) == (20, 20, 30)
    path = f"/v3/bills/{bill['id']}"
    assert developer.get(path).json() == bill
    assert developer.patch(path, {"description": "again"}).json()["paidAmount"] == 20


def test_a_recorded_payment_uses_a_vendor_credit(developer, bill_body, credit):
    bill = developer.post("/v3/bills", bill_body).json()
    used = [{"id": credit["id"], "amount": 20}]
    recorded = {
        "vendorId": bill["vendorId"],
        "processDate": "2026-12-21",
        "toPrintCheck": False,
        "payments": [{"billId": bill["id"], "amount": 30, "vendorCredits": used}],
    }
    answer = developer.post("/v3/bills/record-payment", recorded)
    assert answer.status_code == 200, answer.text
    bill = developer.get(f"/v3/bills/{bill['id']}").json()
    assert (bill["paidAmount"], bill["creditAmount"], bill["paymentStatus"]) == (50, 20, "PAID")


def test_payments_name_their_vendor(developer):
    payment = developer.get("/v3/payments").json()["results"][0]
    vendor = developer.get(f"/v3/vendors/{payment['vendorId']}").json()
    assert payment["vendorName"] == vendor["name"]
    assert developer.get(f"/v3/payments/{payment['id']}").json() == payment


def test_a_payment_link_takes_where_to_return_to(developer):
    invoice = developer.get("/v3/invoices").json()["results"][0]
    body = {
        "customerId": invoice["customerId"],
        "email": "check@example.com",
        "returnUrl": "https://shop.example.com/paid",
    }
    answer = developer.post(f"/v3/invoices/{invoice['id']}/payment-link", body)
    assert answer.json()["paymentLink"], answer.text


def test_vendors_are_filtered_by_their_country(developer, vendor, codes):
    found = developer.get("/v3/vendors", params={"filters": "address.country:eq:US"}).json()
    assert vendor["id"] in [each["id"] for each in found["results"]]
    found = developer.get("/v3/vendors", params={"filters": "address.country:ne:US"}).json()
    assert vendor["id"] not in [each["id"] for each in found["results"]]
    # BILL's page of filterable fields names these two operators.
    refused = developer.get("/v3/vendors", params={"filters": "address.country:in:US"})
    assert codes(refused) == ["BDC_1131"]


def test_a_vendors_bank_account_has_a_status(developer, vendor):
    path = f"/v3/vendors/{vendor['id']}/bank-account"
    account = {
        "nameOnAccount": "Strings",
        "accountNumber": "1000200030005000",
        "routingNumber": "074000010",
        "type": "CHECKING",
        "ownerType": "BUSINESS",
    }
    made = developer.post(path, account)
    assert made.json()["status"] == developer.get(path).json()["status"] == "VERIFIED", made.text


def test_there_is_no_second_phone(developer, codes):
    refused = developer.post("/v3/mfa/challenge", {"useBackup": True})
    assert (refused.status_code, codes(refused)) == (400, ["BDC_1119"])
    body = {"phone": "+1 650 555 0199", "type": "TEXT", "primary": False}
    refused = developer.post("/v3/mfa/setup", body)
    assert refused.status_code == 400


def test_a_transaction_names_the_parent_of_its_budget(spend):
    owner = spend.get("/v3/spend/users/current").json()["id"]
    body = {"name": "Tour", "owners": [owner], "recurringInterval": "MONTHLY", "limit": 500}
    body |= {"recurringLimit": 500}
    group = spend.post("/v3/spend/budgets", {**body, "budgetGroup": True}).json()
    child = spend.post("/v3/spend/budgets", {**body, "parentBudgetId": group["id"]}).json()
    cleared = {"filters": "type:eq:CLEAR,locked:eq:false"}
    transaction = spend.get("/v3/spend/transactions", params=cleared).json()["results"][0]
    one = f"/v3/spend/transactions/{transaction['uuid']}"
    assert spend.put(one, {"budgetId": child["uuid"]}).ok
    assert spend.get(one).json()["parentBudgetUuid"] == group["uuid"]


def test_transactions_have_a_status_of_bills(spend):
    transactions = spend.get("/v3/spend/transactions", params={"max": 50}).json()["results"]
    known = {"APPROVED", "COMPLETE", "DECLINED", "DENIED"}
    assert {each["status"] for each in transactions if "status" in each} == known


@pytest.fixture
def told(developer, sandbox):
    """What is told of the events that are subscribed to: their records, the oldest first."""
    headers = {**developer.headers, "X-Idempotent-Key": "6f6b3c1e-4d55-4c9a-9a0e-0a3a8f1f2b11"}
    base = f"{sandbox.origin}/connect-events/v3"
    events = ("vendor.created", "bill.created", "bill.updated", "invoice.updated")
    body = {
        "name": "All",
        "status": {"enabled": True},
        "events": [{"type": each, "version": "1"} for each in events],
        "notificationUrl": "http://127.0.0.1:9/hook",
    }
    made = requests.post(f"{base}/subscriptions", json=body, headers=headers, timeout=5).json()

    def records(kind):
        history = f"{base}/events/subscription/{made['id']}"
        params = {"ascending": "true", "max": 50}
        answer = requests.get(history, headers=headers, params=params, timeout=5).json()
        payloads = [json.loads(each["payload"]) for each in answer["results"]]
        return [each[kind] for each in payloads if kind in each]

    return records


def test_notifications_hold_the_whole_record(developer, told):
    vendor = {"name": "Whole", "shortName": "W", "address": ADDRESS}
    vendor = developer.post("/v3/vendors", vendor).json()
    bill = {
        "vendorId": vendor["id"],
        "dueDate": "2030-12-31",
        "purchaseOrderNumber": "PO-8",
        "billLineItems": [{"amount": 5}],
        "invoice": {"invoiceNumber": "B-9", "invoiceDate": "2030-12-01"},
    }
    bill = developer.post("/v3/bills", bill).json()
    assert told("vendor") == [vendor]
    assert told("bill") == [bill]
    assert bill["vendorName"] == "Whole"
    assert bill["createdBy"]


def test_what_a_payment_changes_is_told_as_it_is_answered(developer, told, bill_body):
    bill = developer.post("/v3/bills", bill_body).json()
    recorded = {
        "vendorId": bill["vendorId"],
        "processDate": "2026-12-21",
        "toPrintCheck": False,
        "payments": [{"billId": bill["id"], "amount": 30}],
    }
    assert developer.post("/v3/bills/record-payment", recorded).ok
    now = developer.get(f"/v3/bills/{bill['id']}").json()
    assert told("bill") == [bill, now]

    open_ones = {"filters": "archived:eq:false", "max": 100}
    invoices = developer.get("/v3/invoices", params=open_ones).json()["results"]
    invoice = next(each for each in invoices if each["dueAmount"] > 1)
    received = {
        "customerId": invoice["customerId"],
        "paymentDate": "2026-12-21",
        "amount": 1,
        "paymentType": "CASH",
        "invoices": [{"id": invoice["id"], "amount": 1}],
    }
    answer = developer.post("/v3/invoices/record-payment", received)
    assert answer.ok, answer.text
    assert told("invoice") == [developer.get(f"/v3/invoices/{invoice['id']}").json()]
