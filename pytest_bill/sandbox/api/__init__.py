"""BILL's API, one module for each part of its reference."""

from __future__ import annotations

from pytest_bill.sandbox.api import (
    billing_statements,
    bills,
    classifications,
    customers,
    invoices,
    network,
    organizations,
    partner_organizations,
    partner_users,
    payment_terms,
    recurring_bills,
    roles,
    users,
    vendors,
)
from pytest_bill.sandbox.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *billing_statements.OPERATIONS,
    *bills.OPERATIONS,
    *classifications.OPERATIONS,
    *customers.OPERATIONS,
    *invoices.OPERATIONS,
    *network.OPERATIONS,
    *organizations.OPERATIONS,
    *partner_organizations.OPERATIONS,
    *partner_users.OPERATIONS,
    *payment_terms.OPERATIONS,
    *recurring_bills.OPERATIONS,
    *roles.OPERATIONS,
    *users.OPERATIONS,
    *vendors.OPERATIONS,
)
"""Every operation that the sandbox answers, but those of the modules that still have `routes`."""
