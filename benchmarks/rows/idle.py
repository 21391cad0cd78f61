"""What an installed plugin costs where no test uses it: an empty suite."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
from benchmarks.project import MeasurementFailed, timed
from benchmarks.samples import Point, difference, value

TOOLS = ("bare", "bill", "recording", "cassetter")
NO_TESTS = 5
RUNS = 4


class Idle:
    """The whole process, in a folder with nothing but an empty ini file."""

    name = "idle"
    title = "An empty suite, the plugin idle"
    unit = "ms of the whole run"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        return [
            [
                Contestant(self._point(tool), bench.extent.idle_turns, _empty_suite(bench, tool))
                for tool in TOOLS
            ]
        ]

    def _point(self, tool: str) -> Point:
        return Point(self.name, "", tool, 0)

    def goals(self, extent: Extent) -> list[Goal]:
        return [
            Goal(
                self.name,
                "added by pytest-bill over bare pytest",
                lambda clock: difference(
                    value(self._point("bill"), clock), value(self._point("bare"), clock)
                ),
                at_most=10,
                unit="ms",
            )
        ]


def _empty_suite(bench: Bench, tool: str) -> Callable[[], dict[str, float]]:
    project = bench.project(tool)
    folder = project.folder / "empty"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", *project.options()]
    environment = project.environment(project.plan())

    def once() -> dict[str, float]:
        status, output, wall, cpu = timed(command, folder, environment)
        if status != NO_TESTS:
            raise MeasurementFailed(output[-300:])
        return {"wall": wall, "cpu": cpu}

    def measure() -> dict[str, float]:
        # The least: some milliseconds are looked for, and other programs only ever add.
        runs = [once() for _ in range(RUNS)]
        return {clock: min(run[clock] for run in runs) for clock in ("wall", "cpu")}

    return measure
