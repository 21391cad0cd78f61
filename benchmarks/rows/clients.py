"""Another HTTP client of the code under test, answered from the cassette."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from benchmarks.bench import SHORTEST, SLOW_ASKED, Bench, Contestant, Extent
from benchmarks.goals import Goal, ratio_of_times
from benchmarks.project import Project
from benchmarks.samples import SHOWN, Point
from benchmarks.together import Measured, contestants, run_in_turns

FAST = ("bill", "cassetter")
SLOW = ("vcrpy",)
SHORTEST_BESIDE_CANNED = 5_000
"""Where a goal is that one takes no longer than the other, so many requests make a measurement."""
ASKS_LOOPBACK = ("urllib3", "http.client")
"""Those without a canned transport of their own ask a server of ready answers."""


@dataclass(frozen=True)
class Clients:
    """One client, by its module in ``measured/clients``, beside the same one with ready answers."""

    client: str
    canned: str
    is_compared: bool = False
    """Whether other tools replay the same."""
    unit: str = "ms per request"

    @property
    def name(self) -> str:
        return f"client-{self.client}"

    @property
    def title(self) -> str:
        return f"Replay through {self.client}: N distinct GETs; canned: {self.canned}"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        return [
            [
                contestant
                for size in bench.extent.sizes
                for contestant in self._contestants(bench, size)
            ]
        ]

    def _contestants(self, bench: Bench, size: int) -> list[Contestant]:
        extent = bench.extent
        tools = (*FAST, *(SLOW if size in extent.slow_sizes else ())) if self.is_compared else ()
        if size not in _beside_canned(extent):
            return [self._alone(bench, tool, size) for tool in tools or ("bill",)]
        points = self._point("bill", size), self._point("canned", size)
        return [
            *contestants(extent.turns, points, partial(self._beside_canned, bench, size)),
            *(self._alone(bench, tool, size) for tool in tools if tool != "bill"),
        ]

    def _beside_canned(self, bench: Bench, size: int) -> Measured:
        projects = [self._project(bench, tool, size) for tool in ("bill", "canned")]
        runs = run_in_turns(
            "test_clients.py",
            *projects,
            size=size,
            rounds=max(1, SHORTEST_BESIDE_CANNED // size),
            client=self.client,
            origin=bench.loopback if self.client in ASKS_LOOPBACK else "",
        )
        return {
            self._point(project.tool, size): run.mean_of_requests()
            for project, run in zip(projects, runs, strict=True)
        }

    def _alone(self, bench: Bench, tool: str, size: int) -> Contestant:
        def measure() -> dict[str, float]:
            project = self._project(bench, tool, size)
            plan = project.plan(
                size=size,
                asked=SLOW_ASKED if tool in SLOW else 0,
                rounds=max(1, SHORTEST // size),
                client=self.client,
            )
            return project.run("test_clients.py", plan).mean_of_requests()

        return Contestant(self._point(tool, size), bench.extent.turns, measure)

    def _project(self, bench: Bench, tool: str, size: int) -> Project:
        return bench.project(tool, "get_10", f"get_{size}")

    def _point(self, tool: str, size: int) -> Point:
        return Point(self.name, "", tool, size)

    def goals(self, extent: Extent) -> list[Goal]:
        at = self._point
        first, last, compared = extent.sizes[0], extent.largest, extent.compared
        over_canned = [
            Goal(
                self.name,
                f"time of pytest-bill / {SHOWN['canned']}, N = {size:,}",
                ratio_of_times(at("bill", size), at("canned", size)),
                at_most=1.0,
            )
            for size in _beside_canned(extent)
        ]
        growth = Goal(
            self.name,
            f"growth of pytest-bill, N = {last:,} / N = {first:,}",
            ratio_of_times(at("bill", last), at("bill", first)),
            at_most=1.2,
        )
        over_vcrpy = Goal(
            self.name,
            f"times faster than vcrpy, N = {compared:,}",
            ratio_of_times(at("vcrpy", compared), at("bill", compared)),
            at_least=5,
        )
        return [*over_canned, growth, *([over_vcrpy] if self.is_compared else [])]


def _beside_canned(extent: Extent) -> list[int]:
    """The issue's 1,000 and 10,000."""
    return sorted({extent.compared, extent.largest})
