"""BILL's API, one module for each part of its reference."""

from __future__ import annotations

from pytest_bill.sandbox.api import (
    attachments,
    bills,
    classifications,
    customers,
    documents,
    exports,
    funding_accounts,
    invoices,
    mfa,
    recurring_bills,
    risk_verifications,
    sign_in,
    spend_budget_members,
    spend_budgets,
    spend_cards,
    spend_custom_fields,
    spend_reimbursements,
    spend_transactions,
    spend_users,
    v2_sign_in,
    vendors,
    webhooks,
)
from pytest_bill.sandbox.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *attachments.OPERATIONS,
    *bills.OPERATIONS,
    *classifications.OPERATIONS,
    *customers.OPERATIONS,
    *documents.OPERATIONS,
    *exports.OPERATIONS,
    *funding_accounts.OPERATIONS,
    *invoices.OPERATIONS,
    *mfa.OPERATIONS,
    *recurring_bills.OPERATIONS,
    *risk_verifications.OPERATIONS,
    *spend_budget_members.OPERATIONS,
    *spend_budgets.OPERATIONS,
    *spend_cards.OPERATIONS,
    *spend_custom_fields.OPERATIONS,
    *spend_reimbursements.OPERATIONS,
    *spend_transactions.OPERATIONS,
    *spend_users.OPERATIONS,
    *sign_in.OPERATIONS,
    *v2_sign_in.OPERATIONS,
    *vendors.OPERATIONS,
    *webhooks.OPERATIONS,
)
"""Every operation that the sandbox answers, but those of the modules that still have `routes`."""
