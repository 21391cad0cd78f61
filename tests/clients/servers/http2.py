"""HTTP/2 as a server, by h2: with prior knowledge, or after ALPN has chosen it."""

from __future__ import annotations

from typing import Any

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded

from tests.clients.servers.loopback import Connection
from tests.clients.servers.message import Request
from tests.clients.servers.scenarios import answer_to
from tests.clients.servers.state import State

PREFACE_LINE = b"PRI * HTTP/2.0\r\n\r\n"
"""What has been read when it becomes clear that this is HTTP/2."""


def serve(connection: Connection, state: State) -> None:
    """Answer requests until the connection ends; bodies are small enough for one window."""
    protocol = H2Connection(H2Configuration(client_side=False, header_encoding="latin-1"))
    protocol.initiate_connection()
    connection.send(protocol.data_to_send())
    data, bodies, heads = PREFACE_LINE, dict[int, bytes](), dict[int, Any]()
    while data:
        for event in protocol.receive_data(data):
            if isinstance(event, RequestReceived):
                heads[event.stream_id], bodies[event.stream_id] = event.headers, b""
            elif isinstance(event, DataReceived):
                bodies[event.stream_id] += event.data
                protocol.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, StreamEnded):
                stream = event.stream_id
                _answer(protocol, stream, _request(heads[stream], bodies[stream]), state)
        connection.send(protocol.data_to_send())
        data = connection.reader.read1(65536)  # type: ignore[attr-defined]


def _request(headers: list[tuple[str, str]], body: bytes) -> Request:
    pseudo = {name: value for name, value in headers if name.startswith(":")}
    plain = [(name, value) for name, value in headers if not name.startswith(":")]
    return Request(pseudo[":method"], pseudo[":path"], "HTTP/2", plain, body)


def _answer(protocol: H2Connection, stream: int, request: Request, state: State) -> None:
    answer = answer_to(request, state.of(request.kind))
    content = b"" if request.method == "HEAD" or answer.framing == "none" else answer.content
    headers = [(":status", str(answer.status)), ("server", "loopback")]
    headers += [(name.lower(), value) for name, value in answer.headers]
    headers.append(("content-length", str(len(content))))
    protocol.send_headers(stream, headers, end_stream=not content)
    if content:
        protocol.send_data(stream, content, end_stream=True)
