"""What is done when all tests are done."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from pytest_bill.run.end import end_run
from pytest_bill.run.notices import NoticeKind
from pytest_bill.run.state import RunState
from pytest_bill.run.usage import Usage
from pytest_bill.run.workers import Workers
from tests.helpers.cassettes import paths_in, write_cassette

FILE = "test_a/test_1.yaml"


@pytest.fixture
def end(pytester):
    """End a run with two workers, which left one of two answers over."""
    write_cassette(pytester.path / "cassettes" / FILE, "/v3/bills", "/v3/vendors")

    def end(*options: str, status: int = 0, **changes):
        config = pytester.parseconfig("--bill-report=report.json", *options)
        state = RunState(None)
        state.workers = Workers(config)
        test = {"test_a.py::test_1": FILE}
        values = {"cassette_dir": "cassettes", "roots": {"."}, "folders": {"."}, "tests": test}
        values |= {"outcomes": dict.fromkeys(test, "passed"), "used": {FILE}}
        values |= {"unplayed": {FILE: {1: "GET /v3/vendors"}}, "recorded": {FILE: 2}}
        state.workers.usage = Usage(**(values | changes))
        session = SimpleNamespace(config=config, exitstatus=status)
        end_run(session, state)
        report = json.loads((pytester.path / "report.json").read_text())
        assert report["usage"]["tests"] == test
        assert [each["kind"] for each in report["notices"]] == [
            each.kind.key for each in state.notices
        ]
        state.workers.close()
        return session.exitstatus, [each.kind for each in state.notices]

    return end


def held(pytester) -> int:
    return len(paths_in(pytester.path / "cassettes" / FILE))


def test_what_is_left_over_is_told(end, pytester):
    assert end() == (0, [NoticeKind.UNPLAYED])
    assert end("--bill-strict") == (1, [NoticeKind.UNPLAYED])
    assert end("--bill-strict", status=2) == (2, [NoticeKind.UNPLAYED])
    assert held(pytester) == 2


def test_what_is_pruned_is_told_and_fails_no_run(end, pytester):
    assert end("--bill-prune", "--bill-strict") == (0, [NoticeKind.PRUNED])
    assert held(pytester) == 1


@pytest.mark.parametrize(
    ("status", "changes"), [(1, {}), (0, {"is_narrowed": True}), (0, {"outcomes": {}})]
)
def test_a_run_that_was_not_complete_prunes_nothing(end, pytester, status, changes):
    given, kinds = end("--bill-prune", status=status, **changes)
    assert given == status
    assert kinds[-1] is NoticeKind.UNPRUNED
    assert held(pytester) == 2


def test_a_run_without_bill_has_nothing_to_tell(pytester):
    config = pytester.parseconfig("--bill-report=report.json", "--bill-strict")
    session = SimpleNamespace(config=config, exitstatus=0)
    end_run(session, RunState(None))
    assert session.exitstatus == 0
    assert json.loads((pytester.path / "report.json").read_text())["usage"] == {}
