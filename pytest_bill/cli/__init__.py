"""The ``pytest-bill`` command.

A command is a module here and a line in ``COMMANDS``. The module has ``add_arguments(parser)`` and
``run(arguments)``, which gives the exit status; it is imported only when it is called.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

from pytest_bill import __version__
from pytest_bill.exceptions import PytestBillError
from pytest_bill.installed import missing

COMMANDS = {
    "init": "write a project's first tests with BILL, and what goes with them",
    "sandbox": "run the local sandbox until Ctrl-C",
    "demo": "record and replay the example suite",
    "doctor": "look for what would stop recording: credentials, settings, versions, cassettes",
    "trust": "answer BILL's MFA challenge once, so that payments can be recorded for 30 days",
    "check": "hold cassettes against what BILL documents, offline",
    "migrate": "turn suites of vcrpy, pytest-recording, pytest-vcr or cassetter into ours",
    "report": "add up the reports of runs that had a part of the tests each",
    "scan": "find secrets, bank and card data in cassettes and other files",
    "completion": "print what bash, zsh or fish needs to complete these commands",
    "show": "show what cassettes hold",
    "diff": "tell what really differs between two recordings",
}
"""Each command with what ``--help`` says of it."""

_MISUSED, _INTERRUPTED, _NOBODY_READS = 2, 130, 141
"""The latter two are what a shell gives for a command that SIGINT or SIGPIPE ended."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit status: 0, 1 (it failed) or 2 (it cannot be done so).

    130 where the user interrupted it, 141 where nobody reads what it writes any more.
    """
    argv = sys.argv[1:] if argv is None else argv
    _write_all_characters()
    try:
        try:
            return _status(argv)
        finally:
            sys.stdout.flush()  # here it may fail in words
    except PytestBillError as error:
        tell(str(error))
        return _MISUSED
    except KeyboardInterrupt:
        tell("interrupted.")
        return _INTERRUPTED
    except BrokenPipeError:
        _leave_stdout_alone()
        return _NOBODY_READS
    except OSError as error:
        tell(_refused(error))
        return _MISUSED


def tell(message: str) -> None:
    """Say why the command does not go on, in the one form that all of them have."""
    from pytest_bill.cli.colours import has_colours, painted
    from pytest_bill.printable import printable_lines

    prog = painted("pytest-bill:", "red", "bold") if has_colours(sys.stderr) else "pytest-bill:"
    print(f"{prog} {printable_lines(message)}", file=sys.stderr)  # noqa: T201


def _refused(error: OSError) -> str:
    """What the system refused, where no command knows a better word for it."""
    what = f"{error.filename}: " if error.filename is not None else ""
    return (
        f"the system refused: {what}{error.strerror or error}.\n"
        "Mend that, or name another file or folder; what was not written is as it was."
    )


def _write_all_characters() -> None:
    """Escape what the terminal's encoding does not have, instead of failing for it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _leave_stdout_alone() -> None:
    """Let Python's end, which writes what is left, not fail a second time."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


class _Parser(argparse.ArgumentParser):
    """Tells of misuse as the commands tell of everything."""

    def error(self, message: str) -> NoReturn:
        """Show the usage, and what is wrong with what was typed."""
        self.print_usage(sys.stderr)
        tell(f"{message}\nSee: {self.prog} --help")
        sys.exit(_MISUSED)


class _CommandParser(_Parser):
    """Refuses by itself what it does not know, and so names its own ``--help``."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Give no unknown argument back: the whole parser would tell of it without the command."""
        arguments, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return arguments, unknown


def _status(argv: Sequence[str]) -> int:
    try:
        if "_ARGCOMPLETE" in os.environ:  # a shell asks for words, and runs nothing
            from pytest_bill.cli.completion import complete

            return complete(_parser)
        arguments = _parser(argv).parse_args(argv)
        status: int = arguments.run(arguments)
    except ImportError as error:
        raise missing(error) from None
    return status


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(prog="pytest-bill", description="Record and replay tests that talk to BILL.")
    parser.add_argument("--version", action="version", version=f"pytest-bill {__version__}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=_CommandParser
    )
    for name, what in COMMANDS.items():
        of_command = commands.add_parser(name, help=what)
        if name in argv:
            module = import_module(f"{__name__}.{name}")
            module.add_arguments(of_command)
            of_command.set_defaults(run=module.run)
    return parser
