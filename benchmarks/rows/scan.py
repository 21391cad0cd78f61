"""Looking for secrets in many cassettes: the whole command, beside detect-secrets and ``grep``."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
from benchmarks.many_cassettes import PLANTED, write_many
from benchmarks.project import MeasurementFailed, timed
from benchmarks.samples import Computed, Point, ratio, value

PATTERNS = Path(__file__).parent.parent / "patterns.txt"
_CACHE = ".pytest-bill-cache"
_PER = 1_000
_UNTIL_OLD = 4
"""Seconds: pytest-bill remembers no file that was changed a moment before it was read."""


@dataclass(frozen=True)
class _Tool:
    """A command, its exit status, and what it says where it found what was planted."""

    command: tuple[str, ...]
    status: int
    says: str


def _tools() -> dict[str, _Tool]:
    scripts = Path(sys.executable).parent
    return {
        "bill": _Tool((str(scripts / "pytest-bill"), "scan", "cassettes"), 1, "1 finding"),
        "detect-secrets": _Tool(
            (str(scripts / "detect-secrets"), "scan", "--all-files", "cassettes"), 0, "AWS Access"
        ),
        "grep": _Tool(("grep", "-rE", "-f", str(PATTERNS), "cassettes"), 0, PLANTED),
    }


class Scan:
    """``first``: nothing is remembered. ``again``: no file changed since. N is that of files.

    In one file stands a key, which all have to find. detect-secrets looks through fewer files.
    """

    name = "scan"
    title = "Looking for secrets in N cassettes of 20 kB"
    unit = f"ms for {_PER:,} cassettes"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        extent = bench.extent
        tools = _tools()

        def contestant(case: str, tool: str, size: int, *, anew: bool = False) -> Contestant:
            measure = partial(_ran, bench, tools[tool], size, anew=anew)
            return Contestant(Point(self.name, case, tool, size), extent.turns, measure)

        return [
            [
                contestant("first", "bill", extent.scanned, anew=True),
                contestant("again", "bill", extent.scanned),
                contestant("first", "grep", extent.scanned),
                contestant("first", "detect-secrets", extent.scanned_slowly),
            ]
        ]

    def goals(self, extent: Extent) -> list[Goal]:
        def time_of(case: str, tool: str, size: int) -> Callable[[str], Computed]:
            return lambda clock: value(Point(self.name, case, tool, size), clock)

        size = extent.scanned
        first, again = time_of("first", "bill", size), time_of("again", "bill", size)
        grep = time_of("first", "grep", size)
        slow = time_of("first", "detect-secrets", extent.scanned_slowly)
        return [
            Goal(
                self.name,
                "times faster than detect-secrets",
                lambda clock: ratio(slow(clock), first(clock)),
                at_least=5,
            ),
            Goal(
                self.name,
                "time of pytest-bill / grep with 20 patterns",
                lambda clock: ratio(first(clock), grep(clock)),
                at_most=10,
            ),
            Goal(
                self.name,
                f"again, unchanged: all {size:,} cassettes",
                lambda clock: _times(again(clock), size / _PER),
                at_most=1_000,
                unit="ms",
            ),
        ]


def _times(of: Computed, factor: float) -> Computed:
    return lambda figure: of(figure) * factor


def _ran(bench: Bench, tool: _Tool, size: int, *, anew: bool) -> dict[str, float]:
    folder = bench.once(f"scanned-{size}", partial(_prepare, size))
    if anew:
        shutil.rmtree(folder / _CACHE, ignore_errors=True)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    status, output, wall, cpu = timed([*tool.command], folder, environment)
    if status != tool.status or tool.says not in output:
        raise MeasurementFailed(output[-300:])
    return {clock: each / size * _PER for clock, each in (("wall", wall), ("cpu", cpu))}


def _prepare(size: int, folder: Path) -> None:
    write_many(folder / "cassettes", size, has_secret=True)
    time.sleep(_UNTIL_OLD)
