"""What commands take that look at a project as a run of pytest there would."""

from __future__ import annotations

import argparse
from pathlib import Path

from pytest_bill.exceptions import SettingsError


def add_project_arguments(
    parser: argparse.ArgumentParser, *, env_file: str, rootdir: str, production: str
) -> None:
    """Declare them; the texts say what each is for."""
    parser.add_argument(
        "--env-file",
        type=Path,
        metavar="FILE",
        help=f"{env_file} (default: what the project's settings say, or .env)",
    )
    parser.add_argument(
        "--rootdir",
        type=Path,
        default=Path(),
        metavar="DIR",
        help=f"{rootdir}, as if pytest were started there (default: this one)",
    )
    parser.add_argument(
        "--bill-allow-production",
        action="store_true",
        help=f"{production} sign in to BILL's production, as pytest's option of that name",
    )


def folder_of(arguments: argparse.Namespace) -> Path:
    """The folder of the project.

    Raises:
        SettingsError: there is none.
    """
    folder: Path = arguments.rootdir.absolute()
    if not folder.is_dir():
        raise SettingsError(f"{folder} is no folder.\nGive the one of your project with --rootdir.")
    return folder
