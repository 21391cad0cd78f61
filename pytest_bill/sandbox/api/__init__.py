"""BILL's API, one module for each part of its reference."""

from __future__ import annotations

from pytest_bill.sandbox.api import (
    bills,
    classifications,
    customers,
    invoices,
    recurring_bills,
    vendors,
    webhooks,
)
from pytest_bill.sandbox.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *bills.OPERATIONS,
    *classifications.OPERATIONS,
    *customers.OPERATIONS,
    *invoices.OPERATIONS,
    *recurring_bills.OPERATIONS,
    *vendors.OPERATIONS,
    *webhooks.OPERATIONS,
)
"""Every operation that the sandbox answers, but those of the modules that still have `routes`."""
