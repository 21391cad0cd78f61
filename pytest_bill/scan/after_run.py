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
from typing import Any, NamedTuple

from pytest_bill import __version__
from pytest_bill.cassettes import reader
from pytest_bill.scan import baseline as baselines
from pytest_bill.scan.detect_secrets import engine_version, load_engine
from pytest_bill.scan.findings import Finding, findings_of_hits
from pytest_bill.scan.scanner import Scanner

Verdicts = Mapping[str, list[dict[str, Any]]]
"""What was found in each content, by its checksum."""


class Used(NamedTuple):
    """What was found in the cassettes of a run.

    ``verdicts`` are to be remembered for the next run; ``unread`` are the files that could not be
    read, with the reason.
    """

    findings: list[Finding]
    verdicts: dict[str, list[dict[str, Any]]]
    unread: dict[str, str]


def scan_used(paths: Iterable[Path], root: Path, known: Any) -> Used:
    """Scan the cassettes that are there.

    ``known`` are remembered verdicts; whatever else it is counts as none.
    """
    verdicts: Verdicts = known if isinstance(known, dict) else {}
    baseline_path = root / baselines.DEFAULT_NAME
    baseline = baselines.load(baseline_path)
    scanner: Scanner | None = None
    findings: list[Finding] = []
    fresh: dict[str, list[dict[str, Any]]] = {}
    unread: dict[str, str] = {}
    about = f"{__version__} {engine_version()} {baseline.salt.hex() if baseline.allowed else ''}"
    for path in sorted(paths):
        file = (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            unread[file] = error.strerror or type(error).__name__
            continue
        key = hashlib.sha256(f"{about} {file}\n".encode() + raw).hexdigest()
        found = _remembered(verdicts.get(key))
        if found is None:
            scanner = scanner or Scanner(load_engine(), read=reader.read)
            found = findings_of_hits(scanner.scan(raw, path.name).hits, file, baseline.salt)
        fresh[key] = [finding.as_dict() for finding in found]
        findings.extend(baseline.without_allowed(found))
    return Used(findings, fresh, unread)


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
