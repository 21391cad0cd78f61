"""Where a reader says that a paced body may go on: one line with its kind, one character back."""

from __future__ import annotations

from tests.clients.servers.loopback import Connection
from tests.clients.servers.state import State


def serve(connection: Connection, state: State) -> None:
    """Let one body go on."""
    kind = connection.reader.readline().decode().strip()
    connection.send(b"1" if state.pace(kind).go_on() else b"0")
