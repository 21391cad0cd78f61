"""What is installed: Python, what pytest-bill needs, and its extras."""

from __future__ import annotations

import platform
from importlib import metadata

from pytest_bill import installed
from pytest_bill.doctor.shape import ExtraSeen, PackageSeen, VersionsSeen, told
from pytest_bill.exceptions import SettingsError

_NEEDED = ("pytest", "pytest-bill", "vcrpy", "requests", "urllib3", "python-dotenv")


def versions() -> VersionsSeen:
    """Look, without importing any of it."""
    findings = []
    try:
        installed.check_installed()
    except SettingsError as error:
        findings.append(told(str(error)))
    return VersionsSeen(
        python=platform.python_version(),
        packages=[PackageSeen(name=name, version=version_of(name)) for name in _NEEDED],
        extras=[
            ExtraSeen(name=name, missing=missing)
            for name, missing in installed.missing_of_extras().items()
        ],
        findings=findings,
    )


def version_of(name: str) -> str | None:
    """The version of a package that is installed; None where it is not."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
