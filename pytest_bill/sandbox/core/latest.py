"""What a sandbox remembers of a long run, without taking more and more memory."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

MOST_KEPT = 1_000

T = TypeVar("T")


class Latest(Generic[T]):
    """The latest ``MOST_KEPT`` of what was added. Safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: deque[T] = deque(maxlen=MOST_KEPT)
        self._lock = threading.Lock()

    def add(self, item: T) -> None:
        """Keep the item, in the place of the oldest one if there are too many."""
        with self._lock:
            self._kept.append(item)

    def all(self) -> list[T]:
        """What is kept, oldest first."""
        with self._lock:
            return list(self._kept)

    def take_all(self) -> list[T]:
        """What is kept, oldest first, and kept no longer."""
        with self._lock:
            taken = list(self._kept)
            self._kept.clear()
            return taken

    def clear(self) -> None:
        """Keep nothing of it."""
        with self._lock:
            self._kept.clear()
