"""Which processes have a wide fixture set up; who tears it down waits for the others."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.set_ups import LONGEST_SECONDS, STOPPED, SetUps, done_tests, forget

VENDOR = "conftest/fixture.vendor.yaml"


class Clock:
    """Time passes while somebody waits; then ``meanwhile`` is done."""

    def __init__(self) -> None:
        self.now = 0.0
        self.meanwhile = lambda: None

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds
        self.meanwhile()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def worker(tmp_path, clock):
    return lambda name: SetUps(lambda: tmp_path, name, monotonic=clock, pause=clock.pause)


def test_who_is_alone_waits_for_nobody(worker, clock):
    worker("gw0").begin(VENDOR)
    assert worker("gw0").wait_for_others(VENDOR)
    assert clock.now == 0


def test_it_is_waited_until_another_worker_has_torn_it_down(worker, clock):
    worker("gw0").begin(VENDOR)
    worker("gw1").begin(VENDOR)

    def meanwhile():
        if clock.now > 1:
            worker("gw1").end(VENDOR)

    clock.meanwhile = meanwhile
    assert worker("gw0").wait_for_others(VENDOR)
    assert 1 < clock.now < 2


def test_who_waits_as_well_needs_it_no_more(worker, clock):
    worker("gw0").begin(VENDOR)
    worker("gw1").begin(VENDOR)
    assert not worker("gw0").wait_for_others(VENDOR)  # it gives up, and is about to tear it down
    assert worker("gw1").wait_for_others(VENDOR)


def test_tests_that_have_not_begun_are_waited_for(worker, clock):
    worker("gw0").begin(VENDOR)
    worker("gw0").add_line({"done": "test_1"})

    def meanwhile():
        if clock.now > 1:
            worker("gw1").add_line({"done": "test_2"})

    clock.meanwhile = meanwhile
    assert worker("gw0").wait_for_others(VENDOR, {"test_1", "test_2"})
    assert clock.now > 1


def test_tests_that_are_left_out_are_not_waited_for(worker, tmp_path, clock):
    worker("gw0").begin(VENDOR)
    (tmp_path / STOPPED).touch()
    assert worker("gw0").wait_for_others(VENDOR, {"test_1"})
    assert clock.now == 0


def test_it_is_not_waited_for_ever_where_nothing_is_done(worker, clock):
    worker("gw0").begin(VENDOR)
    worker("gw1").begin(VENDOR)
    done = iter(range(3))

    def meanwhile():
        if clock.now > LONGEST_SECONDS / 2 and next(done, None) is not None:
            worker("gw1").add_line({"done": f"test_{clock.now}"})

    clock.meanwhile = meanwhile
    assert not worker("gw0").wait_for_others(VENDOR, {"test_1"})
    assert 1.5 * LONGEST_SECONDS < clock.now < 2 * LONGEST_SECONDS  # as long as others do something


def test_a_process_that_crashed_is_not_waited_for(worker, tmp_path, clock):
    worker("gw0").begin(VENDOR)
    worker("gw1").begin(VENDOR)
    assert forget(tmp_path, "gw1") == [VENDOR]
    assert worker("gw0").wait_for_others(VENDOR)
    assert forget(tmp_path / "none", "gw1") == []


def test_a_line_that_is_not_whole_yet_is_read_later(worker, tmp_path):
    worker("gw0").add_line({"done": "test_1"})
    with (tmp_path / "gw0.done").open("a") as file:
        file.write('{"done": "te')
    assert done_tests(tmp_path) == {"test_1"}


def test_where_the_run_has_ended_nobody_waits(worker, tmp_path):
    gone = SetUps(lambda: tmp_path / "gone", "gw0")
    gone.begin(VENDOR)
    assert gone.wait_for_others(VENDOR)
