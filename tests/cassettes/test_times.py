"""When an interaction was recorded."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from pytest_bill.cassettes import times

MOMENT = datetime(2026, 11, 29, 11, 7, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment",
    [
        MOMENT,
        MOMENT.replace(microsecond=999_999),
        MOMENT.replace(tzinfo=None),
        MOMENT.astimezone(timezone(timedelta(hours=-7))),
    ],
)
def test_a_time_is_written_to_the_second_in_utc_and_read_again(moment):
    assert times.written(moment) == "2026-11-29T11:07:31Z"
    assert times.read("2026-11-29T11:07:31Z") == MOMENT


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-29", "2026-11-31T11:07:31Z"])
def test_what_is_no_time_is_none(text):
    assert times.read(text) is None


def is_now(moment: datetime) -> bool:
    return abs(moment.timestamp() - REAL_TIME()) < 60


REAL_TIME = time.time


def test_it_is_the_real_time_whatever_freezegun_puts_into_modules(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 0.0)
    monkeypatch.setattr(times, "datetime", None)
    assert is_now(times.now())


@pytest.mark.parametrize("is_travelling", [True, False])
def test_it_is_the_real_time_that_time_machine_keeps_while_it_travels(monkeypatch, is_travelling):
    # Outside of a journey, asking it raises an error.
    def original() -> float:
        assert is_travelling
        return 60.0

    hatch = SimpleNamespace(
        is_travelling=lambda: is_travelling, time=SimpleNamespace(time=original)
    )
    monkeypatch.setitem(sys.modules, "time_machine", SimpleNamespace(escape_hatch=hatch))
    now = times.now()
    assert now.timestamp() == 60 if is_travelling else is_now(now)
