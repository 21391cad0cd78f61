"""A suite of many tests, each with a small cassette of its own: the whole pytest run."""

from __future__ import annotations

from functools import partial

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
from benchmarks.project import Project
from benchmarks.samples import Computed, Point, difference, ratio, value

REQUESTS = 5
TOOLS = ("bare", "bill", "recording", "cassetter")


class ManyTests:
    """``first``: a fresh checkout. ``again``: the suite once more. N is the number of tests.

    Only pytest-bill may leave something for the second run; the others run once for both.
    """

    name = "many-tests"
    title = f"N tests with a cassette of {REQUESTS} interactions each"
    unit = "ms per test"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        return [[each for tool in TOOLS for each in self._contestants(bench, tool)]]

    def _contestants(self, bench: Bench, tool: str) -> list[Contestant]:
        tests, turns = bench.extent.tests, bench.extent.turns
        left: list[Project] = []

        def first() -> dict[str, float]:
            left[:] = [bench.project(tool)]
            if tool != "bare":
                bench.shelf.put_many(tests, REQUESTS, left[0].cassettes / "test_many")
            return _ran(left[0], tests)

        contestants = [Contestant(self._point("first", tool, tests), turns, first)]
        if tool == "bill":
            again = self._point("again", tool, tests)
            contestants.append(Contestant(again, turns, lambda: _ran(left[0], tests)))
        return contestants

    def _point(self, case: str, tool: str, tests: int) -> Point:
        return Point(self.name, case, tool, tests)

    def goals(self, extent: Extent) -> list[Goal]:
        tests = extent.tests

        def added(case: str, tool: str, clock: str) -> Computed:
            bare = value(self._point("first", "bare", tests), clock)
            return difference(value(self._point(case, tool, tests), clock), bare)

        def over_recording(case: str, clock: str) -> Computed:
            return ratio(added(case, "bill", clock), added("first", "recording", clock))

        return [
            Goal(
                self.name,
                f"{title}: added time of pytest-bill / pytest-recording, {tests:,} tests",
                partial(over_recording, case),
                at_most=0.2,
            )
            for case, title in (("first", "fresh checkout"), ("again", "again, unchanged"))
        ]


def _ran(project: Project, tests: int) -> dict[str, float]:
    run = project.run("test_many.py", project.plan(size=REQUESTS, tests=tests))
    return {"wall": run.wall / tests, "cpu": run.cpu / tests}
