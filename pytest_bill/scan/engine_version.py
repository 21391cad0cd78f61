"""Which engine of other services' rules is installed: told without importing it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def engine_version() -> str:
    """Its name and version, for caches; empty where there is none."""
    for package in ("bc-detect-secrets", "detect-secrets"):
        try:
            return f"{package} {version(package)}"
        except PackageNotFoundError:
            continue
    return ""
