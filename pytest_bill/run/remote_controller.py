"""pytest-xdist's controller, for a worker on another machine: over a channel of execnet's.

They have no folder in common. So the worker asks for each lock; with it goes what the others have
left in the files that belong to it, and comes back what the worker has added. Sign-ins, the names
of secrets and what is recorded are then the same for all workers of the run.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any

from pytest_bill.private_folder import RunEnded, locked
from pytest_bill.run.remote_files import Files, SharedFiles

HELLO, TAKE, GIVE_BACK, TELL = "hello", "take", "give back", "tell"
"""What a worker says: a number, one of these, and what belongs to it."""


class RemoteWorker:
    """Answers one worker; ``hello`` is what it is told first."""

    def __init__(
        self, channel: Any, files: SharedFiles, hello: Callable[[], Mapping[str, Any]]
    ) -> None:
        """``channel`` is one of execnet's."""
        self._channel = channel
        self._files = files
        self._hello = hello
        self._held: dict[int, SimpleQueue[Files | None]] = {}

    def listen(self) -> None:
        """Begin."""
        self._channel.setcallback(self._receive, endmarker=None)

    def _receive(self, message: tuple[Any, ...] | None) -> None:
        """In execnet's own thread, which must not wait."""
        if message is None:  # the worker has ended
            for each in list(self._held.values()):
                each.put(None)
            return
        number, what, *told = message
        if what == HELLO:
            self._answer(number, dict(self._hello()))
        elif what == TELL:
            self._files.append(*told)
        elif what == GIVE_BACK:
            self._held[number].put(*told)
        elif what == TAKE:
            given_back = self._held[number] = SimpleQueue()
            held = threading.Thread(
                target=self._hold, args=(number, given_back, *told), daemon=True
            )
            held.start()

    def _hold(
        self, number: int, given_back: SimpleQueue[Files | None], name: str, place: str
    ) -> None:
        """Hold a lock for the worker until it gives it back, or ends."""
        files = self._files
        try:
            with locked(files.folder, files.lock_of(name, place)):
                self._answer(number, files.read(name, place))
                changed = given_back.get()
                if changed is not None:
                    files.write(name, place, changed)
        except (OSError, RunEnded) as error:
            self._answer(number, f"{getattr(error, 'strerror', None) or error}")
        else:
            self._answer(number, None)
        finally:
            del self._held[number]

    def _answer(self, number: int, answer: Any) -> None:
        try:
            self._channel.send((number, answer))
        except OSError:  # the worker has ended
            given_back = self._held.get(number)
            if given_back is not None:
                given_back.put(None)
