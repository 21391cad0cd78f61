"""Another day for the second run."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import pytest_bill.proof.other_day
from pytest_bill.proof.other_day import has_other_day, other_day


def now():
    return datetime.now(UTC)


def test_it_is_another_day_month_and_weekday_and_time_goes_on():
    pytest.importorskip("time_machine")
    assert has_other_day()
    before = now()
    with other_day():
        there = now()
        assert now() >= there
    assert (there - before).days == 33
    assert there.month != before.month
    assert there.weekday() != before.weekday()
    assert (now() - before).days == 0


def test_it_is_the_same_day_where_nothing_moves_the_clock(monkeypatch):
    monkeypatch.setattr(pytest_bill.proof.other_day, "find_spec", lambda name: None)
    before = now()
    with other_day():
        assert (now() - before).days == 0
