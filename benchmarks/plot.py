"""One picture of a run: how the time of a request grows with the cassette."""

from __future__ import annotations

from math import ceil, log10
from pathlib import Path

import pygal
from pygal.style import Style

from benchmarks.samples import Missing, Point, Samples, value
from benchmarks.table import SHOWN

ROW = "replay-get"
TOOLS = ("recording", "vcrpy", "cassetter", "bill", "floor")
# Readable on white and on black; the reader's own text is grey on both.
COLOURS = ("#b8860b", "#d1603d", "#3fa266", "#2f81f7", "#8b949e")
GREY = "#7d8590"


def series(samples: Samples) -> tuple[list[int], dict[str, list[float | None]]]:
    """The sizes, and each tool's median milliseconds per request at these; None where unmeasured.

    Raises:
        Missing: nothing of the row was measured.
    """
    points = [point for point in samples.points if point.row == ROW]
    if not points:
        raise Missing(f"{ROW} was not measured")
    sizes = sorted({point.size for point in points})
    found: dict[str, list[float | None]] = {}
    for tool in TOOLS:
        medians: list[float | None] = []
        for size in sizes:
            try:
                spread = samples.spread(value(Point(ROW, "", tool, size), "wall"))
                medians.append(round(spread.median, 3))
            except Missing:
                medians.append(None)
        if any(median is not None for median in medians):
            found[tool] = medians
    return sizes, found


def draw(samples: Samples, path: Path) -> None:
    """Write the picture, as SVG whose text is text.

    Raises:
        Missing: nothing of the row was measured.
    """
    sizes, found = series(samples)
    highest = max(median for medians in found.values() for median in medians if median is not None)
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground=GREY,
        foreground_strong=GREY,
        foreground_subtle=GREY,
        guide_stroke_color=GREY,
        major_guide_stroke_color=GREY,
        colors=tuple(COLOURS[TOOLS.index(tool)] for tool in found),
        font_family="system-ui, sans-serif",
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=14,
        title_font_size=14,
    )
    chart = pygal.Line(
        style=style,
        width=760,
        height=400,
        logarithmic=True,
        range=(0.1, max(1, 10 ** ceil(log10(highest)))),
        y_labels=[label for label in (0.1, 1, 10, 100, 1000) if label < highest * 10],
        x_title="interactions in the cassette",
        y_title="milliseconds per request",
        truncate_legend=-1,
        stroke_style={"width": 2},
        dots_size=4,
        js=[],
        disable_xml_declaration=True,
    )
    chart.uuid = "replay"
    chart.x_labels = [f"{size:,}" for size in sizes]
    for tool, medians in found.items():
        chart.add(SHOWN[tool], medians)
    chart.add_xml_filter(_without_scripts)
    path.write_text(chart.render() + "\n", encoding="utf-8")


def _without_scripts(root):
    """Hosts that show pictures in a README run none."""
    for parent in list(root.iter()):
        for child in list(parent):
            if str(child.tag).endswith("script"):
                parent.remove(child)
    return root
