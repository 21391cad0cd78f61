"""The local sandbox: its import, the first fixture, its requests, and how many at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial

from benchmarks.answering import CREDENTIALS
from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.beside_bare import CASES
from benchmarks.goals import Goal
from benchmarks.peers import ROOT
from benchmarks.project import MeasurementFailed, timed
from benchmarks.samples import Point, difference, value
from benchmarks.together import contestants

WORKERS = 8
IMPORTS = {"bare": "pass", "bill": "import pytest_bill.sandbox.serving"}
RUNS = 4


class SandboxStart:
    """What a person waits for before the first request: `import` is all that serving imports."""

    name = "sandbox-start"
    title = "The local sandbox starts"
    unit = "ms"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        turns = bench.extent.idle_turns
        return [
            [
                Contestant(self._point("import", tool), turns, partial(_import, bench, code))
                for tool, code in IMPORTS.items()
            ],
            [
                Contestant(self._point(case, "bill"), turns, partial(_first_fixture, bench, case))
                for case in ("running", "local")
            ],
        ]

    def _point(self, case: str, tool: str) -> Point:
        return Point(self.name, case, tool, 0)

    def goals(self, extent: Extent) -> list[Goal]:
        def more(of: Point, base: Point, clock: str):
            return difference(value(of, clock), value(base, clock))

        imported = self._point("import", "bill"), self._point("import", "bare")
        fixture = self._point("local", "bill"), self._point("running", "bill")
        return [
            Goal(self.name, "its own import", partial(more, *imported), at_most=150, unit="ms"),
            Goal(
                self.name,
                "first fixture and list, over a server that runs already",
                partial(more, *fixture),
                at_most=250,
                unit="ms",
            ),
        ]


class SandboxRequests:
    """By requests, over a connection that stays; both servers are threads of the same process."""

    name = "sandbox-requests"
    title = "The local sandbox beside a bare route of its server that writes the same JSON"
    unit = "ms per request"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        points = [self._point(case, tool) for case in CASES for tool in ("bill", "bare")]

        def measure() -> dict[Point, dict[str, float]]:
            figures = json.loads(_printed("benchmarks.beside_bare"))
            return {point: figures[f"{point.case} {point.tool}"] for point in points}

        return [contestants(bench.extent.turns, points, measure)]

    def _point(self, case: str, tool: str) -> Point:
        return Point(self.name, case, tool, 0)

    def goals(self, extent: Extent) -> list[Goal]:
        def of_blocks(case: str, clock: str):
            return value(self._point(case, "bill"), f"ratio_{clock}")

        return [
            Goal(self.name, f"one {case} / the bare route", partial(of_blocks, case), at_most=1.3)
            for case in CASES
        ]


class SandboxLoad:
    """A sandbox in a process of its own, asked by others."""

    name = "sandbox-load"
    title = f"The local sandbox under load: lists of 20, and {WORKERS} who record"
    unit = "lists a second; ms"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        measured: dict[str, Callable[[str], float]] = {"lists": _lists, "longest wait": _wait}
        return [
            [
                Contestant(
                    self._point(case),
                    bench.extent.turns,
                    lambda ask=ask, case=case: {case.replace(" ", "_"): ask(bench.local_sandbox)},
                )
            ]
            for case, ask in measured.items()
        ]

    def _point(self, case: str) -> Point:
        return Point(self.name, case, "bill", 0)

    def goals(self, extent: Extent) -> list[Goal]:
        lists = value(self._point("lists"), "lists")
        wait = value(self._point("longest wait"), "longest_wait")
        return [
            Goal(self.name, "lists of 20 a second", lambda _: lists, at_least=3_000, unit=""),
            Goal(
                self.name,
                f"longest wait of {WORKERS} workers at once",
                lambda _: wait,
                at_most=50,
                unit="ms",
            ),
        ]


def _import(bench: Bench, code: str) -> dict[str, float]:
    project = bench.project("bill")
    environment = project.environment(project.plan())
    runs = []
    for _ in range(RUNS + 1):
        command = [sys.executable, "-c", code]
        status, output, wall, cpu = timed(command, project.folder, environment)
        if status != 0:
            raise MeasurementFailed(output[-300:])
        runs.append({"wall": wall, "cpu": cpu})
    # The first writes byte code where there is none; of the others the least, as in `idle`.
    return {clock: min(run[clock] for run in runs[1:]) for clock in ("wall", "cpu")}


def _first_fixture(bench: Bench, case: str) -> dict[str, float]:
    project = bench.project("bill")
    options = ("--bill-record-mode=all", "--bill-no-prove")
    variables = CREDENTIALS | {"BILL_BASE_URL": bench.local_sandbox}
    if case == "local":
        options, variables = (*options, "--bill-environment=local"), {}
    run = project.run("test_first_fixture.py", project.plan(), *options, variables=variables)
    return run.last("wall", "cpu")


def _lists(origin: str) -> float:
    return float(_printed("benchmarks.asking_sandbox", "lists", origin))


def _wait(origin: str) -> float:
    command = [sys.executable, "-m", "benchmarks.asking_sandbox", "waits", origin]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    told = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise MeasurementFailed("a worker was refused an answer")
    return max(map(float, told))


def _printed(module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MeasurementFailed(done.stderr[-300:])
    return done.stdout
