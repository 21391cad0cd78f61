"""Findings that somebody looked at and allowed: a file of places and salted fingerprints.

An entry allows a finding of the same rule, in the same file and field, whose value has the same
fingerprint. A guessable value has none: there the place alone counts.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_bill import json_files, real_files
from pytest_bill.exceptions import SettingsError
from pytest_bill.patterns import late_pattern

if TYPE_CHECKING:
    from pytest_bill.scan.findings import Finding

DEFAULT_NAME = ".pytest-bill-baseline.json"
_VERSION = 1
_ENTRY = ("file", "field", "rule", "fingerprint")
_HEXADECIMAL = late_pattern(r"(?:[0-9A-Fa-f]{2})+")


@dataclass
class Baseline:
    """What is allowed, and the salt of its fingerprints."""

    salt: bytes = field(default_factory=lambda: secrets.token_bytes(16), repr=False)
    allowed: frozenset[tuple[str, ...]] = frozenset()

    def without_allowed(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings that are not allowed."""
        return [finding for finding in findings if _entry(finding) not in self.allowed]


def load(path: Path) -> Baseline:
    """Read a baseline; one that allows nothing where there is no file.

    Raises:
        SettingsError: the file is no baseline.
    """
    try:
        data = json_files.read(path)
    except FileNotFoundError:
        return Baseline()
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}.\nName another one with --baseline."
        ) from None
    except json_files.NotJson as error:
        raise _no_baseline(path, str(error)) from None
    wrong = _wrong_in(data)
    if wrong:
        raise _no_baseline(path, wrong)
    allowed = (tuple(each[name] for name in _ENTRY) for each in data["allowed"])
    return Baseline(bytes.fromhex(data["salt"]), frozenset(allowed))


def _wrong_in(data: Any) -> str:
    """What is wrong with a baseline, in words; empty where nothing is."""
    if not isinstance(data, dict):
        return "it is no object"
    if data.get("version", _VERSION) != _VERSION:
        return f"it says version {str(data['version'])[:40]}, and version {_VERSION} is read here"
    salt, allowed = data.get("salt"), data.get("allowed")
    if not isinstance(salt, str) or not _HEXADECIMAL.fullmatch(salt):
        return "its salt is not hexadecimal"
    if not isinstance(allowed, list):
        return "its allowed is no list"
    for number, each in enumerate(allowed, 1):
        if not isinstance(each, dict) or not all(isinstance(each.get(n), str) for n in _ENTRY):
            return f"entry {number} of its allowed has not {', '.join(_ENTRY)}"
    return ""


def _no_baseline(path: Path, why: str) -> SettingsError:
    return SettingsError(
        f"{path} is not a baseline of pytest-bill scan: {why}.\n"
        "Restore it from version control, or delete it and write it anew with --update-baseline."
    )


def save(path: Path, baseline: Baseline, findings: Iterable[Finding]) -> None:
    """Write a baseline that allows these findings.

    Raises:
        SettingsError: the file system refused.
    """
    entries = sorted({_entry(finding) for finding in findings})
    data = {
        "version": _VERSION,
        "note": "Findings of pytest-bill scan that are allowed. The fingerprints are salted.",
        "salt": baseline.salt.hex(),
        "allowed": [dict(zip(_ENTRY, entry, strict=True)) for entry in entries],
    }
    try:
        real_files.write_file(path, f"{json.dumps(data, indent=2)}\n".encode())
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror}.\nName another one with --baseline."
        ) from None


def _entry(finding: Finding) -> tuple[str, ...]:
    place = finding.where if finding.interaction else finding.field
    # A line's number changes with each edit above it.
    if place.startswith("line "):
        place = "line" + place.partition(",")[2]
    return finding.file, place, finding.rule, finding.fingerprint
