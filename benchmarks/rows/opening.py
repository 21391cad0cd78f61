"""Opening a large cassette, to the first answer: in a new process, and in another one again."""

from __future__ import annotations

from functools import partial

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.cassettes import MOST_FOR_CASSETTER
from benchmarks.goals import Goal, ratio_of_times
from benchmarks.project import Project
from benchmarks.samples import Computed, Point, difference, ratio, value

TOOLS = ("bill", "vcrpy", "cassetter")
SHOWN = {"first": "first time", "again": "again, unchanged"}
LARGE = 20_000
"""Opened by pytest-bill alone: what others need for that is seen at smaller sizes."""


class Opening:
    """``first``: nothing of an earlier run is there. ``again``: after a run, nothing changed.

    vcrpy leaves nothing behind, so it is opened once for both. The memory of a case ``nothing`` is
    that of the same process with a cassette of 10.
    """

    name = "opening"
    title = "Opening a cassette of N, to the first answer"
    unit = "ms in all"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        return [
            [each for tool in TOOLS for each in self._contestants(bench, tool, size)]
            for size in _sizes(bench.extent)
        ] + [self._contestants(bench, "bill", LARGE)]

    def _contestants(self, bench: Bench, tool: str, size: int) -> list[Contestant]:
        turns = bench.extent.turns
        left: list[Project] = []

        def first() -> dict[str, float]:
            left[:] = [bench.project(tool, "get_10", f"get_{size}")]
            return _opened(left[0], size)

        measures = {
            "first": first,
            "again": lambda: _opened(left[0], size),
            "nothing": lambda: _opened(bench.project(tool, "get_10"), 10),
        }
        if tool == "vcrpy":
            del measures["again"]
        return [
            Contestant(self._point(case, tool, size), turns, measure)
            for case, measure in measures.items()
        ]

    def _point(self, case: str, tool: str, size: int) -> Point:
        return Point(self.name, case, tool, size)

    def goals(self, extent: Extent) -> list[Goal]:
        return [
            *(goal for size in _sizes(extent) for goal in self._over_cassetter(size)),
            *self._over_vcrpy(extent.largest),
            Goal(
                self.name,
                f"{SHOWN['again']}, N = {LARGE:,}",
                partial(value, self._point("again", "bill", LARGE)),
                at_most=100,
                unit="ms",
            ),
        ]

    def _over_cassetter(self, size: int) -> list[Goal]:
        return [
            Goal(
                self.name,
                f"{shown}: times faster than cassetter, N = {size:,}",
                ratio_of_times(
                    self._point(case, "cassetter", size), self._point(case, "bill", size)
                ),
                at_least=1.0,
            )
            for case, shown in SHOWN.items()
        ]

    def _over_vcrpy(self, size: int) -> list[Goal]:
        def at(case: str, tool: str) -> Point:
            return self._point(case, tool, size)

        def memory(case: str, tool: str) -> Computed:
            opened, nothing = at(case, tool), at("nothing", tool)
            return difference(value(opened, "memory"), value(nothing, "memory"))

        def over_vcrpy(case: str, _: str) -> Computed:
            return ratio(memory(case, "bill"), memory("first", "vcrpy"))

        memories = [
            Goal(
                self.name,
                f"{shown}: peak memory of pytest-bill / vcrpy, N = {size:,}",
                partial(over_vcrpy, case),
                at_most=0.5,
            )
            for case, shown in SHOWN.items()
        ]
        first = Goal(
            self.name,
            f"{SHOWN['first']}: time of pytest-bill / vcrpy, N = {size:,}",
            ratio_of_times(at("first", "bill"), at("first", "vcrpy")),
            at_most=0.6,
        )
        again = Goal(
            self.name,
            f"{SHOWN['again']}: times faster than vcrpy, N = {size:,}",
            ratio_of_times(at("first", "vcrpy"), at("again", "bill")),
            at_least=5,
        )
        return [first, again, *memories]


def _sizes(extent: Extent) -> list[int]:
    """Where cassetter reads the same file as all, and the largest."""
    return sorted({min(MOST_FOR_CASSETTER, extent.largest), extent.largest})


def _opened(project: Project, size: int) -> dict[str, float]:
    run = project.run("test_opening.py", project.plan(size=size))
    return run.last("wall", "cpu", "memory")
