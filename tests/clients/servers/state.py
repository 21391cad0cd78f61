"""What the servers of one run remember, for each kind of traffic by itself."""

from __future__ import annotations

import threading
from collections import Counter


class KindState:
    """The connections and visits of one kind."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections: list[int] = []
        self._visits: Counter[str] = Counter()

    def connection(self, identity: int) -> int:
        """Which connection of this kind it is, from 1 on."""
        with self._lock:
            if identity not in self._connections:
                self._connections.append(identity)
            return self._connections.index(identity) + 1

    def visit(self, target: str) -> int:
        """How often this was asked, this time included."""
        with self._lock:
            self._visits[target] += 1
            return self._visits[target]


class Pacing:
    """Lets a body go on when its reader says so, or when the reader has not for too long."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._said = threading.Semaphore(0)
        self._given_up = False

    def wait(self) -> None:
        if not self._given_up and not self._said.acquire(timeout=self._patience):
            self._given_up = True

    def go_on(self) -> bool:
        """Whether the server was still waiting."""
        self._said.release()
        return not self._given_up


class State:
    """All that the servers of one run share."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._kinds: dict[str, KindState] = {}
        self._paces: dict[str, Pacing] = {}
        self.asked: list[str] = []
        """What came to a server that must not be asked."""
        self.broken: list[str] = []
        """What went wrong in the servers themselves."""

    def of(self, kind: str) -> KindState:
        with self._lock:
            return self._kinds.setdefault(kind, KindState())

    def pace(self, kind: str) -> Pacing:
        with self._lock:
            return self._paces.setdefault(kind, Pacing(self._patience))

    def forget(self) -> None:
        """Begin anew, for another run."""
        with self._lock:
            self._kinds.clear()
            self._paces.clear()
