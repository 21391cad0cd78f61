"""Which processes of a run have a fixture set up that is wider than one test, and what is done.

One of them records it, and the others play that: all have the same data at BILL. So what its
teardown asks, and may take away, is sent when no test needs it any more.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pytest_bill import real_files
from pytest_bill.private_folder import RunEnded, elsewhere, locked

FILE, LOCK = "set_ups.json", "set_ups.lock"
DONE = ".done"
"""The end of the names of the files with what each process tells of its tests."""
TIMELINE = "timeline"
"""The key of a line that has an entry of the run's timeline."""
STOPPED = "stopped"
"""The file that says that tests are left out from now on."""
LONGEST_SECONDS = 30.0
"""So long is waited without a change: what a worker has to run next, nobody else knows."""
_PAUSE = 0.05

State = dict[str, dict[str, bool]]
"""By fixture, the processes that have it set up, and whether each waits to tear it down."""


class SetUps:
    """The fixtures of one run, as one of its processes tells of them; all share the ``folder``."""

    def __init__(
        self,
        folder: Callable[[], Path],
        process: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._folder = folder
        self._process = process
        self._monotonic = monotonic
        self._pause = pause

    def begin(self, fixture: str) -> None:
        """It is set up here."""
        self._change(lambda state: state.setdefault(fixture, {}).update({self._process: False}))

    def end(self, fixture: str) -> None:
        """It is torn down here."""
        self._change(lambda state: state.get(fixture, {}).pop(self._process, None))

    def add_line(self, line: Mapping[str, Any]) -> None:
        """Tell something of a test: with ``done``, that it needs its fixtures no more."""
        add_line(self._folder(), self._process, line)

    def wait_for_others(self, fixture: str, tests: Collection[str] = ()) -> bool:
        """Wait until these ``tests`` are done, and all others are about to tear it down.

        False where nothing is done for long.
        """
        before: object = None
        began = self._monotonic()
        while True:
            state = self._change(
                lambda state: state.setdefault(fixture, {}).update({self._process: True})
            )
            done = done_tests(self._folder())
            is_last = all(state.get(fixture, {}).values())
            if is_last and (done.issuperset(tests) or (self._folder() / STOPPED).exists()):
                return True
            if (state, len(done)) != before:
                before, began = (state, len(done)), self._monotonic()
            elif self._monotonic() - began > LONGEST_SECONDS:
                return False
            self._pause(_PAUSE)

    def _change(self, change: Callable[[State], object]) -> State:
        try:
            return changed(self._folder(), change)
        except RunEnded:
            return {}


def changed(folder: Path, change: Callable[[State], object]) -> State:
    """Change what is known, and give it.

    Raises:
        RunEnded: the folder is gone.
    """
    file = folder / FILE
    with locked(folder, LOCK):
        try:
            before = real_files.read_bytes(file)
        except FileNotFoundError:
            before = b"{}"
        state: State = json.loads(before)
        change(state)
        after = json.dumps(state).encode()
        if after != before:
            real_files.replace_file(file, after, 0o600)
        return state


def forget(folder: Path, process: str) -> list[str]:
    """A process has ended without a word; gives the fixtures that it had set up."""
    had: list[str] = []

    def change(state: State) -> None:
        for name, processes in state.items():
            if processes.pop(process, None) is not None:
                had.append(name)

    if real_files.exists(folder / FILE):
        changed(folder, change)
    return had


def add_line(folder: Path, process: str, line: Mapping[str, Any]) -> None:
    """Remember what a process tells of a test."""
    file = os.open(folder / f"{process}{DONE}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        written = f"{json.dumps(line)}\n".encode()
        os.write(file, written)
    finally:
        os.close(file)
    others = elsewhere(folder)
    if others is not None:
        others.tell(process, written)


def done_tests(folder: Path) -> set[str]:
    """The tests that all processes have done."""
    found = set()
    for file in folder.glob(f"*{DONE}"):
        for line in file.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError):  # it is written just now
                found.add(json.loads(line).get("done"))
    return found
