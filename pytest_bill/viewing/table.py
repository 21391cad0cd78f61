"""The table of a cassette's interactions. rich draws it; the other views have no need of that."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pytest_bill.viewing.interactions import Row

if TYPE_CHECKING:
    from rich.table import Table

_WIDE = 100_000
"""Columns where nobody looks at it: what reads a pipe or a file wants whole lines."""
_NARROWEST = 20


def drawn(rows: Iterable[Row]) -> str:
    """The table as text, as wide and as coloured as the terminal allows.

    Raises:
        ImportError: rich is not installed.
    """
    from rich.console import Console

    has_width = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    console = Console(highlight=False, soft_wrap=False, width=None if has_width else _WIDE)
    console.width = max(console.width, _NARROWEST)
    with console.capture() as captured:
        console.print(_table(rows))
    return "\n".join(line.rstrip(" ") for line in captured.get().split("\n"))


def _table(rows: Iterable[Row]) -> Table:
    from rich.box import SIMPLE
    from rich.table import Table
    from rich.text import Text

    # Text, not strings: what stands in brackets is no markup of rich's.
    table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    # Where it is narrow, what comes first is what has to be seen.
    table.add_column("#", justify="right", no_wrap=True, min_width=1)
    table.add_column("method", no_wrap=True, min_width=4)
    table.add_column("path", overflow="fold", min_width=12)
    table.add_column("status", overflow="fold", min_width=3)
    table.add_column("size", overflow="fold", justify="right")
    table.add_column("by", overflow="fold")
    table.add_column("recorded", overflow="fold")
    for row in rows:
        recorded_at = row.recorded_at.replace("T", " ")  # it may be folded
        cells = (str(row.number), *row[1:4], f"{row.size:,}", row.answered_by, recorded_at)
        style = "red" if not row.status.startswith(("2", "3")) else ""
        table.add_row(*map(Text, cells), style=style)
    return table
