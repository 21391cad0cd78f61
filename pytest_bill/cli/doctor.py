"""``pytest-bill doctor``: what would stop recording, before it does."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TextIO

from pytest_bill.cli.of_project import add_project_arguments, folder_of
from pytest_bill.doctor.credentials import BY_WORD
from pytest_bill.doctor.project import Asked
from pytest_bill.doctor.report import examined
from pytest_bill.doctor.text import Look, as_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--online",
        action="store_true",
        help="try the sign-in of each complete credential, once: BILL locks who fails too often",
    )
    parser.add_argument(
        "--credential",
        action="append",
        default=[],
        choices=tuple(BY_WORD),
        help="one that has to be there; with --online only such are tried (repeatable)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object: see docs/doctor.md")
    add_project_arguments(
        parser,
        env_file="file with the credentials",
        rootdir="folder to look at",
        production="with --online: also",
    )


def run(arguments: argparse.Namespace) -> int:
    """Look as asked; gives the exit status: 0 fine, 1 something is wrong, 2 could not look.

    Raises:
        SettingsError: there is no such folder.
    """
    if arguments.online and sys.stderr.isatty():
        print("Trying the sign-ins, each once …", file=sys.stderr)  # noqa: T201
    report = examined(
        Asked(
            folder=folder_of(arguments),
            env_file=arguments.env_file.absolute() if arguments.env_file else None,
            required=tuple(dict.fromkeys(arguments.credential)),
            online=arguments.online,
            allow_production=arguments.bill_allow_production,
        )
    )
    if arguments.json:
        print(json.dumps(report, indent=2))  # noqa: T201
    else:
        sys.stdout.write(as_text(report, _look(sys.stdout)))
    return report["exit_status"]


def _look(stream: TextIO) -> Look:
    try:
        "✓✗".encode(stream.encoding or "ascii")
        plain = False
    except (UnicodeEncodeError, LookupError):
        plain = True
    has_colours = stream.isatty() and os.environ.get("TERM") != "dumb"
    return Look(colours=has_colours and not os.environ.get("NO_COLOR"), plain=plain)
