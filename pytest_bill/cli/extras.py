"""What a command says where the packages that it needs are not installed."""

from __future__ import annotations

from pytest_bill.exceptions import SettingsError


def missing_extra(extra: str, error: ImportError) -> SettingsError:
    """The error that names the package and the extra that it belongs to."""
    package = (error.name or str(error)).partition(".")[0]
    return SettingsError(
        f"A package is not installed: {package}.\n"
        f"Install it with: pip install 'pytest-bill[{extra}]'"
    )
