"""``pytest-bill report merge``: the JSON reports of runs that had a part of a suite each, as one.

A run of a part cannot know what the others play. All of them together do: what they left over is
judged here, beside what each of them told. It looks into the cassette folder, so it is run in the
rootdir of the suite.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pytest_bill.cli.report_shape import COUNTS, no_report, read_report, unknown_in
from pytest_bill.counted import counted
from pytest_bill.exceptions import SettingsError
from pytest_bill.printable import printable_lines
from pytest_bill.run.leftovers import JUDGED, leftovers
from pytest_bill.run.notices import Notice, NoticeKind, by_kind, fail_the_run
from pytest_bill.run.report import write_report
from pytest_bill.run.terminal_summary import Totals, counts_line
from pytest_bill.run.usage import Usage

_WRITE_THEM = "Write one for each run with --bill-report, with the same version of pytest-bill."
_OF_CASSETTES = ("written", "proven", "unchanged")
"""Those that are added up; what is unused or stale is judged, or told, of all together."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    merge = actions.add_parser("merge", help="add reports up, and tell what all of them left over")
    merge.add_argument(
        "reports", nargs="+", type=Path, metavar="FILE", help="what runs wrote with --bill-report"
    )
    merge.add_argument(
        "--strict", action="store_true", help="exit status 1 if there is anything to tell"
    )
    merge.add_argument("--output", type=Path, metavar="FILE", help="write all of it as one report")


def run(arguments: argparse.Namespace) -> int:
    """Add up, judge, tell."""
    totals, usage = Totals(), Usage()
    for path in arguments.reports:
        _add(read_report(path, _WRITE_THEM), path, totals, usage)
    left = [each.notice for each in leftovers(usage, Path.cwd())]
    totals.notices += left
    for kind, notices in by_kind(totals.notices):
        _print(f"bill: {kind}", *map(str, notices), "")
    reports = counted(len(arguments.reports), "report")
    _print(f"bill: {reports}: {counts_line(totals) or 'no request'}")
    _print(_counted(left), *_unknown(usage))
    if arguments.output is not None:
        try:
            write_report(arguments.output, totals, usage.as_dict())
        except OSError as error:
            raise SettingsError(
                f"{arguments.output} cannot be written: {error.strerror}.\n"
                "Give another place with --output."
            ) from None
    return int(fail_the_run(totals.notices, is_strict=arguments.strict))


def _counted(left: Sequence[Notice]) -> str:
    counts = Counter(each.kind for each in left)
    return (
        f"bill: cassettes that all of them left over: {counts[NoticeKind.UNUSED]} unused, "
        f"{counts[NoticeKind.GONE]} of tests that are gone, "
        f"{counts[NoticeKind.UNPLAYED]} with answers that were not played"
    )


def _unknown(usage: Usage) -> Iterator[str]:
    """What kept these reports from knowing more."""
    why = usage.why_not_whole()
    if why:
        yield f"bill: more may be left over: {why}"
    missing = sorted(set(usage.tests) - set(usage.outcomes))
    if missing:
        yield (
            f"bill: more may be left over: {len(missing)} of {len(usage.tests)} tests that use "
            f"BILL ended in none of these runs, such as {missing[0]}"
        )


def _add(report: dict[str, Any], path: Path, totals: Totals, usage: Usage) -> None:
    others = unknown_in(report)
    if others:
        _print(f"bill: {path}: not known here, and left out: {', '.join(others)}")
    try:
        told = [
            Notice(NoticeKind[each["kind"].upper()], each["owner"], each["text"])
            for each in report.pop("notices")
        ]
        usage.add(report.pop("usage"))
        totals.add(
            {
                "counts": {name: report[name] for name in COUNTS if name in report},
                "of_cassettes": {
                    name: count
                    for name, count in report.get("cassettes", {}).items()
                    if name in _OF_CASSETTES
                },
                "slowest": [
                    (each["request"], each["seconds"], each["test"])
                    for each in report.get("slowest", ())
                ],
                "notices": [each.as_list() for each in told if each.kind not in JUDGED],
                "cassettes": (),
            }
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise no_report(path, type(error).__name__, _WRITE_THEM) from None


def _print(*lines: str) -> None:
    # Reports come from elsewhere, and name what cassettes hold.
    print(printable_lines("\n".join(lines)))  # noqa: T201
