"""Opening a large cassette, to the first answer: in a new process, and in another one again."""

from __future__ import annotations

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
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
        size, turns = bench.extent.largest, bench.extent.turns
        group = []
        for tool in TOOLS:
            left: list = []

            def first(tool=tool, left=left) -> dict[str, float]:
                left[:] = [bench.project(tool, "get_10", f"get_{size}")]
                return _opened(left[0], size)

            def again(left=left) -> dict[str, float]:
                return _opened(left[0], size)

            def nothing(tool=tool) -> dict[str, float]:
                return _opened(bench.project(tool, "get_10"), 10)

            for case, measure in (("first", first), ("again", again), ("nothing", nothing)):
                group.append(Contestant(self._point(case, tool, size), turns, measure))
        return [group]

    def _point(self, case: str, tool: str, size: int) -> Point:
        return Point(self.name, case, tool, size)

    def goals(self, extent: Extent) -> list[Goal]:
        size = extent.largest

        def time_of(case: str, tool: str, clock: str) -> Computed:
            return value(self._point(case, tool, size), clock)

        def memory_of(case: str, tool: str) -> Computed:
            opened, nothing = self._point(case, tool, size), self._point("nothing", tool, size)
            return difference(value(opened, "memory"), value(nothing, "memory"))

        shown = f"N = {size:,}"
        goals = [
            Goal(
                self.name,
                f"first time: time of pytest-bill / vcrpy, {shown}",
                lambda clock: ratio(
                    time_of("first", "bill", clock), time_of("first", "vcrpy", clock)
                ),
                at_most=0.6,
            ),
            Goal(
                self.name,
                f"again, unchanged: times faster than vcrpy, {shown}",
                lambda clock: ratio(
                    time_of("again", "vcrpy", clock), time_of("again", "bill", clock)
                ),
                at_least=5,
            ),
        ]
        for case, title in (("first", "first time"), ("again", "again, unchanged")):
            goals.append(
                Goal(
                    self.name,
                    f"{title}: times faster than cassetter, {shown}",
                    lambda clock, case=case: ratio(
                        time_of(case, "cassetter", clock), time_of(case, "bill", clock)
                    ),
                    at_least=1.0,
                )
            )
            goals.append(
                Goal(
                    self.name,
                    f"{title}: peak memory of pytest-bill / vcrpy, {shown}",
                    lambda _, case=case: ratio(memory_of(case, "bill"), memory_of(case, "vcrpy")),
                    at_most=0.5,
                )
            )
        return goals


def _opened(project, size: int) -> dict[str, float]:
    run = project.run("test_opening.py", project.plan(size=size))
    return run.last("wall", "cpu", "memory")
