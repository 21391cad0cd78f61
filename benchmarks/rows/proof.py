"""A suite recorded from the local sandbox, plainly and proven: the whole pytest run."""

from __future__ import annotations

import shutil

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
from benchmarks.project import MeasurementFailed
from benchmarks.samples import Computed, Point, ratio, value

REQUESTS = 5
CASES = {"plain": ("--bill-no-prove",), "proven": ()}


class Proof:
    """N is the number of tests, each of which lists, gets and creates."""

    name = "proof"
    title = f"N tests of {REQUESTS} requests recorded from the local sandbox"
    unit = "ms per test"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        return [[self._contestant(bench, case) for case in CASES]]

    def _contestant(self, bench: Bench, case: str) -> Contestant:
        tests = bench.extent.tests

        def measure() -> dict[str, float]:
            project = bench.project("bill")
            shutil.rmtree(project.cassettes)
            options = ("--bill-environment=local", "--bill-record-mode=all", *CASES[case])
            run = project.run("test_proof.py", project.plan(size=REQUESTS, tests=tests), *options)
            written = len(list(project.cassettes.glob("test_proof/*.yaml")))
            if written != tests:
                raise MeasurementFailed(f"{written} of {tests} cassettes were written")
            return {"wall": run.wall / tests, "cpu": run.cpu / tests}

        return Contestant(self._point(case, tests), bench.extent.turns, measure)

    def _point(self, case: str, tests: int) -> Point:
        return Point(self.name, case, "bill", tests)

    def goals(self, extent: Extent) -> list[Goal]:
        def over_plain(clock: str) -> Computed:
            plain, proven = (self._point(case, extent.tests) for case in CASES)
            return ratio(value(proven, clock), value(plain, clock))

        title = f"recording with its proof / without, {extent.tests:,} tests"
        return [Goal(self.name, title, over_plain, at_most=2.2)]
