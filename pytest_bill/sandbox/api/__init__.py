"""BILL's API: one folder for each area, one module for each part of its reference.

An area names its modules in ``MODULES``. They are imported by their names, so that modules of two
areas can import each other's neighbours without a cycle. A module has ``OPERATIONS``, and ``DAILY``
where something happens by itself when days pass.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from pytest_bill.sandbox.api import (
    accounting,
    files,
    funding,
    payables,
    people,
    receivables,
    sign_in,
    spend,
    v2,
    webhooks,
)
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.core.state import SandboxState

AREAS = (
    sign_in,
    payables,
    receivables,
    accounting,
    funding,
    people,
    files,
    spend,
    webhooks,
    v2,
)

_MODULES = [import_module(f"{area.__name__}.{name}") for area in AREAS for name in area.MODULES]

OPERATIONS: tuple[Operation, ...] = tuple(
    operation for module in _MODULES for operation in getattr(module, "OPERATIONS", ())
)
"""Every operation that the sandbox answers."""

DAILY: tuple[Callable[[SandboxState], None], ...] = tuple(
    happening for module in _MODULES for happening in getattr(module, "DAILY", ())
)
"""What happens by itself when days pass, in this order; see ``SandboxState.catch_up``."""
