"""The second run, as pytest sees it: a plugin that goes through the same tests once more.

pytest has the options of the first run; what spreads tests, repeats them or writes reports is
switched off (``quiet_options``).
"""

from __future__ import annotations

import copy
import os
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill.proof.other_day import other_day
from pytest_bill.proof.quiet_options import forget_results, make_quiet
from pytest_bill.proof.replay import Replay, Wanted, write_outcome
from pytest_bill.run.own_ids import own_id, rename

if TYPE_CHECKING:
    from pytest_bill.cassettes.client_requests import ClientRequests
    from pytest_bill.cassettes.use import OpenCassette

WANTED = "PYTEST_BILL_PROOF"
"""The variable that names the file with what is wanted; only the second run has it."""

_MOST_LINES = 12


def second_run() -> SecondRun | None:
    """The plugin of this run, where it is a second one; its own children are none."""
    path = os.environ.pop(WANTED, "")
    return SecondRun(Wanted.read(Path(path))) if path else None


class SecondRun:
    """Replays what the first run has recorded, and tells how it went."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._tests = frozenset(wanted.tests)
        self._replays: dict[str, Replay] = {}
        self._looked_at: set[Path] = set()
        self._unopened: list[Path] = []
        self._begun: set[str] = set()
        self._own_ids: dict[str, str] = {}
        self._turned_now = ""
        self._missed_turned: set[str] = set()
        self._files = {Path(path): Path(file) for path, file in wanted.files.items()}

    def file_of(self, path: Path) -> Path:
        """The file that a cassette is read from."""
        if path not in self._looked_at:
            self._looked_at.add(path)
            self._unopened.append(path)
        cassette, file = self._wanted.turned.get(self._turned_now, ("", ""))
        if cassette == str(path):
            return Path(file)
        return self._files.get(path, path)

    # --- what the plugin's own hooks tell ------------------------------------------------------

    def end_cassette(self, nodeid: str, opened: OpenCassette, recorder: ClientRequests) -> None:
        """A cassette is closed, of a test or of a fixture that was set up for it."""
        if self._turned_now:
            if opened.misses:
                self._missed_turned.add(nodeid)
            return
        replay = self._replay_of(nodeid)
        replay.misses += opened.misses
        if not opened.use.fixture:
            replay.unplayed += map(recorder.described, opened.cassette.unplayed)
        looked_at, self._unopened = self._unopened, []
        for path in looked_at:
            # A client's sign-ins are looked at in all cassettes that may hold them.
            if path in recorder.cassette_files:
                replay.cassettes.append(str(path))
            else:
                self._unopened.append(path)

    # --- pytest's hooks ------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> None:
        """Switch off what has no place in a second run."""
        make_quiet(config, Path(self._wanted.outcome).with_suffix(".tmp"))

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Leave what the first run has left in pytest's cache, and the scan to that run.

        By now it is checked that no option contradicts ``--bill-fail-on-secrets``.
        """
        forget_results(config)
        config.option.bill_no_scan = True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item]
    ) -> Generator[None, None, None]:
        """Take the tests that were recorded, whatever other plugins choose, in the order wanted."""
        collected = list(items)
        yield
        # Each plugin may have left out or sorted some.
        numbers = {nodeid: number for number, nodeid in enumerate(self._wanted.tests)}
        # Of a test that a plugin repeats, one repetition is enough.
        found = {own_id(item): item for item in reversed(collected)}
        tests = sorted(
            self._tests & found.keys(),
            key=lambda nodeid: numbers[nodeid],
            reverse=self._wanted.is_reversed,
        )
        items[:] = [found[nodeid] for nodeid in tests]
        items += [_once_more(found[nodeid]) for nodeid in tests if nodeid in self._wanted.turned]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self) -> Generator[None, Any, Any]:
        """Import test modules on another day: they may keep one in a constant."""
        with other_day():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Run a test on another day; one that comes again has its lists the other way round."""
        nodeid = self._own_ids[item.nodeid] = own_id(item)
        self._turned_now = nodeid if nodeid in self._begun else ""
        self._begun.add(nodeid)
        with other_day():
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep how a test ended; a failure in any phase counts."""
        nodeid = self._own_ids.get(report.nodeid, report.nodeid)
        replay = self._replay_of(nodeid)
        if self._turned_now:
            self._keep_turned(nodeid, report, replay)
        elif report.failed:
            if replay.outcome != "failed":
                replay.error, replay.where = _error_in(report), str(report.when)
            replay.outcome = "failed"
        elif report.skipped and not hasattr(report, "wasxfail"):
            replay.outcome = replay.outcome or "skipped"
        elif report.when == "call":
            replay.outcome = replay.outcome or "passed"

    def _keep_turned(self, nodeid: str, report: pytest.TestReport, replay: Replay) -> None:
        """Only a comparison counts: who asks BILL for the first of a list asks for another one."""
        if report.failed and report.when == "call":
            error = _error_in(report)
            if "AssertionError" in error or error.startswith("assert "):
                replay.turned_error = error
        if report.when == "teardown" and nodeid in self._missed_turned:
            replay.turned_error = ""

    def pytest_sessionfinish(self) -> None:
        """Tell the first run."""
        write_outcome(Path(self._wanted.outcome), self._replays)

    def _replay_of(self, nodeid: str) -> Replay:
        return self._replays.setdefault(nodeid, Replay())


def _once_more(item: pytest.Item) -> pytest.Item:
    """The same test as another item: pytest does not tear one down that follows itself."""
    again = copy.copy(item)
    again.stash = pytest.Stash()
    rename(again, own_id(item))
    if hasattr(again, "_request"):
        again._request = False  # pytest makes a new one
    return again


def _error_in(report: pytest.TestReport) -> str:
    """What pytest shows of an error, without the code around it."""
    from pytest_bill.hiding.plain_reports import is_plain

    crash: Any = getattr(report.longrepr, "reprcrash", None)
    if is_plain(report.longrepr):  # all of it is for people, and begins with its place
        crash = None
    text = str(crash.message) if crash is not None else report.longreprtext
    lines = text.splitlines()
    shown = lines[:_MOST_LINES] + (["…"] if len(lines) > _MOST_LINES else [])
    if crash is not None:
        shown.append(f"{os.path.relpath(crash.path)}:{crash.lineno}")
    return "\n".join(shown)
