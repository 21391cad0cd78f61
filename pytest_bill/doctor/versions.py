"""What is installed: Python, what pytest-bill needs, and its extras."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement

from pytest_bill import installed
from pytest_bill.doctor.shape import ExtraSeen, PackageSeen, VersionsSeen, told
from pytest_bill.exceptions import SettingsError

_NAME = "pytest-bill"
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
        extras=list(_extras()),
        findings=findings,
    )


def version_of(name: str) -> str | None:
    """The version of a package that is installed; None where it is not."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _extras() -> Iterator[ExtraSeen]:
    try:
        about = metadata.metadata(_NAME)
    except metadata.PackageNotFoundError:  # only its folder is on the path
        return
    needed = [_requirement(each) for each in metadata.requires(_NAME) or ()]
    by_extra = {
        extra: [each for each in needed if each is not None and _is_of(each, extra)]
        for extra in about.get_all("Provides-Extra") or ()
    }
    for extra in sorted(by_extra):
        yield ExtraSeen(name=extra, missing=sorted(_missing(extra, by_extra, set())))


def _missing(extra: str, by_extra: dict[str, list[Requirement]], looked_at: set[str]) -> set[str]:
    """What of an extra is not there, and of those that it consists of."""
    missing: set[str] = set()
    for each in by_extra.get(extra, ()):
        if each.name == _NAME:
            for inner in each.extras - looked_at:
                missing |= _missing(inner, by_extra, looked_at | {extra})
            continue
        version = version_of(each.name)
        if version is None or not each.specifier.contains(version, prereleases=True):
            missing.add(each.name + str(each.specifier))
    return missing


def _requirement(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def _is_of(requirement: Requirement, extra: str) -> bool:
    marker = requirement.marker
    return (
        marker is not None
        and marker.evaluate({"extra": extra})
        and not marker.evaluate({"extra": ""})
    )
