"""A websocket that sends back what it gets (RFC 6455), in as little as it takes."""

from __future__ import annotations

import base64
import hashlib

from tests.clients.servers.loopback import Connection
from tests.clients.servers.message import Request

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CLOSE, _PING, _PONG = 8, 9, 10


def serve(connection: Connection, request: Request) -> None:
    """Shake hands, then echo messages until the client closes."""
    key = request.header("Sec-WebSocket-Key") + _GUID
    accepted = base64.b64encode(hashlib.sha1(key.encode(), usedforsecurity=False).digest())
    wanted = request.header("Sec-WebSocket-Protocol").partition(",")[0].strip()
    lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Accept: {accepted.decode()}"]
    lines += [f"Sec-WebSocket-Protocol: {wanted}"] if wanted else []
    connection.send("\r\n".join([*lines, "", ""]).encode())
    while (frame := _read(connection)) is not None:
        opcode, payload = frame
        _write(connection, _PONG if opcode == _PING else opcode, payload)
        if opcode == _CLOSE:
            return


def _read(connection: Connection) -> tuple[int, bytes] | None:
    head = connection.reader.read(2)
    if len(head) < 2:
        return None
    length = head[1] & 0x7F
    if length == 126:
        length = int.from_bytes(connection.reader.read(2))
    mask = connection.reader.read(4)
    masked = connection.reader.read(length)
    return head[0] & 0xF, bytes(byte ^ mask[i % 4] for i, byte in enumerate(masked))


def _write(connection: Connection, opcode: int, payload: bytes) -> None:
    length = len(payload)
    size = bytes([length]) if length < 126 else b"\x7e" + length.to_bytes(2)
    connection.send(bytes([0x80 | opcode]) + size + payload)
