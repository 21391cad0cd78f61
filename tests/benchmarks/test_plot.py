"""The picture that the benchmarks draw of what they measured."""

import xml.etree.ElementTree as ET

import pytest

from benchmarks import plot, results
from benchmarks.samples import SHOWN, Missing, Point, Sample, Samples


def sample(
    row: str, tool: str, size: int, turn: int, milliseconds: float, case: str = ""
) -> Sample:
    figures = {"wall": milliseconds, "cpu": milliseconds}
    return Sample(Point(row, case, tool, size), turn, figures)


@pytest.fixture
def samples() -> Samples:
    found = Samples()
    for turn in range(3):
        for size in (10, 1_000):
            found.add(sample("replay-get", "bill", size, turn, 0.1 + turn))
        found.add(sample("replay-get", "vcrpy", 10, turn, 0.2 + turn))
        found.add(sample("idle", "bare", 0, turn, 100 + turn))
        found.add(sample("idle", "bill", 0, turn, 110 + 2 * turn))
        found.add(sample("first-test", "bill", 0, turn, 200 + turn))
        for case, tool, size, added in (
            ("first", "bare", 1_000, 0),
            ("first", "recording", 1_000, 9),
            ("first", "bill", 1_000, 3),
            ("again", "bill", 1_000, 2),
            ("first", "bare", 200, 0),
            ("first", "cassetter", 200, 4),
            ("again", "bill", 200, 3),
            ("first", "bare", 5_000, 0),
            ("again", "bill", 5_000, 2),
        ):
            found.add(sample("many-tests", tool, size, turn, 1 + turn + added, case))
    found.add(Sample(Point("replay-get", "", "vcrpy", 1_000), 0, failure="took too long"))
    return found


def test_a_request_is_shown_by_the_medians_as_far_as_a_tool_was_measured(samples):
    assert plot.requests_by_size(samples) == {"vcrpy": {10: 1.2}, "bill": {10: 1.1, 1_000: 1.1}}


def test_a_start_is_shown_by_the_medians_of_whole_runs(samples):
    assert plot.starts(samples) == {
        ("an empty suite", "bare"): 101,
        ("an empty suite", "bill"): 112,
        ("one test", "bill"): 201,
    }


def test_a_test_is_shown_by_what_each_tool_adds_where_another_was_measured(samples):
    assert plot.tests(samples) == {
        ("bill", 200): 3,
        ("cassetter", 200): 4,
        ("bill", 1_000): 2,
        ("recording", 1_000): 9,
    }


def test_the_picture_is_svg_whose_text_is_text(samples, tmp_path):
    pytest.importorskip("matplotlib", reason="only `make bench` draws")
    plot.draw(samples, tmp_path / "picture.svg")
    root = ET.parse(tmp_path / "picture.svg").getroot()
    texts = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"vcrpy", "pytest-bill", "1,000"} <= set(texts)
    assert {"bare pytest: an empty suite", "cassetter: 200 tests"} <= set(texts)


def test_nothing_is_drawn_of_other_rows(tmp_path):
    with pytest.raises(Missing):
        plot.draw(Samples(), tmp_path / "picture.svg")


def test_the_picture_of_the_readme_shows_the_figures_beside_it():
    """A run of `make bench` writes both; one alone would be older than the other."""
    _, samples = results.load(results.FOLDER / "3.11.json")
    root = ET.parse(results.FOLDER / "3.11.svg").getroot()
    texts = {"".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")}
    figures = [*plot.starts(samples).values(), *plot.tests(samples).values()]
    assert len(figures) > 5
    assert {f"{each:.3g}" for each in figures} - texts == set()
    assert {SHOWN[tool] for tool in plot.requests_by_size(samples)} - texts == set()
