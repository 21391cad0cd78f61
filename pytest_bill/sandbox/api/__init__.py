"""BILL's API, one module for each part of its reference."""

from __future__ import annotations

from collections.abc import Callable

from pytest_bill.sandbox.api import (
    bill_approval_policies,
    bill_approvals,
    bills,
    classifications,
    customers,
    invoices,
    payment_life,
    payment_quotes,
    payments,
    recurring_bills,
    reports,
    vendor_bank_accounts,
    vendor_credits,
    vendors,
)
from pytest_bill.sandbox.operations import Operation
from pytest_bill.sandbox.state import SandboxState

OPERATIONS: tuple[Operation, ...] = (
    *bill_approval_policies.OPERATIONS,
    *bill_approvals.OPERATIONS,
    *bills.OPERATIONS,
    *classifications.OPERATIONS,
    *customers.OPERATIONS,
    *invoices.OPERATIONS,
    # Before the operations on one payment: "options" would pass for an id.
    *payment_quotes.OPERATIONS,
    *payments.OPERATIONS,
    *recurring_bills.OPERATIONS,
    *reports.OPERATIONS,
    *vendor_bank_accounts.OPERATIONS,
    *vendor_credits.OPERATIONS,
    *vendors.OPERATIONS,
)
"""Every operation that the sandbox answers, but those of the modules that still have `routes`."""

DAILY: tuple[Callable[[SandboxState], None], ...] = (payment_life.follow_clock,)
"""What a new day brings, in this order; see `SandboxState.catch_up`."""
