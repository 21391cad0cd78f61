"""One picture of a run: what a start costs, a request by the size of its cassette, and a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.rows.many_tests import added_to_a_test
from benchmarks.samples import SHOWN, Missing, Point, Samples, value

REQUESTS = "replay-get"
STARTS = {"idle": "an empty suite", "first-test": "one test"}
MANY_TESTS = "many-tests"
# Readable on white and on black, as the grey of the text is.
COLOURS = {
    "recording": "#b8860b",
    "vcrpy": "#d1603d",
    "cassetter": "#3fa266",
    "responses": "#a371f7",
    "bill": "#2f81f7",
    "floor": "#8b949e",
    "bare": "#8b949e",
}
GREY = "#7d8590"


def requests_by_size(samples: Samples) -> dict[str, dict[int, float]]:
    """Each tool's median milliseconds per request by N, as far as it was measured.

    Raises:
        Missing: nothing of the row was measured.
    """
    found: dict[str, dict[int, float]] = {}
    for tool in COLOURS:
        for size in _sizes(samples, REQUESTS, "", tool):
            of = value(Point(REQUESTS, "", tool, size), "wall")
            found.setdefault(tool, {})[size] = samples.spread(of).median
    if not found:
        raise Missing(f"{REQUESTS} was not measured")
    return found


def starts(samples: Samples) -> dict[tuple[str, str], float]:
    """Median milliseconds of a whole run, by what runs and the tool."""
    return {
        (what, tool): samples.spread(value(Point(row, "", tool, 0), "wall")).median
        for row, what in STARTS.items()
        for tool in reversed(COLOURS)
        if _sizes(samples, row, "", tool)
    }


def tests(samples: Samples) -> dict[tuple[str, int], float]:
    """Median milliseconds that a tool adds to a test, by the tool and the number of tests.

    pytest-bill is shown where the others are; how it grows is in the table.
    """
    others = {tool: max(_sizes(samples, MANY_TESTS, "first", tool), default=0) for tool in COLOURS}
    del others["bare"], others["bill"]
    found: dict[tuple[str, int], float] = {}
    for size in sorted(set(filter(None, others.values()))):
        shown = [tool for tool in COLOURS if tool == "bill" or others.get(tool) == size]
        for tool in reversed(shown):
            case = "again" if tool == "bill" else "first"
            if _sizes(samples, MANY_TESTS, case, tool):
                added = added_to_a_test(case, tool, size, "wall")
                found[tool, size] = samples.spread(added).median
    return found


def _sizes(samples: Samples, row: str, case: str, tool: str) -> list[int]:
    points = {sample.point for sample in samples if sample.figures}
    return sorted(p.size for p in points if (p.row, p.case, p.tool) == (row, case, tool))


def draw(samples: Samples, path: Path) -> None:
    """Write the picture, as SVG whose text is text.

    Raises:
        Missing: no request was measured.
    """
    by_size = requests_by_size(samples)

    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    texts = dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), GREY)
    # Named ids: the same figures give the same file.
    options = {"svg.fonttype": "none", "svg.hashsalt": "replay", "axes.edgecolor": GREY}
    with mpl.rc_context({**texts, **options, "font.family": "sans-serif"}):
        figure, all_axes = pyplot.subplot_mosaic(
            [["requests", "requests"], ["starts", "tests"]], figsize=(9, 7), layout="constrained"
        )
        for axes in all_axes.values():
            axes.spines[["top", "right"]].set_visible(False)
        _draw_requests(all_axes["requests"], by_size)
        _draw_bars(
            all_axes["starts"],
            "a whole run, milliseconds",
            {f"{SHOWN[tool]}: {what}": (tool, it) for (what, tool), it in starts(samples).items()},
        )
        _draw_bars(
            all_axes["tests"],
            "added to a test of five requests, milliseconds",
            {
                f"{SHOWN[tool]}: {size:,} tests": (tool, it)
                for (tool, size), it in tests(samples).items()
            },
        )
        figure.savefig(path, transparent=True, metadata={"Date": None})
        pyplot.close(figure)


def _draw_requests(axes: Any, by_size: Mapping[str, Mapping[int, float]]) -> None:
    for tool, medians in by_size.items():
        line = "--" if tool == "floor" else "-"
        axes.loglog(
            *(list(medians), list(medians.values()), line),
            marker="o",
            color=COLOURS[tool],
            label=SHOWN[tool],
        )
    sizes = sorted({size for medians in by_size.values() for size in medians})
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], minor=False)
    axes.xaxis.minorticks_off()
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("interactions in the cassette")
    axes.set_ylabel("a request, milliseconds")
    axes.grid(axis="y", color=GREY, alpha=0.25)
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))


def _draw_bars(axes: Any, title: str, bars: Mapping[str, tuple[str, float]]) -> None:
    """Each with its figure; the first at the bottom."""
    colours = [COLOURS[tool] for tool, _ in bars.values()]
    drawn = axes.barh(list(bars), [it for _, it in bars.values()], color=colours)
    axes.bar_label(drawn, fmt="%.3g", padding=3, color=GREY)
    axes.set_xlabel(title)
    axes.margins(x=0.15)
