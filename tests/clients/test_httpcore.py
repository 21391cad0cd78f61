"""httpcore, sync and async, alone and below httpx: sockets, traces and logs."""

import asyncio
import logging

import httpcore
import httpx
import pytest

from pytest_bill.exceptions import NetworkRefused
from pytest_bill.scrubbing.registry import SecretRegistry

HANDED_OUT = (
    b"HTTP/1.1 200 OK\r\nsessionId: session-0123456789\r\n"
    b"Set-Cookie: JSESSIONID=cookie-0123456789; Path=/\r\nContent-Length: 2\r\n\r\n{}"
)


def get(url: str) -> bytes:
    return httpx.get(url).content


def get_async(url: str) -> bytes:
    async def main():
        async with httpx.AsyncClient() as client:
            return (await client.get(url)).content

    return asyncio.run(main())


def test_httpcore_alone_is_recorded_and_replayed(local, use):
    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)), httpcore.ConnectionPool() as pool:
            answer = pool.request("POST", local.url, content=b"{}")
            assert (answer.status, answer.content) == (200, b"{}")
    assert it.counts.replayed == 1
    assert local.bill.requests == [(local.path, b"{}")]


# --- Unix sockets --------------------------------------------------------------------------------


def test_a_unix_socket_is_left_alone(unix_socket, guarded):
    transport = httpx.HTTPTransport(uds=unix_socket.origin)
    with httpx.Client(transport=transport) as client:
        assert client.post("http://docker/containers", content=b"{}").text == "rows"
    assert unix_socket.requests == [("/containers", b"{}")]


def test_an_async_unix_socket_is_left_alone(unix_socket, guarded):
    async def main():
        transport = httpx.AsyncHTTPTransport(uds=unix_socket.origin)
        async with httpx.AsyncClient(transport=transport) as client:
            return (await client.post("http://docker/containers", content=b"{}")).text

    assert asyncio.run(main()) == "rows"
    assert unix_socket.requests == [("/containers", b"{}")]


def test_a_secret_does_not_go_to_a_unix_socket(unix_socket, guarded, secret):
    transport = httpx.HTTPTransport(uds=unix_socket.origin)
    with httpx.Client(transport=transport) as client, pytest.raises(NetworkRefused):
        client.post("http://docker/containers", content=secret)
    assert secret.encode() not in unix_socket.came


@pytest.mark.parametrize("get", [get, get_async])
def test_what_bill_hands_out_is_known_before_httpcore_logs_it(local, use, get):
    local.bill.answers.append(HANDED_OUT)
    registry = SecretRegistry([("PLACEHOLDER_X", "another-0123456789")])
    logged: list[tuple[str, str | None]] = []

    class Handler(logging.Handler):
        def emit(self, record):
            logged.append((record.getMessage(), registry.find(record.getMessage())))

    logger, handler = logging.getLogger("httpcore"), Handler()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        with local.run(registry).using(use("once")):
            get(local.url)
    finally:
        logger.setLevel(logging.NOTSET)
        logger.removeHandler(handler)
    told = [found for text, found in logged if "session-0123456789" in text]
    assert told
    assert None not in told
    assert registry.find("cookie-0123456789") == "PLACEHOLDER_COOKIE"


def test_a_trace_of_the_users_own_goes_on(local, use):
    names: list[str] = []

    async def traced(name, info):
        names.append(name)

    async def main():
        async with httpx.AsyncClient() as client:
            await client.get(local.url, extensions={"trace": traced})

    with local.run().using(use("once")):
        with httpx.Client() as client:
            client.get(local.url, extensions={"trace": lambda name, _: names.append(name)})
        asyncio.run(main())
    assert names.count("http11.receive_response_headers.complete") == 2
