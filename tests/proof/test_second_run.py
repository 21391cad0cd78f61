"""The second run, as pytest sees it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_bill.exceptions import NotInCassette
from pytest_bill.proof.replay import Wanted, read_outcome
from pytest_bill.proof.second_run import WANTED, SecondRun, second_run
from pytest_bill.run import plain_failures


@pytest.fixture
def wanted(tmp_path):
    return Wanted(
        {"cassettes/a.yaml": "waiting/a.yaml"},
        ("t1", "t2", "t3"),
        is_reversed=True,
        outcome=str(tmp_path / "outcome.json"),
    )


def report(nodeid="t1", when="call", outcome="passed", error="", **more):
    return SimpleNamespace(
        nodeid=nodeid,
        when=when,
        failed=outcome == "failed",
        skipped=outcome == "skipped",
        longrepr=None,
        longreprtext=error,
        **more,
    )


def outcome_of(wanted, *reports):
    run = SecondRun(wanted)
    for each in reports:
        run.pytest_runtest_logreport(each)
    run.pytest_sessionfinish()
    return read_outcome(Path(wanted.outcome))


def test_it_is_one_only_where_the_first_run_says_so(wanted, tmp_path, monkeypatch):
    assert second_run() is None
    wanted.write(tmp_path / "wanted.json")
    monkeypatch.setenv(WANTED, str(tmp_path / "wanted.json"))
    assert second_run() is not None
    assert second_run() is None


def test_a_recording_is_read_from_where_it_waits(wanted):
    run = SecondRun(wanted)
    assert run.file_of(Path("cassettes/a.yaml")) == Path("waiting/a.yaml")
    assert run.file_of(Path("cassettes/b.yaml")) == Path("cassettes/b.yaml")


def test_it_runs_what_was_recorded_whatever_others_leave_out(wanted):
    items = [
        SimpleNamespace(nodeid=nodeid, stash=pytest.Stash())
        for nodeid in ("t0", "t1", "t2", "t3", "t4")
    ]
    others = SecondRun(wanted).pytest_collection_modifyitems(items)
    next(others)
    del items[3:]
    with pytest.raises(StopIteration):
        next(others)
    assert [item.nodeid for item in items] == ["t3", "t2", "t1"]


class Item:
    def __init__(self, nodeid):
        self.nodeid = nodeid
        self._request = object()
        self.stash = pytest.Stash()


def run_through(run, item):
    """A test begins and ends."""
    protocol = run.pytest_runtest_protocol(item)
    next(protocol)
    with pytest.raises(StopIteration):
        protocol.send(None)


def turned_run(wanted):
    """A second run in which t1 comes once more, with its lists the other way round."""
    run = SecondRun(replace(wanted, turned={"t1": ("cassettes/a.yaml", "turned/a.yaml")}))
    items = [Item("t1"), Item("t2")]
    others = run.pytest_collection_modifyitems(items)
    next(others)
    with pytest.raises(StopIteration):
        next(others)
    return run, items


def test_a_test_with_lists_comes_once_more(wanted):
    run, items = turned_run(wanted)
    assert [item.nodeid for item in items] == ["t2", "t1", "t1"]
    assert items[1] is not items[2]
    assert items[1].stash is not items[2].stash
    files = []
    for item in items:
        run_through(run, item)
        files.append(run.file_of(Path("cassettes/a.yaml")))
    assert files == [Path("waiting/a.yaml"), Path("waiting/a.yaml"), Path("turned/a.yaml")]


@pytest.mark.parametrize(
    ("error", "misses", "kept"),
    [
        ("AssertionError: assert 1 == 2", [], "AssertionError: assert 1 == 2"),
        ("assert 1 == 2", [], "assert 1 == 2"),
        ("AssertionError: assert 1 == 2", ["a miss"], ""),
        ("KeyError: 1", [], ""),
    ],
)
def test_only_a_comparison_that_fails_is_kept_of_the_second_time(wanted, error, misses, kept):
    run, items = turned_run(wanted)
    for item in items[:2]:
        run_through(run, item)
        run.pytest_runtest_logreport(report(item.nodeid))
    protocol = run.pytest_runtest_protocol(items[2])
    next(protocol)
    run.pytest_runtest_logreport(report("t1", outcome="failed", error=error))
    run.end_cassette("t1", SimpleNamespace(misses=misses), None)
    run.pytest_runtest_logreport(report("t1", "teardown"))
    protocol.close()
    run.pytest_sessionfinish()
    replay = read_outcome(Path(wanted.outcome))["t1"]
    assert (replay.outcome, replay.turned_error, replay.misses) == ("passed", kept, [])


@pytest.mark.parametrize(
    ("reports", "outcome"),
    [
        ([report(when="setup"), report(), report(when="teardown")], "passed"),
        ([report(when="setup", outcome="failed", error="E")], "failed"),
        ([report(), report(when="teardown", outcome="failed", error="E")], "failed"),
        ([report(outcome="failed", error="E"), report()], "failed"),
        ([report(when="setup", outcome="skipped"), report(when="teardown")], "skipped"),
        ([report(outcome="skipped")], "skipped"),
        ([report(outcome="skipped", wasxfail="known")], "passed"),
    ],
)
def test_a_test_ends_as_its_worst_phase(wanted, reports, outcome):
    replay = outcome_of(wanted, *reports)["t1"]
    assert replay.outcome == outcome
    assert replay.error == ("E" if outcome == "failed" else "")


def test_a_long_error_is_cut(wanted):
    error = "\n".join(f"line {number}" for number in range(40))
    replay = outcome_of(wanted, report(outcome="failed", error=error))["t1"]
    assert replay.error.splitlines()[-2:] == ["line 11", "…"]


def test_an_error_names_its_place(wanted, tmp_path):
    failed = report(outcome="failed")
    failed.longrepr = SimpleNamespace(
        reprcrash=SimpleNamespace(message="KeyError: 'id'", path="test_a.py", lineno=7)
    )
    assert outcome_of(wanted, failed)["t1"].error == "KeyError: 'id'\ntest_a.py:7"


def test_the_outcome_can_be_read_by_any_process(wanted):
    outcome_of(wanted, report())
    assert json.loads(Path(wanted.outcome).read_text())["t1"]["outcome"] == "passed"


def test_of_one_of_our_own_errors_all_is_told(wanted, pytester):
    error = NotInCassette("no recorded answer\n  request: GET /a").with_summary("GET /a was not")
    with pytest.raises(NotInCassette) as caught:
        raise error
    failed = pytest.TestReport("t1", ("a", 1, "t1"), {}, "failed", None, "call")
    plain_failures.show(failed, caught, SimpleNamespace(config=pytester.parseconfig()))
    told = outcome_of(wanted, failed)["t1"].error
    assert told.endswith("NotInCassette\nno recorded answer\n  request: GET /a")
