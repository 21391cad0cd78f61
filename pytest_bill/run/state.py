"""What one pytest run keeps, and what each of its tests does, in pytest's own stashes.

pytest imports this module in every run: it imports nothing heavy.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_bill.run.collection import Collected
from pytest_bill.run.own_ids import own_id

if TYPE_CHECKING:
    from pytest_bill.cassettes.use import OpenCassette
    from pytest_bill.guards.network import BlockedNetwork
    from pytest_bill.hiding.protection import Protection
    from pytest_bill.processes.early import Early
    from pytest_bill.proof.second_run import SecondRun
    from pytest_bill.run.cassette_lifetimes import WideFixture
    from pytest_bill.run.end_scan import EndScan
    from pytest_bill.run.journal import Journal
    from pytest_bill.run.notices import Notice
    from pytest_bill.run.production_guard import ProductionGuard
    from pytest_bill.run.progress import Progress
    from pytest_bill.run.remote_worker import RemoteController
    from pytest_bill.run.run import Run
    from pytest_bill.run.timeline import Timeline
    from pytest_bill.run.workers import Workers


class RunState:
    """The state of a pytest run, in this process."""

    def __init__(self, production: ProductionGuard) -> None:
        self.production = production
        self.session: pytest.Session = None  # type: ignore[assignment]  # there when it starts
        self.is_set = False
        """Whether an option or an ini setting is given."""
        self.run: Run | None = None
        """There as soon as a test uses BILL."""
        self.early: Early | None = None
        self.protection: Protection | None = None
        self.workers: Workers | None = None
        """Those of pytest-xdist, in the process that controls them."""
        self.controller: RemoteController | None = None
        """That of this worker, where it is on another machine."""
        self.item: pytest.Item | None = None
        """The test that is running, or the last that ran."""
        self.thread = 0
        """The thread that runs the tests."""
        self.wide_fixtures: list[WideFixture] = []
        """The fixtures wider than one test that are being set up, the innermost one last."""
        self.proof: SecondRun | None = None
        """Where this run replays what another one has just recorded."""
        self.recorded: list[tuple[str, str]] = []
        """The tests that came to a good end and may have recorded, and their cassettes."""
        self.told_of_recordings: list[str] = []
        """What is told of the recordings of the run: what replays, and what changed."""
        self.cassette_counts: dict[str, int] = {}
        """How many cassettes were written, are unchanged, and were proven."""
        self.journal: Journal = None  # type: ignore[assignment]  # there as soon as the run is
        """What this process has told of its tests."""
        self.when_told: Callable[[], None] = lambda: None
        """What is done when the summary has been written."""
        self.began = time.monotonic()
        self.notices: list[Notice] = []
        """What the run did not do, in this process."""
        self.verified: dict[str, int] = {}
        """How many recorded answers were asked again, where that was wanted."""
        self.collected = Collected()
        self.opened: dict[str, Path] = {}
        """The cassettes of the tests that ran."""
        self.asking_fixtures: set[str] = set()
        """The definitions of fixtures wider than one test that asked BILL something."""
        self.asked_by_fixtures = 0
        """How many requests to BILL these made."""
        self.fixtures_at_work = 0
        self.silences: list[tuple[frozenset[str], Notice]] = []
        """Tests that asked BILL nothing, each with the fixtures that it uses: they may have."""
        self.network: BlockedNetwork | None = None
        """What blocks it while tests run."""
        self.hosts_allowed_above: frozenset[str] | None = None
        """What the test may reach that started this run; None where the network is not blocked."""
        self.progress: Progress | None = None
        """What shows on a terminal what is on its way."""
        self.timeline: Timeline | None = None
        """What was asked, and when, where a page of it is wanted."""
        self.sandbox_at = ""
        """Where the local sandbox answered, where nobody was told when it started."""
        self.scan: EndScan | None = None
        """What the scan at the end of the run found."""

    @property
    def has_anything(self) -> bool:
        """Whether there is anything to be told of the run."""
        return self.run is not None or self.workers is not None or bool(self.notices)

    @property
    def asked_by_tests(self) -> int:
        """How many requests to BILL were made, but for those of wide fixtures."""
        return self.run.recorder.asked - self.asked_by_fixtures if self.run is not None else 0

    @property
    def nodeid(self) -> str:
        """What pytest calls the test that is running."""
        return own_id(self.item) if self.item is not None else ""


class TestState:
    """The state of one attempt at a test."""

    __test__ = False

    def __init__(self) -> None:
        self.opened: OpenCassette | None = None
        """Its cassette, until its last report is made."""
        self.late: OpenCassette | None = None
        """Its cassette, where it was opened while the test was running."""
        self.closed: OpenCassette | None = None
        """Its cassette after its fixtures are torn down: what was recorded is not saved yet."""
        self.watched: ExitStack | None = None
        """Where it asked for BILL while it was running, and no cassettes are used."""
        self.reports: dict[str, pytest.TestReport] = {}
        """The last report of each of its phases, also after other plugins changed it."""
        self.is_called = False
        """Its function runs: what is reported now is a subtest."""
        self.has_failed_subtest = False
        self.misses_told = 0
        """How many of its misses a failing subtest has told."""
        self.is_over = False
        """No report of it comes any more."""
        self.live_before = 0
        """How many requests were sent before it in a run that uses no cassettes."""
        self.asked_before = 0
        """How many requests to BILL the tests before it made."""

    @property
    def ended_well(self) -> bool:
        """Whether it came to the end that it means to: it passed, was skipped, failed as expected.

        By what pytest reports in the end: other plugins may have tried it again, or failed it.
        """
        phases = ("setup", "teardown") if self._is_skipped_in_setup else ("call", "teardown")
        ends = [self.reports[when].outcome if when in self.reports else "" for when in phases]
        return not self.has_failed_subtest and all(each in ("passed", "skipped") for each in ends)

    @property
    def has_passed(self) -> bool:
        """Whether it passed, with its setup and its teardown."""
        call = self.reports.get("call")
        return call is not None and self.ended_well and call.passed and not _is_expected(call)

    @property
    def _is_skipped_in_setup(self) -> bool:
        setup = self.reports.get("setup")
        return setup is not None and setup.skipped


def _is_expected(report: pytest.TestReport) -> bool:
    return hasattr(report, "wasxfail")


_RUN = pytest.StashKey[RunState]()
_TEST = pytest.StashKey[TestState]()


def keep(config: pytest.Config, state: RunState) -> None:
    """Keep the state of a run."""
    config.stash[_RUN] = state


def has_state(config: pytest.Config) -> bool:
    """Whether the plugin has begun its work in a run."""
    return _RUN in config.stash


def state_of(config: pytest.Config) -> RunState:
    """The state of a run."""
    return config.stash[_RUN]


def shared_folder(config: pytest.Config) -> Path | None:
    """What the workers of one run share; None in a run of one process."""
    folder = getattr(config, "workerinput", {}).get("bill_folder")
    return Path(folder) if folder else None


def begin_attempt(item: pytest.Item) -> None:
    """Forget what an earlier attempt at a test, and the tests before it, left."""
    attempt = item.stash[_TEST] = TestState()
    state = state_of(item.config)
    attempt.asked_before = state.asked_by_tests
    if state.run is not None:
        state.run.recorder.elsewhere.clear()
        attempt.live_before = state.run.recorder.counts.live


def state_of_test(item: pytest.Item) -> TestState:
    """The state of a test."""
    state = item.stash.get(_TEST, None)
    if state is None:
        state = item.stash[_TEST] = TestState()
    return state
