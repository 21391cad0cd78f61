"""``pytest-bill report``: the JSON reports of several runs, each of a part of a suite, as one.

A run of a part cannot know what the others play. All of them together do: what they left over is
judged here, beside what each of them told. It looks into the cassette folder, so it is run in the
rootdir of the suite.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pytest_bill import json_files
from pytest_bill.cli.report_shape import wrong_in
from pytest_bill.exceptions import SettingsError
from pytest_bill.run.leftovers import JUDGED, leftovers
from pytest_bill.run.notices import Notice, NoticeKind, by_kind, fail_the_run
from pytest_bill.run.terminal_summary import Totals, write_report
from pytest_bill.run.usage import Usage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "reports", nargs="+", type=Path, metavar="FILE", help="what runs wrote with --bill-report"
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit status 1 if there is anything to tell"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write all of it as one report")


def run(arguments: argparse.Namespace) -> int:
    """Add up, judge, tell."""
    totals, usage = Totals(), Usage()
    for path in arguments.reports:
        _add(_read(path), path, totals, usage)
    totals.notices += [each.notice for each in leftovers(usage, Path.cwd())]
    for kind, notices in by_kind(totals.notices):
        _print(f"bill: {kind}", *map(str, notices), "")
    _print(
        f"bill: {len(arguments.reports)} reports: "
        + ", ".join(f"{count} {name.replace('_', '-')}" for name, count in totals.counts.items())
    )
    if arguments.output is not None:
        try:
            write_report(arguments.output, totals, usage.as_dict())
        except OSError as error:
            raise SettingsError(
                f"{arguments.output} cannot be written: {error.strerror}.\n"
                "Give another place with --output."
            ) from None
    return int(fail_the_run(totals.notices, is_strict=arguments.strict))


def _read(path: Path) -> dict[str, Any]:
    try:
        report: dict[str, Any] = json_files.read(path)
    except OSError as error:
        raise _no_report(path, error.strerror or type(error).__name__) from None
    except json_files.NotJson as error:
        raise _no_report(path, str(error)) from None
    wrong = wrong_in(report)
    if wrong:
        raise _no_report(path, wrong)
    return report


def _add(report: dict[str, Any], path: Path, totals: Totals, usage: Usage) -> None:
    try:
        told = [
            Notice(NoticeKind[each["kind"].upper()], each["owner"], each["text"])
            for each in report.pop("notices")
        ]
        usage.add(report.pop("usage"))
        totals.add(
            {
                "counts": {name: int(count) for name, count in report.items()},
                "notices": [each.as_list() for each in told if each.kind not in JUDGED],
                "cassettes": (),
            }
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _no_report(path, type(error).__name__) from None


def _no_report(path: Path, why: str) -> SettingsError:
    return SettingsError(
        f"{path} is no report of a run: {why}.\n"
        "Write one for each run with --bill-report, with the same version of pytest-bill."
    )


def _print(*lines: str) -> None:
    print("\n".join(lines))  # noqa: T201
