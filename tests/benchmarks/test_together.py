"""Two processes take turns, and one that fails leaves the other not waiting."""

from __future__ import annotations

import pytest

from benchmarks.alternate import alternate
from benchmarks.bench import Bench, Extent
from benchmarks.project import MeasurementFailed, Run
from benchmarks.samples import Point
from benchmarks.together import contestants, ratio_of_blocks, run_in_turns

pytestmark = pytest.mark.nightly  # what is measured, not what users have

POINTS = Point("row", "", "bill", 1), Point("row", "", "bare", 1)


def figures(first, second):
    return {POINTS[0]: {"wall": first}, POINTS[1]: {"wall": second}}


def measured(*results):
    """Contestants that are measured at the same time, with these results turn after turn."""
    waiting = list(results)

    def measure():
        numbers = waiting.pop(0)
        if numbers is None:
            raise MeasurementFailed("it crashed")
        return figures(*numbers)

    samples = list(alternate(contestants(2, POINTS, measure), lambda *_: None))
    return samples, waiting


def test_both_are_measured_once_in_each_turn():
    samples, waiting = measured((1, 2), (3, 4))
    assert [(each.point, each.turn, each.figures["wall"]) for each in samples] == [
        (POINTS[0], 0, 1),
        (POINTS[1], 0, 2),
        (POINTS[0], 1, 3),
        (POINTS[1], 1, 4),
    ]
    assert not waiting


def test_both_say_why_they_could_not_be_measured():
    samples, _ = measured(None, None)
    assert [each.failure for each in samples] == ["it crashed", "it crashed"]


def test_one_without_the_other_is_measured_each_turn():
    numbers = [(1, 2), (3, 4)]
    second = contestants(2, POINTS, lambda: figures(*numbers.pop(0)))[1]
    samples = list(alternate([second], lambda *_: None))
    assert [each.figures["wall"] for each in samples] == [2, 4]


@pytest.fixture
def bench():
    with Bench(Extent()) as bench:
        yield bench


@pytest.fixture
def projects(bench):
    return [bench.project("canned", "get_10", "get_200") for _ in range(2)]


def test_the_processes_ask_in_turns_and_each_keeps_its_own(projects):
    runs = run_in_turns("test_clients.py", *projects, size=200, rounds=2, client="httpx")
    assert [run.kept["requests"] for run in runs] == [[100] * 4] * 2
    assert runs[0].kept["wall"] != runs[1].kept["wall"]


@pytest.mark.parametrize("failing", [0, 1])
@pytest.mark.sampled(2)
def test_the_failure_is_told_and_nobody_waits_for_it(projects, failing):
    broken = projects[failing].folder / "clients/httpx.py"
    broken.write_text("raise RuntimeError('no such client')\n")
    with pytest.raises(MeasurementFailed, match="no such client"):
        run_in_turns("test_clients.py", *projects, size=200, client="httpx")


def test_each_block_is_compared_with_the_one_that_follows():
    ours = Run({"wall": [30.0, 11.0, 12.0], "cpu": [4.0, 1.0, 2.0]}, 0, 0)
    theirs = Run({"wall": [10.0, 10.0, 10.0], "cpu": [8.0, 1.0, 1.0]}, 0, 0)
    assert ratio_of_blocks(ours, theirs) == {"ratio_wall": 1.2, "ratio_cpu": 1.0}
