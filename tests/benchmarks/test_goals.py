"""Whether goals are met, by which clock, and that they can be missed."""

from __future__ import annotations

import pytest

from benchmarks.bench import QUICK, Extent
from benchmarks.goals import Goal, judge
from benchmarks.rows import ROWS, named
from benchmarks.samples import Point, Sample, Samples, value

POINT = Point("row", "", "bill", 10)


def verdict(wall: float, cpu: float, clock: str = "both", **limit: float):
    samples = Samples([Sample(POINT, 0, {"wall": wall, "cpu": cpu})])
    goal = Goal("row", "it", lambda clock: value(POINT, clock), **limit)
    return judge([goal], samples, clock)[0]


def test_at_most_and_at_least():
    assert verdict(1, 1, at_most=1).is_met
    assert not verdict(1.01, 1.01, at_most=1).is_met
    assert verdict(5, 5, at_least=5).is_met
    assert not verdict(4.99, 4.99, at_least=5).is_met


def test_both_clocks_have_to_meet_a_goal_unless_one_was_chosen():
    assert not verdict(0.9, 1.1, at_most=1).is_met
    assert not verdict(1.1, 0.9, at_most=1).is_met
    assert verdict(0.9, 1.1, "wall", at_most=1).is_met
    assert verdict(1.1, 0.9, "cpu", at_most=1).is_met


def test_the_median_is_judged():
    samples = Samples(
        Sample(POINT, turn, {"wall": figure, "cpu": figure})
        for turn, figure in enumerate([0.5, 0.9, 7])
    )
    goal = Goal("row", "it", lambda clock: value(POINT, clock), at_most=1)
    assert judge([goal], samples, "both")[0].is_met


def test_what_was_not_measured_is_missed():
    goal = Goal("row", "it", lambda clock: value(POINT, clock), at_most=1)
    missed = judge([goal], Samples(), "both")[0]
    assert not missed.is_met
    assert missed.missing


@pytest.mark.parametrize("extent", [Extent(), QUICK], ids=["whole", "quick"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_goal_of_a_row_is_of_something_that_the_row_measures(row, extent, workshop):
    """All figures 1, except that each other tool takes 1,000: then all is met; and the reverse."""
    points = [contestant.point for group in row.groups(workshop(extent)) for contestant in group]
    assert len(points) == len(set(points))
    assert row.goals(extent)
    for goal in row.goals(extent):
        assert goal.row == row.name
    verdicts = judge(row.goals(extent), samples_of(points, ours=1, others=1000), "both")
    assert not [verdict.goal.what for verdict in verdicts if verdict.missing]


def samples_of(points: list[Point], ours: float, others: float) -> Samples:
    names = "wall", "cpu", "memory", "lost", "errors", "writing_wall", "writing_cpu"
    names += "ratio_wall", "ratio_cpu", "lists", "longest_wait"
    of_case = {"nothing": 0.5, "plain": 0.5}
    of_tool = {"bill": ours, "bare": 0.5}
    return Samples(
        Sample(
            point,
            0,
            dict.fromkeys(names, of_case.get(point.case, of_tool.get(point.tool, others))),
        )
        for point in points
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_has_a_goal_that_a_slow_tool_misses(row, workshop):
    points = [point.point for group in row.groups(workshop(QUICK)) for point in group]
    slow = judge(row.goals(QUICK), samples_of(points, ours=1000, others=1), "both")
    assert any(not verdict.is_met for verdict in slow)


@pytest.fixture
def workshop(monkeypatch):
    """A bench that makes no project: rows only say what they would measure."""
    from benchmarks.bench import Bench
    from benchmarks.rows import start

    monkeypatch.setattr(start.Start, "measuring", lambda each, bench: dict)
    return Bench


def test_rows_are_named_by_how_they_begin():
    assert [row.name for row in named(["replay"])] == [
        "replay-get",
        "replay-post",
        "replay-repeated",
    ]
    assert named([]) == list(ROWS)
    with pytest.raises(ValueError, match=r"There is no row nothing\. The rows are: replay-get"):
        named(["nothing"])
