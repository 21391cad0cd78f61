"""When work in the background is done."""

from datetime import timedelta

import pytest

from pytest_bill.sandbox.core import background
from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.state import SandboxState


@pytest.fixture
def call():
    started = Call(SandboxState(Clock(), 0, {}))
    background.start_work(started, "one")
    return started


def test_it_is_done_at_the_second_look(call):
    assert [background.is_done(call, "one") for _ in range(3)] == [False, True, True]


def test_only_looks_count(call):
    assert not any(background.is_done(call, "one", look=False) for _ in range(5))


def test_it_is_done_in_time(call):
    call.state.clock.advance(background.DURATION - timedelta(seconds=5))
    assert not background.is_done(call, "one", look=False)
    call.state.clock.advance(timedelta(seconds=5))
    assert background.is_done(call, "one", look=False)


def test_it_begins_anew_and_is_stopped(call):
    background.is_done(call, "one")
    background.start_work(call, "one")
    assert not background.is_done(call, "one")
    background.stop_work(call, "one")
    assert background.is_done(call, "one")
    assert background.is_done(call, "nothing that was started")
