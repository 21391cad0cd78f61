"""A threaded server on loopback: accepts connections and hands each to a handler."""

from __future__ import annotations

import itertools
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from tests.clients.servers.state import State

LONGEST_SECONDS = 20
"""After which a connection that nobody uses any more ends by itself."""

_numbers = itertools.count()


class Connection:
    """One accepted connection: bytes in through ``reader``, bytes out through ``send``."""

    def __init__(self, accepted: socket.socket) -> None:
        self.socket = accepted
        self.number = next(_numbers)
        self.reader: BinaryIO = accepted.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send_and_say_no_more(self, data: bytes) -> None:
        """The end of the connection arrives with the data, so that no reader sees one alone."""
        self.socket.send(data, getattr(socket, "MSG_MORE", 0))
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.reader.close()
        self.socket.close()

    def wait_for_the_end(self) -> None:
        """Until the other side has closed."""
        with suppress(OSError):
            while self.reader.read1(65536):  # type: ignore[attr-defined]
                pass

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self.reader.close()
        self.socket.close()


Handler = Callable[[Connection, State], None]


class Loopback:
    """Listens from the beginning on; each connection has a thread."""

    def __init__(
        self,
        handler: Handler,
        state: State,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.handler, self._state, self._tls = handler, state, tls
        self._socket = socket.create_server((host, 0), backlog=64)
        self._open: set[Connection] = set()
        self.host, self.port = self._socket.getsockname()[:2]
        self.origin = f"{'https' if tls else 'http'}://{self.host}:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._socket.close()
        for connection in list(self._open):
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                accepted, _ = self._socket.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._serve, args=(accepted,), daemon=True).start()

    def _serve(self, accepted: socket.socket) -> None:
        accepted.settimeout(LONGEST_SECONDS)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is not None:
            try:
                accepted = self._tls.wrap_socket(accepted, server_side=True)
            except OSError:  # a client that does not trust the certificate
                accepted.close()
                return
        connection = Connection(accepted)
        self._open.add(connection)
        try:
            self.handler(connection, self._state)
        except (OSError, ValueError):
            pass  # a client that went away, as some kinds of traffic do
        except Exception as error:
            self._state.broken.append(repr(error))
        finally:
            self._open.discard(connection)
            connection.close()
