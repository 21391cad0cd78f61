"""What was measured, and what follows from it: medians, spreads, paired ratios, growth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from statistics import median

SHOWN = {
    "bill": "pytest-bill",
    "floor": "requests in memory",
    "canned": "canned transport",
    "vcrpy": "vcrpy",
    "recording": "pytest-recording",
    "cassetter": "cassetter",
    "responses": "responses",
    "bare": "bare pytest",
    "detect-secrets": "detect-secrets",
    "grep": "grep",
}
"""The tools, and their names for people."""


@dataclass(frozen=True)
class Point:
    """What one measurement is of: a row, a case of it, a tool, and N."""

    row: str
    case: str
    tool: str
    size: int


@dataclass(frozen=True)
class Sample:
    """One measurement: the ``turn`` of alternation it belongs to, and its figures by name.

    ``wall`` and ``cpu`` are milliseconds (of a request, of a test or of a whole run, as the row
    says), ``memory`` is MiB, ``lost`` and ``errors`` are counts. ``failure`` says why there are
    none.
    """

    point: Point
    turn: int
    figures: dict[str, float] = field(default_factory=dict)
    failure: str = ""


class Missing(Exception):
    """A figure that a computation needs was not measured."""


@dataclass(frozen=True)
class Spread:
    """The median of one figure over the turns, its extremes, and over how many turns."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        values = sorted(values)
        return cls(median(values), values[0], values[-1], len(values))


class Samples:
    """All samples of a run."""

    def __init__(self, samples: Iterable[Sample] = ()) -> None:
        self._by_key: dict[tuple[Point, int], Sample] = {}
        for sample in samples:
            self.add(sample)

    def add(self, sample: Sample) -> None:
        self._by_key[sample.point, sample.turn] = sample

    def __iter__(self):
        return iter(self._by_key.values())

    @property
    def points(self) -> list[Point]:
        """Everything that was measured, in order."""
        return list(dict.fromkeys(sample.point for sample in self))

    @property
    def turns(self) -> list[int]:
        return sorted({sample.turn for sample in self})

    def figure(self, turn: int, point: Point, name: str) -> float:
        """One measured figure.

        Raises:
            Missing: there is none; the message says why.
        """
        sample = self._by_key.get((point, turn))
        if sample is None:
            raise Missing(f"{point.tool} was not measured at N = {point.size:,}")
        if name not in sample.figures:
            raise Missing(f"{point.tool}: {sample.failure or f'no {name}'}")
        return sample.figures[name]

    def spread(self, computed: Computed) -> Spread:
        """A computed figure over all turns in which it can be computed.

        Raises:
            Missing: in none.
        """
        values: list[float] = []
        missing: list[Missing] = []
        for turn in self.turns:
            try:
                values.append(computed(partial(self.figure, turn)))
            except Missing as why:
                missing.append(why)
        if not values:
            # The first turn knows best: what failed there was not tried again.
            raise missing[0] if missing else Missing("nothing was measured")
        return Spread.of(values)


Figure = Callable[[Point, str], float]
"""Gives one turn's figure of a point, by name."""
Computed = Callable[[Figure], float]
"""Computes something from the figures of one turn."""


def value(point: Point, name: str) -> Computed:
    return lambda figure: figure(point, name)


def ratio(above: Computed, below: Computed) -> Computed:
    """Within one turn, so that what slows the machine down slows both."""

    def computed(figure: Figure) -> float:
        divisor = below(figure)
        if divisor <= 0:
            raise Missing("nothing to compare with: the difference is below what can be measured")
        return above(figure) / divisor

    return computed


def difference(of: Computed, base: Computed) -> Computed:
    return lambda figure: of(figure) - base(figure)


def largest(*several: Computed) -> Computed:
    return lambda figure: max(each(figure) for each in several)


def total(*several: Computed) -> Computed:
    return lambda figure: sum(each(figure) for each in several)
