"""BILL's API, one module for each part of its reference."""

from __future__ import annotations

from collections.abc import Callable

from pytest_bill.sandbox.api import (
    bills,
    classifications,
    credit_memos,
    customer_bank_accounts,
    customer_contacts,
    customers,
    invoices,
    receivable_payments,
    recurring_bills,
    recurring_invoices,
    vendors,
)
from pytest_bill.sandbox.operations import Operation
from pytest_bill.sandbox.state import SandboxState

OPERATIONS: tuple[Operation, ...] = (
    *bills.OPERATIONS,
    *classifications.OPERATIONS,
    *credit_memos.OPERATIONS,
    *customer_bank_accounts.OPERATIONS,
    *customer_contacts.OPERATIONS,
    *customers.OPERATIONS,
    *invoices.OPERATIONS,
    *receivable_payments.OPERATIONS,
    *recurring_bills.OPERATIONS,
    *recurring_invoices.OPERATIONS,
    *vendors.OPERATIONS,
)
"""Every operation that the sandbox answers, but those of the modules that still have `routes`."""

DAILY: tuple[Callable[[SandboxState], None], ...] = (
    recurring_invoices.make_due,
    receivable_payments.clear_due,
)
"""What happens by itself when days pass, in this order."""
