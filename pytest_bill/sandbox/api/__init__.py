"""BILL's API, one module for each part of its reference."""

from __future__ import annotations

from pytest_bill.sandbox.api import (
    bills,
    classifications,
    customers,
    invoices,
    recurring_bills,
    spend_budget_members,
    spend_budgets,
    spend_cards,
    spend_custom_fields,
    spend_reimbursements,
    spend_transactions,
    spend_users,
    vendors,
)
from pytest_bill.sandbox.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *bills.OPERATIONS,
    *classifications.OPERATIONS,
    *customers.OPERATIONS,
    *invoices.OPERATIONS,
    *recurring_bills.OPERATIONS,
    *spend_budget_members.OPERATIONS,
    *spend_budgets.OPERATIONS,
    *spend_cards.OPERATIONS,
    *spend_custom_fields.OPERATIONS,
    *spend_reimbursements.OPERATIONS,
    *spend_transactions.OPERATIONS,
    *spend_users.OPERATIONS,
    *vendors.OPERATIONS,
)
"""Every operation that the sandbox answers, but those of the modules that still have `routes`."""
