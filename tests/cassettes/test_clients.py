"""Other HTTP clients, through vcrpy's patches."""

import asyncio
import gzip
import http.client
import importlib
import io
import json
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from unittest import mock
from urllib.parse import urlsplit

import aiohttp
import httpx
import pytest
import requests
import urllib3
import vcr
import vcr.patch

from pytest_bill.cassettes import store
from pytest_bill.cassettes.clients import Clients
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import NotInCassette, PlaceholderSent


def with_httpx(url: str) -> bytes:
    return httpx.get(url).content


def with_async_httpx(url: str) -> bytes:
    async def get() -> bytes:
        async with httpx.AsyncClient() as client:
            return (await client.get(url)).content

    return asyncio.run(get())


def with_aiohttp(url: str) -> bytes:
    async def get() -> bytes:
        async with aiohttp.ClientSession() as client, client.get(url) as answer:
            return await answer.read()

    return asyncio.run(get())


def with_urllib3(url: str) -> bytes:
    return urllib3.request("GET", url).data


def with_requests(url: str) -> bytes:
    return requests.get(url, timeout=5).content


def with_urllib(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()


def with_http_client(url: str) -> bytes:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    connection.request("GET", parts.path)
    content = connection.getresponse().read()
    connection.close()
    return content


CLIENTS = [with_httpx, with_async_httpx, with_aiohttp, with_urllib3, with_requests, with_urllib]
CLIENTS += [with_http_client]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_a_client_is_recorded_and_replayed(recorder, use, server, client):
    bill = server()
    bill.default = (200, {"Content-Type": "application/json"}, b'{"from": "network"}')
    environment = at_origin(bill.origin, "local")
    url = environment.resolve("/v3/vendors")
    for mode in ("once", "none"):
        it = recorder(environment)
        with it.using(use(mode)), Clients(it).patched():
            assert json.loads(client(url)) == {"from": "network"}
        assert len(bill.received) == 1
    (exchange,) = store.load(use().path).exchanges
    assert exchange.url == "https://gateway.stage.bill.com/connect/v3/vendors"


FOLLOWING = [with_aiohttp, with_urllib3, with_requests, with_urllib]
FOLLOWING += [lambda url: httpx.get(url, follow_redirects=True).content]


@pytest.mark.parametrize("client", FOLLOWING)
def test_redirects_are_recorded_and_replayed(recorder, use, server, client):
    bill = server()
    bill.answers = [(302, {"Location": "/connect/v3/elsewhere"}, b"")]
    environment = at_origin(bill.origin, "local")
    for mode in ("once", "none"):
        it = recorder(environment)
        with it.using(use(mode)), Clients(it).patched():
            assert client(environment.resolve("/v3/vendors")) == b'{"results": []}'
    assert len(bill.received) == len(store.load(use().path).exchanges) == 2


def post_with_httpx(url: str, body: bytes) -> bytes:
    length = {"Content-Length": str(len(body))}
    return httpx.post(url, content=iter([body[:3], body[3:]]), headers=length).content


def post_with_streaming_httpx(url: str, body: bytes) -> bytes:
    with httpx.stream("POST", url, content=body) as answer:
        return b"".join(answer.iter_bytes())


def post_with_urllib3(url: str, body: bytes) -> bytes:
    return urllib3.request("POST", url, body=body).data


def post_with_requests(url: str, body: bytes) -> bytes:
    return requests.post(url, data=io.BytesIO(body), timeout=5).content


def post_with_streaming_requests(url: str, body: bytes) -> bytes:
    with requests.post(url, data=body, stream=True, timeout=5) as answer:
        return b"".join(answer.iter_content(4))


POSTING = [post_with_httpx, post_with_streaming_httpx, post_with_urllib3, post_with_requests]
POSTING += [post_with_streaming_requests]


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("client", POSTING, ids=lambda client: client.__name__)
def test_bodies_of_any_kind(recorder, use, server, client, encoding):
    bill = server()
    answer = b'{"from": "network"}'
    packed = gzip.compress(answer) if encoding == "gzip" else answer
    bill.default = (200, {"Content-Encoding": encoding}, packed)
    environment = at_origin(bill.origin, "local")
    for mode in ("once", "none"):
        it = recorder(environment)
        with it.using(use(mode)), Clients(it).patched():
            assert client(environment.resolve("/v3/vendors"), b'{"a": [1, 2]}') == answer
    assert [received[3] for received in bill.received] == [b'{"a": [1, 2]}']
    (exchange,) = store.load(use().path).exchanges
    assert exchange.body == b'{"a": [1, 2]}'
    assert exchange.answer_body == answer


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_other_hosts_are_left_alone(recorder, use, server, client):
    bill, database = server(), server()
    database.default = (200, {}, b"rows")
    it = recorder(at_origin(bill.origin, "local"))
    with it.using(use("none")), Clients(it).patched():
        assert client(f"{database.origin}/connect/v3/vendors") == b"rows"
        assert client(f"{bill.origin}/elsewhere") == b'{"results": []}'
    assert len(database.received) == 1
    assert it.counts.requests == 0
    assert not use().path.exists()


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_a_miss_is_told_to_the_client_and_nothing_is_sent(recorder, use, server, client):
    bill = server()
    environment = at_origin(bill.origin, "local")
    it = recorder(environment)
    missed = pytest.raises(NotInCassette, match="no recorded answer")
    with it.using(use("none")) as opened, Clients(it).patched(), missed:
        client(environment.resolve("/v3/vendors"))
    assert bill.received == []
    assert opened.misses


def test_a_placeholder_is_not_sent(recorder, use, server):
    bill = server()
    environment = at_origin(bill.origin, "local")
    it = recorder(environment)
    with it.using(use("once")), Clients(it).patched(), pytest.raises(PlaceholderSent):
        httpx.get(environment.resolve("/v3/x"), headers={"devKey": "PLACEHOLDER_BILL_DEV_KEY"})
    assert bill.received == []


def test_after_the_block_clients_are_as_before(recorder, use, server):
    bill = server()
    it = recorder(at_origin(bill.origin, "local"))
    with it.using(use("none")), Clients(it).patched():
        pass
    assert with_urllib3(f"{bill.origin}/connect/v3/x") == b'{"results": []}'
    assert with_httpx(f"{bill.origin}/connect/v3/x") == b'{"results": []}'
    assert it.counts.requests == 0


# --- when the patches are in place ---------------------------------------------------------------


def attributes() -> list[object]:
    """What vcrpy's patches, and ours, replace."""
    owners = [(each.getter(), each.attribute) for each in vcr.patch.reset_patchers()]
    owners += [(aiohttp.client_reqrep.ClientRequest, "send"), (vcr.patch, "force_reset")]
    for pool in (urllib3.HTTPConnectionPool, urllib3.HTTPSConnectionPool):
        owners += [(pool, "_get_conn"), (pool, "_new_conn")]
    return [vars(owner).get(name) for owner, name in owners]


REAL = attributes()


@pytest.fixture
def clients(recorder, server) -> Clients:
    """Those of a local BILL that answers whatever it is asked."""
    return Clients(recorder(at_origin(server().origin, "local")))


def ask(clients: Clients, client=with_urllib3) -> bytes:
    return client(clients._recorder.environment.resolve("/v3/vendors"))


def test_blocks_may_be_nested_and_leave_nothing_behind(clients):
    with clients.patched():
        outer = attributes()
        assert outer != REAL
        with clients.patched():
            assert attributes() == outer
        with suppress(ValueError), clients.patched():
            int("as meant")
        assert attributes() == outer
    assert attributes() == REAL
    with clients.patched():
        assert attributes() == outer
    assert attributes() == REAL


def test_an_inherited_attribute_is_inherited_again(clients):
    with clients.patched():
        assert "_get_conn" in vars(urllib3.HTTPSConnectionPool)
    assert "_get_conn" not in vars(urllib3.HTTPSConnectionPool)


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_the_same_patches_serve_one_cassette_after_the_other(recorder, use, server, client):
    bill = server()
    environment = at_origin(bill.origin, "local")
    for mode in ("once", "none"):
        it = recorder(environment)
        clients = Clients(it)
        for name in ("a", "b", "c"):
            bill.default = (200, {}, name.encode())
            with it.using(use(mode, name)), clients.patched():
                assert ask(clients, client) == name.encode()
    assert len(bill.received) == 3


def test_a_pool_that_outlives_the_block_has_real_connections_again(recorder, use, server):
    bill = server()
    it = recorder(at_origin(bill.origin, "local"))
    clients, pool = Clients(it), urllib3.PoolManager()
    url = it.environment.resolve("/v3/vendors")
    (kept,) = [pool.connection_from_url(url)]
    for mode in ("once", "none"):
        with it.using(use(mode)), clients.patched():
            assert pool.request("GET", url).status == 200
            (connection,) = filter(None, kept.pool.queue)
            assert hasattr(connection, "real_connection")  # vcrpy's
        assert [each for each in kept.pool.queue if each is not None] == []
        assert pool.request("GET", url).status == 200
        (connection,) = filter(None, kept.pool.queue)
        assert type(connection) is urllib3.connection.HTTPConnection
    assert it.counts.requests == 2
    pool.clear()


def test_connections_are_forgotten_block_by_block(recorder, use, server):
    it = recorder(at_origin(server().origin, "local"))
    clients = Clients(it)
    for _ in range(3):
        with it.using(use("new_episodes")), clients.patched():
            ask(clients)
            kept = [each._connection_pool_to_connections for each in clients._patches._removers]
            assert sum(map(len, kept)) == 1
        assert sum(map(len, kept)) == 0


@contextmanager
def counted(owner: type, name: str) -> Iterator[list[str]]:
    """Another tool's patch, which calls what was there before."""
    calls: list[str] = []
    before = getattr(owner, name)

    def called(*args, **kwargs):
        calls.append(name)
        return before(*args, **kwargs)

    with mock.patch.object(owner, name, called):
        yield calls


def test_another_tools_patch_below_ours_is_called_while_it_is_there(recorder, use, server):
    it = recorder(at_origin(server().origin, "local"))
    clients = Clients(it)
    with it.using(use("new_episodes")), clients.patched():
        ask(clients)
    with (
        counted(urllib3.HTTPConnectionPool, "_new_conn") as calls,
        it.using(use("new_episodes")),
        clients.patched(),
    ):
        ask(clients)
        assert calls == ["_new_conn"]
    with it.using(use("new_episodes")), clients.patched():
        ask(clients)
    assert calls == ["_new_conn"]
    assert attributes() == REAL


def test_another_tools_patch_above_ours_is_left_as_it_is(clients):
    with clients.patched():
        ours = attributes()
        with counted(httpx.HTTPTransport, "handle_request"):
            theirs = attributes()
            with clients.patched():
                pass
            assert attributes() == theirs
        assert attributes() == ours
    assert attributes() == REAL


def test_a_client_that_is_imported_again_is_replayed_too(recorder, use, server, monkeypatch):
    bill = server()
    it = recorder(at_origin(bill.origin, "local"))
    clients = Clients(it)
    with it.using(use("once")), clients.patched():
        ask(clients, with_httpx)
    for name in [name for name in sys.modules if name.partition(".")[0] == "httpx"]:
        monkeypatch.delitem(sys.modules, name)
    again = importlib.import_module("httpx")
    assert again is not httpx
    with it.using(use("none")), clients.patched():
        assert ask(clients, lambda url: again.get(url).content) == b'{"results": []}'
    assert len(bill.received) == 1


def test_vcrpys_own_cassettes_can_be_used_inside(recorder, use, server, tmp_path):
    bill, other = server(), server()
    other.default = (200, {}, b"rows")
    it = recorder(at_origin(bill.origin, "local"))
    clients = Clients(it)
    for mode in ("once", "none"):
        with it.using(use(mode)), clients.patched():
            assert ask(clients, with_requests) == b'{"results": []}'
            with vcr.use_cassette(str(tmp_path / "rows.yaml"), record_mode=mode):
                assert with_requests(f"{other.origin}/rows") == b"rows"
            assert ask(clients, with_httpx) == b'{"results": []}'
    assert len(bill.received) == 2
    assert len(other.received) == 1


def test_real_requests_are_sent_by_real_clients(clients):
    with clients.patched():
        ours = attributes()
        with vcr.patch.force_reset():
            assert http.client.HTTPConnection.__module__ == "http.client"
            assert httpx.HTTPTransport.handle_request.__module__.startswith("httpx")
        assert attributes() == ours
        with vcr.patch.force_reset():
            urllib3.HTTPConnectionPool.ConnectionCls = "patched meanwhile"
        assert urllib3.HTTPConnectionPool.ConnectionCls == "patched meanwhile"
    assert attributes() == REAL


def test_opening_a_connection_looks_for_no_client(clients, monkeypatch):
    """vcrpy does, for each: with ten that are not installed that costs more than the answer."""
    with clients.patched():
        monkeypatch.setattr(vcr.patch, "reset_patchers", None)
        http.client.HTTPConnection("127.0.0.1", 9).close()
        urllib3.HTTPSConnectionPool("127.0.0.1", 9)._new_conn().close()
