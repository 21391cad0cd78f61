"""Requests answered from one cassette: milliseconds per request, without opening it."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.bench import SHORTEST, SLOW_ASKED, Bench, Contestant, Extent
from benchmarks.goals import Goal, ratio_of_times
from benchmarks.samples import Point

FAST = ("floor", "bill", "cassetter")
SLOW = ("vcrpy", "recording")


@dataclass(frozen=True)
class Replay:
    """One kind of traffic (see ``measured/traffic.py``)."""

    kind: str
    traffic: str
    vcrpy_at_least: float = 30
    unit: str = "ms per request"

    @property
    def name(self) -> str:
        return f"replay-{self.kind}"

    @property
    def title(self) -> str:
        return f"Replay: {self.traffic}"

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
        # In order, none of N equal requests can be left out.
        asked = SLOW_ASKED if tool in SLOW and self.kind != "repeated" else 0

        def measure() -> dict[str, float]:
            project = bench.project(tool, f"{self.kind}_10", f"{self.kind}_{size}")
            rounds = max(1, SHORTEST // size)
            plan = project.plan(kind=self.kind, size=size, asked=asked, rounds=rounds)
            return project.run("test_replay.py", plan).mean_of_requests()

        return Contestant(self._point(tool, size), bench.extent.turns, measure)

    def _point(self, tool: str, size: int) -> Point:
        return Point(self.name, "", tool, size)

    def goals(self, extent: Extent) -> list[Goal]:
        at = self._point
        first, last, compared = extent.sizes[0], extent.largest, extent.compared
        over_floor = [
            Goal(
                self.name,
                f"time of pytest-bill / requests in memory, N = {size:,}",
                ratio_of_times(at("bill", size), at("floor", size)),
                at_most=1.0,
            )
            for size in extent.sizes
        ]
        growth = Goal(
            self.name,
            f"growth of pytest-bill, N = {last:,} / N = {first:,}",
            ratio_of_times(at("bill", last), at("bill", first)),
            at_most=1.2,
        )
        over_slow = [
            Goal(
                self.name,
                f"times faster than {shown}, N = {compared:,}",
                ratio_of_times(at(tool, compared), at("bill", compared)),
                at_least=self.vcrpy_at_least,
            )
            for tool, shown in (("vcrpy", "vcrpy"), ("recording", "pytest-recording"))
        ]
        over_cassetter = [
            Goal(
                self.name,
                f"times faster than cassetter, N = {size:,}",
                ratio_of_times(at("cassetter", size), at("bill", size)),
                at_least=1.0,
            )
            for size in extent.sizes
        ]
        return [*over_floor, growth, *over_slow, *over_cassetter]
