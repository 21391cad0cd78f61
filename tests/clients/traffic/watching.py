"""Runs one kind of traffic under a watchdog, and writes down what it saw."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.clients.traffic.kinds import Kind
from tests.clients.traffic.normalising import Normaliser
from tests.clients.traffic.observing import Seen, error_of, jsonable, notes
from tests.clients.traffic.place import Addresses, Place

LONGEST_SECONDS = 3.0
_AGAIN_SECONDS = 0.3
"""A client may swallow the first alarm."""


class Hang(BaseException):
    """A kind of traffic came to no end."""


def observe(client: str, kind: Kind) -> None:
    """Make the traffic, and append what was seen to the run's file of observations."""
    addresses = Addresses.read(os.environ["TRAFFIC_ADDRESSES"])
    at = Place(addresses, client, kind.name, kind.tls)
    seen: Seen = {}
    with notes(seen):
        _make(client, kind, at, seen)
    if kind.concurrent:
        del seen["logs"]
    normaliser = Normaliser(addresses, at.folder, tls=kind.tls)
    line = {
        "client": client,
        "kind": kind.name,
        "scenarios": sorted({each.partition("?")[0] for each in at.scenarios}),
        "seen": jsonable(seen, normaliser.number),
    }
    with Path(os.environ["TRAFFIC_OBSERVATIONS"]).open("a") as file:
        file.write(normaliser.text(json.dumps(line)) + "\n")


def _make(client: str, kind: Kind, at: Place, seen: Seen) -> None:
    """In a frame of its own: what it made is gone when the notes are taken."""
    try:
        with _watchdog():
            result = kind.make(at)
            seen["result"] = _finished(client, result) if inspect.iscoroutine(result) else result
    except Hang:
        seen["hang"] = True
    except Exception as error:
        seen["error"] = error_of(error)


def _finished(client: str, coroutine: Any) -> Any:
    if not client.startswith("trio"):
        return asyncio.run(coroutine)
    import trio

    async def main() -> Any:
        return await coroutine

    return trio.run(main)


@contextmanager
def _watchdog() -> Iterator[None]:
    def alarm(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, alarm)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_SECONDS, _AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
