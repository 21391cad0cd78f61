"""What is installed: Python, what pytest-bill needs, and its extras."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from pytest_bill import installed
from pytest_bill.doctor.shape import ExtraSeen, Finding, PackageSeen, VersionsSeen, hint, told
from pytest_bill.exceptions import SettingsError

_NEEDED = ("pytest", "pytest-bill", "vcrpy", "requests", "urllib3", "python-dotenv")


def versions() -> VersionsSeen:
    """Look, without importing any of it."""
    findings = []
    try:
        installed.check_installed()
    except SettingsError as error:
        findings.append(told(str(error)))
    findings += _another_pytest()
    return VersionsSeen(
        python=platform.python_version(),
        packages=[PackageSeen(name=name, version=version_of(name)) for name in _NEEDED],
        extras=[
            ExtraSeen(name=name, missing=missing)
            for name, missing in installed.missing_of_extras().items()
        ],
        findings=findings,
    )


def _another_pytest() -> Iterator[Finding]:
    """Whether who types ``pytest`` gets that of another Python than the doctor's."""
    found = shutil.which("pytest")
    if found is None:
        return
    if Path(found).parent.resolve() != Path(sys.executable).parent.resolve():
        yield hint(
            f"The command pytest is {found}, and pytest-bill runs with {sys.executable}.",
            "Install both into one environment, or run: python -m pytest",
        )


def version_of(name: str) -> str | None:
    """The version of a package that is installed; None where it is not."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
