"""Clients that go by vcrpy's stubs: tornado, and transports for httpx that send by themselves."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import httpx
import pytest

from pytest_bill.cassettes import store
from pytest_bill.clients import base, by_vcrpy
from pytest_bill.exceptions import NetworkRefused, NotInCassette
from pytest_bill.guards.sockets import Guard


@pytest.fixture
def guard(local):
    """Refuse connections to BILL that no seam knows of, as a run does."""
    guards = []

    def guard(it):
        port = int(local.host.partition(":")[2])
        guards.append(Guard({"127.0.0.1"}.__contains__, lambda: it.sees_requests, "", port))
        guards[-1].set()

    yield guard
    for each in guards:
        each.lift()


# --- transports for httpx ------------------------------------------------------------------------


NAME = [(b"Name", b"Andr\xe9")]


@pytest.fixture
def transports(monkeypatch):
    """A module as httpx_curl_cffi is one: its transports send past all other seams."""
    sent = []

    def connect(url):
        socket.create_connection((url.host, url.port)).close()

    class CurlTransport(httpx.BaseTransport):
        def handle_request(self, request):
            connect(request.url)
            sent.append((str(request.url), request.read()))
            return httpx.Response(200, json={"number": len(sent)}, headers=NAME)

    class AsyncCurlTransport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            connect(request.url)
            sent.append((str(request.url), await request.aread()))
            return httpx.Response(200, json={"number": len(sent)}, headers=NAME)

    module = ModuleType("httpx_curl_cffi")
    module.CurlTransport, module.AsyncCurlTransport = CurlTransport, AsyncCurlTransport
    module.sent = sent
    monkeypatch.setattr(base, "_seams", [*base._seams])
    base.put_seams(by_vcrpy.seams(module))
    return module


def post(module: ModuleType, url: str, **body) -> httpx.Response:
    with httpx.Client(transport=module.CurlTransport()) as client:
        return client.post(url, **body)


def post_async(module: ModuleType, url: str, **body) -> httpx.Response:
    async def main():
        async with httpx.AsyncClient(transport=module.AsyncCurlTransport()) as client:
            return await client.post(url, **body)

    return asyncio.run(main())


both = pytest.mark.parametrize("post", [post, post_async])


@both
def test_a_transport_is_recorded_and_replayed(local, use, transports, post):
    for mode in ("once", "none"):
        it = local.run()
        base.ensure_put()
        with it.using(use(mode)):
            answer = post(transports, local.url, content=b"{}")
            assert (answer.json(), answer.headers["Name"]) == ({"number": 1}, "Andr\xe9")
    assert transports.sent == [(local.url, b"{}")]
    assert it.counts.replayed == 1
    (interaction,) = store.load(use().path).interactions
    assert interaction.body == b"{}"


@both
@pytest.mark.parametrize("path", ["/connect/v3/vendors", "/elsewhere"])
def test_a_transport_may_connect_to_bill_where_it_was_asked(
    local, use, transports, guard, post, path
):
    it = local.run()
    base.ensure_put()
    guard(it)
    with it.using(use("once")):
        assert post(transports, local.bill.origin + path).json() == {"number": 1}
    assert not it.sees_requests


@both
def test_a_transport_that_gets_no_answer_meets_that_in_each_replay(
    local, use, transports, monkeypatch, post
):
    def cut(*_):
        raise httpx.ReadError("cut")

    it = local.run()
    base.ensure_put()
    with it.using(use("once")) as opened:
        assert post(transports, local.url, content=b"{}").is_success
        with monkeypatch.context() as patch:
            patch.setattr(socket, "create_connection", cut)
            for url in (local.bill.origin + "/elsewhere", local.url):
                with pytest.raises(httpx.ReadError):
                    post(transports, url, content=b"{}")
    assert [each.fault for each in opened.cassette.recorded] == ["", "reset"]
    with local.run().using(use("none")):
        assert post(transports, local.url, content=b"{}").is_success
        with pytest.raises(httpx.ReadError):
            post(transports, local.url, content=b"{}")


@both
def test_another_body_of_a_transport_is_a_miss(local, use, transports, post):
    it = local.run()
    base.ensure_put()
    with it.using(use("once")):
        post(transports, local.url, json={"a": 1})
    with it.using(use("none")), pytest.raises(NotInCassette):
        post(transports, local.url, json={"a": 2})
    assert len(transports.sent) == 1


@both
def test_a_transport_to_another_host_is_left_alone(elsewhere, guarded, transports, post):
    base.ensure_put()
    assert post(transports, elsewhere.origin, content=b"{}").json() == {"number": 1}
    assert len(transports.sent) == 1


def halves(text: str):
    yield text[:9].encode()
    yield text[9:].encode()


@both
@pytest.mark.parametrize(
    "more",
    [
        lambda secret: {"params": {"a": secret}},
        lambda secret: {"headers": {"A": secret}},
        lambda secret: {"content": secret},
        lambda secret: {"json": {"a": secret}},
        lambda secret: {"data": {"a": secret}},
    ],
    ids=["URL", "header", "content", "json", "form"],
)
def test_a_secret_does_not_go_by_a_transport(elsewhere, guarded, secret, transports, post, more):
    base.ensure_put()
    with pytest.raises(NetworkRefused):
        post(transports, elsewhere.origin, **more(secret))
    assert transports.sent == []


def test_a_secret_in_a_stream_does_not_go_by_a_transport(elsewhere, guarded, secret, transports):
    base.ensure_put()
    with pytest.raises(NetworkRefused):
        post(transports, elsewhere.origin, content=halves(secret))
    assert transports.sent == []


# --- tornado -------------------------------------------------------------------------------------


@pytest.fixture
def fetch():
    """Fetch with tornado's client: status, and body."""
    from tornado.httpclient import AsyncHTTPClient

    def fetch(url: str, **options) -> tuple[int, bytes]:
        async def main():
            answer = await AsyncHTTPClient(force_instance=True).fetch(url, **options)
            return answer.code, answer.body

        return asyncio.run(main())

    return fetch


def test_tornado_is_recorded_and_replayed(local, use, fetch):
    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)):
            assert fetch(local.url) == (200, b"{}")
            assert fetch(local.url, method="POST", body=b'{"a": 1}') == (200, b"{}")
    assert it.counts.replayed == 2
    assert local.bill.requests == [(local.path, b""), (local.path, b'{"a": 1}')]
    assert [each.body for each in store.load(use().path).interactions] == [b"", b'{"a": 1}']


@pytest.mark.parametrize("path", ["/connect/v3/vendors", "/elsewhere"])
def test_tornado_may_connect_to_bill_where_it_was_asked(local, use, fetch, guard, path):
    it = local.run()
    guard(it)
    with it.using(use("once")):
        assert fetch(local.bill.origin + path) == (200, b"{}")
    assert not it.sees_requests


def test_another_body_of_tornado_is_a_miss(local, use, fetch):
    with local.run().using(use("once")):
        fetch(local.url, method="POST", body="one")
    with local.run().using(use("none")), pytest.raises(NotInCassette):
        fetch(local.url, method="POST", body="two")


def test_tornado_to_another_host_is_left_alone(elsewhere, guarded, fetch):
    assert fetch(elsewhere.origin, method="POST", body=b"{}") == (200, b"rows")
    assert elsewhere.requests == [("/", b"{}")]


HOLDING = {
    "URL": lambda url, secret: {"url": f"{url}/?a={secret}"},
    "header": lambda url, secret: {"url": url, "headers": {"A": secret}},
    "body": lambda url, secret: {"url": url, "method": "POST", "body": secret},
    "password": lambda url, secret: {
        "url": url,
        "auth_username": "me",
        "auth_password": secret,
    },
}


@pytest.mark.parametrize("place", HOLDING)
def test_a_secret_does_not_go_to_another_host_by_tornado(elsewhere, guarded, secret, fetch, place):
    with pytest.raises(NetworkRefused):
        fetch(**HOLDING[place](elsewhere.origin, secret))
    assert elsewhere.came == b""


def test_a_secret_that_tornado_streams_does_not_go_to_another_host(
    elsewhere, guarded, secret, fetch
):
    async def produce(write):
        for half in halves(secret):
            await write(half)

    with pytest.raises(NetworkRefused):
        fetch(elsewhere.origin, method="POST", body_producer=produce)
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


def test_secrets_of_four_threads_of_tornado_are_each_refused(elsewhere, guarded, secret, fetch):
    def refused(_):
        with pytest.raises(NetworkRefused):
            fetch(elsewhere.origin, method="POST", body=secret)
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(refused, range(200))) == [True] * 200
    assert elsewhere.came == b""


def test_tasks_of_tornado_at_once_are_all_recorded_and_replayed(local, use, fetch):
    from tornado.httpclient import AsyncHTTPClient

    async def main():
        client = AsyncHTTPClient(force_instance=True)
        urls = [f"{local.url}/{number}" for number in range(200)]
        return await asyncio.gather(*map(client.fetch, urls))

    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)):
            assert [each.body for each in asyncio.run(main())] == [b"{}"] * 200
    assert it.counts.replayed == 200
    assert len(local.bill.requests) == len(store.load(use().path).interactions) == 200


def test_an_answer_to_tornado_that_is_cut_is_so_in_each_replay(local, use, fetch):
    local.bill.default = [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", None]
    met = []
    for mode in ("once", "none"):
        with local.run().using(use(mode)), pytest.raises(Exception, match=r"closed|599") as error:
            fetch(local.url)
        met.append(error.type)
    assert met[0] is met[1]
    assert len(local.bill.requests) == 1
