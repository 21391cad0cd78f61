"""A request that is not in a large cassette: the time until its error is there."""

from __future__ import annotations

from functools import partial

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal, ratio_of_times
from benchmarks.project import MeasurementFailed
from benchmarks.samples import Point

KINDS = {"get": "an unknown id", "post": "a changed body"}
TOOLS = ("bill", "vcrpy", "cassetter")
A_TEST_FAILED = 1


class Mismatch:
    """pytest-bill and vcrpy say what is nearest; cassetter only that there is none."""

    name = "mismatch"
    title = "Explaining a mismatch in a cassette of N"
    unit = "ms"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        extent = bench.extent
        return [
            [
                Contestant(
                    self._point(kind, tool, size),
                    # One request is short: a turn more or less shows.
                    1 if tool == "vcrpy" else 3 * extent.turns,
                    partial(_missed, bench, kind, tool, size),
                )
                for tool in TOOLS
                if tool != "vcrpy" or size == extent.compared
            ]
            for size in _sizes(extent)
            for kind in KINDS
        ]

    def _point(self, kind: str, tool: str, size: int) -> Point:
        return Point(self.name, KINDS[kind], tool, size)

    def goals(self, extent: Extent) -> list[Goal]:
        return [
            Goal(
                self.name,
                f"{shown}: time of pytest-bill / cassetter, N = {size:,}",
                ratio_of_times(
                    self._point(kind, "bill", size), self._point(kind, "cassetter", size)
                ),
                at_most=1.0,
            )
            for size in _sizes(extent)
            for kind, shown in KINDS.items()
        ]


def _sizes(extent: Extent) -> list[int]:
    """The issue's 1,000, and the largest."""
    return sorted({extent.compared, extent.largest})


def _missed(bench: Bench, kind: str, tool: str, size: int) -> dict[str, float]:
    project = bench.project(tool, f"{kind}_{size}")
    plan = project.plan(kind=kind, size=size)
    run = project.run("test_mismatch.py", plan, expected=A_TEST_FAILED)
    if tool == "bill" and not run.kept["explained"][-1]:
        raise MeasurementFailed("The error names no nearest request.")
    return run.last("wall", "cpu")
