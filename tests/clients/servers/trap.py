"""Stands where BILL was while its answers are replayed, and remembers who asked."""

from __future__ import annotations

from tests.clients.servers.loopback import Connection
from tests.clients.servers.state import State


def serve(connection: Connection, state: State) -> None:
    """Note the beginning of what came, and hang up."""
    line = connection.reader.readline().decode("latin-1").strip()
    state.asked.append(line or "a connection")
