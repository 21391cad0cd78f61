"""Answers the processes that tests start: the cassettes are the parent's.

A thread does so, over a Unix socket in a folder that only this user may read. It rests while the
process forks, since Python warns of forks beside threads.
"""

from __future__ import annotations

import _socket
import os
import selectors
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_bill.exceptions import PytestBillError
from pytest_bill.processes.answers import Answers
from pytest_bill.processes.threads import Owner, Threads

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from pytest_bill.cassettes.client_requests import ClientRequests
    from pytest_bill.guards.network import BlockedNetwork
    from pytest_bill.processes.child import RunInfo


class Parent:
    """The run, as the processes see it that its tests start."""

    def __init__(
        self,
        recorder: ClientRequests,
        threads: Threads,
        folder: Callable[[], Path],
        *,
        is_expected: bool = False,
        network: BlockedNetwork | None = None,
    ) -> None:
        """``folder`` gives one that nobody else may read; the socket is made when it is needed.

        That is at once where processes know of it already: it ``is_expected``. ``network`` is
        blocked, where it is.
        """
        self._network = network
        self._recorder = recorder
        self._answers = Answers(recorder)
        self._threads = threads
        self._folder = folder
        # What was started before the run works for whichever test runs.
        self._owners: list[Owner | None] = [None]
        self._pid = os.getpid()
        self._path = ""
        self._server: Any = None
        self._connections: list[Connection] = []
        self._thread: threading.Thread | None = None
        self._wake: tuple[int, int] | None = None
        self._lock = threading.RLock()
        self._still = ExitStack()
        self._forked: RunInfo | None = None
        if is_expected:
            self._listen()
            self._serve()

    def run_info(self) -> str | None:
        """What a child that is started now has to know.

        Also between tests that use BILL: a wide fixture may start what asks later.
        """
        if os.getpid() != self._pid:
            if self._recorder.asks_parent:
                return str(self._forked)
            self._begin_anew()
        with self._lock:
            self._listen()
            self._serve()
        return str(self._run_info())

    def _begin_anew(self) -> None:
        """Answer processes of this one, which was forked, and runs tests by itself."""
        self._pid = os.getpid()
        self._path = ""

    def _run_info(self) -> RunInfo:
        from pytest_bill.processes.child import RunInfo

        environment = self._recorder.environment
        owner = self._threads.owner_of_new()
        if owner not in self._owners:
            self._owners.append(owner)
        return RunInfo(
            path=self._path,
            owner=self._owners.index(owner),
            name=environment.name,
            gateway=environment.gateway,
            api=environment.api,
            tokens=environment.tokens,
            why_not=self._recorder.why_not_unwatched,
        ).blocked_by(self._network)

    def before_fork(self) -> None:
        """Let the thread rest, so that the process forks without it."""
        if os.getpid() != self._pid:
            return
        self._lock.acquire()
        self._listen()
        self._stop_serving()
        self._forked = self._run_info()
        self._still.enter_context(self._recorder.standing_still())

    def after_fork(self) -> None:
        """It has forked; ``go_on`` comes when Python has counted the threads."""
        if os.getpid() == self._pid:
            self._still.close()
            self._lock.release()

    def go_on(self) -> None:
        """Answer again."""
        if os.getpid() == self._pid and self._server is not None:
            with self._lock:
                self._serve()

    def after_fork_in_child(self) -> None:
        """Ask the parent from now on."""
        self._still.close()
        self._lock = threading.RLock()
        self._thread = None
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for connection in self._connections:
            connection.close()
        self._connections = []
        if self._forked is None:
            return
        from pytest_bill.processes.child import Remote

        registry = self._recorder.registry
        self._recorder.ask_instead(Remote(self._forked, registry.known))

    def close(self) -> None:
        """Answer nobody any more."""
        if os.getpid() != self._pid:
            return
        with self._lock:
            self._stop_serving()
            if self._server is None:
                return
            self._server.close()
            self._server = None
            for connection in self._connections:
                connection.close()
            with suppress(OSError):
                os.unlink(self._path)

    def _listen(self) -> None:
        if self._server is not None:
            return
        if not hasattr(_socket, "AF_UNIX"):  # Windows
            self._path = ""
            return
        # Python's own, below whatever guards or fakes the sockets of the test.
        server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        self._path = str(self._folder() / f"{self._pid}.socket")
        try:
            server.bind(self._path)
        except OSError:  # the path of the temporary folder is too long for a socket
            server.close()
            self._path = ""
            return
        server.listen(128)
        self._server = server

    def _serve(self) -> None:
        if self._thread is None and self._server is not None:
            from multiprocessing import connection  # noqa: F401, not first in the thread

            self._wake = os.pipe()
            self._thread = threading.Thread(
                target=self._answer_all, name="pytest-bill answers processes", daemon=True
            )
            self._threads.start_for_nobody(self._thread)

    def _stop_serving(self) -> None:
        thread, self._thread = self._thread, None
        if thread is None or self._wake is None:
            return
        reading, writing = self._wake
        os.write(writing, b".")
        thread.join()
        os.close(reading)
        os.close(writing)
        self._wake = None

    def _answer_all(self) -> None:
        from multiprocessing.connection import Connection

        if self._wake is None:
            return
        with selectors.DefaultSelector() as selector:
            for ready in (self._wake[0], self._server, *self._connections):
                selector.register(ready, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    asks: Any = key.fileobj
                    if asks == self._wake[0]:
                        return
                    if asks is self._server:
                        descriptor, _ = self._server._accept()
                        new = Connection(descriptor)
                        self._connections.append(new)
                        selector.register(new, selectors.EVENT_READ)
                    elif not self._answer(asks):
                        selector.unregister(asks)
                        self._connections.remove(asks)
                        asks.close()

    def _answer(self, connection: Any) -> bool:
        """Answer one question; whether there may be another."""
        try:
            owner, name, arguments = connection.recv()
        except (EOFError, OSError):
            return False
        try:
            with self._threads.working_for(self._owners[owner]):
                answer: tuple[str, Any] = ("", self._answers.to(name, arguments))
        except PytestBillError as error:
            answer = (type(error).__name__, str(error))
        except Exception as error:  # it is the child's to raise, and the thread is to live
            answer = ("PytestBillError", f"{type(error).__name__}: {error}")
        with suppress(OSError):
            connection.send(answer)
            return True
        return False
