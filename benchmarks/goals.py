"""The goals, and whether what was measured meets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.samples import Computed, Missing, Point, Samples, Spread, ratio, value

Timed = Callable[[str], Computed]
"""Gives what is computed from times of one clock: ``wall`` or ``cpu``."""


@dataclass(frozen=True)
class Goal:
    """One figure that has to be at most, or at least, something.

    ``computed`` is given the clock's name; a figure that is no time ignores it.
    """

    row: str
    what: str
    computed: Timed
    at_most: float | None = None
    at_least: float | None = None
    unit: str = "x"

    @property
    def sign(self) -> str:
        return "\u2264" if self.at_most is not None else "\u2265"

    @property
    def limit(self) -> float:
        limit = self.at_most if self.at_most is not None else self.at_least
        assert limit is not None
        return limit

    def is_met_by(self, figure: float) -> bool:
        if self.at_most is not None:
            return figure <= self.at_most
        return figure >= self.limit


def ratio_of_times(above: Point, below: Point) -> Timed:
    return lambda clock: ratio(value(above, clock), value(below, clock))


@dataclass(frozen=True)
class Verdict:
    """A goal, its figure by each clock (None where it could not be computed), and why not."""

    goal: Goal
    by_clock: dict[str, Spread | None]
    clock: str
    missing: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the medians by the chosen clocks meet the goal; an unmeasured one does not."""
        spreads = [self.by_clock[clock] for clock in CLOCKS[self.clock]]
        return all(each is not None and self.goal.is_met_by(each.median) for each in spreads)


CLOCKS = {"both": ("wall", "cpu"), "wall": ("wall",), "cpu": ("cpu",)}
"""Other programs lengthen what the wall clock shows, and waiting is no CPU time: both count."""


def judge(goals: list[Goal], samples: Samples, clock: str) -> list[Verdict]:
    """Compare each goal's figure, by this clock or by both, with its limit."""
    verdicts = []
    for goal in goals:
        by_clock: dict[str, Spread | None] = {}
        missing = ""
        for each in CLOCKS["both"]:
            try:
                by_clock[each] = samples.spread(goal.computed(each))
            except Missing as why:
                by_clock[each] = None
                missing = str(why)
        verdicts.append(Verdict(goal, by_clock, clock, missing))
    return verdicts
