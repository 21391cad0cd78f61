"""A suite as pytest collects it: its tests, each with what another recorder reads of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pytest_bill.exceptions import SettingsError
from pytest_bill.migrate import collecting
from pytest_bill.migrate.words import escaped

_MISUSED = 4
_MOST_LINES = 12


class Marker(NamedTuple):
    """A ``vcr`` marker: the names that it gives, and those of its settings."""

    args: Sequence[str]
    kwargs: Sequence[str]


class Collected(NamedTuple):
    """A test, and what decides where another recorder has its cassette.

    ``folder`` and ``own_name`` are what fixtures of the suite give; empty where none does.
    ``defined_in`` is the file of its function, ``path`` that of the module it was collected from.
    ``asks_for`` are fixtures of the recorder that it has as arguments.
    """

    nodeid: str
    path: Path
    class_name: str
    name: str
    qualname: str
    defined_in: Path
    markers: Sequence[Marker]
    default_cassette: str
    is_ours: bool
    uses_bill: bool
    folder: str
    own_name: str
    asks_for: Sequence[str]
    is_unittest: bool
    problems: Sequence[str]

    @property
    def module(self) -> str:
        """The path of its module, as node ids have it."""
        return self.nodeid.partition("::")[0]

    def is_in(self, qualname: str) -> bool:
        """Whether its function is this one, or stands in this class; all are in a module."""
        return not qualname or f"{self.qualname}.".startswith(f"{qualname}.")


class Suite(NamedTuple):
    """The tests of a suite; ``trouble`` is what pytest said of modules it could not collect."""

    rootdir: Path
    cassette_dir: Path
    tests: Sequence[Collected]
    trouble: str = ""
    inipath: Path | None = None
    env_file: Path = Path(".env")


def collect(paths: Sequence[Path]) -> Suite:
    """Have pytest collect the tests below these paths, in a process of its own.

    Raises:
        SettingsError: pytest could not do it.
    """
    status, about, said = _collected([*map(str, paths)])
    if about is None and status == _MISUSED:
        # The options of a recorder that is not installed here, in an ini file.
        status, about, said = _collected(["--override-ini=addopts=", *map(str, paths)])
    if about is None:
        raise SettingsError(
            f"pytest could not collect the tests (exit status {status}):\n{escaped(said)}\n"
            "Make `pytest --collect-only` work first, in the same folder."
        )
    tests = [_test(each) for each in about["tests"]]
    root, cassettes = Path(about["rootdir"]), Path(about["cassette_dir"])
    inipath = Path(about["inipath"]) if about["inipath"] else None
    return Suite(
        root, cassettes, tests, "\n".join(about["failed"]), inipath, Path(about["env_file"])
    )


def _collected(arguments: list[str]) -> tuple[int, dict[str, Any] | None, str]:
    with tempfile.TemporaryDirectory(prefix="pytest-bill-") as folder:
        output = Path(folder, "tests.json")
        command = [
            *(sys.executable, "-m", "pytest", "--collect-only", "--quiet", "--no-header"),
            *("-p", collecting.__name__, "-p", "no:cacheprovider", "-p", "no:randomly"),
            *("--continue-on-collection-errors", *arguments),
        ]
        done = subprocess.run(  # noqa: S603
            command,
            env={**os.environ, collecting.OUTPUT: str(output)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        about = json.loads(output.read_text(encoding="utf-8")) if output.exists() else None
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    return done.returncode, about, "\n".join(lines[-_MOST_LINES:])


def _test(about: dict[str, Any]) -> Collected:
    paths = {name: Path(about[name]) for name in ("path", "defined_in")}
    markers = [Marker(**each) for each in about["markers"]]
    return Collected(**{**about, **paths, "markers": markers})
