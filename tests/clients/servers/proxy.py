"""A proxy: passes plain HTTP on, which its ``Via`` shows, and tunnels after CONNECT."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from tests.clients.servers.http1 import read_head, with_body
from tests.clients.servers.loopback import LONGEST_SECONDS, Connection
from tests.clients.servers.message import Request
from tests.clients.servers.state import State

_OF_A_PROXY = {"proxy-authorization", "proxy-connection", "connection", "transfer-encoding"}


def serve(connection: Connection, state: State) -> None:
    """Serve one request, or one tunnel."""
    head = read_head(connection)
    if head is None:
        return
    if head.method == "CONNECT":
        _tunnel(connection, head)
    else:
        _pass_on(connection, with_body(connection, head))


def _tunnel(connection: Connection, head: Request) -> None:
    host, _, port = head.target.partition(":")
    with socket.create_connection((host, int(port)), LONGEST_SECONDS) as upstream:
        user = _user(head)
        connection.send(f"HTTP/1.1 200 Connected\r\nX-Proxy-User: {user}\r\n\r\n".encode())
        back = threading.Thread(target=_copy, args=(upstream, connection.socket), daemon=True)
        back.start()
        _copy(connection.socket, upstream)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def _pass_on(connection: Connection, request: Request) -> None:
    parts = urlsplit(request.target)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"{request.method} {path} HTTP/1.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in request.headers if _is_passed_on(name)]
    with socket.create_connection((parts.hostname, parts.port or 80), LONGEST_SECONDS) as upstream:
        upstream.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + request.body)
        answered = b""
        while data := upstream.recv(65536):
            answered += data
    first, _, rest = answered.partition(b"\r\n")
    own = f"Via: 1.1 loopback\r\nX-Proxy-User: {_user(request)}\r\nConnection: close\r\n"
    connection.send(first + b"\r\n" + own.encode() + rest)


def _is_passed_on(name: str) -> bool:
    return name.lower() not in _OF_A_PROXY


def _user(request: Request) -> str:
    return "known" if request.header("Proxy-Authorization").startswith("Basic ") else "nobody"
