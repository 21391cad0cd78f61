"""N requests recorded from a server on this machine, then written with all scrubbing on."""

from __future__ import annotations

import shutil

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
from benchmarks.project import MeasurementFailed
from benchmarks.recorded import record, requests_in
from benchmarks.samples import Computed, Point, ratio, total, value

TOOLS = ("bill", "vcrpy", "cassetter")


class Recording:
    """POSTs, which vcrpy finds at once: of distinct GETs its recording grows with N squared.

    Writing is all from the test's end to that of the run: pytest-bill saves what has passed, with
    stand-ins, compares it with what was there, and looks for secrets in it.
    """

    name = "recording"
    title = "Recording N POSTs, and writing them"
    unit = "ms per request, writing apart"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        return [
            [
                self._contestant(bench, tool, size)
                for size in bench.extent.sizes[1:]
                for tool in TOOLS
            ]
        ]

    def _contestant(self, bench: Bench, tool: str, size: int) -> Contestant:
        def measure() -> dict[str, float]:
            project = bench.project(tool)
            # Nothing was recorded before, with any tool.
            shutil.rmtree(project.cassettes, ignore_errors=True)
            run = record(bench, project, kind="post", size=size, threads=0)
            recorded = len(requests_in(project))
            if recorded != size + 1:
                raise MeasurementFailed(f"{recorded} of {size + 1} requests are in the cassette")
            written = {
                f"writing_{clock}": run.kept[f"end_{clock}"][-1] / size for clock in ("wall", "cpu")
            }
            return run.mean_of_requests() | written

        return Contestant(self._point(tool, size), bench.extent.turns, measure)

    def _point(self, tool: str, size: int) -> Point:
        return Point(self.name, "", tool, size)

    def goals(self, extent: Extent) -> list[Goal]:
        def all_of(tool: str, size: int, clock: str) -> Computed:
            point = self._point(tool, size)
            return total(value(point, clock), value(point, f"writing_{clock}"))

        first, last = extent.sizes[1], extent.largest
        compared = extent.sizes[-1]
        return [
            Goal(
                self.name,
                f"growth of recording and writing, N = {last:,} / N = {first:,}",
                lambda clock: ratio(all_of("bill", last, clock), all_of("bill", first, clock)),
                at_most=1.2,
            ),
            Goal(
                self.name,
                f"time of recording and writing / vcrpy's, N = {compared:,}",
                lambda clock: ratio(
                    all_of("bill", compared, clock), all_of("vcrpy", compared, clock)
                ),
                at_most=1.0,
            ),
        ]
