"""What was recorded is saved by how pytest reports its test at last."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_bill.cassettes.counts import Counts
from pytest_bill.cassettes.shown_stand_ins import ShownStandIns
from pytest_bill.environments import SANDBOX
from pytest_bill.exceptions import CassetteError
from pytest_bill.interaction import Interaction
from pytest_bill.record_modes import RecordMode
from pytest_bill.run.endings import leave, look_at_reports, note_report
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.state import RunState, begin_attempt, keep, state_of_test

TEST = "test_a.py::test_b"
ANSWERED = Interaction("GET", "https://gateway.stage.bill.com/connect/v3/a", {}, b"", status=200)


class Recorder:
    """Keeps what is settled; ``error`` is raised where something is to be kept."""

    def __init__(self) -> None:
        self.kept: list[bool] = []
        self.error: Exception | None = None
        self.asked = 1
        self.elsewhere: set[str] = set()
        self.counts = Counts()

    def settle(self, opened, keep):
        if keep and self.error is not None:
            raise self.error
        self.kept.append(keep)
        if keep and opened.is_complete:
            opened.replaced.append("GET /b")

    described = str
    registry = SimpleNamespace(hide=str)


class Attempts:
    """Attempts at one test, as pytest and its plugins go through them."""

    def __init__(self) -> None:
        manager = pytest.PytestPluginManager()
        self.state = RunState(None)
        config = SimpleNamespace(stash=pytest.Stash(), pluginmanager=manager, rootpath=Path("/"))
        keep(config, self.state)
        self.item = SimpleNamespace(config=config, stash=pytest.Stash(), nodeid=TEST)
        self.item.user_properties = []
        self.recorder = Recorder()
        self.state.run = SimpleNamespace(
            recorder=self.recorder, environment=SANDBOX, sandbox=None, set_ups=None
        )
        look_at_reports(config)
        look_at_reports(config)
        self.log = manager.hook.pytest_runtest_logreport
        self.begin()

    def begin(self):
        """One more attempt."""
        leave(self.item, is_last=False)
        begin_attempt(self.item)
        self.now.asked_before = 0
        self.state.item = self.item
        self.opened = self.now.opened = SimpleNamespace(
            use=SimpleNamespace(
                path=Path("test_b.yaml"), keep=frozenset(), record_command="pytest test_a.py"
            ),
            lost=[],
            cassette=SimpleNamespace(
                recorded=[ANSWERED],
                record_mode=RecordMode.ONCE,
                shown=ShownStandIns(),
                fixture_cassettes=[],
            ),
            unanswered=["GET /a"],
            misses=[],
            played=0,
            replaced=[],
            is_complete=False,
        )

    @property
    def now(self):
        return state_of_test(self.item)

    def made(self, when="call", outcome="passed", **more):
        """A report as it is made."""
        report = pytest.TestReport(TEST, ("", 0, ""), {}, outcome, None, when, **more)
        note_report(self.item, report)
        return report

    def report(self, when="call", outcome="passed", **more):
        """A report that is made and logged."""
        report = self.made(when, outcome, **more)
        self.log(report=report)
        return report

    def subtest(self, outcome="passed"):
        self.now.is_called = True
        report = self.report("call", outcome)
        self.now.is_called = False
        return report

    def tear_down(self, outcome="passed"):
        self.now.closed = self.opened
        return self.report("teardown", outcome)

    def end(self, **phases):
        """All phases, with their outcomes."""
        self.report("setup", phases.get("setup", "passed"))
        if "call" in phases:
            self.report("call", phases["call"])
        self.tear_down(phases.get("teardown", "passed"))
        leave(self.item, is_last=True)


@pytest.fixture
def attempts():
    return Attempts()


@pytest.mark.parametrize(
    ("phases", "is_kept"),
    [
        ({"call": "passed"}, True),
        ({"call": "skipped"}, True),
        ({"setup": "skipped"}, True),
        ({"call": "failed"}, False),
        ({"call": "rerun"}, False),
        ({"setup": "failed"}, False),
        ({"call": "passed", "teardown": "failed"}, False),
        ({"setup": "skipped", "teardown": "failed"}, False),
    ],
)
def test_only_what_ended_well_is_saved(attempts, phases, is_kept):
    attempts.end(**phases)
    assert attempts.recorder.kept == [is_kept]
    unsaved = [notice for notice in attempts.state.notices if notice.kind is NoticeKind.UNSAVED]
    assert unsaved == ([] if is_kept else [Notice(NoticeKind.UNSAVED, TEST)])
    assert Notice(NoticeKind.UNRECORDED, TEST, "GET /a") in attempts.state.notices
    assert attempts.state.recorded == ([(TEST, "test_b.yaml")] if is_kept else [])


def test_what_a_test_that_passed_has_replaced_is_told(attempts):
    attempts.end(call="passed")
    assert Notice(NoticeKind.REPLACED, TEST, "GET /b") in attempts.state.notices


def test_a_report_that_another_plugin_turns_round_counts_as_it_is_logged(attempts):
    attempts.report("setup")
    attempts.made("call", "failed").outcome = "passed"  # pytest-retry
    attempts.tear_down()
    assert attempts.recorder.kept == [True]
    attempts.begin()
    attempts.made("call", "passed").outcome = "failed"
    attempts.tear_down()
    leave(attempts.item, is_last=True)
    assert attempts.recorder.kept == [True, False]


def test_an_attempt_that_is_made_again_is_left_out_in_silence(attempts):
    attempts.report("setup")
    attempts.report("call", "failed")
    attempts.tear_down()
    attempts.begin()
    assert attempts.recorder.kept == [False]
    assert attempts.state.notices == []
    attempts.end(call="passed")
    assert attempts.recorder.kept == [False, True]
    assert NoticeKind.UNSAVED not in {notice.kind for notice in attempts.state.notices}
    assert attempts.state.collected.outcomes == {TEST: "passed"}


def test_a_failed_subtest_is_a_failed_test(attempts):
    attempts.report("setup")
    attempts.subtest("failed")
    attempts.subtest()
    attempts.report("call")
    attempts.tear_down()
    leave(attempts.item, is_last=True)
    assert attempts.recorder.kept == [False]
    assert attempts.state.collected.outcomes == {TEST: "failed"}


def test_a_miss_is_told_once_where_it_happened(attempts):
    attempts.opened.misses.append(SimpleNamespace(message="no recorded answer"))
    assert attempts.subtest("failed").longrepr is None
    assert attempts.subtest().passed
    assert attempts.report("call").passed
    attempts.opened.misses.append(SimpleNamespace(message="another one"))
    hidden = attempts.subtest()
    assert hidden.failed
    assert hidden.longrepr.startswith("The subtest hid an error of a request to BILL")
    assert "another one" in hidden.longrepr
    assert attempts.report("call").passed


def test_a_test_that_hid_a_miss_fails(attempts):
    attempts.opened.misses.append(SimpleNamespace(message="no recorded answer"))
    report = attempts.report("call")
    assert report.failed
    assert report.longrepr.startswith("The test hid an error")


def test_what_cannot_be_saved_fails_the_test_and_is_not_proven(attempts):
    attempts.recorder.error = CassetteError("The disk is full.")
    attempts.report("setup")
    attempts.report("call")
    report = attempts.tear_down()
    assert (report.outcome, report.longrepr) == ("failed", "CassetteError: The disk is full.")
    assert attempts.state.recorded == []
    assert attempts.state.collected.outcomes == {TEST: "failed"}


def test_reports_of_other_tests_are_nobodys(attempts):
    attempts.now.closed = attempts.opened
    report = pytest.TestReport("test_a.py::c", ("", 0, ""), {}, "passed", None, "teardown")
    attempts.log(report=report)
    assert attempts.now.closed is attempts.opened


def test_a_fixture_that_was_played_beside_a_test_that_failed_is_told(attempts):
    """It was recorded with what BILL may have no more."""
    played = SimpleNamespace(path=Path("fixture.vendor.yaml"), was_asked=True, recorded=[])
    recorded = SimpleNamespace(path=Path("fixture.new.yaml"), was_asked=True, recorded=["one"])
    unused = SimpleNamespace(path=Path("fixture.unused.yaml"), was_asked=False, recorded=[])
    attempts.opened.cassette.fixture_cassettes = [played, recorded, unused]
    attempts.report(outcome="failed")
    attempts.tear_down()
    leave(attempts.item, is_last=True)
    (notice,) = (each for each in attempts.state.notices if each.kind == NoticeKind.UNSAVED)
    assert notice.text == (
        "it used what fixture.vendor.yaml tells, which BILL may have no more.\n"
        "Record both anew: pytest test_a.py --bill-record-mode=all"
    )


def test_a_worker_tells_of_a_test_when_it_is_saved(attempts):
    """Where it ends without a word, its controller knows what it had done."""
    told = []
    attempts.state.run.set_ups = object()
    attempts.state.journal = SimpleNamespace(
        done=lambda run, state, nodeid: told.append((nodeid, list(attempts.recorder.kept)))
    )
    attempts.report()
    assert told == []
    attempts.tear_down()
    assert told == [(TEST, [True])]
