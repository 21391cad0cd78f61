"""Figures are kept as JSON, shown as tables and drawn; none of it names a machine."""

from __future__ import annotations

import io

import pytest
from rich import box
from rich.console import Console

from benchmarks import results, table
from benchmarks.bench import Extent
from benchmarks.goals import judge
from benchmarks.rows import named
from benchmarks.samples import Point, Sample, Samples

ABOUT = {
    "python": "3.11.7",
    "cores": 2,
    "system": "Linux x86_64",
    "date": "2026-11-25",
    "packages": {"vcrpy": "9.4.2"},
}


def sample(tool: str, size: int, turn: int, milliseconds: float) -> Sample:
    milliseconds = round(milliseconds, 4)
    figures = {"wall": milliseconds, "cpu": milliseconds}
    return Sample(Point("replay-get", "", tool, size), turn, figures)


@pytest.fixture
def samples() -> Samples:
    made = Samples()
    for size in (10, 100, 1_000, 10_000):
        for turn, noise in enumerate((0.0, 0.02, 0.04)):
            made.add(sample("bill", size, turn, 0.2 + noise))
            made.add(sample("floor", size, turn, 0.2 + noise))
            if size <= 1_000:
                made.add(sample("vcrpy", size, turn, size / 100 + 2 * noise))
    made.add(Sample(Point("replay-get", "", "cassetter", 10), 0, failure="it crashed"))
    return made


def test_what_is_kept_comes_back(samples, tmp_path):
    path = tmp_path / "results/3.11.json"
    results.save(path, ABOUT, samples)
    about, loaded = results.load(path)
    assert about == ABOUT
    assert list(loaded) == list(samples)


def shown(samples: Samples, style: box.Box) -> str:
    rows = named(["replay-get"])
    verdicts = judge(rows[0].goals(Extent()), samples, "both")
    written = io.StringIO()
    table.show(Console(file=written, width=170), ABOUT, rows, samples, verdicts, style)
    return written.getvalue()


def test_the_tables_show_medians_spreads_ratios_and_verdicts(samples):
    lines = shown(samples, box.SIMPLE_HEAD).splitlines()
    (ours,) = [line for line in lines if line.split()[:2] == ["pytest-bill", "10"]]
    assert ours.count("0.22 (0.2..0.24)") == 2
    (goal,) = [line for line in lines if "requests in memory, N = 10,000" in line]
    assert goal.split()[-4:] == ["x", "1", "1", "met"]
    (failed,) = [line for line in lines if "faster than cassetter, N = 10 " in line]
    assert "it crashed" in failed
    assert "MISSED" in failed
    assert lines[-1].endswith("goals are met.")


def test_the_tables_can_be_markdown(samples):
    assert "| pytest-bill" in shown(samples, box.MARKDOWN)
