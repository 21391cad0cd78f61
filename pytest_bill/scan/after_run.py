"""The scan of the cassettes that a test run used: each content once, its verdict remembered.

A verdict says where something was found and by which rule; it holds no value.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_bill import __version__, real_files
from pytest_bill.command_line import as_typed
from pytest_bill.scan import baseline as baselines
from pytest_bill.scan.engine_version import engine_version

if TYPE_CHECKING:
    from pytest_bill.scan.findings import Finding
    from pytest_bill.scan.unknown_cassettes import UnknownCassettes

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
    unknown: UnknownCassettes | None = None
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
            if unknown is None:
                # As mostly all are known, all that scans is imported only now.
                from pytest_bill.scan.unknown_cassettes import UnknownCassettes

                unknown = UnknownCassettes(baseline.salt)
                if size > _LONG:
                    tell(size)
            looked_up = unknown.findings_in(raw, file)
            if isinstance(looked_up, str):
                unread[file] = looked_up
                continue
            found = looked_up
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
    return as_typed(["pytest-bill", "scan", "--fix", *names])


def _remembered(verdict: Any) -> list[Finding] | None:
    if not isinstance(verdict, list):
        return None
    if not verdict:  # as mostly
        return []
    from pytest_bill.scan.findings import Finding

    names = {field.name for field in fields(Finding)}
    if not all(isinstance(each, dict) and set(each) == names for each in verdict):
        return None
    return [Finding(**each) for each in verdict]
