"""Runs that are killed at any moment: what is left, what can be read of it, and the next run.

A moment is one operation on a file, counted in the process that is killed.
"""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.helpers.suites import RECORD

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and modes of POSIX"),
]

CONFTEST = """
import os
import pathlib
import signal
import stat

import pytest

from pytest_bill import real_files

WHERE, HOW, LEFT = os.environ["KILL"].split()
LEFT = int(LEFT)
IS_HERE = WHERE == os.environ.get("PYTEST_XDIST_WORKER", "controller")
FOUND = pathlib.Path(os.environ["FOUND"])


def look(done):
    # Whoever comes by between two operations.
    for folder in pathlib.Path(os.environ["TMPDIR"]).glob("pytest-bill-*"):
        try:
            each = [folder, *folder.iterdir()]
            modes = {path: stat.S_IMODE(path.stat().st_mode) for path in each}
        except FileNotFoundError:
            continue
        for path, mode in modes.items():
            if mode & 0o077:
                FOUND.joinpath("wrong").write_text(f"{path} had mode {mode:o} at {done}")


def counted(name, real):
    def operation(*args, **kwargs):
        global LEFT
        LEFT -= 1
        if LEFT == 0:
            if HOW == "exit":
                os._exit(7)
            os.kill(os.getpid(), getattr(signal, HOW))
        try:
            return real(*args, **kwargs)
        finally:
            if LEFT > 0:
                look(name)

    return operation


if IS_HERE:
    for name in ("open", "write", "fsync", "chmod", "replace", "mkdir", "unlink"):
        place = staticmethod(counted(name, getattr(real_files._System, name)))
        setattr(real_files._System, name, place)
    for name in ("open", "replace", "rename", "mkdir", "unlink", "rmdir"):
        setattr(os, name, counted(name, getattr(os, name)))


def pytest_unconfigure():
    if IS_HERE:
        FOUND.joinpath("operations").write_text(str(-LEFT))
"""
SUITE = """
import pytest


@pytest.mark.parametrize("number", range(6))
def test_some(bill_dev_session, number):
    for size in (1, 2):
        assert bill_dev_session.get("/v3/vendors", params={"max": number + size}).ok
"""


class Runs:
    """Runs of the suite, each with temporary files of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temporary = folder / "temporary"
        self.found = folder / "found"
        for each in (self.temporary, self.found, folder / "suite"):
            each.mkdir()
        (folder / "suite/conftest.py").write_text(CONFTEST)
        (folder / "suite/test_some.py").write_text(SUITE)

    def run(self, kill: str, *args: str) -> int:
        """How a run ends; the shell's way to say that a signal ended it is the same."""
        others = ("BILL_", "PYTEST_")
        environ = {name: each for name, each in os.environ.items() if not name.startswith(others)}
        environ |= {"KILL": kill, "FOUND": str(self.found), "TMPDIR": str(self.temporary)}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *RECORD, *args],
            cwd=self.folder / "suite",
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        return done.returncode

    def left(self) -> list[str]:
        """What is left of what the processes of runs shared."""
        return [path.name for path in self.temporary.glob("pytest-bill-*")]

    def check_cassettes(self) -> None:
        """Each is whole, and nothing else is there but what is named as unfinished."""
        for path in (self.folder / "suite/cassettes").rglob("*.yaml"):
            if not path.name.startswith("."):
                recorded = yaml.safe_load(path.read_text())["interactions"]
                assert len(recorded) == (2 if path.name.startswith("test_") else 1), path


@pytest.fixture(scope="session")
def operations(tmp_path_factory):
    """How many operations a run does, by where and with which workers."""
    counts = {}
    for where, workers in (("controller", ()), ("controller", ("-n2",)), ("gw0", ("-n2",))):
        runs = Runs(tmp_path_factory.mktemp("counted"))
        assert runs.run(f"{where} SIGKILL 0", *workers) == 0
        counts[where, workers] = int((runs.found / "operations").read_text())
        assert not (runs.found / "wrong").exists()
    return counts


@pytest.mark.parametrize("seed", range(24))
def test_whenever_a_run_is_killed_nothing_is_left_for_good(tmp_path, operations, seed):
    dice = random.Random(seed)
    where, workers = dice.choice(list(operations))
    how = dice.choice(["SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "exit"])
    moment = dice.randint(1, operations[where, workers])
    runs = Runs(tmp_path)
    runs.run(f"{where} {how} {moment}", *workers)
    assert not (runs.found / "wrong").exists(), (runs.found / "wrong").read_text()
    runs.check_cassettes()
    for path in runs.temporary.glob("pytest-bill-*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert how in {"SIGKILL", "exit"}
        assert where == "controller"
    assert runs.run("nowhere SIGKILL 0", *workers) == 0
    runs.check_cassettes()
    if runs.left():
        # Workers whose controller is gone live a moment longer; one of them held it. And a run
        # that has all that it needs makes no such folder.
        assert runs.run("nowhere SIGKILL 0", "--bill-record-mode=all", *workers) == 0
    assert runs.left() == []
    unfinished = (runs.folder / "suite/cassettes").rglob(".*")
    # What a run had recorded that was killed waits until somebody records it again.
    waiting = {".unproven", ".gitignore"}
    left = [path.name for path in unfinished if path.stat().st_size]
    assert [name for name in left if name not in waiting] == []
