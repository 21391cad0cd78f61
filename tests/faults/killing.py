"""A suite whose runs are killed at a moment that is counted, not timed, and what is there then.

A moment is one event that Python tells of: a file opened or renamed, a connection made, a process
started. Or it is a change of the file system, or a recording that takes its cassette's place; then
the process dies right after it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.helpers.suites import NO_NETWORK

NEW = "owner.lock.new"
RECORD_ANEW = ("--bill-environment=local", "--bill-record-mode=all")

CONFTEST = """
import fcntl
import os
import pathlib
import signal
import sys

import pytest

ROLE, HOW, LEFT, AGAIN = os.environ["KILL"].split()
LEFT, AGAIN = int(LEFT), int(AGAIN)
FOLDER = pathlib.Path(os.environ["FOUND"])
COUNTED = os.environ["COUNTED"]
DONE = 0
# Whoever waits for this lock waits for all processes of the run.
ALIVE = open(FOLDER / "alive", "a")
fcntl.flock(ALIVE, fcntl.LOCK_SH)
EVENTS = ("open", "os.", "socket.", "subprocess.", "shutil.", "tempfile.", "fcntl.", "glob.")
CHANGES = {"write", "fsync", "chmod", "replace", "mkdir", "unlink"}


def count():
    global DONE
    DONE += 1  # a signal that is sent here is an event itself
    if DONE == LEFT or (AGAIN and DONE == LEFT + AGAIN):
        os.kill(os.getpid(), getattr(signal, HOW))


def changed(real):
    def change(*args, **kwargs):
        try:
            return real(*args, **kwargs)
        finally:
            count()

    return change


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "controller")
    role = "proof" if session.config.pluginmanager.hasplugin("bill-second-run") else worker
    if role != ROLE:
        return
    if COUNTED == "events":
        sys.addaudithook(lambda event, _: event.startswith(EVENTS) and count())
        return
    from pytest_bill import real_files

    if COUNTED == "cassettes":
        move = real_files.move_file
        put = changed(move)
        real_files.move_file = lambda file, to: (put if to.suffix == ".yaml" else move)(file, to)
        return
    for name in CHANGES:
        system = real_files._System
        setattr(system, name, staticmethod(changed(getattr(system, name))))
    for name in ("rename", "rmdir", "unlink", "mkdir"):
        setattr(os, name, changed(getattr(os, name)))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    if DONE:
        FOLDER.joinpath("counted").write_text(str(DONE))
"""

DEPENDENT = """
import pytest

ADDRESS = {"line1": "1 Way", "city": "Houston", "stateOrProvince": "TX",
           "zipOrPostalCode": "77002", "country": "US"}
MADE = {"name": "Ada", "accountType": "BUSINESS", "address": ADDRESS}


@pytest.fixture(scope="session")
def bill_config():
    return {"unchanged": {"ids": False, "dates": False}}  # each recording differs


@pytest.fixture(scope="module")
def vendor(bill_dev_session):
    return bill_dev_session.call("POST", "/v3/vendors", json=MADE)


@pytest.mark.parametrize("number", range(4))
def test_some(bill_dev_session, vendor, number):
    # Another vendor in each recording: new cassettes and old ones do not go together.
    assert bill_dev_session.get(f"/v3/vendors/{vendor['id']}", params={"n": number}).ok
    assert bill_dev_session.get("/v3/vendors", params={"max": number + 1}).ok
"""
SEPARATE = DEPENDENT.replace('scope="module"', 'scope="function"')
"""For workers: they do not record fixtures wider than one test."""


@dataclass(frozen=True)
class Kill:
    """Which process ends, how, and at which of its moments; by a second signal so much later."""

    role: str = "nobody"
    signal: str = "SIGKILL"
    moment: int = 0
    again: int = 0


class KilledSuite:
    """The suite, with cassettes of a recording that came to its end."""

    def __init__(self, folder: Path, *workers: str, counted: str = "events") -> None:
        self.folder = folder / "suite"
        self._temporary = folder / "temporary"
        self._found = folder / "found"
        for each in (self.folder, self._temporary, self._found):
            each.mkdir(parents=True)
        self._workers = workers
        self._counted = counted
        (self.folder / "conftest.py").write_text(CONFTEST)
        (self.folder / "test_some.py").write_text(SEPARATE if workers else DEPENDENT)

    def record(self, kill: Kill = Kill(), *args: str) -> tuple[int, str]:
        """How a run ends that records all anew, and what it prints."""
        return self._run(kill, *RECORD_ANEW, *self._workers, *args)

    def replay(self) -> str:
        """What a run prints that replays; all its tests pass."""
        status, printed = self._run(Kill(), *NO_NETWORK)
        assert status == 0, printed
        return printed

    def moments(self, role: str, *args: str) -> int:
        """How many moments a process of such a recording has."""
        (self._found / "counted").unlink(missing_ok=True)
        status, printed = self.record(Kill(role), *args)
        assert status == 0, printed
        return int((self._found / "counted").read_text())

    def _run(self, kill: Kill, *args: str) -> tuple[int, str]:
        others = ("BILL_", "PYTEST_", "CI", "GITHUB_")
        environ = {name: each for name, each in os.environ.items() if not name.startswith(others)}
        environ |= {
            "KILL": f"{kill.role} {kill.signal} {kill.moment} {kill.again}",
            "COUNTED": self._counted,
            "FOUND": str(self._found),
            "TMPDIR": str(self._temporary),
        }
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        output = self._found / "output"
        with output.open("w") as file:
            done = subprocess.run(
                [*command, "-p", "no:randomly", *args],
                cwd=self.folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=300,
                check=False,
                start_new_session=True,
                # A shell that started this in the background has switched it off.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        with (self._found / "alive").open("a") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
        return done.returncode, output.read_text()

    # --- what is there ------------------------------------------------------------------------

    def cassettes(self) -> dict[str, bytes]:
        """Each cassette, by its path."""
        folder = self.folder / "cassettes"
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*.yaml"))
            if ".unproven" not in path.parts
        }

    def check_whole(self, before: dict[str, bytes]) -> None:
        """No cassette is gone, and each is as it was or new, and whole."""
        after = self.cassettes()
        assert after.keys() >= before.keys()
        for path, text in after.items():
            if text != before.get(path):
                recorded = yaml.safe_load(text)["interactions"]
                asked = 2 + bool(self._workers) if path.startswith("test_some/test_") else 1
                assert len(recorded) == asked, path

    def unfinished(self) -> list[str]:
        """What was begun, and is no cassette."""
        return [str(path) for path in (self.folder / "cassettes").rglob(".*.pytest-bill")]

    def waiting(self) -> list[Path]:
        """The recordings that wait unproven."""
        return sorted((self.folder / "cassettes/.unproven").rglob("*.yaml"))

    def told(self) -> set[Path]:
        """The folders with recordings that wait, of which their own runs have told."""
        return {path.parent for path in (self.folder / "cassettes/.unproven").glob("*/.ended")}

    def untold(self) -> list[Path]:
        """The recordings that wait, and of which their own runs could not tell."""
        told = self.told()
        return [path for path in self.waiting() if not told.intersection(path.parents)]

    def hidden(self) -> list[str]:
        """All in the folder of cassettes that is none."""
        return [str(path) for path in (self.folder / "cassettes").rglob(".*")]

    def shared(self) -> list[str]:
        """What is left of the folders that processes of runs share.

        One that was killed before it held its lock goes with a later run: it may be just made.
        """
        folders = self._temporary.glob("pytest-bill-*")
        return [each.name for each in folders if {path.name for path in each.iterdir()} - {NEW}]
