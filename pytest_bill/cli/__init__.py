"""The ``pytest-bill`` command.

A command is a module here and a line in ``COMMANDS``. The module has ``add_arguments(parser)`` and
``run(arguments)``, which gives the exit status; it is imported only when it is called.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from pytest_bill import __version__
from pytest_bill.exceptions import PytestBillError
from pytest_bill.installed import missing

COMMANDS = {
    "sandbox": "run the local sandbox until Ctrl-C",
    "demo": "record and replay the example suite",
    "check": "hold cassettes against what BILL documents, offline",
    "migrate": "turn suites of vcrpy, pytest-recording, pytest-vcr or cassetter into ours",
    "report": "add up the reports of runs that had a part of the tests each",
    "scan": "find secrets, bank and card data in cassettes and other files",
}
"""Each command with what ``--help`` says of it."""

_MISUSED = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit status: 0, 1 (it failed) or 2 (it cannot be done so)."""
    argv = sys.argv[1:] if argv is None else argv
    try:
        status = _status(argv)
    except PytestBillError as error:
        print(f"pytest-bill: {error}", file=sys.stderr)  # noqa: T201
        return _MISUSED
    return status


def _status(argv: Sequence[str]) -> int:
    try:
        arguments = _parser(argv).parse_args(argv)
        status: int = arguments.run(arguments)
    except ImportError as error:
        raise missing(error) from None
    return status


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pytest-bill", description="Record and replay tests that talk to BILL."
    )
    parser.add_argument("--version", action="version", version=f"pytest-bill {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, what in COMMANDS.items():
        of_command = commands.add_parser(name, help=what)
        if name in argv:
            module = import_module(f"{__name__}.{name}")
            module.add_arguments(of_command)
            of_command.set_defaults(run=module.run)
    return parser
