"""A request that is not in a large cassette: the time until its error is there."""

from __future__ import annotations

from functools import partial

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
from benchmarks.project import MeasurementFailed
from benchmarks.samples import Point, value

KINDS = {"get": "an unknown id", "post": "a changed body"}
TOOLS = ("bill", "vcrpy", "cassetter")
A_TEST_FAILED = 1


class Mismatch:
    """pytest-bill and vcrpy say what is nearest; cassetter only that there is none."""

    name = "mismatch"
    title = "Explaining a mismatch in a cassette of N"
    unit = "ms"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        size = bench.extent.largest
        return [
            [
                Contestant(
                    self._point(kind, tool, size),
                    bench.extent.turns if tool == "bill" else 1,
                    partial(_missed, bench, kind, tool, size),
                )
                for tool in TOOLS
            ]
            for kind in KINDS
        ]

    def _point(self, kind: str, tool: str, size: int) -> Point:
        return Point(self.name, KINDS[kind], tool, size)

    def goals(self, extent: Extent) -> list[Goal]:
        size = extent.largest
        return [
            Goal(
                self.name,
                f"{shown}, N = {size:,}",
                partial(value, self._point(kind, "bill", size)),
                at_most=50,
                unit="ms",
            )
            for kind, shown in KINDS.items()
        ]


def _missed(bench: Bench, kind: str, tool: str, size: int) -> dict[str, float]:
    project = bench.project(tool, f"{kind}_{size}")
    plan = project.plan(kind=kind, size=size)
    run = project.run("test_mismatch.py", plan, expected=A_TEST_FAILED)
    if tool == "bill" and not run.kept["explained"][-1]:
        raise MeasurementFailed("The error names no nearest request.")
    return run.last("wall", "cpu")
