"""Two contestants at the same time: block after block of requests, one process, then the other.

Where a goal is some percents, turns of whole processes are too long: another program that runs for
a second would be in the figures of one of them. Both processes are there, and one of them runs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from statistics import median

from benchmarks.bench import Contestant
from benchmarks.measured.plan import Plan
from benchmarks.project import Project, Run
from benchmarks.samples import Point

Measured = dict[Point, dict[str, float]]


def contestants(
    turns: int, points: Sequence[Point], measure: Callable[[], Measured]
) -> list[Contestant]:
    """One contestant for each point; the first of a turn measures all."""
    taken: Measured = {}

    def taken_of(point: Point) -> dict[str, float]:
        if point not in taken:
            taken.clear()
            taken.update(measure())
        return taken.pop(point)

    return [Contestant(point, turns, lambda point=point: taken_of(point)) for point in points]


def run_in_turns(
    test: str, first: Project, second: Project, variables: dict[str, str] | None = None, **plan
) -> tuple[Run, Run]:
    """Run one test module in two projects, whose processes hand a baton to each other.

    Raises:
        MeasurementFailed: one ended with another status than it should.
    """
    to_first, to_second = os.pipe(), os.pipe()
    os.write(to_first[1], b".")

    def run(project: Project, planned: Plan) -> Run:
        assert planned.baton is not None
        try:
            return project.run(test, planned, variables=variables)
        finally:
            os.close(planned.baton[1])  # the other waits no longer

    batons = (to_first[0], to_second[1]), (to_second[0], to_first[1])
    planned = [
        (project, replace(project.plan(**plan), baton=baton))
        for project, baton in zip((first, second), batons, strict=True)
    ]
    try:
        with ThreadPoolExecutor(2) as pool:
            running = [pool.submit(run, *each) for each in planned]
    finally:
        os.close(to_first[0])
        os.close(to_second[0])
    return running[0].result(), running[1].result()


def ratio_of_blocks(above: Run, below: Run) -> dict[str, float]:
    """The median ratio of two blocks that followed each other: ``ratio_wall``, ``ratio_cpu``."""
    return {
        f"ratio_{clock}": median(
            ours / theirs for ours, theirs in zip(above.kept[clock], below.kept[clock], strict=True)
        )
        for clock in ("wall", "cpu")
    }
