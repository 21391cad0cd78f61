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
from typing import Any

from pytest_bill.environments import canonical_host
from pytest_bill.exceptions import NetworkRefused


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
        global _guards, _installed
        _guards = (*_guards, self)
        if not _installed:
            sys.addaudithook(_audit)
            _installed = True

    def lift(self) -> None:
        """Refuse nothing any more."""
        global _guards
        _guards = tuple(guard for guard in _guards if guard is not self)


_guards: tuple[Guard, ...] = ()
_installed = False


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _guards or not event.startswith("socket."):
        return
    host, port = place_of(event, arguments)
    if not host:
        return
    for guard in _guards:
        if guard.port and guard.port != port:
            continue
        if guard.is_guarded(host) and not guard.is_allowed():
            raise NetworkRefused(f"A connection to {host} was refused.\n{guard.advice}")


def place_of(event: str, arguments: tuple[Any, ...]) -> tuple[str, int]:
    """Host and port that an audit event of sockets names; what is only looked up has no port."""
    host: Any = ""
    port: Any = 0
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host, port = arguments[1][:2]
    if isinstance(host, bytes | bytearray | memoryview):
        host = bytes(host).decode("latin-1")
    return (canonical_host(host) if isinstance(host, str) else ""), port
