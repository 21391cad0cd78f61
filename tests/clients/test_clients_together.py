"""All HTTP clients, one after the other: what each has to do."""

import asyncio
import gzip
import http.client
import io
import json
import urllib.request
from urllib.parse import urlsplit

import aiohttp
import httpx
import pytest
import requests
import urllib3

from pytest_bill.cassettes import store
from pytest_bill.clients.base import served_by
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
    with urllib3.PoolManager() as pool:
        return pool.request("GET", url).data


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
        with it.using(use(mode)), served_by(it):
            assert json.loads(client(url)) == {"from": "network"}
        assert len(bill.received) == 1
    (interaction,) = store.load(use().path).interactions
    assert interaction.url == "https://gateway.stage.bill.com/connect/v3/vendors"


FOLLOWING = [with_aiohttp, with_urllib3, with_requests, with_urllib]
FOLLOWING += [lambda url: httpx.get(url, follow_redirects=True).content]


@pytest.mark.parametrize("client", FOLLOWING)
def test_redirects_are_recorded_and_replayed(recorder, use, server, client):
    bill = server()
    bill.answers = [(302, {"Location": "/connect/v3/elsewhere"}, b"")]
    environment = at_origin(bill.origin, "local")
    for mode in ("once", "none"):
        it = recorder(environment)
        with it.using(use(mode)), served_by(it):
            assert client(environment.resolve("/v3/vendors")) == b'{"results": []}'
    assert len(bill.received) == len(store.load(use().path).interactions) == 2


def post_with_httpx(url: str, body: bytes) -> bytes:
    length = {"Content-Length": str(len(body))}
    return httpx.post(url, content=iter([body[:3], body[3:]]), headers=length).content


def post_with_streaming_httpx(url: str, body: bytes) -> bytes:
    with httpx.stream("POST", url, content=body) as answer:
        return b"".join(answer.iter_bytes())


def post_with_urllib3(url: str, body: bytes) -> bytes:
    with urllib3.PoolManager() as pool:
        return pool.request("POST", url, body=body).data


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
        with it.using(use(mode)), served_by(it):
            assert client(environment.resolve("/v3/vendors"), b'{"a": [1, 2]}') == answer
    assert [received[3] for received in bill.received] == [b'{"a": [1, 2]}']
    (interaction,) = store.load(use().path).interactions
    assert interaction.body == b'{"a": [1, 2]}'
    assert interaction.answer_body == answer


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_other_hosts_are_left_alone(recorder, use, server, client):
    bill, database = server(), server()
    database.default = (200, {}, b"rows")
    it = recorder(at_origin(bill.origin, "local"))
    with it.using(use("none")), served_by(it):
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
    with it.using(use("none")) as opened, served_by(it), missed:
        client(environment.resolve("/v3/vendors"))
    assert bill.received == []
    assert opened.misses


def test_a_placeholder_is_not_sent(recorder, use, server):
    bill = server()
    environment = at_origin(bill.origin, "local")
    it = recorder(environment)
    with it.using(use("once")), served_by(it), pytest.raises(PlaceholderSent):
        httpx.get(environment.resolve("/v3/x"), headers={"devKey": "PLACEHOLDER_BILL_DEV_KEY"})
    assert bill.received == []


def test_after_the_block_clients_are_as_before(recorder, use, server):
    bill = server()
    it = recorder(at_origin(bill.origin, "local"))
    with it.using(use("none")), served_by(it):
        pass
    assert with_urllib3(f"{bill.origin}/connect/v3/x") == b'{"results": []}'
    assert with_httpx(f"{bill.origin}/connect/v3/x") == b'{"results": []}'
    assert it.counts.requests == 0
