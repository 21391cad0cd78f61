"""What a run hides in all that pytest shows, from its start to its end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_bill.run.state import state_of

if TYPE_CHECKING:
    from pytest_bill.hiding.protection import Protection
    from pytest_bill.scrubbing.registry import SecretRegistry


def known_registry(config: pytest.Config, folder: Path | None = None) -> SecretRegistry:
    """The secrets of the environment; and those that workers tell of in a ``folder``.

    Raises:
        pytest.UsageError: what is needed to read them is not installed.
    """
    try:
        from pytest_bill.credentials.kinds import known_secrets
        from pytest_bill.scrubbing.registry import SecretRegistry
        from pytest_bill.settings import load_variables

        known = list(known_secrets(load_variables(config)))
    except ImportError as error:
        from pytest_bill.installed import missing

        unmet = missing(error)
        if unmet is error:
            raise
        raise pytest.UsageError(str(unmet)) from None
    if folder is None:
        return SecretRegistry(known)
    from pytest_bill.scrubbing.shared_placeholders import SharedPlaceholders

    return SecretRegistry(known, SharedPlaceholders(folder, (str.__str__(v) for _, v in known)))


def protect(config: pytest.Config, registry: SecretRegistry) -> Protection:
    """Hide these secrets, and those that come to be known, in all that pytest shows."""
    state = state_of(config)
    if state.protection is None:
        from pytest_bill.hiding.protection import Protection

        state.protection = Protection(config)
        state.protection.begin()
        config.add_cleanup(state.protection.stop)
    state.protection.use(registry)
    return state.protection
