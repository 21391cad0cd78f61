"""``pytest-bill diff``: what really differs between two recordings of the same cassettes."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pytest_bill.cli import tell
from pytest_bill.cli.colours import has_colours, painted
from pytest_bill.exceptions import SettingsError
from pytest_bill.viewing import diff_text
from pytest_bill.viewing.differing import differences
from pytest_bill.viewing.files import DEFAULT_FOLDER, check_there
from pytest_bill.viewing.sides import Sides

_EQUAL, _DIFFERS, _CANNOT = 0, 1, 2
_BOTH = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="OLD and NEW: two cassettes, or two folders of them; with --since what to compare "
        f"(default: {DEFAULT_FOLDER})",
    )
    parser.add_argument(
        "--since", metavar="REV", help="compare with what git has of it at this revision"
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="also tell what is no change: new dates, ids in the same places, the order of lists, "
        "stand-ins, headers that may be any",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Compare; gives the exit status: 0 equal, 1 something differs, 2 something cannot be compared.

    Raises:
        SettingsError: it was asked for in a way that cannot be done.
    """
    sides = Sides()
    if arguments.since is not None:
        sides.add_since(arguments.since, arguments.paths or [DEFAULT_FOLDER])
    elif len(arguments.paths) == _BOTH:
        check_there(arguments.paths, "diff")
        sides.add_files(*arguments.paths)
    else:
        raise SettingsError(
            f"{len(arguments.paths)} paths to compare, and two are needed: OLD and NEW.\n"
            "Or name what git has: pytest-bill diff --since HEAD"
        )
    found = differences(sides.pairs, everything=arguments.all)
    if arguments.json:
        told = {"files": diff_text.as_data(found), "errors": sides.errors}
        sys.stdout.write(json.dumps(told, indent=2, default=str) + "\n")
    else:
        paint = painted if has_colours(sys.stdout) else _plain
        lines = diff_text.lines_of(found, sides.compared, paint)
        sys.stdout.writelines(f"{line}\n" for line in lines)
    for error in sides.errors:
        tell(error)
    if sides.errors:
        return _CANNOT
    return _DIFFERS if found else _EQUAL


def _plain(text: str, *_: str) -> str:
    return text
