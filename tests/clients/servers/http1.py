"""HTTP/1.1 as a server, with full control over the bytes that are written."""

from __future__ import annotations

import http
import re

from tests.clients.servers import http2, websocket
from tests.clients.servers.loopback import Connection
from tests.clients.servers.message import Answer, Cut, Headers, Request, Step
from tests.clients.servers.scenarios import answer_to
from tests.clients.servers.state import State

FIXED: Headers = [("Date", "Thu, 01 Jan 2026 00:00:00 GMT"), ("Server", "loopback")]
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def serve(connection: Connection, state: State) -> None:
    """Answer requests until the connection ends."""
    number = 0
    while (head := read_head(connection)) is not None:
        if head.version == "HTTP/2.0":
            http2.serve(connection, state)
            return
        refused = head.scenario == "refuses-expectation"
        if head.header("Expect").lower() == "100-continue" and not refused:
            connection.send(CONTINUE)
        request = head if refused else with_body(connection, head)
        if request.scenario == "websocket":
            websocket.serve(connection, request)
            return
        number += 1
        kind = state.of(request.kind)
        counted = [
            ("X-Connection", f"{kind.connection(connection.number)}"),
            ("X-Use", f"{number}"),
        ]
        answer = answer_to(request, kind)
        answer.headers = [*FIXED, *answer.headers, *([] if "quiet" in request.query else counted)]
        if not _write(connection, request, answer, state):
            return


def read_head(connection: Connection) -> Request | None:
    """The first line and the headers of the next request; None where there is none any more."""
    line = connection.reader.readline().decode("latin-1").rstrip("\r\n")
    if not line:
        return None
    method, target, version = line.split(" ", 2)
    headers: Headers = []
    while (line := connection.reader.readline().decode("latin-1").rstrip("\r\n")) != "":
        name, _, value = line.partition(":")
        headers.append((name, value.strip()))
    return Request(method, target, version, headers)


def with_body(connection: Connection, head: Request) -> Request:
    """The request with its body, by length or in chunks."""
    if head.header("Transfer-Encoding").lower() != "chunked":
        body = connection.reader.read(int(head.header("Content-Length", "0")))
        return Request(head.method, head.target, head.version, head.headers, body)
    chunks: list[bytes] = []
    while size := int(connection.reader.readline().split(b";")[0], 16):
        chunks.append(connection.reader.read(size))
        connection.reader.readline()
    while connection.reader.readline().strip():
        pass  # trailers
    sizes = [len(chunk) for chunk in chunks]
    return Request(head.method, head.target, head.version, head.headers, b"".join(chunks), sizes)


def _write(connection: Connection, request: Request, answer: Answer, state: State) -> bool:
    """Write an answer; False where the connection ends with it."""
    if answer.cut is Cut.AT_ONCE:
        return False
    if answer.cut is Cut.RESET:
        connection.reset()
        return False
    if answer.raw is not None:
        connection.send(answer.raw)
        if answer.never_ends:
            connection.wait_for_the_end()
        return False
    head = head_of(answer)
    if answer.cut is Cut.IN_HEADERS:
        connection.send(head[: len(head) // 2])
        return False
    has_body = request.method != "HEAD" and answer.framing != "none"
    if answer.cut is Cut.WITHOUT_A_WORD:
        connection.send_and_say_no_more(head + answer.content)
        connection.wait_for_the_end()
        return False
    if not has_body:
        connection.send(answer.interim + head)
    else:
        _write_body(connection, request, answer, state, answer.interim + head)
    closes = answer.closes or answer.framing == "close" or answer.cut is Cut.IN_BODY
    return not closes and request.header("Connection").lower() != "close"


def head_of(answer: Answer) -> bytes:
    """Status line and headers as they are written."""
    reason = _usual_reason(answer.status) if answer.reason is None else answer.reason
    lines = [f"{answer.version} {answer.status} {reason}"]
    lines += [f"{name}: {value}" for name, value in [*answer.headers, *_framing(answer)]]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _usual_reason(status: int) -> str:
    return http.HTTPStatus(status).phrase


def _framing(answer: Answer) -> Headers:
    headers: Headers = []
    if answer.framing == "length":
        length = len(answer.content) if answer.length is None else answer.length
        headers.append(("Content-Length", str(length)))
    elif answer.framing == "chunked":
        headers.append(("Transfer-Encoding", "chunked"))
    if answer.closes or answer.framing == "close":
        headers.append(("Connection", "close"))
    return headers


def _write_body(
    connection: Connection, request: Request, answer: Answer, state: State, head: bytes
) -> None:
    """The head goes with the first piece, so that a reader never sees one without the other."""
    pending, pieces = head, list(answer.pieces())
    if answer.cut is Cut.IN_BODY:
        pieces = [re.sub(b".{5}$", b"", answer.content)] if len(pieces) == 1 else pieces[:-1]
    for piece in pieces:
        if isinstance(piece, Step):
            connection.send(pending)
            pending = b""
            state.pace(request.kind).wait()
        elif answer.framing == "chunked" and piece:
            pending += b"%x\r\n%s\r\n" % (len(piece), piece)
        else:
            pending += piece
    if answer.framing == "chunked" and answer.cut is Cut.NOWHERE:
        trailers = "".join(f"{name}: {value}\r\n" for name, value in answer.trailers)
        pending += f"0\r\n{trailers}\r\n".encode("latin-1")
    connection.send(pending)
