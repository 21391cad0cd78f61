"""The tools take turns."""

from __future__ import annotations

from benchmarks.alternate import alternate
from benchmarks.bench import Contestant
from benchmarks.project import MeasurementFailed
from benchmarks.samples import Point


def contestant(tool: str, turns: int, done: list[str], fails: bool = False) -> Contestant:
    def measure() -> dict[str, float]:
        done.append(tool)
        if fails:
            raise MeasurementFailed("it crashed")
        return {"wall": len(done)}

    return Contestant(Point("row", "", tool, 1), turns, measure)


def nobody(*_: object) -> None:
    pass


def test_a_b_a_b():
    done: list[str] = []
    group = [contestant("a", 3, done), contestant("b", 2, done)]
    samples = list(alternate(group, nobody))
    assert "".join(done) == "ababa"
    assert [(sample.point.tool, sample.turn) for sample in samples] == [
        ("a", 0),
        ("b", 0),
        ("a", 1),
        ("b", 1),
        ("a", 2),
    ]


def test_a_failure_is_a_sample_and_is_not_tried_again():
    done: list[str] = []
    samples = list(alternate([contestant("a", 2, done, True), contestant("b", 2, done)], nobody))
    assert "".join(done) == "abb"
    assert samples[0].failure == "it crashed"
    assert not samples[0].figures
