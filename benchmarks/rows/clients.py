"""Another HTTP client of the code under test, answered from the cassette."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.bench import SHORTEST, SLOW_ASKED, Bench, Contestant, Extent
from benchmarks.goals import Goal, ratio_of_times
from benchmarks.samples import Point

FAST = ("bill", "cassetter")
SLOW = ("vcrpy",)


@dataclass(frozen=True)
class Clients:
    """One client: ``httpx`` or ``urllib3``."""

    client: str
    unit: str = "ms per request"

    @property
    def name(self) -> str:
        return f"client-{self.client}"

    @property
    def title(self) -> str:
        return f"Replay through {self.client}: N distinct GETs"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        extent = bench.extent
        return [
            [
                self._contestant(bench, tool, size)
                for size in extent.sizes
                for tool in FAST + SLOW
                if tool in FAST or size in extent.slow_sizes
            ]
        ]

    def _contestant(self, bench: Bench, tool: str, size: int) -> Contestant:
        def measure() -> dict[str, float]:
            project = bench.project(tool, "get_10", f"get_{size}")
            plan = project.plan(
                size=size,
                asked=SLOW_ASKED if tool in SLOW else 0,
                rounds=max(1, SHORTEST // size),
                client=self.client,
            )
            return project.run("test_clients.py", plan).mean_of_requests()

        return Contestant(self._point(tool, size), bench.extent.turns, measure)

    def _point(self, tool: str, size: int) -> Point:
        return Point(self.name, "", tool, size)

    def goals(self, extent: Extent) -> list[Goal]:
        at = self._point
        first, last, compared = extent.sizes[0], extent.largest, extent.compared
        return [
            Goal(
                self.name,
                f"times faster than vcrpy, N = {compared:,}",
                ratio_of_times(at("vcrpy", compared), at("bill", compared)),
                at_least=5,
            ),
            Goal(
                self.name,
                f"growth of pytest-bill, N = {last:,} / N = {first:,}",
                ratio_of_times(at("bill", last), at("bill", first)),
                at_most=1.2,
            ),
        ]
