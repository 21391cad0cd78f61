"""BILL's API, one module for each part of its reference."""

from __future__ import annotations

from collections.abc import Callable

from pytest_bill.sandbox.api import (
    attachments,
    billing_statements,
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
    network,
    organizations,
    partner_organizations,
    partner_users,
    payment_terms,
    receivable_payments,
    recurring_bills,
    recurring_invoices,
    risk_verifications,
    roles,
    sign_in,
    spend_budget_members,
    spend_budgets,
    spend_cards,
    spend_custom_fields,
    spend_reimbursements,
    spend_transactions,
    spend_users,
    users,
    v2_sign_in,
    vendors,
    webhooks,
)
from pytest_bill.sandbox.operations import Operation
from pytest_bill.sandbox.state import SandboxState

OPERATIONS: tuple[Operation, ...] = (
    *attachments.OPERATIONS,
    *billing_statements.OPERATIONS,
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
    *network.OPERATIONS,
    *organizations.OPERATIONS,
    *partner_organizations.OPERATIONS,
    *partner_users.OPERATIONS,
    *payment_terms.OPERATIONS,
    *receivable_payments.OPERATIONS,
    *recurring_bills.OPERATIONS,
    *recurring_invoices.OPERATIONS,
    *risk_verifications.OPERATIONS,
    *roles.OPERATIONS,
    *sign_in.OPERATIONS,
    *spend_budget_members.OPERATIONS,
    *spend_budgets.OPERATIONS,
    *spend_cards.OPERATIONS,
    *spend_custom_fields.OPERATIONS,
    *spend_reimbursements.OPERATIONS,
    *spend_transactions.OPERATIONS,
    *spend_users.OPERATIONS,
    *users.OPERATIONS,
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
