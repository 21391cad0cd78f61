"""The tables that a run ends with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmarks.bench import Row
from benchmarks.goals import Verdict
from benchmarks.samples import SHOWN, Missing, Samples, Spread, value


def show(
    console: Console,
    about: Mapping[str, Any],
    rows: Iterable[Row],
    samples: Samples,
    verdicts: list[Verdict],
    style: box.Box = box.SIMPLE_HEAD,
) -> None:
    """What was measured, then which goals are met."""
    packages = ", ".join(f"{name} {version}" for name, version in about["packages"].items())
    console.print(
        f"Python {about['python']}, {about['cores']} cores, {about['system']}, {about['date']}; "
        f"{packages}. Medians over the turns, with the extremes.",
        style="dim",
    )
    for row in rows:
        if any(point.row == row.name for point in samples.points):
            console.print(f"\n{row.title}, {row.unit}", style="bold")
            console.print(_figures(row, samples, style))
    console.print("\nGoals", style="bold")
    console.print(_goals(verdicts, style))
    met = sum(verdict.is_met for verdict in verdicts)
    console.print(f"{met} of {len(verdicts)} goals are met.", style="bold")


def _figures(row: Row, samples: Samples, style: box.Box) -> Table:
    table = Table(box=style)
    table.add_column("what")
    table.add_column("tool", no_wrap=True)
    table.add_column("N", justify="right")
    names = _names_of(row, samples)
    for name in names:
        table.add_column(name.replace("_", " "), justify="right")
    for point in samples.points:
        if point.row != row.name:
            continue
        cells = []
        for name in names:
            try:
                cells.append(_spread(samples.spread(value(point, name))))
            except Missing as why:
                failed = any(each.failure for each in samples if each.point == point)
                cells.append(str(why) if failed and name == "wall" else "")
        size = f"{point.size:,}" if point.size else ""
        table.add_row(point.case, SHOWN[point.tool], size, *cells)
    return table


def _names_of(row: Row, samples: Samples) -> list[str]:
    names: dict[str, None] = {}
    for sample in samples:
        if sample.point.row == row.name:
            names |= dict.fromkeys(sample.figures)
    return list(names)


def _goals(verdicts: list[Verdict], style: box.Box) -> Table:
    table = Table(box=style)
    table.add_column("row", no_wrap=True)
    table.add_column("what")
    table.add_column("goal", justify="right", no_wrap=True)
    table.add_column("wall", justify="right", no_wrap=True)
    table.add_column("cpu", justify="right", no_wrap=True)
    table.add_column("")
    for verdict in verdicts:
        goal = verdict.goal
        cells = []
        for clock in ("wall", "cpu"):
            spread = verdict.by_clock[clock]
            cells.append(_spread(spread) if spread is not None else "")
        met = Text("met", style="green") if verdict.is_met else Text("MISSED", style="bold red")
        what = goal.what + (f" ({verdict.missing})" if verdict.missing else "")
        limit = f"{goal.sign} {_number(goal.limit)}{' ' + goal.unit if goal.unit else ''}"
        table.add_row(goal.row, what, limit, *cells, met)
    return table


def _spread(spread: Spread) -> str:
    middle = _number(spread.median)
    if spread.count == 1 or spread.low == spread.high:
        return middle
    return f"{middle} ({_number(spread.low)}..{_number(spread.high)})"


def _number(number: float) -> str:
    if number == round(number) and abs(number) < 1000:
        return f"{number:.0f}"
    if abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}" if abs(number) < 1 else f"{number:.2f}"
