"""What ``pytest-bill check`` found, as text for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pytest_bill import __version__
from pytest_bill.drift.check import Checked, Finding, NotHeld


@dataclass(frozen=True)
class Report:
    """What was checked, against what, and what could not be read.

    ``as_of`` is the month of BILL's documentation, ``age`` the same in words; ``others`` are files
    that are no cassettes.
    """

    checked: Checked
    as_of: str
    age: str
    files: int
    others: int = 0
    errors: Sequence[str] = ()

    @property
    def findings(self) -> list[tuple[Finding, int]]:
        """What was found, by file and operation, each with the number of places."""
        return sorted(self.checked.findings.items())

    @property
    def not_held(self) -> list[tuple[NotHeld, int]]:
        """What could not be held, by file and operation, each with the number of interactions."""
        return sorted(self.checked.not_held.items())


def as_text(report: Report) -> str:
    """A line for each finding, below its file and its operation."""
    lines: list[str] = []
    for file, of_file in groupby(report.findings, key=lambda each: each[0].file):
        lines.append(file)
        by_operation = groupby(of_file, key=lambda each: (each[0].operation, each[0].page))
        for (operation, page), found in by_operation:
            lines.append(f"  {operation}  {page}".rstrip())
            lines.extend(f"    {finding}{_times(count)}" for finding, count in found)
    for not_held, count in report.not_held:
        lines.append(
            f"not held: {not_held.file}: {not_held.operation}: {not_held.why}{_times(count)}"
        )
    lines.extend(f"cannot check: {error}" for error in report.errors)
    return "\n".join([*lines, *_summary(report)]) + "\n"


def _times(count: int) -> str:
    return f" ({count} places)" if count > 1 else ""


def _summary(report: Report) -> list[str]:
    found = len(report.findings)
    not_held = report.checked.not_held.total()
    counted = f"{report.checked.interactions} interactions of {report.files} cassettes"
    others = f", {report.others} other files left out" if report.others else ""
    return [
        f"held against BILL's documentation {report.age}, as the local sandbox of pytest-bill "
        f"{__version__} describes it",
        f"{counted} checked{others}: {found or 'no'} finding{'' if found == 1 else 's'}, "
        f"{not_held or 'nothing'} not held",
    ]


def as_json(report: Report) -> str:
    """Everything, for programs."""
    data = {
        "documented_as_of": report.as_of,
        "files": report.files,
        "other_files": report.others,
        "interactions": report.checked.interactions,
        "findings": [{**finding._asdict(), "places": count} for finding, count in report.findings],
        "not_held": [
            {**not_held._asdict(), "interactions": count} for not_held, count in report.not_held
        ],
        "errors": list(report.errors),
    }
    return json.dumps(data, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Report], str]] = {"text": as_text, "json": as_json}
"""Each format with what writes it."""
