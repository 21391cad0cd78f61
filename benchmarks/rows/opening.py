"""Opening a large cassette, to the first answer: in a new process, and in another one again."""

from __future__ import annotations

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal, ratio_of_times
from benchmarks.project import Project
from benchmarks.samples import Computed, Point, difference, ratio, value

TOOLS = ("bill", "vcrpy", "recording", "cassetter")


class Opening:
    """``first``: nothing of an earlier run is there. ``again``: after a run, nothing changed.

    The memory of a case ``nothing`` is that of the same process with a cassette of 10.
    """

    name = "opening"
    title = "Opening a cassette of N, to the first answer"
    unit = "ms in all"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        return [[each for tool in TOOLS for each in self._contestants(bench, tool)]]

    def _contestants(self, bench: Bench, tool: str) -> list[Contestant]:
        size, turns = bench.extent.largest, bench.extent.turns
        left: list[Project] = []

        def first() -> dict[str, float]:
            left[:] = [bench.project(tool, "get_10", f"get_{size}")]
            return _opened(left[0], size)

        measures = {
            "first": first,
            "again": lambda: _opened(left[0], size),
            "nothing": lambda: _opened(bench.project(tool, "get_10"), 10),
        }
        return [
            Contestant(self._point(case, tool, size), turns, measure)
            for case, measure in measures.items()
        ]

    def _point(self, case: str, tool: str, size: int) -> Point:
        return Point(self.name, case, tool, size)

    def goals(self, extent: Extent) -> list[Goal]:
        size = extent.largest

        def at(case: str, tool: str) -> Point:
            return self._point(case, tool, size)

        def memory(case: str, tool: str) -> Computed:
            opened, nothing = at(case, tool), at("nothing", tool)
            return difference(value(opened, "memory"), value(nothing, "memory"))

        def goals_of(case: str, shown: str) -> list[Goal]:
            memories = ratio(memory(case, "bill"), memory(case, "vcrpy"))
            return [
                Goal(
                    self.name,
                    f"{shown}: times faster than cassetter, N = {size:,}",
                    ratio_of_times(at(case, "cassetter"), at(case, "bill")),
                    at_least=1.0,
                ),
                Goal(
                    self.name,
                    f"{shown}: peak memory of pytest-bill / vcrpy, N = {size:,}",
                    lambda _: memories,
                    at_most=0.5,
                ),
            ]

        first = Goal(
            self.name,
            f"first time: time of pytest-bill / vcrpy, N = {size:,}",
            ratio_of_times(at("first", "bill"), at("first", "vcrpy")),
            at_most=0.6,
        )
        again = Goal(
            self.name,
            f"again, unchanged: times faster than vcrpy, N = {size:,}",
            ratio_of_times(at("again", "vcrpy"), at("again", "bill")),
            at_least=5,
        )
        others = [
            goal
            for case, shown in (("first", "first time"), ("again", "again, unchanged"))
            for goal in goals_of(case, shown)
        ]
        return [first, again, *others]


def _opened(project: Project, size: int) -> dict[str, float]:
    run = project.run("test_opening.py", project.plan(size=size))
    return run.last("wall", "cpu", "memory")
