"""What the documents say of speed is what was measured: the table, and figures within sentences."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks import results, told
from benchmarks.samples import SHOWN, Point, ratio, value

ROOT = Path(__file__).parents[2]
FIGURES = told.Figures(*results.load(told.RESULTS))
BENCHMARKS = " ".join((ROOT / "benchmarks/README.md").read_text(encoding="utf-8").split())


def test_the_table_is_that_of_the_figures():
    page = told.PAGE.read_text(encoding="utf-8")
    assert page == told.written(page, FIGURES), "Write it anew: python -m benchmarks.told"


def test_a_page_without_a_place_is_refused():
    with pytest.raises(ValueError, match="no place"):
        told.written("| 2 cores |", FIGURES)


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (0.4404, "0.44"),
        (0.996, "1.0"),
        (3.971, "4.0"),
        (9.97, "10"),
        (123.6, "124"),
        (3301, "3,301"),
    ],
)
def test_as_many_digits_as_are_worth_telling(figure, shown):
    assert told.short(figure) == shown


def test_the_clock_counts_that_says_less():
    for verdict in FIGURES.verdicts:
        clocks = [each.median for each in verdict.by_clock.values() if each is not None]
        if len(clocks) == 2:
            figure = FIGURES.of(verdict.goal.row, verdict.goal.what)
            assert verdict.goal.is_met_by(figure) == all(map(verdict.goal.is_met_by, clocks))


def test_the_sentence_of_the_readme_and_of_the_page():
    """Less than half the time of `requests` in memory, and the same whatever the size."""
    for page in ("README.md", "docs/speed.md"):
        text = " ".join((ROOT / page).read_text(encoding="utf-8").split())
        assert "Replay takes less than half the time of `requests`" in text
        assert "the same whatever the size of the cassette" in text
    for size in ("10", "100", "1,000", "10,000"):
        of_size = f"time of pytest-bill / requests in memory, N = {size}"
        assert FIGURES.of("replay-get", of_size) < 0.5
    growth = "growth of pytest-bill, N = 10,000 / N = 10"
    assert FIGURES.of("replay-get", growth) < 1.1
    assert FIGURES.of("replay-post", growth) < 1.1


def more(client: str) -> list[int]:
    """Percent that the plugin adds to traffic to other hosts, of the CPU: GETs, then POSTs."""
    of = (
        value(Point(f"elsewhere-{client}", case, "bill", 1_000), "ratio_cpu")
        for case in ("GETs", "POSTs of 1 kB")
    )
    return [round(100 * (FIGURES.samples.spread(each).median - 1)) for each in of]


def eight_threads(case: str, tool: str) -> float:
    points = (value(Point("threads", case, tool, size), "wall") for size in (8, 1))
    return FIGURES.samples.spread(ratio(*points)).median


START = "README's install: added by one replayed test over one that imports requests"


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        (
            r"(\d+) of (\d+) goals; the mismatch",
            [int(each) for each in FIGURES.met.split() if each.isdigit()],
        ),
        (r"requests are at (\d+) to (\d+) %", more("requests")),
        (r"urllib3 at (\d+) to (\d+),", more("urllib3")),
        (r"aiohttp at (\d+) to (\d+),", more("aiohttp")),
        (r"`http.client` at (\d+) to (\d+) of the CPU", more("http.client")),
        (
            r"An empty run takes about (\d+) ms longer",
            [FIGURES.of("idle", "added by the README's install over bare pytest")],
        ),
        (r"one replayed test ([\d.]+) s longer", [FIGURES.of("first-test", START) / 1000]),
        (r"import takes ([\d.]+) s", [FIGURES.of("sandbox-start", "its own import") / 1000]),
        (r"eight take ([\d.]+) times as long", [eight_threads("replay", "bill")]),
        (r"`requests` in memory takes ([\d.]+) times", [eight_threads("replay", "floor")]),
        (r"([\d.]+) where all of them ask the same", [eight_threads("repeated", "bill")]),
        (
            r"it takes ([\d.]+) times as long, of the CPU",
            [FIGURES.of("recording", "time of recording and writing / vcrpy's, N = 10,000")],
        ),
        (
            r"5,000 tests keep ([\d.]+) MiB more than 500",
            [FIGURES.of("many-tests", "again: memory added, 5,000 tests less 500")],
        ),
    ],
)
def test_what_is_said_to_be_missed(sentence, figures):
    found = re.search(sentence, BENCHMARKS)
    assert found is not None
    said = [float(each) for each in found.groups()]
    # As it is rounded in a sentence: "about 20" is 21.7.
    assert said == pytest.approx(figures, rel=0.1)


def test_what_is_said_of_the_run_is_so():
    about, _ = results.load(results.FOLDER / "3.13.json")
    quick, whole = (datetime.fromisoformat(each["date"]) for each in (about, FIGURES.about))
    assert f"of a quick run of {quick.day} {quick:%B}, to N = 1,000" in BENCHMARKS
    assert max(about["extent"]["sizes"]) == 1_000
    assert f"(Python 3.11, {whole.day} {whole:%B %Y}:" in BENCHMARKS


def test_each_peer_is_named_with_its_version():
    table = told.table(FIGURES)
    for tool in ("vcrpy", "recording", "cassetter"):
        assert f"{SHOWN[tool]} {FIGURES.about['packages'][SHOWN[tool]]}" in table
