"""What the tests of single clients share: a server seen byte by byte, and a run with a secret."""

from __future__ import annotations

import socketserver
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_bill.environments import at_origin
from pytest_bill.scrubbing.registry import SecretRegistry

ROWS = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nrows"


@dataclass
class Raw:
    """Keeps every byte that comes, also of requests that are cut; answers in bytes.

    An answer may be a list of bytes and of functions: these are called, and give bytes. After
    ``None`` the connection is closed.
    """

    answers: list[Any] = field(default_factory=list)
    default: Any = ROWS
    came: bytearray = field(default_factory=bytearray)
    requests: list[tuple[str, bytes]] = field(default_factory=list)
    origin: str = ""

    def serve(self, handler: socketserver.StreamRequestHandler) -> None:
        """Answer the requests of one connection."""
        while self._serve_one(handler):
            pass

    def _serve_one(self, handler: socketserver.StreamRequestHandler) -> bool:
        def kept(data: bytes) -> bytes:
            self.came += data
            return data

        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = kept(handler.rfile.readline())
            if not line:
                return False
            head += line
        low = head.lower()
        if b"expect: 100-continue" in low:
            handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body, length = b"", 0
        if b"transfer-encoding: chunked" in low:
            while size := int(kept(handler.rfile.readline()) or b"-1", 16):
                body += kept(handler.rfile.read(max(size, 0)))
                if not kept(handler.rfile.readline()):
                    return False
            kept(handler.rfile.readline())
        elif b"content-length: " in low:
            length = int(low.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            body = kept(handler.rfile.read(length))
        if len(body) < length:
            return False
        self.requests.append((head.split(b" ", 2)[1].decode("latin-1"), body))
        answer = self.answers.pop(0) if self.answers else self.default
        for piece in answer if isinstance(answer, list) else [answer]:
            if piece is None:
                return False
            handler.wfile.write(piece() if callable(piece) else piece)
        return True


def _started(raw: Raw, kind: Any, address: Any) -> Any:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # a client that went away
                raw.serve(self)

    options = {"daemon_threads": True, "request_queue_size": 64}
    kind = type("Server", (socketserver.ThreadingMixIn, kind), options)
    server = kind(address, Handler)
    server.raw = raw
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server


@pytest.fixture
def elsewhere():
    """Another host than BILL, seen byte by byte."""
    raw = Raw()
    server = _started(raw, socketserver.TCPServer, ("127.0.0.1", 0))
    raw.origin = f"http://127.0.0.1:{server.server_address[1]}"
    yield raw
    server.shutdown()
    server.server_close()


@pytest.fixture
def unix_socket(tmp_path):
    """The same behind a Unix socket; ``origin`` is the path of that."""
    raw = Raw(origin=str(tmp_path / "s"))
    server = _started(raw, socketserver.UnixStreamServer, raw.origin)
    yield raw
    server.shutdown()
    server.server_close()


@pytest.fixture
def local(recorder, elsewhere):
    """A run whose local BILL is seen byte by byte: ``run()`` begins one, ``url`` is BILL's."""
    raw = Raw(default=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    server = _started(raw, socketserver.TCPServer, ("127.0.0.1", 0))
    raw.origin = f"http://127.0.0.1:{server.server_address[1]}"
    environment = at_origin(raw.origin, "local")
    yield SimpleNamespace(
        bill=raw,
        host=raw.origin.removeprefix("http://"),
        url=environment.resolve("/v3/vendors"),
        path="/connect/v3/vendors",
        run=lambda registry=None: recorder(environment, registry),
    )
    server.shutdown()
    server.server_close()


CUT = {
    "at once": [None],
    "in its head": [b"HTTP/1.1 200 OK\r\nContent-", None],
    "in its body": [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", None],
    "in a chunk": [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}", None],
}
"""Answers that end too soon, by where."""


@pytest.fixture(params=CUT)
def cut_answer(request) -> list[Any]:
    """An answer of a :class:`Raw` that ends too soon; each in turn."""
    return CUT[request.param]


@pytest.fixture
def secret() -> str:
    """What must not go to another host."""
    return "s3cr3t-of-a-password"


@pytest.fixture
def many() -> int:
    """Requests at once: enough for some to meet whatever is put aside while another is sent."""
    return 80


@pytest.fixture
def guarded(local, use, secret):
    """A BILL test that replays, and knows a secret."""
    it = local.run(SecretRegistry([("PLACEHOLDER_BILL_PASSWORD", secret)]))
    with it.using(use("none")):
        yield it
    assert it.counts.requests == 0
