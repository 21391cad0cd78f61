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

from pytest_bill.exceptions import SettingsError
from pytest_bill.scan.findings import Finding

DEFAULT_NAME = ".pytest-bill-baseline.json"
_VERSION = 1


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
        data = json.loads(path.read_text(encoding="utf-8"))
        return Baseline(
            bytes.fromhex(data["salt"]),
            frozenset(
                (each["file"], each["field"], each["rule"], each["fingerprint"])
                for each in data["allowed"]
            ),
        )
    except FileNotFoundError:
        return Baseline()
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise SettingsError(
            f"{path} is not a baseline of pytest-bill scan.\n"
            "Delete it and write it anew with --update-baseline."
        ) from None


def save(path: Path, baseline: Baseline, findings: Iterable[Finding]) -> None:
    """Write a baseline that allows these findings.

    Raises:
        SettingsError: the file system refused.
    """
    names = ("file", "field", "rule", "fingerprint")
    entries = sorted({_entry(finding) for finding in findings})
    data = {
        "version": _VERSION,
        "note": "Findings of pytest-bill scan that are allowed. The fingerprints are salted.",
        "salt": baseline.salt.hex(),
        "allowed": [dict(zip(names, entry, strict=True)) for entry in entries],
    }
    try:
        path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from None


def _entry(finding: Finding) -> tuple[str, ...]:
    place = finding.where if finding.interaction else finding.field
    # A line's number changes with each edit above it.
    if place.startswith("line "):
        place = "line" + place.partition(",")[2]
    return finding.file, place, finding.rule, finding.fingerprint
