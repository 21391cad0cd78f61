"""``pytest-bill migrate``: suites of vcrpy, pytest-recording, pytest-vcr and cassetter."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pytest_bill.migrate import report
from pytest_bill.migrate.applying import apply
from pytest_bill.migrate.migration import plan_for
from pytest_bill.migrate.sources import SOURCES

_DONE, _LEFT = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="tests to migrate, as pytest takes them (default: those that it finds by itself)",
    )
    parser.add_argument(
        "--from",
        dest="source",
        choices=SOURCES,
        default="",
        help="the recorder that they come from (default: whichever has a cassette for a test)",
    )
    parser.add_argument(
        "--apply",
        action="store_true",
        help="do it: write the cassettes, change the code; without it nothing is changed",
    )
    parser.add_argument("--json", action="store_true", help="the report as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Migrate as asked; gives the exit status: 0, or 1 where something is left to do by hand.

    Raises:
        SettingsError: the tests cannot be collected, or a file cannot be changed.
        CassetteError: a cassette cannot be written.
    """
    plan = plan_for(arguments.paths, arguments.source)
    applies = arguments.apply and report.has_work(plan)
    kept = apply(plan) if applies else []
    written = report.as_json if arguments.json else report.as_text
    sys.stdout.write(written(plan, applied=applies, kept=kept))
    return _LEFT if report.is_left(plan) else _DONE
