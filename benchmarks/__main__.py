"""``python -m benchmarks``: measures, prints, judges. See README.md in this folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import peers
from benchmarks.samples import SHOWN


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    made.add_argument("--quick", action="store_true", help="N to 1,000 and two turns")
    made.add_argument(
        "--only", metavar="ROW", action="append", default=[], help="rows beginning so; repeatable"
    )
    made.add_argument("--repeat", metavar="K", type=int, help="turns (3; 2 with --quick)")
    made.add_argument(
        "--without",
        metavar="TOOL",
        action="append",
        default=[],
        choices=tuple(SHOWN),
        help=f"leave one out of {', '.join(SHOWN)}; repeatable",
    )
    made.add_argument(
        "--clock", choices=("both", "wall", "cpu"), default="both", help="judge by (both)"
    )
    made.add_argument("--check", action="store_true", help="status 1 if a goal is missed")
    made.add_argument("--markdown", action="store_true", help="print tables as Markdown")
    made.add_argument("--output", metavar="FILE", type=Path, help="where the figures go (JSON)")
    made.add_argument("--show", metavar="FILE", type=Path, help="print figures kept earlier")
    return made


def main(given: list[str]) -> int:
    arguments = parser().parse_args(given)
    if not peers.is_running():
        peers.prepare()
        peers.enter(given)
    from benchmarks import command

    return command.run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
