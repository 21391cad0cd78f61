"""``--bill-html``: a page of what a run did: its tests, what they asked, and why some failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from pytest_bill.cassettes import times
from pytest_bill.exceptions import SettingsError
from pytest_bill.pages.rendering import check_installed, rendered
from pytest_bill.patterns import late_pattern
from pytest_bill.printable import printable, printable_lines
from pytest_bill.run.hiding import known_registry
from pytest_bill.run.notices import by_kind
from pytest_bill.run.report import check_place, place_of
from pytest_bill.run.state import RunState, state_of
from pytest_bill.run.terminal_summary import Totals, counts_line
from pytest_bill.run.timeline import Entry, Timeline
from pytest_bill.viewing.page import FOLDER

OPTION = "bill_html"
LONGEST_FAILURE = 20_000
"""So many characters of a failure are in a page; the terminal has all of it."""
_NAME = "bill-page"
_WORST_FIRST = ("failed", "error", "skipped", "xfailed", "passed")
_COMPARES = late_pattern(r"differs \(- recorded, \+ now\):$")
_DIFFERS = late_pattern(r"\s*(?P<mark>[-+]) ")


def begin(config: pytest.Config) -> None:
    """Note from now on what happens.

    Raises:
        pytest.UsageError: the page cannot be written there, or jinja2 is not installed.
    """
    worker = getattr(config, "workerinput", {}).get("workerid", "")
    state_of(config).timeline = Timeline(config.rootpath, worker)
    if hasattr(config, "workerinput"):
        return
    check_place(config, OPTION, "bill.html")
    try:
        check_installed()
    except SettingsError as error:
        raise pytest.UsageError(f"--bill-html: {error}") from None
    config.pluginmanager.register(Reports(), _NAME)


@dataclass
class _Test:
    """How a test ended: its worst phase, when it began, how long all of it took."""

    at: float
    worker: str = ""
    seconds: float = 0.0
    outcome: str = "passed"
    failures: list[tuple[str, str]] = field(default_factory=list)
    """Phases, and what pytest says of them."""


class Reports:
    """Notes how tests end, of all workers."""

    def __init__(self) -> None:
        self.tests: dict[str, _Test] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The last word on a phase of a test."""
        node: Any = getattr(report, "node", None)
        worker = node.gateway.id if node is not None else ""
        test = self.tests.setdefault(report.nodeid, _Test(getattr(report, "start", 0.0), worker))
        test.seconds += report.duration
        outcome = _outcome_of(report)
        test.outcome = min(test.outcome, outcome, key=_WORST_FIRST.index)
        if report.failed:
            test.failures.append((str(report.when), str(report.longreprtext)))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that cannot be collected; workers tell of the same one."""
        if report.failed and report.nodeid not in self.tests:
            failure = ("collection", str(report.longreprtext))
            at = times.now().timestamp()
            self.tests[report.nodeid] = _Test(at, outcome="error", failures=[failure])


def _outcome_of(report: pytest.TestReport) -> str:
    if report.failed:
        return "failed" if report.when == "call" else "error"
    if report.skipped:
        return "xfailed" if hasattr(report, "wasxfail") else "skipped"
    return "passed"


def write_page(config: pytest.Config, state: RunState, totals: Totals) -> None:
    """Write it, if one is wanted, with all that is known at the end of a run.

    Raises:
        OSError: the file system refused.
    """
    path, reports = place_of(config, OPTION), config.pluginmanager.get_plugin(_NAME)
    if path is None or reports is None or state.timeline is None:
        return
    from pytest_bill import real_files

    hide = _hiding(config, state)
    text = rendered(
        FOLDER,
        "run.html.j2",
        ("run.js",),
        {"entries": list(_entries(reports.tests, state.timeline, hide))},
        outcomes=_outcomes(reports.tests),
        counts=counts_line(totals),
        failures=list(_failures(reports.tests, hide)),
        notices=[
            (title, [printable_lines(hide(each)) for each in told]) for title, told in _told(totals)
        ],
        findings=[printable(hide(each)) for each in state.scan.findings] if state.scan else [],
    )
    real_files.write_file(path, text.encode("utf-8", "backslashreplace"))


def _told(totals: Totals) -> Iterator[tuple[str, list[str]]]:
    """What the summary tells, by its titles."""
    if totals.told:
        yield "recordings", totals.told
    for kind, notices in by_kind(totals.notices):
        yield str(kind), list(map(str, notices))


def _hiding(config: pytest.Config, state: RunState) -> Callable[[str], str]:
    """What hides the secrets of the run in a text: pytest's reports are hidden already."""
    if state.run is not None:
        return state.run.recorder.registry.hide
    folder = state.workers.folder if state.workers is not None else None
    return known_registry(config, folder).hide


def _outcomes(tests: dict[str, _Test]) -> str:
    counts = Counter(test.outcome for test in tests.values())
    told = [f"{counts[each]} {each}" for each in _WORST_FIRST if counts[each]]
    return ", ".join(told) or "no test ran"


def _entries(
    tests: dict[str, _Test], timeline: Timeline, hide: Callable[[str], str]
) -> Iterator[dict[str, Any]]:
    """Tests and what they asked, as they began."""
    of_tests = (
        Entry(test.at, test.seconds, "test", name, test.outcome, test=name, worker=test.worker)
        for name, test in tests.items()
    )
    entries = sorted([*of_tests, *timeline.entries], key=lambda each: each.at)
    for each in entries:
        row: dict[str, Any] = each._asdict()
        row["at"] = round(each.at - entries[0].at, 4)
        row["seconds"] = round(each.seconds, 4)
        for key in ("what", "test", "cassette"):
            row[key] = printable(hide(row[key]))
        yield row


def _failures(tests: dict[str, _Test], hide: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    for name, test in tests.items():
        for phase, text in test.failures:
            yield {
                "test": printable(hide(name)),
                "phase": phase,
                "lines": list(_marked(hide(text)[:LONGEST_FAILURE])),
                "is_cut": len(text) > LONGEST_FAILURE,
            }


def _marked(text: str) -> Iterator[tuple[str, str]]:
    """Lines, and what each is in a comparison: ``-`` was recorded, ``+`` is now, or neither."""
    is_compared = False
    for line in text.splitlines():
        found = _DIFFERS.match(line) if is_compared else None
        is_compared = found is not None or _COMPARES.search(line) is not None
        yield printable(line), found["mark"] if found is not None else ""
