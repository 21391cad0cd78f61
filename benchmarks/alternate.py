"""A B C A B C …: each measurement in a new process, the tools in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from benchmarks.bench import Contestant
from benchmarks.project import MeasurementFailed
from benchmarks.samples import Sample


def alternate(
    group: Iterable[Contestant], announce: Callable[[Contestant, int], None]
) -> Iterable[Sample]:
    """Measure all contestants of a group, turn after turn.

    What fails gives a sample that says why, and is not tried again.
    """
    waiting = list(group)
    turn = 0
    while waiting := [each for each in waiting if turn < each.turns]:
        for contestant in list(waiting):
            announce(contestant, turn)
            try:
                yield Sample(contestant.point, turn, contestant.measure())
            except MeasurementFailed as failure:
                waiting.remove(contestant)
                yield Sample(contestant.point, turn, failure=str(failure))
        turn += 1
