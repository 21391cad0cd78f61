"""BILL's API, one module for each part of its reference."""

from __future__ import annotations

from collections.abc import Callable

from pytest_bill.sandbox.api import (
    attachments,
    bill_approval_policies,
    bill_approvals,
    bills,
    classifications,
    customers,
    documents,
    exports,
    funding_accounts,
    invoices,
    payment_life,
    payment_quotes,
    payments,
    recurring_bills,
    reports,
    risk_verifications,
    spend_budget_members,
    spend_budgets,
    spend_cards,
    spend_users,
    vendor_bank_accounts,
    vendor_credits,
    vendors,
)
from pytest_bill.sandbox.operations import Operation
from pytest_bill.sandbox.state import SandboxState

OPERATIONS: tuple[Operation, ...] = (
    *attachments.OPERATIONS,
    *bill_approval_policies.OPERATIONS,
    *bill_approvals.OPERATIONS,
    *bills.OPERATIONS,
    *classifications.OPERATIONS,
    *customers.OPERATIONS,
    *documents.OPERATIONS,
    *exports.OPERATIONS,
    *funding_accounts.OPERATIONS,
    *invoices.OPERATIONS,
    # Before the operations on one payment: "options" would pass for an id.
    *payment_quotes.OPERATIONS,
    *payments.OPERATIONS,
    *recurring_bills.OPERATIONS,
    *reports.OPERATIONS,
    *risk_verifications.OPERATIONS,
    *spend_budget_members.OPERATIONS,
    *spend_budgets.OPERATIONS,
    *spend_cards.OPERATIONS,
    *spend_users.OPERATIONS,
    *vendor_bank_accounts.OPERATIONS,
    *vendor_credits.OPERATIONS,
    *vendors.OPERATIONS,
)
"""Every operation that the sandbox answers, but those of the modules that still have `routes`."""

DAILY: tuple[Callable[[SandboxState], None], ...] = (payment_life.follow_clock,)
"""What a new day brings, in this order; see `SandboxState.catch_up`."""
