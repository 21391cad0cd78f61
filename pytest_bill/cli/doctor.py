"""``pytest-bill doctor``: what would stop recording, before it does."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TextIO

from pytest_bill.doctor.credentials import BY_WORD
from pytest_bill.doctor.project import Asked
from pytest_bill.doctor.report import examined
from pytest_bill.doctor.text import Look, as_text
from pytest_bill.exceptions import SettingsError


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
    parser.add_argument(
        "--env-file",
        type=Path,
        metavar="FILE",
        help="file with the credentials (default: what the project's settings say, or .env)",
    )
    parser.add_argument(
        "--rootdir",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="folder to look at, as if pytest were started there (default: this one)",
    )
    parser.add_argument(
        "--bill-allow-production",
        action="store_true",
        help="with --online: also sign in to BILL's production, as pytest's option of that name",
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
            folder=_folder(arguments.rootdir),
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


def _folder(given: Path) -> Path:
    folder = given.absolute()
    if not folder.is_dir():
        raise SettingsError(f"{folder} is no folder.\nGive the one of your project with --rootdir.")
    return folder


def _look(stream: TextIO) -> Look:
    try:
        "✓✗".encode(stream.encoding or "ascii")
        plain = False
    except (UnicodeEncodeError, LookupError):
        plain = True
    has_colours = stream.isatty() and os.environ.get("TERM") != "dumb"
    return Look(colours=has_colours and not os.environ.get("NO_COLOR"), plain=plain)
