"""Eight threads share one session: nothing may be lost, and it may not be slower than one."""

from __future__ import annotations

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
from benchmarks.recorded import record, requests_in
from benchmarks.samples import SHOWN, Point, ratio, total, value

SIZE = 400
ROUNDS = 5
THREADS = 8
CASES = {
    "replay": "replaying distinct GETs",
    "repeated": "replaying one GET in order",
    "record": "recording distinct GETs",
}
TOOLS = ("bill", "floor", "vcrpy", "cassetter")
AS_IN_MEMORY = 1.05
"""So much more than `requests` in memory may lose to its threads; it has nothing to share."""


class Threads:
    """N = the number of threads."""

    name = "threads"
    title = f"{THREADS} threads sharing one session, {SIZE} requests"
    unit = "ms per request"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        return [
            [
                self._contestant(bench, case, tool, threads)
                for tool in TOOLS
                if tool != "floor" or case != "record"  # it records nothing
                for threads in (1, THREADS)
            ]
            for case in CASES
        ]

    def _contestant(self, bench: Bench, case: str, tool: str, threads: int) -> Contestant:
        measure = _recorded if case == "record" else _replayed
        return Contestant(
            self._point(case, tool, threads),
            bench.extent.turns,
            lambda: measure(bench, case, tool, threads),
        )

    def _point(self, case: str, tool: str, threads: int) -> Point:
        return Point(self.name, case, tool, threads)

    def goals(self, extent: Extent) -> list[Goal]:
        return [goal for case, shown in CASES.items() for goal in self._goals_of(case, shown)]

    def _goals_of(self, case: str, shown: str) -> list[Goal]:
        many, one = self._point(case, "bill", THREADS), self._point(case, "bill", 1)
        lost = total(value(many, "lost"), value(many, "errors"))
        # Waiting for a server is no CPU time, and working in parallel is: by the wall clock alone.
        slower = ratio(value(many, "wall"), value(one, "wall"))
        floor = [self._point(case, "floor", threads) for threads in (THREADS, 1)]
        over_floor = ratio(slower, ratio(*(value(each, "wall") for each in floor)))
        beside = Goal(
            self.name,
            f"the same / that of {SHOWN['floor']}, {shown}",
            lambda _: over_floor,
            at_most=AS_IN_MEMORY,
        )
        return [
            Goal(self.name, f"lost or failed, {shown}", lambda _: lost, at_most=0, unit=""),
            Goal(
                self.name,
                f"time of {THREADS} threads / one thread, {shown}",
                lambda _: slower,
                at_most=1.0,
            ),
            *([beside] if case != "record" else []),
        ]


def _replayed(bench: Bench, case: str, tool: str, threads: int) -> dict[str, float]:
    kind = "repeated" if case == "repeated" else "get"
    project = bench.project(tool, f"{kind}_{SIZE}")
    plan = project.plan(kind=kind, size=SIZE, rounds=ROUNDS, threads=threads)
    run = project.run("test_threads.py", plan)
    counts = {name: sum(run.kept[name]) for name in ("lost", "errors")}
    return run.mean_of_requests() | counts


def _recorded(bench: Bench, case: str, tool: str, threads: int) -> dict[str, float]:
    project = bench.project(tool)
    run = record(bench, project, kind="get", size=SIZE, threads=threads)
    lost = SIZE + 1 - len(set(requests_in(project)))
    return run.mean_of_requests() | {"errors": run.kept["errors"][-1], "lost": lost}
