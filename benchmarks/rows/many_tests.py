"""A suite of many tests, each with a small cassette of its own: the whole pytest run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal, Timed
from benchmarks.project import Project
from benchmarks.samples import SHOWN, Computed, Point, difference, ratio, value

REQUESTS = 5
WITHOUT_FILES = ("bare", "responses")


class ManyTests:
    """``first``: a fresh checkout. ``again``: the suite once more. N is the number of tests.

    Only pytest-bill may leave something for the second run; the others run once for both. What is
    judged is the time that is added to bare pytest's.
    """

    name = "many-tests"
    title = f"N tests with a cassette of {REQUESTS} interactions each"
    unit = "ms per test"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        extent = bench.extent
        many = ("bare", "bill", "recording", "responses")
        growing = [self._group(bench, ("bare", "bill"), tests) for tests in extent.suites]
        few = self._group(bench, ("bare", "bill", "cassetter"), extent.few_tests)
        return [self._group(bench, many, extent.tests), few, [*growing[0], *growing[1]]]

    def _group(self, bench: Bench, tools: Sequence[str], tests: int) -> list[Contestant]:
        return [each for tool in tools for each in self._contestants(bench, tool, tests)]

    def _contestants(self, bench: Bench, tool: str, tests: int) -> list[Contestant]:
        turns = bench.extent.turns
        left: list[Project] = []

        def first() -> dict[str, float]:
            left[:] = [bench.project(tool)]
            if tool not in WITHOUT_FILES:
                bench.shelf.put_many(tests, REQUESTS, left[0].cassettes / "test_many")
            return _ran(left[0], tests)

        contestants = [Contestant(_point("first", tool, tests), turns, first)]
        if tool == "bill":
            again = _point("again", tool, tests)
            contestants.append(Contestant(again, turns, lambda: _ran(left[0], tests)))
        return contestants

    def goals(self, extent: Extent) -> list[Goal]:
        tests, few, (small, large) = extent.tests, extent.few_tests, extent.suites
        return [
            _goal("fresh checkout", partial(_over, "recording", "first", tests), tests, 0.25),
            _goal("again, unchanged", partial(_over, "recording", "again", tests), tests, 0.2),
            _goal("again, unchanged", partial(_over, "responses", "again", tests), tests, 1.0),
            _goal("again, unchanged", partial(_over, "cassetter", "again", few), few, 0.7),
            Goal(
                self.name,
                f"again: time added to a test, {large:,} tests / {small:,}",
                lambda clock: ratio(_of(large, clock), _of(small, clock)),
                at_most=1.05,
            ),
            Goal(
                self.name,
                f"again: memory added, {large:,} tests less {small:,}",
                lambda _: difference(_of(large, "memory"), _of(small, "memory")),
                at_most=10,
                unit="MiB",
            ),
        ]


def _goal(case: str, computed: partial[Computed], tests: int, at_most: float) -> Goal:
    tool = SHOWN[computed.args[0]]
    what = f"{case}: added time of pytest-bill / {tool}, {tests:,} tests"
    timed: Timed = computed
    return Goal(ManyTests.name, what, timed, at_most=at_most)


def _over(tool: str, case: str, tests: int, clock: str) -> Computed:
    return ratio(
        added_to_a_test(case, "bill", tests, clock), added_to_a_test("first", tool, tests, clock)
    )


def _of(tests: int, figure: str) -> Computed:
    return added_to_a_test("again", "bill", tests, figure)


def added_to_a_test(case: str, tool: str, tests: int, figure: str) -> Computed:
    """What it adds to a bare pytest's ``figure`` of each of so many tests."""
    bare = value(_point("first", "bare", tests), figure)
    return difference(value(_point(case, tool, tests), figure), bare)


def _point(case: str, tool: str, tests: int) -> Point:
    return Point(ManyTests.name, case, tool, tests)


def _ran(project: Project, tests: int) -> dict[str, float]:
    run = project.run("test_many.py", project.plan(size=REQUESTS, tests=tests))
    figures = {"wall": run.wall / tests, "cpu": run.cpu / tests}
    return figures | {"memory": run.kept["peak_memory"][-1]}
