"""Findings as text for people, as JSON, and as SARIF 2.1.0 for code scanning services.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from pytest_bill import __version__
from pytest_bill.scan.findings import Finding


@dataclass(frozen=True)
class Report:
    """What a scan found, what it could not scan (and why), and what it counted."""

    findings: Sequence[Finding]
    errors: Sequence[str] = ()
    files: int = 0
    cassettes: int = 0
    fixed: Sequence[str] = ()
    notes: Sequence[str] = ()


def as_text(report: Report) -> str:
    """A line for each finding, below its file, and what to do about each rule."""
    lines = [f"fixed: {path}" for path in report.fixed]
    for file, group in groupby(report.findings, key=lambda finding: finding.file):
        lines.append(file)
        lines.extend(f"  {one_line(finding)}" for finding in group)
    advice = {(finding.rule, finding.advice): None for finding in report.findings}
    if advice:
        lines.append("")
        lines.extend(f"{rule}: {what_to_do}" for rule, what_to_do in sorted(advice))
    lines.extend(f"note: {note}" for note in report.notes)
    lines.extend(f"cannot scan: {error}" for error in report.errors)
    lines.append(_summary(report))
    return "\n".join(lines) + "\n"


def one_line(finding: Finding) -> str:
    """Where a finding is, which rule found it, and how long the value is."""
    mark = f", fingerprint {finding.fingerprint}" if finding.fingerprint else ""
    size = f" ({finding.length} characters{mark})" if finding.length else ""
    return f"{finding.where}: {finding.what}{size} [{finding.rule}]"


def _summary(report: Report) -> str:
    found = len(report.findings)
    counted = f"{report.files} files scanned, {report.cassettes} of them cassettes"
    return f"{counted}: {found or 'no'} finding{'' if found == 1 else 's'}"


def as_json(report: Report) -> str:
    """One object: ``findings``, ``errors``, ``fixed``, ``notes``, ``files``, ``cassettes``."""
    return _dump(
        {
            "version": 1,
            "files": report.files,
            "cassettes": report.cassettes,
            "findings": [finding.as_dict() for finding in report.findings],
            "fixed": list(report.fixed),
            "notes": list(report.notes),
            "errors": list(report.errors),
        }
    )


def as_sarif(report: Report) -> str:
    """One SARIF run."""
    rules = {finding.rule: finding for finding in report.findings}
    index = {rule: number for number, rule in enumerate(rules)}
    return _dump(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "pytest-bill scan",
                            "version": __version__,
                            "semanticVersion": __version__,
                            "rules": [
                                {
                                    "id": rule,
                                    "shortDescription": {"text": finding.what},
                                    "help": {"text": finding.advice},
                                    "defaultConfiguration": {"level": "error"},
                                }
                                for rule, finding in rules.items()
                            ],
                        }
                    },
                    "columnKind": "unicodeCodePoints",
                    "invocations": [
                        {
                            "executionSuccessful": not report.errors,
                            "toolExecutionNotifications": [
                                {"level": "error", "message": {"text": error}}
                                for error in report.errors
                            ],
                        }
                    ],
                    "results": [_result(finding, index) for finding in report.findings],
                }
            ],
        }
    )


def _result(finding: Finding, index: Mapping[str, int]) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.file)}}
    if finding.line:
        physical["region"] = {"startLine": finding.line}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": "error",
        "message": {"text": f"{one_line(finding)}. {finding.advice}"},
        "locations": [
            {
                "physicalLocation": physical,
                "logicalLocations": [{"fullyQualifiedName": finding.where}],
            }
        ],
        "partialFingerprints": {"pytestBillPlace/v1": finding.place},
    }


def _dump(data: Any) -> str:
    return json.dumps(data, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
}
