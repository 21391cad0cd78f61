"""The table of docs/speed.md, from the figures of a whole run: ``python -m benchmarks.told``.

A whole run of `make bench` with the Python of ``RESULTS`` writes it, too. Of a ratio by two clocks
the worse one is told, as for the goals. tests/benchmarks/test_told.py holds the table to the
figures, and what README.md, docs/comparison.md and benchmarks/README.md say of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.bench import Extent
from benchmarks.goals import Verdict, judge
from benchmarks.rows import ROWS
from benchmarks.samples import Point, Samples, ratio, value

RESULTS = results.FOLDER / "3.11.json"
PAGE = Path(__file__).parents[1] / "docs" / "speed.md"
_TABLE = re.compile(
    r"(?<=<!-- figures: benchmarks/results/3\.11\.json -->\n\n).*?(?=\n\n<!-- end of figures -->)",
    re.DOTALL,
)
_CLIENTS = {
    "httpx": "httpx",
    "async-httpx": "async",
    "requests": "requests",
    "urllib3": "urllib3",
    "aiohttp": "aiohttp",
    "http.client": "`http.client`",
}


class Figures:
    """What a run measured, by the names of its goals."""

    def __init__(self, about: Mapping[str, Any], samples: Samples) -> None:
        self.about = about
        self.samples = samples
        extent = {k: tuple(v) if isinstance(v, list) else v for k, v in about["extent"].items()}
        goals = [goal for row in ROWS for goal in row.goals(Extent(**extent))]
        self.verdicts = judge(goals, samples, "both")
        self._by_name = {(each.goal.row, each.goal.what): each for each in self.verdicts}
        self.rows = {row for row, _ in self._by_name}

    def of(self, row: str, what: str) -> float:
        """The figure of a goal: the median by that clock which is further from it.

        Raises:
            KeyError: there is no such goal.
        """
        return worse(self._by_name[row, what])

    def faster(self, slower: Point, faster: Point) -> float:
        """How many times, by the clock that says less."""
        compared = (ratio(value(slower, clock), value(faster, clock)) for clock in ("wall", "cpu"))
        return min(self.samples.spread(each).median for each in compared)

    @property
    def met(self) -> str:
        """How many goals are met."""
        return f"{sum(each.is_met for each in self.verdicts)} of {len(self.verdicts)} goals"


def worse(verdict: Verdict) -> float:
    """The median by the clock that is further from the goal."""
    medians = [spread.median for spread in verdict.by_clock.values() if spread is not None]
    return max(medians) if verdict.goal.at_most is not None else min(medians)


def short(figure: float) -> str:
    """As many digits as are worth telling: 0.44, 4.0, 124."""
    return (
        f"{figure:.2f}"
        if figure < 0.995
        else f"{figure:.1f}"
        if figure < 9.95
        else f"{figure:,.0f}"
    )


def table(figures: Figures) -> str:
    """The rows of the page."""
    about = figures.about
    minor = ".".join(about["python"].split(".")[:2])
    turns = about["extent"]["turns"]
    head = f"{about['cores']} cores, Python {minor}, medians of {turns} turns"
    rows = [(head, "pytest-bill compared"), ("---", "---"), *_rows(figures)]
    return "\n".join(f"| {first} | {second} |" for first, second in rows)


def _rows(figures: Figures) -> list[tuple[str, str]]:
    def of(row: str, what: str) -> str:
        return short(figures.of(row, what))

    def over_memory(row: str, size: str) -> str:
        return of(row, f"time of pytest-bill / requests in memory, N = {size}")

    def over(row: str, tool: str, size: str = "1,000") -> str:
        return of(row, f"times faster than {tool}, N = {size}")

    def clients(row: str, what: str) -> str:
        told = ((name, f"{row}-{key}") for key, name in _CLIENTS.items())
        return ", ".join(
            f"{name} {figures.of(each, what):.2f} x" for name, each in told if each in figures.rows
        )

    packages = figures.about["packages"]
    named = {
        name: f"{name} {packages[name]}" for name in ("vcrpy", "pytest-recording", "cassetter")
    }
    get, post, first, again = "replay-get", "replay-post", "first time", "again, unchanged"
    peers = list(named)
    missed, of_vcrpy = (
        Point("mismatch", "a changed body", tool, 1_000) for tool in ("bill", "vcrpy")
    )
    over_vcrpy = figures.faster(of_vcrpy, missed)
    lists = figures.of("sandbox-load", "lists of 20 a second")
    start = figures.of(
        "first-test", "README's install: added by one replayed test over one that imports requests"
    )
    memory = figures.of("opening", f"{first}: peak memory of pytest-bill / vcrpy, N = 10,000")
    vcrpy = figures.of("opening", f"{first}: time of pytest-bill / vcrpy, N = 10,000")
    return [
        (
            "replay of GETs, N = 1,000",
            f"{over_memory(get, '1,000')} x the time of `requests` in memory; "
            + ", ".join(f"{over(get, each)} x faster than {named[each]}" for each in peers),
        ),
        (
            "replay of POSTs, bodies matched, N = 1,000",
            f"{over_memory(post, '1,000')} x; "
            + ", ".join(f"{over(post, each)} x" for each in peers)
            + " faster",
        ),
        (
            "the same, N = 10,000",
            f"GETs {over_memory(get, '10,000')} x, POSTs {over_memory(post, '10,000')} x; "
            f"{over(get, 'cassetter', '10,000')} x, {over(post, 'cassetter', '10,000')} x faster "
            "than cassetter",
        ),
        (
            "replay through the clients of the code under test, N = 10,000, beside the same client "
            "with ready answers",
            clients("client", "time of pytest-bill / canned transport, N = 10,000"),
        ),
        (
            "what the same clients ask other hosts in a BILL test, beside no plugin",
            clients("elsewhere", "time with pytest-bill / bare pytest, GETs"),
        ),
        (
            "opening a cassette, N = 10,000",
            f"{short(1 / vcrpy)} x faster than vcrpy in 1/{1 / memory:.0f} of the memory, "
            f"{of('opening', f'{first}: times faster than cassetter, N = 10,000')} x faster than "
            "cassetter; again, unchanged: "
            f"{of('opening', f'{again}: times faster than vcrpy, N = 10,000')} x and "
            f"{of('opening', f'{again}: times faster than cassetter, N = 10,000')} x",
        ),
        (
            "recording N = 10,000 and writing it, stand-ins and all scrubbing on",
            of("recording", "time of recording and writing / vcrpy's, N = 10,000")
            + " x the time of vcrpy, which does neither",
        ),
        (
            "a request that is not in a cassette of 1,000, told with the nearest one",
            "a changed body "
            + of("mismatch", "a changed body: time of pytest-bill / cassetter, N = 1,000")
            + f" x cassetter's time and 1/{over_vcrpy:.0f} of vcrpy's",
        ),
        (
            "the local sandbox: a list, one vendor, a new vendor",
            ", ".join(
                of("sandbox-requests", f"one {each} / the bare route") + " x"
                for each in ("list", "get", "create")
            )
            + " a bare route of the same server with the same JSON; "
            f"{round(lists, -2):,.0f} lists of 20 a second",
        ),
        (
            "one replayed test, over one that imports `requests`",
            f"{start / 1000:.2f} s more",
        ),
        (
            "recording 1,000 tests of 5 requests from the local sandbox, with the proof",
            of("proof", "recording with its proof / without, 1,000 tests") + " x the time without",
        ),
        (
            "1,000 tests of 5 requests, time added to bare pytest",
            of("many-tests", f"{again}: added time of pytest-bill / pytest-recording, 1,000 tests")
            + " x that of pytest-recording, "
            + of("many-tests", f"{again}: added time of pytest-bill / responses, 1,000 tests")
            + " x of `responses` with hard-coded answers; "
            + of(
                "many-tests",
                "fresh checkout: added time of pytest-bill / pytest-recording, 1,000 tests",
            )
            + " x on a fresh checkout, whose cassettes are scanned",
        ),
    ]


def written(page: str, figures: Figures) -> str:
    """A page with the table of these figures in the place of the one that it has.

    Raises:
        ValueError: it has no place for one.
    """
    text, count = _TABLE.subn(lambda _: table(figures), page)
    if count != 1:
        raise ValueError("the page has no place for the figures")
    return text


def write() -> None:
    """Write the table of the kept figures into the page."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(written(text, Figures(*results.load(RESULTS))), encoding="utf-8")


if __name__ == "__main__":
    write()
