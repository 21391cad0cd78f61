"""Medians, spreads and paired ratios of what was measured."""

from __future__ import annotations

import pytest

from benchmarks.samples import (
    Missing,
    Point,
    Sample,
    Samples,
    Spread,
    difference,
    largest,
    ratio,
    total,
    value,
)

OURS, THEIRS = Point("row", "", "bill", 10), Point("row", "", "vcrpy", 10)


def samples(ours: list[float], theirs: list[float]) -> Samples:
    return Samples(
        Sample(point, turn, {"wall": figure})
        for point, figures in ((OURS, ours), (THEIRS, theirs))
        for turn, figure in enumerate(figures)
    )


def test_a_spread_has_the_median_and_the_extremes():
    assert Spread.of([3, 1, 2, 10]) == Spread(2.5, 1, 10, 4)


def test_a_ratio_is_taken_within_a_turn_and_not_of_the_medians():
    measured = samples([1, 10, 2], [2, 5, 8])
    found = measured.spread(ratio(value(OURS, "wall"), value(THEIRS, "wall")))
    assert found == Spread(0.5, 0.25, 2, 3)


def test_a_turn_in_which_one_was_not_measured_does_not_count():
    measured = samples([1, 100, 100], [2])
    assert measured.spread(ratio(value(OURS, "wall"), value(THEIRS, "wall"))).count == 1


def test_a_base_is_taken_away_from_both():
    measured = samples([5], [9])
    measured.add(Sample(Point("row", "", "bare", 10), 0, {"wall": 4}))
    bare = value(Point("row", "", "bare", 10), "wall")
    added = ratio(difference(value(OURS, "wall"), bare), difference(value(THEIRS, "wall"), bare))
    assert measured.spread(added).median == 0.2


def test_a_difference_below_what_can_be_measured_is_no_divisor():
    measured = samples([1], [1])
    nothing = difference(value(THEIRS, "wall"), value(OURS, "wall"))
    with pytest.raises(Missing, match="below what can be measured"):
        measured.spread(ratio(value(OURS, "wall"), nothing))


def test_the_largest_and_the_total_of_several():
    measured = samples([1], [3])
    both = value(OURS, "wall"), value(THEIRS, "wall")
    assert measured.spread(largest(*both)).median == 3
    assert measured.spread(total(*both)).median == 4


def test_what_is_missing_is_said_with_its_reason():
    measured = samples([1], [])
    with pytest.raises(Missing, match="vcrpy was not measured at N = 10"):
        measured.spread(value(THEIRS, "wall"))
    measured.add(Sample(THEIRS, 0, failure="it crashed"))
    with pytest.raises(Missing, match="vcrpy: it crashed"):
        measured.spread(value(THEIRS, "wall"))
