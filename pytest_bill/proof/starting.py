"""How the second run is started: with the first one's arguments, and none of its variables."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pytest_bill.processes.starting import for_nobody
from pytest_bill.proof.quiet_options import quiet_arguments
from pytest_bill.proof.second_run import WANTED

_LEFT_OUT = ("BILL_", "PYTEST_BILL_", "PYTEST_XDIST_", "COV_CORE_", "TEST_RUN_PIPE")
_CURRENT = "PYTEST_CURRENT_TEST"
_EASTERNMOST, _WESTERNMOST = "Pacific/Kiritimati", "Etc/GMT+12"
_HOURS = {_EASTERNMOST: 14, _WESTERNMOST: -12}


def environment(
    variables: Mapping[str, str], wanted: Path, now: datetime | None = None
) -> dict[str, str]:
    """The variables of the second run; a time zone that was given stays."""
    kept = {
        name: value
        for name, value in variables.items()
        if not name.startswith(_LEFT_OUT) and name != _CURRENT
    }
    kept[WANTED] = str(wanted)
    kept.setdefault("TZ", other_zone(now or datetime.now(UTC).astimezone()))
    return kept


def environment_now(wanted: Path) -> dict[str, str]:
    """The variables of a second run that starts now."""
    return environment(os.environ, wanted)


def other_zone(here: datetime) -> str:
    """A time zone in which the date is another one than here.

    In these two the dates differ from each other, always.
    """
    there = here.astimezone(timezone(timedelta(hours=_HOURS[_EASTERNMOST])))
    return _WESTERNMOST if there.date() == here.date() else _EASTERNMOST


def command(config: pytest.Config) -> list[str]:
    """What starts the second run."""
    given = config.invocation_params
    plugins = [name for name, _ in config.pluginmanager.list_name_plugin()]
    arguments = quiet_arguments(list(map(str, given.args)), plugins)
    # As the first one, it finds modules in the working folder only if that was on the path.
    safe = [] if {"", str(given.dir)} & set(sys.path) else ["-P"]
    return [sys.executable, *safe, "-m", "pytest", *arguments]


def run(
    command: list[str], variables: Mapping[str, str], folder: Path, output: Path, seconds: float
) -> bool:
    """Run it to its end, with what it prints in a file; False where it takes longer than that."""
    private = os.open(output, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(private, "wb") as file, for_nobody():
        try:
            subprocess.run(  # noqa: S603  the command of the run itself
                command,
                cwd=folder,
                env=dict(variables),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
    return True
