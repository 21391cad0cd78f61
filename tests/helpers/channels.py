"""Two ends of a channel as execnet has it: each has a thread of its own that calls back."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import Any

_END = object()


class Channel:
    """One end."""

    def __init__(self) -> None:
        self.other: Channel
        self.is_closed = False
        self._received: SimpleQueue[Any] = SimpleQueue()

    def send(self, message: Any) -> None:
        if self.is_closed or self.other.is_closed:
            raise OSError("cannot send to a closed channel")
        self.other._received.put(message)

    def setcallback(self, call: Any, endmarker: Any) -> None:
        def listen() -> None:
            while (message := self._received.get()) is not _END:
                call(message)
            call(endmarker)

        threading.Thread(target=listen, daemon=True).start()

    def close(self) -> None:
        """As where a process ends: both sides are told."""
        self.is_closed = self.other.is_closed = True
        self._received.put(_END)
        self.other._received.put(_END)


def channel_pair() -> tuple[Channel, Channel]:
    left, right = Channel(), Channel()
    left.other, right.other = right, left
    return left, right
