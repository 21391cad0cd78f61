"""``pytest-bill check``: cassettes against what BILL documents, without a network."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from pytest_bill.cassettes import store
from pytest_bill.drift.check import Checked
from pytest_bill.drift.documented import Description
from pytest_bill.drift.report import FORMATS, Report
from pytest_bill.exceptions import CassetteError
from pytest_bill.scan.files import CannotScan, read_file
from pytest_bill.viewing.files import DEFAULT_FOLDER, candidates, is_cassette

_CLEAN, _FOUND, _CANNOT = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help=f"cassettes, and folders of them (default: {DEFAULT_FOLDER})",
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="of the report (default: text)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check as asked; gives the exit status: 0 nothing found, 1 findings, 2 could not read.

    Raises:
        SettingsError: the packages that describe BILL's operations are not installed.
        CannotScan: a path is not there.
    """
    description = load_description()
    checked = Checked()
    errors: list[str] = []
    files = others = 0
    for path in candidates(arguments.paths or [DEFAULT_FOLDER]):
        try:
            if path not in arguments.paths and not is_cassette(read_file(path)):
                others += 1
                continue
            recording = store.load(path)
        except (CassetteError, CannotScan) as error:
            errors.append(str(error))
            continue
        files += 1
        interactions = recording.interactions if recording is not None else []
        checked.check(path.as_posix(), interactions, description)
    report = Report(
        checked,
        f"{description.as_of:%Y-%m}",
        description.age(date.today()),
        files,
        others,
        errors,
    )
    sys.stdout.write(FORMATS[arguments.format](report))
    if errors:
        return _CANNOT
    return _FOUND if report.findings else _CLEAN


def load_description() -> Description:
    """What BILL documents, as the local sandbox describes it."""
    from pytest_bill.sandbox import api
    from pytest_bill.sandbox.description import openapi

    return Description(openapi.document(api.OPERATIONS))
