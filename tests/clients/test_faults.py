"""Each client meets a fault while it is recorded, and the same one in each replay, at once.

Real sockets, and each client three times: by itself, recorded, and replayed with nobody there.
"""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
import struct
import threading
import urllib.request
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import aiohttp
import httpx
import pytest
import requests
import urllib3

from pytest_bill.cassettes import store
from pytest_bill.environments import at_origin
from tests.clients.servers import certificates

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ANSWERS = {
    "closed": b"",
    "cut in its head": HEAD + b"Content-Le",
    "cut": HEAD + b'Content-Length: 90\r\n\r\n{"resul',
    "cut in a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{}",
    "garbled": b"THIS IS NOT HTTP\r\n\r\n",
    "reset": None,
    "reset in the body": HEAD + b"Content-Length: 90\r\n\r\n{",
    "silent": b"",
    "silent in the body": HEAD + b"Content-Length: 90\r\n\r\n{",
}
"""What comes before a connection ends."""
BEFORE_ANYTHING = ("refused", "unresolved", "connect timeout", "certificate", "tls")
FAULTS = (*ANSWERS, *BEFORE_ANYTHING)
SOON, LATE = 0.15, 30.0
BODY = b'{"a": 1}'
HOST = "no-such-host.invalid"


class Faulty:
    """A server that lets each request fail in one way; ``count`` is how many came."""

    def __init__(self, fault: str, folder) -> None:
        self._fault = fault
        self._context = None
        self._ended = threading.Event()
        self._kept = []
        self.count = 0
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        scheme = "https" if fault in ("certificate", "tls") else "http"
        self.origin = f"{scheme}://127.0.0.1:{port}"
        if fault == "unresolved":
            self.origin = f"https://{HOST}"
        if fault == "certificate":
            self._context = certificates.make(folder).server
        if fault == "connect timeout":
            self._fill_up(port)
        elif fault not in ("refused", "unresolved"):
            self._socket.listen(16)
            threading.Thread(target=self._serve, daemon=True).start()

    def _fill_up(self, port: int) -> None:
        """Let more wait to be accepted than may."""
        self._socket.listen(0)
        for _ in range(3):
            waiting = socket.socket()
            waiting.setblocking(False)
            with suppress(BlockingIOError):
                waiting.connect(("127.0.0.1", port))
            self._kept.append(waiting)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._fail, args=(connection,), daemon=True).start()

    def _fail(self, connection) -> None:
        with suppress(OSError, ssl.SSLError), connection:
            if self._context is not None:
                self._context.wrap_socket(connection, server_side=True)
                return
            if self._fault == "tls":
                connection.recv(10)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            with connection.makefile("rb") as file:
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    head += file.readline() or b"\r\n\r\n"
                if b"POST" in head:
                    file.read(len(BODY))
            self.count += 1
            connection.sendall(ANSWERS[self._fault] or b"")
            if "silent" in self._fault:
                self._ended.wait(LATE)
            if "reset" in self._fault:
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def close(self) -> None:
        self._ended.set()
        for each in (*self._kept, self._socket):
            each.close()


def by_requests(method, url, body, timeout):
    return requests.request(method, url, data=body, timeout=timeout).content


def by_urllib3(method, url, body, timeout):
    with urllib3.PoolManager(retries=False, timeout=timeout) as pool:
        return pool.request(method, url, body=body).data


def by_httpx(method, url, body, timeout):
    return httpx.request(method, url, content=body, timeout=timeout).content


def by_async_httpx(method, url, body, timeout):
    async def ask():
        async with httpx.AsyncClient(timeout=timeout) as client:
            return (await client.request(method, url, content=body)).content

    return asyncio.run(ask())


def by_httpcore(method, url, body, timeout):
    import httpcore

    limits = dict.fromkeys(("connect", "read", "write", "pool"), timeout)
    return httpcore.request(method, url, content=body, extensions={"timeout": limits}).content


def _by_aiohttp(method, url, body, timeout):
    async def ask():
        session = aiohttp.ClientSession(timeout=timeout)
        async with session as client, client.request(method, url, data=body) as answer:
            return await answer.read()

    return asyncio.run(ask())


def by_aiohttp(method, url, body, timeout):
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=timeout, sock_read=timeout)
    return _by_aiohttp(method, url, body, timeout)


def by_aiohttp_in_all(method, url, body, timeout):
    return _by_aiohttp(method, url, body, aiohttp.ClientTimeout(total=timeout))


def by_urllib(method, url, body, timeout):
    request = urllib.request.Request(url, body, method=method)
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return answer.read()


def by_http_client(method, url, body, timeout):
    parts = urlsplit(url)
    is_tls = parts.scheme == "https"
    kind = http.client.HTTPSConnection if is_tls else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.request(method, parts.path, body)
        return connection.getresponse().read()
    finally:
        connection.close()


CLIENTS = (
    *(by_requests, by_urllib3, by_httpx, by_async_httpx, by_httpcore),
    *(by_aiohttp, by_aiohttp_in_all, by_urllib, by_http_client),
)


def met(client, *args):
    """What user code sees: the class of an error, or what was read."""
    try:
        return client(*args)
    except Exception as error:
        return type(error)


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    """Start a server that lets each request fail in one way."""
    resolve = socket.getaddrinfo

    def getaddrinfo(host, *args, **kwargs):
        if host in (HOST, HOST.encode()):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with ExitStack() as started:

        def start(fault):
            server = Faulty(fault, tmp_path)
            started.callback(server.close)
            return server

        yield start


@pytest.mark.sampled(11)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_recorded_and_met_again(faulty, recorder, use, fault, client, method):
    server = faulty(fault)
    environment = at_origin(server.origin, "custom")
    url = environment.resolve("/v3/vendors")
    body = BODY if method == "POST" else None
    plain = met(client, method, url, body, SOON)
    with recorder(environment).using(use("once")):
        assert met(client, method, url, body, SOON) == plain
    faults = store.load(use().path).interactions  # aiohttp asks twice where a connection ends
    for recorded in faults:
        assert (recorded.method, recorded.body, recorded.answer_body) == (method, body or b"", b"")
    asked = server.count
    server.close()
    it = recorder(environment)
    with it.using(use("none")) as opened:
        assert met(client, method, url, body, LATE) == plain  # which waits for nothing
    assert (server.count, it.counts.replayed, opened.misses) == (asked, len(faults), [])
