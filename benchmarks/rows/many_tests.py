"""A suite of many tests, each with a small cassette of its own: the whole pytest run."""

from __future__ import annotations

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
from benchmarks.samples import Computed, Point, difference, ratio, value

REQUESTS = 5
TOOLS = ("bare", "bill", "recording", "cassetter")


class ManyTests:
    """``first``: a fresh checkout. ``again``: the suite once more. N is the number of tests."""

    name = "many-tests"
    title = f"N tests with a cassette of {REQUESTS} interactions each"
    unit = "ms per test"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        tests, turns = bench.extent.tests, bench.extent.turns
        group = []
        for tool in TOOLS:
            left: list = []

            def first(tool=tool, left=left) -> dict[str, float]:
                left[:] = [bench.project(tool)]
                if tool != "bare":
                    folder = left[0].cassettes / "test_many"
                    bench.shelf.put_many(tests, REQUESTS, tool, folder)
                return _ran(left[0], tests)

            def again(left=left) -> dict[str, float]:
                return _ran(left[0], tests)

            for case, measure in (("first", first), ("again", again)):
                group.append(Contestant(self._point(case, tool, tests), turns, measure))
        return [group]

    def _point(self, case: str, tool: str, tests: int) -> Point:
        return Point(self.name, case, tool, tests)

    def goals(self, extent: Extent) -> list[Goal]:
        tests = extent.tests

        def added(case: str, tool: str, clock: str) -> Computed:
            bare = value(self._point(case, "bare", tests), clock)
            return difference(value(self._point(case, tool, tests), clock), bare)

        return [
            Goal(
                self.name,
                f"{title}: added time of pytest-bill / pytest-recording, {tests:,} tests",
                lambda clock, case=case: ratio(
                    added(case, "bill", clock), added(case, "recording", clock)
                ),
                at_most=0.2,
            )
            for case, title in (("first", "fresh checkout"), ("again", "again, unchanged"))
        ]


def _ran(project, tests: int) -> dict[str, float]:
    run = project.run("test_many.py", project.plan(size=REQUESTS, tests=tests))
    return {"wall": run.wall / tests, "cpu": run.cpu / tests}
