"""The server of ready answers keeps its connections, and knows what is asked of it."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import closing

import pytest

from benchmarks.loopback import answer_all
from benchmarks.measured.traffic import vendor
from benchmarks.serving import serving

KNOWN = {
    (b"GET", b"/a"): b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na",
    (b"POST", b"/b"): b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nb",
}


@pytest.fixture
def connection():
    """The client's end of a connection that is answered by a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ours = socket.create_connection(listening.getsockname(), timeout=5)
        theirs, _ = listening.accept()
    answering = threading.Thread(target=answer_all, args=(theirs, KNOWN))
    answering.start()
    yield ours
    ours.close()
    answering.join()


def test_a_request_may_come_in_parts(connection):
    parts = [b"POST /b HTTP/1.1\r\nContent-", b"Length: 4\r\n\r", b"\n", b"1", b"234"]
    for part in [*parts, b"GET /a HTTP/1.1\r\n\r\n"]:
        connection.sendall(part)
    received = b""
    while not received.endswith(b"a"):
        received += connection.recv(1000)
    assert received == KNOWN[b"POST", b"/b"] + KNOWN[b"GET", b"/a"]


@pytest.mark.parametrize(
    ("method", "path", "number"),
    [
        ("GET", "/connect/v3/vendors/00901000000000010000", 10_000),
        ("GET", "/elsewhere/v3/vendors/00901000000000000001", 1),
        ("POST", "/elsewhere/orders/00901000000000000007", 7),
    ],
)
def test_it_knows_what_is_replayed_and_what_is_asked_elsewhere(asking, method, path, number):
    asking.request(method, path, b"{}" if method == "POST" else None)
    response = asking.getresponse()
    assert response.read() == vendor(number)
    assert response.headers["server"] == "nginx"
    kept = asking.sock
    asking.request("GET", "/nothing")
    answer = asking.getresponse()
    assert (answer.status, answer.read()) == (404, b"")
    assert asking.sock is kept


@pytest.fixture(scope="module")
def asking():
    """A client of the server, which runs in a process of its own."""
    with serving("benchmarks.loopback") as origin:
        connection = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=5)
        with closing(connection):
            yield connection
