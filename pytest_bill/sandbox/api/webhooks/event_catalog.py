"""The catalogue of webhook events, and the values of test notifications.

Pages: https://developer.bill.com/reference/geteventcatalog,
https://developer.bill.com/docs/notification-payloads-reference,
https://developer.bill.com/reference/sendtestevent. The test values have the fields of the samples
in BILL's pages of payloads, with values of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bill.sandbox.core.records import Record
from pytest_bill.webhook_events import EVENTS, VERSION, EventKind

_TIME = "2026-01-15T09:30:00.000+00:00"
_USER = "00601TESTUSER0000001"
_CHANGED = {"archived": False, "createdTime": _TIME, "updatedTime": _TIME}

TEST_RECORDS: Mapping[str, Record] = {
    "vendor": {
        "id": "00901TESTVENDOR00001",
        "name": "Test Vendor",
        "accountType": "BUSINESS",
        "email": "vendor@example.com",
        **_CHANGED,
    },
    "bill": {
        "id": "00n01TESTBILL0000001",
        "vendorId": "00901TESTVENDOR00001",
        "vendorName": "Test Vendor",
        "invoice": {"invoiceNumber": "TEST-1", "invoiceDate": "2026-01-15"},
        "amount": 100.0,
        "dueDate": "2026-02-14",
        "paymentStatus": "UNPAID",
        "createdBy": _USER,
        **_CHANGED,
    },
    "payment": {
        "id": "stp01TESTPAYMENT0001",
        "billIds": ["00n01TESTBILL0000001"],
        "transactionNumber": "TEST-1",
        "status": "SCHEDULED",
        "processDate": "2026-01-16",
        "funding": {
            "amount": 100.0,
            "currency": "USD",
            "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac01TESTBANK0000001"},
        },
        "disbursement": {"amount": 100.0, "currency": "USD", "arrivesByDate": "2026-01-20"},
        "vendor": {"id": "00901TESTVENDOR00001", "name": "Test Vendor"},
        "billingType": "BDC",
        "createdBy": _USER,
        "createdTime": _TIME,
        "updatedTime": _TIME,
    },
    "bank-account": {
        "id": "bac01TESTBANK0000001",
        "bankName": "Test Bank",
        "nameOnAccount": "Test Organization",
        "accountNumber": "************1111",
        "routingNumber": "074000010",
        "type": "CHECKING",
        "ownerType": "BUSINESS",
        "status": "VERIFIED",
        "default": {"payables": True, "receivables": True},
        "createdBy": _USER,
        **_CHANGED,
    },
    "card-account": {
        "id": "cat01TESTCARD0000001",
        "nameOnAccount": "Test User",
        "brand": "Visa",
        "type": "CREDIT_CARD",
        "status": "VERIFIED",
        "last4": "1111",
        "expiration": "12/2030",
        "default": {"payables": True},
        "createdBy": _USER,
        **_CHANGED,
    },
    "invoice": {
        "id": "00e01TESTINVOICE0001",
        "customerId": "0cu01TESTCUSTOMER001",
        "invoiceNumber": "TEST-1",
        "invoiceDate": "2026-01-15",
        "dueDate": "2026-02-14",
        "totalAmount": 100.0,
        "dueAmount": 100.0,
        "status": "OPEN",
        "createdBy": _USER,
        **_CHANGED,
    },
    "risk-verification": {"decision": "APPROVE"},
    "transaction": {
        "uuid": "txn_test000000000000000000001",
        "cardUuid": "crd_test000000000000000000001",
        "transactionType": "AUTHORIZATION",
        "amount": 100.0,
        "fees": 0.0,
        "merchantName": "Test Merchant",
    },
    "reimbursement": {
        "uuid": "rmb_test000000000000000000001",
        "note": "Test expense",
        "merchantName": "Test Merchant",
        "amount": 100.0,
    },
    "threeDsChallenge": {
        "acsTransactionId": "00000000-0000-4000-8000-000000000001",
        "amount": 100.0,
        "merchantName": "Test Merchant",
    },
}
"""A test record of each kind, by its name in a notification and in the body of a test."""

_FAILED: Record = {
    "vendor": {"id": "00901TESTVENDOR00001", "name": "Test Vendor"},
    "createdBy": _USER,
    "updatedTime": _TIME,
    "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac01TESTBANK0000001"},
    "errors": [{"code": "4", "message": "Bill not ready to be paid.", "timestamp": _TIME}],
}


def catalogue() -> list[Record]:
    """Every event, with the versions that there are of it."""
    return [{"type": event_type, "versions": [VERSION]} for event_type in EVENTS]


def record_for_test(kind: EventKind, given: Mapping[str, Any]) -> Record:
    """The record of a test notification: what the body of the test says, else a made-up one."""
    if not kind.key:
        return dict(_FAILED)
    record = dict(given.get(kind.key, TEST_RECORDS[kind.key]))
    for name in kind.beside:
        record.setdefault(name, _FAILED[name])
    return record
