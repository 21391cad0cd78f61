"""BILL's API, one module for each part of its reference."""

from __future__ import annotations

from pytest_bill.sandbox.api import (
    bills,
    classifications,
    customers,
    invoices,
    mfa,
    recurring_bills,
    sign_in,
    v2_sign_in,
    vendors,
)
from pytest_bill.sandbox.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *bills.OPERATIONS,
    *classifications.OPERATIONS,
    *customers.OPERATIONS,
    *invoices.OPERATIONS,
    *mfa.OPERATIONS,
    *recurring_bills.OPERATIONS,
    *sign_in.OPERATIONS,
    *v2_sign_in.OPERATIONS,
    *vendors.OPERATIONS,
)
"""Every operation that the sandbox answers, but those of the modules that still have `routes`."""
