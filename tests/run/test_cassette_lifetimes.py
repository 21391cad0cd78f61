"""Cassettes of tests and of wider fixtures are opened and closed in time."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_bill.record_modes import RecordMode
from pytest_bill.run.cassette_lifetimes import cassette_of, close_late, open_on_demand
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.state import RunState, keep, state_of_test


class Run:
    """What a run is asked for; ``done`` is what it was asked to do."""

    set_ups = None

    def __init__(self, live: bool = False, beside=()) -> None:
        self.beside = list(beside)
        self.done: list[str] = []
        self.settings = SimpleNamespace(live=live)
        self.cassettes = SimpleNamespace(of_test=lambda nodeid, *_: nodeid)
        self.recorder = SimpleNamespace(
            open=self._open, close=self._close, watching=self._watching, described=str
        )
        self.threads = SimpleNamespace(end=lambda: self.done.append("end threads"))

    def _open(self, use):
        self.done.append(f"open {use}")
        return SimpleNamespace(
            use=SimpleNamespace(path=f"{use}.yaml", record_command="pytest test_a.py"),
            cassette=SimpleNamespace(
                recorded=["one"], record_mode=RecordMode.ONCE, fixture_cassettes=self.beside
            ),
            unanswered=["GET /a"],
            replaced=[],
        )

    def _close(self, opened, keep):
        self.done.append(f"close, keep: {keep}")
        if opened.is_complete:
            opened.replaced.append("GET /b")

    @contextmanager
    def _watching(self):
        self.done.append("watch")
        yield
        self.done.append("stop watching")

    def begin_test(self):
        self.done.append("begin")

    def end_test(self):
        self.done.append("end")


@pytest.fixture
def state():
    return RunState(None)


@pytest.fixture
def item(state):
    config = SimpleNamespace(stash=pytest.Stash())
    keep(config, state)
    state.item = SimpleNamespace(
        config=config,
        stash=pytest.Stash(),
        nodeid="test_a.py::test_b",
        get_closest_marker=lambda name: None,
    )
    return state.item


@pytest.mark.parametrize("ended_well", [True, False])
def test_only_what_came_to_its_end_is_kept(item, state, ended_well):
    run = Run()
    with cassette_of(item, run):
        state_of_test(item).ended_well = ended_well
    kept = f"close, keep: {ended_well}"
    assert run.done == ["open test_a.py::test_b", "begin", "end", kept, "end threads"]
    unsaved = [] if ended_well else [Notice(NoticeKind.UNSAVED, "test_a.py::test_b")]
    unrecorded = Notice(NoticeKind.UNRECORDED, "test_a.py::test_b", "GET /a")
    assert state.notices == [*unsaved, unrecorded]
    assert state.recorded == (
        [("test_a.py::test_b", "test_a.py::test_b.yaml")] if ended_well else []
    )


def test_a_fixture_that_was_played_beside_a_test_that_failed_is_told(item, state):
    """It was recorded with what BILL may have no more."""
    played = SimpleNamespace(path=Path("fixture.vendor.yaml"), was_asked=True, recorded=[])
    recorded = SimpleNamespace(path=Path("fixture.new.yaml"), was_asked=True, recorded=["one"])
    unused = SimpleNamespace(path=Path("fixture.unused.yaml"), was_asked=False, recorded=[])
    with cassette_of(item, Run(beside=[played, recorded, unused])):
        pass
    (notice, _) = state.notices
    assert notice.text == (
        "it used what fixture.vendor.yaml tells, which BILL may have no more.\n"
        "Record both anew: pytest test_a.py --bill-record-mode=all"
    )


def test_what_a_test_that_passed_has_replaced_is_told(item, state):
    with cassette_of(item, Run()):
        state_of_test(item).ended_well = state_of_test(item).has_passed = True
    assert Notice(NoticeKind.REPLACED, "test_a.py::test_b", "GET /b") in state.notices
    assert state.opened == {"test_a.py::test_b": "test_a.py::test_b.yaml"}


def test_a_live_run_opens_nothing_and_looks_on(item):
    run = Run(live=True)
    with cassette_of(item, run):
        pass
    assert run.done == ["watch", "begin", "end", "stop watching"]


def test_who_asked_for_no_bill_gets_no_cassette_late(item, state):
    state.run = Run()
    open_on_demand(state, by_session=False)
    close_late(item, state.run)
    assert state.run.done == []


@pytest.mark.parametrize("live", [True, False])
def test_a_test_that_asks_late_has_its_cassette_to_its_end(item, state, live):
    state.run = Run(live)
    item._request = SimpleNamespace(_fixture_defs=["bill_dev_session"])
    open_on_demand(state, by_session=False)
    close_late(item, state.run)
    close_late(item, state.run)
    if live:
        assert state.run.done == ["watch", "begin", "end", "stop watching"]
    else:
        assert state.run.done == ["open test_a.py::test_b", "begin", "end", "close, keep: False"]
