"""Exports and billing statements."""

from __future__ import annotations

from pytest_bill.sandbox.operations import Operation

OPERATIONS: tuple[Operation, ...] = ()
