"""One picture of a run: how the time of a request grows with the cassette."""

from __future__ import annotations

from pathlib import Path

from benchmarks.samples import SHOWN, Missing, Point, Samples, value

ROW = "replay-get"
# Readable on white and on black, as the grey of the text is.
COLOURS = {
    "recording": "#b8860b",
    "vcrpy": "#d1603d",
    "cassetter": "#3fa266",
    "bill": "#2f81f7",
    "floor": "#8b949e",
}
GREY = "#7d8590"


def series(samples: Samples) -> dict[str, dict[int, float]]:
    """Each tool's median milliseconds per request by N, as far as it was measured.

    Raises:
        Missing: nothing of the row was measured.
    """
    found: dict[str, dict[int, float]] = {}
    for tool in COLOURS:
        for point in samples.points:
            if (point.row, point.tool) == (ROW, tool) and _is_measured(samples, point):
                median = samples.spread(value(point, "wall")).median
                found.setdefault(tool, {})[point.size] = median
    if not found:
        raise Missing(f"{ROW} was not measured")
    return found


def _is_measured(samples: Samples, point: Point) -> bool:
    return any(sample.figures for sample in samples if sample.point == point)


def draw(samples: Samples, path: Path) -> None:
    """Write the picture, as SVG whose text is text.

    Raises:
        Missing: nothing of the row was measured.
    """
    found = series(samples)

    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    texts = dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), GREY)
    # Named ids: the same figures give the same file.
    options = {"svg.fonttype": "none", "svg.hashsalt": "replay", "axes.edgecolor": GREY}
    with mpl.rc_context({**texts, **options, "font.family": "sans-serif"}):
        figure, axes = pyplot.subplots(figsize=(8, 4), layout="constrained")
        for tool, by_size in found.items():
            line = "--" if tool == "floor" else "-"
            sizes, medians = list(by_size), list(by_size.values())
            axes.loglog(sizes, medians, line, marker="o", color=COLOURS[tool], label=SHOWN[tool])
        sizes = sorted({size for by_size in found.values() for size in by_size})
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes], minor=False)
        axes.xaxis.minorticks_off()
        axes.yaxis.set_major_formatter("{x:g}")
        axes.set_xlabel("interactions in the cassette")
        axes.set_ylabel("milliseconds per request")
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color=GREY, alpha=0.25)
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
        figure.savefig(path, transparent=True, metadata={"Date": None})
        pyplot.close(figure)
