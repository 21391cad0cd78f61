"""What ``python -m benchmarks`` does once it runs beside the peers."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from dataclasses import replace

from rich import box
from rich.console import Console

from benchmarks import plot, results, table, told
from benchmarks.alternate import alternate
from benchmarks.bench import QUICK, Bench, Contestant, Extent, Row
from benchmarks.goals import Goal, judge
from benchmarks.rows import ROWS, named
from benchmarks.samples import SHOWN, Missing, Samples


def run(arguments: argparse.Namespace) -> int:
    """Measure, or read what was measured; print and judge: 1 with ``--check`` and a goal missed."""
    try:
        rows = named(arguments.only)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.show is not None:
        about, samples = results.load(arguments.show)
        extent = Extent(
            **{k: tuple(v) if isinstance(v, list) else v for k, v in about["extent"].items()}
        )
        measured = {point.row for point in samples.points}
        rows = [row for row in rows if row.name in measured]
    else:
        extent = QUICK if arguments.quick else Extent()
        if arguments.repeat:
            turns = arguments.repeat
            extent = replace(
                extent,
                turns=turns,
                idle_turns=max(turns, extent.idle_turns),
                elsewhere_turns=max(turns, extent.elsewhere_turns),
            )
        samples, ended = measure(rows, Bench(extent), frozenset(arguments.without))
        about = results.facts(extent)
        is_whole = rows == list(ROWS) and not (arguments.quick or arguments.without) and ended
        path = arguments.output or (results.default_path() if is_whole else None)
        if path is not None:
            results.save(path, about, samples)
            with suppress(Missing):  # a run of other rows draws nothing
                plot.draw(samples, path.with_suffix(".svg"))
            if path == told.RESULTS:
                told.write()
    goals = [goal for row in rows for goal in row.goals(extent)]
    goals = [goal for goal in goals if not about_any(goal, arguments.without)]
    verdicts = judge(goals, samples, arguments.clock)
    width = None if sys.stdout.isatty() else 150
    style = box.MARKDOWN if arguments.markdown else box.SIMPLE_HEAD
    table.show(Console(width=width), about, rows, samples, verdicts, style)
    return int(arguments.check and not all(verdict.is_met for verdict in verdicts))


def about_any(goal: Goal, without: list[str]) -> bool:
    """Whether a goal compares with a tool that was left out."""
    return any(SHOWN[tool] in goal.what for tool in without)


def measure(rows: list[Row], bench: Bench, without: frozenset[str]) -> tuple[Samples, bool]:
    """Measure these rows: what there is, and whether it came to its end uninterrupted."""
    samples = Samples()
    console = Console(stderr=True)
    with bench, console.status("") as status:

        def announce(contestant: Contestant, turn: int) -> None:
            point = contestant.point
            words = [point.row, point.case, SHOWN[point.tool], f"N = {point.size:,}"]
            status.update(" ".join([*filter(None, words), f"turn {turn + 1}/{contestant.turns}"]))

        try:
            for row in rows:
                for group in row.groups(bench):
                    chosen = [each for each in group if each.point.tool not in without]
                    for sample in alternate(chosen, announce):
                        samples.add(sample)
                        if sample.failure:
                            console.print(f"{sample.point}: {sample.failure}", style="red")
        except KeyboardInterrupt:
            console.print("Interrupted: what follows is what was measured so far.", style="red")
            return samples, False
    return samples, True
