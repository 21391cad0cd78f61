"""BILL's API, one module for each part of its reference."""

from __future__ import annotations

from collections.abc import Callable

from pytest_bill.sandbox.api import (
    attachments,
    bills,
    classifications,
    credit_memos,
    customer_bank_accounts,
    customer_contacts,
    customers,
    documents,
    exports,
    funding_accounts,
    invoices,
    mfa,
    receivable_payments,
    recurring_bills,
    recurring_invoices,
    risk_verifications,
    sign_in,
    spend_budget_members,
    spend_budgets,
    spend_cards,
    spend_custom_fields,
    spend_reimbursements,
    spend_transactions,
    spend_users,
    v2_accounting,
    v2_organization,
    v2_payables,
    v2_receivables,
    v2_received_payments,
    v2_sign_in,
    vendors,
    webhooks,
)
from pytest_bill.sandbox.operations import Operation
from pytest_bill.sandbox.state import SandboxState

OPERATIONS: tuple[Operation, ...] = (
    *attachments.OPERATIONS,
    *bills.OPERATIONS,
    *classifications.OPERATIONS,
    *credit_memos.OPERATIONS,
    *customer_bank_accounts.OPERATIONS,
    *customer_contacts.OPERATIONS,
    *customers.OPERATIONS,
    *documents.OPERATIONS,
    *exports.OPERATIONS,
    *funding_accounts.OPERATIONS,
    *invoices.OPERATIONS,
    *mfa.OPERATIONS,
    *receivable_payments.OPERATIONS,
    *recurring_bills.OPERATIONS,
    *recurring_invoices.OPERATIONS,
    *risk_verifications.OPERATIONS,
    *sign_in.OPERATIONS,
    *spend_budget_members.OPERATIONS,
    *spend_budgets.OPERATIONS,
    *spend_cards.OPERATIONS,
    *spend_custom_fields.OPERATIONS,
    *spend_reimbursements.OPERATIONS,
    *spend_transactions.OPERATIONS,
    *spend_users.OPERATIONS,
    *sign_in.OPERATIONS,
    *v2_accounting.OPERATIONS,
    *v2_organization.OPERATIONS,
    *v2_payables.OPERATIONS,
    *v2_receivables.OPERATIONS,
    *v2_received_payments.OPERATIONS,
    *v2_sign_in.OPERATIONS,
    *vendors.OPERATIONS,
    *webhooks.OPERATIONS,
)
"""Every operation that the sandbox answers, but those of the modules that still have `routes`."""

DAILY: tuple[Callable[[SandboxState], None], ...] = (
    recurring_invoices.make_due,
    receivable_payments.clear_due,
)
"""What happens by itself when days pass, in this order."""
