"""The scan of the cassettes that a test run used: each content once, its verdict remembered.

A verdict says where something was found and by which rule; it holds no value.
"""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

from pytest_bill import __version__, real_files
from pytest_bill.cassettes import reader
from pytest_bill.scan import baseline as baselines
from pytest_bill.scan.detect_secrets import engine_version, load_engine
from pytest_bill.scan.findings import Finding, findings_of_hits
from pytest_bill.scan.scanner import Scanner, TooLarge

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


LARGEST = 64 * 2**20
"""Of a larger cassette, the end of a run does not look for secrets."""
LARGEST_BY_YAML = 8 * 2**20
"""Nor of one that only a YAML parser could tell where they are."""
_LONG = 16 * 2**20


def scan_used(
    paths: Iterable[Path], root: Path, known: Any, tell: Callable[[int], None] = lambda _: None
) -> Used:
    """Scan the cassettes that are there; it ``tell``s how many bytes if that takes long.

    ``known`` are remembered verdicts; whatever else it is counts as none.
    """
    verdicts: Verdicts = known if isinstance(known, dict) else {}
    baseline_path = root / baselines.DEFAULT_NAME
    baseline = baselines.load(baseline_path)
    scanner: Scanner | None = None
    findings: list[Finding] = []
    fresh: dict[str, list[dict[str, Any]]] = {}
    unread: dict[str, str] = {}
    paths = sorted(paths)
    size = sum(map(_size_of, paths))
    about = f"{__version__} {engine_version()} {baseline.salt.hex() if baseline.allowed else ''}"
    for path in paths:
        file = (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
        try:
            raw = real_files.read_bytes(path, LARGEST)
        except FileNotFoundError:
            continue
        except OSError as error:
            unread[file] = error.strerror or type(error).__name__
            continue
        key = hashlib.sha256(f"{about} {file}\n".encode() + raw).hexdigest()
        found = _remembered(verdicts.get(key))
        if found is None:
            if scanner is None:
                read = reader.reader_of_many()
                scanner = Scanner(load_engine(), read=read, largest_by_yaml=LARGEST_BY_YAML)
                if size > _LONG:
                    tell(size)
            try:
                found = findings_of_hits(scanner.scan(raw, path.name).hits, file, baseline.salt)
            except TooLarge as error:
                unread[file] = str(error)
                continue
        fresh[key] = [finding.as_dict() for finding in found]
        findings.extend(baseline.without_allowed(found))
    return Used(findings, fresh, unread)


def _size_of(path: Path) -> int:
    try:
        size = path.stat().st_size
    except OSError:
        return 0
    return size if size <= LARGEST else 0


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
