"""What a new day brings happens once, before records are read."""

from datetime import timedelta

import pytest

from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.core.state import SandboxState


@pytest.fixture
def state():
    return SandboxState(Clock(), 0, {})


@pytest.fixture
def days(state):
    """The days that were followed."""
    followed = []
    state.daily = (lambda each: followed.append(each.clock.now().date()),)
    return followed


def test_a_day_is_followed_once(state, days):
    state.catch_up()
    state.catch_up()
    state.clock.advance(timedelta(days=3))
    state.catch_up()
    assert [later - days[0] for later in days] == [timedelta(), timedelta(days=3)]


@pytest.mark.parametrize("go_back", ["clear", "restore"])
def test_other_records_are_followed_anew(state, days, go_back):
    snapshot = state.snapshot()
    state.catch_up()
    state.clear() if go_back == "clear" else state.restore(snapshot)
    state.catch_up()
    assert len(days) == 2


def test_the_tables_of_every_owner(state):
    state.table("a", "bills")["1"] = {"id": "1"}
    state.table("b", "bills")
    state.table("b", "vendors")
    assert state.tables("bills") == [("a", {"1": {"id": "1"}}), ("b", {})]


def test_asking_for_all_tables_makes_none(state):
    before = state.tables_by_owner()
    assert "vendors" not in before.get("nobody", {})
    assert state.tables_by_owner() == before
    state.table("nobody", "vendors")["1"] = {"id": "1"}
    assert state.tables_by_owner()["nobody"] == {"vendors": {"1": {"id": "1"}}}
