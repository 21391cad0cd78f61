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
_EXTRA = late_pattern(r"^Provides-Extra: *(\S+)", re.MULTILINE)
_OF_EXTRA = late_pattern(
    r"Requires-Dist: *(?P<name>[\w.-]+)(\[(?P<extras>[^\]]*)\])? *(?P<bounds>[^;]*);"
    r" *extra *== *[\"'](?P<extra>[\w-]+)[\"']"
)
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


def missing_extra(extra: str, error: ImportError) -> SettingsError:
    """The error that names the package which was not found, and the extra that it belongs to."""
    package = (error.name or str(error)).partition(".")[0]
    return SettingsError(
        f"A package is not installed: {package}.\n"
        f"Install it with: pip install 'pytest-bill[{extra}]'"
    )


def missing_of_extras() -> dict[str, list[str]]:
    """What is not installed of each extra, and of those that it consists of; by its name."""
    try:
        head = _head(metadata.distribution(_NAME))
    except metadata.PackageNotFoundError:
        return {}
    extras: dict[str, list[re.Match[str]]] = {name: [] for name in _EXTRA.findall(head)}
    for line in head.splitlines():
        match = _OF_EXTRA.fullmatch(line.strip())
        if match is not None:
            extras.setdefault(match["extra"], []).append(match)
    return {name: sorted(_missing_of(name, extras, set())) for name in sorted(extras)}


def _missing_of(
    extra: str, extras: dict[str, list[re.Match[str]]], looked_at: set[str]
) -> set[str]:
    missing_of: set[str] = set()
    for match in extras.get(extra, ()):
        if match["name"] == _NAME:
            for inner in set(re.findall(r"[\w-]+", match["extras"] or "")) - looked_at:
                missing_of |= _missing_of(inner, extras, looked_at | {extra})
            continue
        try:
            version = _version(metadata.distribution(match["name"]))
        except metadata.PackageNotFoundError:
            version = ""
        if not version or not _is_within(version, match["bounds"]):
            missing_of.add(match["name"] + match["bounds"].strip())
    return missing_of


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
