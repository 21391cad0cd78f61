"""Refuses sockets to BILL while everything must come from cassettes, whatever client opens them.

The seams of the HTTP clients do the work; this catches what they do not reach, such as a client
that opens sockets by itself, or a request made outside of any BILL test. It is a Python audit hook:
such a hook cannot be removed, so there is one for the process, and it does nothing while no guard
is set.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from pytest_bill.environments import canonical_host
from pytest_bill.exceptions import NetworkRefused

_LOOKS_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
SENDS_TO = ("socket.connect", "socket.sendto", "socket.sendmsg")


class Looks(Protocol):
    """What looks at each socket, and at each host that is looked up."""

    def check(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Look at what Python's audit events tell.

        Raises:
            NetworkRefused: it must not be.
        """


def begin_looking(guard: Looks) -> None:
    """Let it look from now on."""
    global _guards, _installed
    _guards = (*_guards, guard)
    if not _installed:
        sys.addaudithook(_audit)
        _installed = True


def stop_looking(guard: Looks) -> None:
    """Let it look no more."""
    global _guards
    _guards = tuple(each for each in _guards if each is not guard)


_guards: tuple[Looks, ...] = ()
_installed = False


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _guards or not event.startswith("socket."):
        return
    for guard in _guards:
        guard.check(event, arguments)


@dataclass(frozen=True, eq=False)
class Guard:
    """Refuses sockets to some hosts (given in lower case) unless the function allows them.

    ``advice`` says why, and what to do. With ``port``, only connections to that one are looked at.
    """

    is_guarded: Callable[[str], bool]
    is_allowed: Callable[[], bool]
    advice: str
    port: int = 0

    def set(self) -> None:
        """Refuse from now on."""
        begin_looking(self)

    def lift(self) -> None:
        """Refuse nothing any more."""
        stop_looking(self)

    def check(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Refuse it, if it is guarded and nobody allows it."""
        host, port = place_of(event, arguments)
        if not host or (self.port and self.port != port):
            return
        if self.is_guarded(host) and not self.is_allowed():
            raise NetworkRefused(f"A connection to {host} was refused.\n{self.advice}")


def place_of(event: str, arguments: tuple[Any, ...]) -> tuple[str, int]:
    """Host and port that an audit event of sockets names; what is only looked up has no port."""
    host: Any = ""
    port: Any = 0
    if event in _LOOKS_UP:
        host = arguments[0]
    elif event in SENDS_TO and isinstance(arguments[1], tuple):
        host, port = arguments[1][:2]
    elif event == "socket.getnameinfo" and isinstance(arguments[0], tuple):
        host = arguments[0][0]
    if isinstance(host, bytes | bytearray | memoryview):
        host = bytes(host).decode("latin-1")
    return (canonical_host(host) if isinstance(host, str) else ""), port
