"""Cassettes of tests and of wider fixtures are opened and closed in time."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.record_modes import RecordMode
from pytest_bill.run.cassette_lifetimes import cassette_of, close_late, open_on_demand
from pytest_bill.run.notices import NoticeKind
from pytest_bill.run.state import RunState, keep, state_of_test

ANSWERED = Interaction("GET", "https://gateway.stage.bill.com/connect/v3/a", {}, b"", 200)
CONFIG = {"match_on": ["method"]}


class Run:
    """What a run is asked for; ``done`` is what it was asked to do."""

    set_ups = None

    def __init__(self, live: bool = False) -> None:
        self.done: list[str] = []
        self.settings = SimpleNamespace(live=live)
        self.environment = SANDBOX
        self.cassettes = SimpleNamespace(of_test=lambda nodeid, *_: nodeid)
        self.recorder = SimpleNamespace(
            open=self._open, stop=self._stop, settle=self._settle, watching=self._watching
        )
        self.threads = SimpleNamespace(end=lambda: self.done.append("end threads"))

    def _open(self, use):
        self.done.append(f"open {use}")
        return SimpleNamespace(
            use=SimpleNamespace(path=f"{use}.yaml", keep=()),
            cassette=SimpleNamespace(
                recorded=[ANSWERED], record_mode=RecordMode.ONCE, fixture_cassettes=[]
            ),
            unanswered=["GET /a"],
            lost=[],
            replaced=[],
        )

    def _stop(self, opened):
        self.done.append("stop")

    def _settle(self, opened, keep):
        self.done.append(f"settle, keep: {keep}")

    @contextmanager
    def _watching(self):
        self.done.append("watch")
        yield
        self.done.append("stop watching")

    def config_of(self, given):
        return given.values if given is not None else None

    def begin_test(self, config):
        self.done.append("begin")
        self.config = config

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
        _request=SimpleNamespace(getfixturevalue={"bill_config": CONFIG}.get),
    )
    return state.item


def test_a_test_whose_fixtures_are_torn_down_asks_no_more_and_is_not_saved_yet(item, state):
    state.run = run = Run()
    with cassette_of(item, run):
        assert state_of_test(item).closed is None
    assert run.done == ["open test_a.py::test_b", "begin", "end", "stop", "end threads"]
    assert state_of_test(item).closed is not None
    assert state.notices == []
    assert state.opened == {"test_a.py::test_b": "test_a.py::test_b.yaml"}


def test_an_interrupted_test_is_not_saved(item, state):
    state.run = run = Run()
    with cassette_of(item, run):
        state_of_test(item).is_over = True
    assert "settle, keep: False" in run.done
    assert [notice.kind for notice in state.notices] == [
        NoticeKind.UNRECORDED,
        NoticeKind.UNSAVED,
    ]


def test_a_live_run_opens_nothing_and_looks_on(item):
    run = Run(live=True)
    with cassette_of(item, run):
        pass
    assert run.done == ["watch", "begin", "end", "stop watching"]
    assert run.config is CONFIG


def test_who_asked_for_no_bill_gets_no_cassette_late(item, state):
    state.run = Run()
    open_on_demand(state, by_session=False)
    close_late(item, state.run)
    assert state.run.done == []


@pytest.mark.parametrize("live", [True, False])
def test_a_test_that_asks_late_has_its_cassette_to_its_end(item, state, live):
    state.run = Run(live)
    item._request = SimpleNamespace(
        _fixture_defs=["bill_dev_session"], getfixturevalue={"bill_config": CONFIG}.get
    )
    open_on_demand(state, by_session=False)
    assert state.run.config is CONFIG
    close_late(item, state.run)
    close_late(item, state.run)
    if live:
        assert state.run.done == ["watch", "begin", "end", "stop watching"]
    else:
        assert state.run.done == ["open test_a.py::test_b", "begin", "end", "stop"]
