"""The records that a fresh sandbox starts with."""

from __future__ import annotations

from pytest_bill.sandbox.state import SandboxState


def fill(state: SandboxState) -> None:
    """Put the starting records in place; what they are depends on the state's seed alone."""
