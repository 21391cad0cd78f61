"""What a run and an attempt at a test keep."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.cassettes.counts import Counts
from pytest_bill.run.state import (
    RunState,
    begin_attempt,
    has_state,
    keep,
    shared_folder,
    state_of,
    state_of_test,
)


@pytest.fixture
def holder():
    """What has a stash, as an item or a config has."""
    return SimpleNamespace(stash=pytest.Stash())


def test_a_run_has_one_state(holder):
    assert not has_state(holder)
    state = RunState(None)
    keep(holder, state)
    assert has_state(holder)
    assert state_of(holder) is state


def test_the_test_that_is_running(holder):
    state = RunState(None)
    assert state.nodeid == ""
    state.item = SimpleNamespace(nodeid="test_a.py::test_b", stash=pytest.Stash())
    assert state.nodeid == "test_a.py::test_b"


def test_another_attempt_at_a_test_knows_nothing_of_the_first(holder):
    state = RunState(None)
    keep(holder, state)
    holder.config = holder
    begin_attempt(holder)
    first = state_of_test(holder)
    first.has_failed_subtest = True
    assert state_of_test(holder) is first
    recorder = SimpleNamespace(asked=3, elsewhere={"https://example.com"}, counts=Counts(live=2))
    state.run = SimpleNamespace(recorder=recorder)
    begin_attempt(holder)
    assert state_of_test(holder).live_before == 2
    assert not state_of_test(holder).has_failed_subtest
    assert state_of_test(holder).asked_before == 3
    assert recorder.elsewhere == set()


def test_the_folder_of_the_workers_of_one_run(tmp_path):
    assert shared_folder(SimpleNamespace()) is None
    assert shared_folder(SimpleNamespace(workerinput={})) is None
    worker = SimpleNamespace(workerinput={"bill_folder": str(tmp_path)})
    assert shared_folder(worker) == tmp_path
