"""How tests end, as pytest reports it at last; what was recorded is saved by that.

When a test's fixtures are torn down, nobody knows yet how it ended: a teardown may still fail, a
strict ``xfail`` or a hook may turn it round, a plugin may try it again. So its cassette only stops
serving then, and is saved, or left as it was, when the report of its teardown is logged.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill.exceptions import PytestBillError
from pytest_bill.real_files import relative_to_here
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.own_ids import own_id
from pytest_bill.run.properties import add_to_test
from pytest_bill.run.state import RunState, TestState, state_of, state_of_test
from pytest_bill.run.unkept import may_be_saved, tell_of_unanswered

if TYPE_CHECKING:
    from pytest_bill.cassettes.use import OpenCassette

_NAME = "bill-endings"
_HID = "{} hid an error of a request to BILL that has no recorded answer.\n{}"


def note_report(item: pytest.Item, report: pytest.TestReport) -> None:
    """A report is made: of a phase of the test, or of a subtest while its function runs."""
    state = state_of_test(item)
    if state.is_called:
        _note_subtest(state, report)
    else:
        state.reports[str(report.when)] = report
        if report.when == "call":
            _fail_for_hidden(state, report, "The test")
        elif report.when == "teardown":
            _look_for_silence(item, state)
            _note_misses(item, state)
            add_to_test(item, report, state, state_of(item.config))
    if report.failed and state.opened is not None:
        from pytest_bill.run.shown_stand_ins import add_section

        add_section(report, state.opened)


def _note_misses(item: pytest.Item, state: TestState) -> None:
    timeline = state_of(item.config).timeline
    if timeline is not None and state.opened is not None:
        for each in state.opened.misses:
            timeline.missed(each.request, own_id(item))


def _note_subtest(state: TestState, report: pytest.TestReport) -> None:
    _fail_for_hidden(state, report, "The subtest")
    if report.failed:
        state.has_failed_subtest = True
        state.misses_told = len(state.opened.misses) if state.opened is not None else 0


def _look_for_silence(item: pytest.Item, state: TestState) -> None:
    of_run = state_of(item.config)
    if state.has_passed and of_run.run and of_run.asked_by_tests == state.asked_before:
        from pytest_bill.run.silence import look_at

        look_at(item, of_run.run.recorder)


def _fail_for_hidden(state: TestState, report: pytest.TestReport, who: str) -> None:
    """Fail what passed though one of its requests had no recorded answer."""
    misses = state.opened.misses[state.misses_told :] if state.opened is not None else []
    if misses and report.passed:
        report.outcome = "failed"
        report.longrepr = _HID.format(who, misses[0].message)


class _LastWords:
    """Looks at reports when they are logged: other plugins may have changed them until then."""

    def __init__(self, state: RunState) -> None:
        self._state = state

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, Any, Any]:
        """The last word on a phase, or on a subtest."""
        item = self._state.item
        if item is not None and report.nodeid == item.nodeid:
            _end_phase(item, report, self._state)
        return (yield)


def look_at_reports(config: pytest.Config) -> None:
    """Learn from now on how tests end."""
    if not config.pluginmanager.has_plugin(_NAME):
        config.pluginmanager.register(_LastWords(state_of(config)), _NAME)


def _end_phase(item: pytest.Item, report: pytest.TestReport, run_state: RunState) -> None:
    state = state_of_test(item)
    if state.is_called:
        if report.failed:
            state.has_failed_subtest = True
            run_state.collected.add_report(item, report)
        return
    state.reports[str(report.when)] = report
    if report.when == "call":
        _fail_for_hidden(state, report, "The test")
    elif report.when == "teardown" and state.closed is not None and state.ended_well:
        opened, state.closed = state.closed, None
        try:
            _keep(item, opened, run_state, has_passed=state.has_passed)
        except PytestBillError as error:
            report.outcome = "failed"
            # Its first line stands beside the test in pytest's short summary.
            report.longrepr = f"{type(error).__name__}: {error}"
    run_state.collected.add_report(item, report)
    if (
        report.when == "teardown"
        and run_state.run is not None
        and run_state.run.set_ups is not None
    ):
        run_state.journal.done(run_state.run, run_state, own_id(item))


def _keep(
    item: pytest.Item, opened: OpenCassette, run_state: RunState, *, has_passed: bool
) -> None:
    """Save what was recorded, and what is to be told of it.

    Raises:
        CassetteError: it cannot be written, or must not be.
    """
    nodeid, run = own_id(item), run_state.run
    if run is None:
        return
    opened.is_complete = has_passed
    keep = may_be_saved(run_state, run, nodeid, opened)
    run_state.notices += unanswered(nodeid, opened)
    run.recorder.settle(opened, keep=keep)
    if keep and opened.cassette.record_mode.may_send:
        run_state.recorded.append((nodeid, str(opened.use.path)))
    for each in opened.replaced:
        run_state.notices.append(Notice(NoticeKind.REPLACED, nodeid, run.recorder.described(each)))


def leave(item: pytest.Item, *, is_last: bool) -> None:
    """An attempt is over: what it recorded, and is not saved by now, is left out.

    One that is not the last one is tried again, and nothing is told of it.
    """
    state, run_state = state_of_test(item), state_of(item.config)
    state.is_over = is_last
    # pytest keeps its items to the end; recordings and reports of thousands of tests need not stay.
    state.opened, state.reports = None, {}
    opened, state.closed = state.closed, None
    if opened is None or run_state.run is None:
        return
    if is_last:
        run_state.notices += unanswered(own_id(item), opened)
        if opened.cassette.recorded:
            beside = _played_beside(opened)
            run_state.notices.append(Notice(NoticeKind.UNSAVED, own_id(item), beside))
        tell_of_unanswered(run_state, run_state.run, own_id(item), opened)
    run_state.run.recorder.settle(opened, keep=False)


def unanswered(owner: str, opened: OpenCassette) -> list[Notice]:
    """What was sent, and of which a cassette holds nothing."""
    return [Notice(NoticeKind.UNRECORDED, owner, what) for what in opened.unanswered]


def _played_beside(opened: OpenCassette) -> str:
    """Tells of what a test that was recorded had from fixtures that were played."""
    played = [
        str(relative_to_here(each.path))
        for each in opened.cassette.fixture_cassettes
        if each.was_asked and not each.recorded
    ]
    if not played:
        return ""
    return (
        f"it used what {', '.join(played)} tells, which BILL may have no more.\n"
        f"Record both anew: {opened.use.record_command} --bill-record-mode=all"
    )
