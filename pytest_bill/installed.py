"""Whether what is installed is what this package needs: another version is refused in words.

pip sees to that where it installs this package. Later it puts another version there and only warns.
What is read are the heads of files, in 2 ms, so that each run which uses BILL is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata

from pytest_bill.exceptions import SettingsError
from pytest_bill.patterns import late_pattern

_NAME = "pytest-bill"
_REQUIREMENT = late_pattern(r"Requires-Dist: *([\w.-]+) *([^;]*)")
_BOUND = late_pattern(r"(>=|<) *([\w.]+)")


def check_installed() -> None:
    """Refuse what this package does not work with.

    Raises:
        SettingsError: a package is missing, too old or too new.
    """
    unmet = list(_unmet())
    if unmet:
        wanted = " ".join(f"'{requirement}'" for _, requirement in unmet)
        told = "; ".join(f"{is_there}, and {_NAME} needs {needs}" for is_there, needs in unmet)
        raise SettingsError(f"{told}.\nInstall what it needs: python -m pip install {wanted}")


def missing(error: ImportError) -> ImportError | SettingsError:
    """The error to raise for one that came of an import: in words, where a package is to blame."""
    try:
        check_installed()
    except SettingsError as unmet:
        return unmet
    return error


def _unmet() -> Iterator[tuple[str, str]]:
    """What is there, and what is needed in its place."""
    try:
        own = metadata.distribution(_NAME)
    except metadata.PackageNotFoundError:  # not installed: only its folder is on the path
        return
    for name, bounds in _requirements(_head(own)):
        try:
            version = _version(metadata.distribution(name))
        except metadata.PackageNotFoundError:
            yield f"{name} is not installed", f"{name}{bounds}"
            continue
        if not _is_within(version, bounds):
            yield f"{name} {version} is installed", f"{name}{bounds}"


def _requirements(head: str) -> Iterator[tuple[str, str]]:
    """The names and bounds of what is always needed; extras stand behind a semicolon."""
    for line in head.splitlines():
        match = _REQUIREMENT.fullmatch(line.strip())
        if match is not None:
            yield match[1], match[2].strip()


def _head(distribution: metadata.Distribution) -> str:
    text = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or ""
    return text.partition("\n\n")[0]


def _version(distribution: metadata.Distribution) -> str:
    # As `Distribution.version`, which parses all of the text, the readme too.
    found = re.search(r"^Version: *(\S+)", _head(distribution), re.MULTILINE)
    return found[1] if found else distribution.version


def _is_within(version: str, bounds: str) -> bool:
    here = _release(version)
    return all(
        here >= _release(bound) if operator == ">=" else here < _release(bound)
        for operator, bound in _BOUND.findall(bounds)
    )


def _release(version: str) -> tuple[int, ...]:
    """The numbers of a version; those of a version before it, too, so 10.0b1 counts as 10.0."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(each) for each in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
