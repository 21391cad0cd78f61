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
    v2_accounting,
    v2_payables,
    v2_receivables,
    v2_sign_in,
    vendors,
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
    *sign_in.OPERATIONS,
    *v2_accounting.OPERATIONS,
    *v2_payables.OPERATIONS,
    *v2_receivables.OPERATIONS,
    *v2_sign_in.OPERATIONS,
    *vendors.OPERATIONS,
)
"""Every operation that the sandbox answers, but those of the modules that still have `routes`."""
