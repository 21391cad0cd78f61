"""The scan of the cassettes that a test run used: each content once, its verdict remembered.

A verdict says where something was found and by which rule; it holds no value.
"""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pytest_bill import __version__
from pytest_bill.cassettes import reader
from pytest_bill.scan import baseline as baselines
from pytest_bill.scan.detect_secrets import engine_version, load_engine
from pytest_bill.scan.findings import Finding, findings_of_hits
from pytest_bill.scan.scanner import Scanner

Verdicts = Mapping[str, list[dict[str, Any]]]
"""What was found in each content, by its checksum."""


def scan_used(
    paths: Iterable[Path], root: Path, known: Any
) -> tuple[list[Finding], dict[str, list[dict[str, Any]]]]:
    """The findings in the cassettes that are there, and the verdicts to remember for the next run.

    ``known`` are remembered verdicts; whatever else it is counts as none. A file that cannot be
    read or scanned is left to the command.
    """
    verdicts: Verdicts = known if isinstance(known, dict) else {}
    baseline_path = root / baselines.DEFAULT_NAME
    baseline = baselines.load(baseline_path)
    scanner: Scanner | None = None
    findings: list[Finding] = []
    fresh: dict[str, list[dict[str, Any]]] = {}
    about = f"{__version__} {engine_version()} {baseline.salt.hex() if baseline.allowed else ''}"
    for path in sorted(paths):
        try:
            raw = path.read_bytes()
        except OSError:
            continue
        file = (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
        key = hashlib.sha256(f"{about} {file}\n".encode() + raw).hexdigest()
        found = _remembered(verdicts.get(key))
        if found is None:
            scanner = scanner or Scanner(load_engine(), read=reader.read)
            found = findings_of_hits(scanner.scan(raw, path.name).hits, file, baseline.salt)
        fresh[key] = [finding.as_dict() for finding in found]
        findings.extend(baseline.without_allowed(found))
    return findings, fresh


_MOST_NAMES = 3


def command_for(files: Iterable[Path]) -> str:
    """What a user types to scrub these cassettes."""
    names = sorted(os.path.relpath(path) for path in files)
    if len(names) > _MOST_NAMES:
        names = [os.path.commonpath(names)]
    return shlex.join(["pytest-bill", "scan", "--fix", *names])


def _remembered(verdict: Any) -> list[Finding] | None:
    names = {field.name for field in fields(Finding)}
    if not isinstance(verdict, list):
        return None
    if not all(isinstance(each, dict) and set(each) == names for each in verdict):
        return None
    return [Finding(**each) for each in verdict]
