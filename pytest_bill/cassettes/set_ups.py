"""Which processes of a run have a fixture set up that is wider than one test.

One of them records it, and the others play that: all have the same data at BILL. So what its
teardown asks, and may take away, is sent when the others need it no more.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from pytest_bill import real_files
from pytest_bill.private_folder import RunEnded, locked

FILE, LOCK = "set_ups.json", "set_ups.lock"
LONGEST_SECONDS = 30.0
"""So long is waited without a change: a worker that has nothing to do may keep a fixture."""
_PAUSE = 0.05

State = dict[str, dict[str, bool]]
"""By fixture, the processes that have it set up, and whether each waits to tear it down."""


class SetUps:
    """The fixtures of one run, as one of its processes tells of them; ``folder`` is what all share."""

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

    def wait_for_others(self, fixture: str) -> bool:
        """Wait until all others that have it set up are about to tear it down.

        False where one of them does nothing for long.
        """
        before: State | None = None
        began = self._monotonic()
        while True:
            state = self._change(
                lambda state: state.setdefault(fixture, {}).update({self._process: True})
            )
            if all(state[fixture].values()):
                return True
            if state != before:
                before, began = state, self._monotonic()
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
        had.extend(name for name, processes in state.items() if processes.pop(process, None) is not None)

    if real_files.exists(folder / FILE):
        changed(folder, change)
    return had
