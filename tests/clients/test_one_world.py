"""Each client tells BILL what is real, and sees while it is recorded what its replay shows."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import urllib.request
from contextlib import closing
from types import ModuleType
from urllib.parse import parse_qs, quote, unquote, urlsplit

import aiohttp
import httpx
import pytest
import requests
import tornado.httpclient
import urllib3

from pytest_bill.clients import base, by_vcrpy
from pytest_bill.environments import at_origin
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.stand_ins import StandIns
from tests.helpers.stand_ins import KEY

VENDOR = {"id": "1", "name": "Happy Music Supplies", "email": "agatha@paperlessband.org"}
JSON = {"Content-Type": "application/json"}


def by_requests(method, url, body):
    answer = requests.request(method, url, data=body, headers=JSON, timeout=5)
    assert answer.url == url
    return answer.status_code, answer.content


def by_urllib3(method, url, body):
    answer = urllib3.request(method, url, body=body, headers=JSON)
    return answer.status, answer.data


def by_urllib(method, url, body):
    request = urllib.request.Request(url, body, JSON, method=method)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.status, unpacked(answer)


def by_http_client(method, url, body, **how):
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    with closing(http.client.HTTPConnection(parts.netloc, timeout=5)) as connection:
        connection.request(method, target, body, JSON, **how)
        answer = connection.getresponse()
        return answer.status, unpacked(answer)


def in_chunks_by_http_client(method, url, body):
    pieces = [body[:7], body[7:]] if body else None
    return by_http_client(method, url, pieces, encode_chunked=True)


def by_a_proxy_by_http_client(method, url, body):
    """The proxy is BILL's own server here."""
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)) as connection:
        connection.request(method, url, body, JSON)
        answer = connection.getresponse()
        return answer.status, unpacked(answer)


def unpacked(answer):
    content = answer.read()
    packed = answer.headers["Content-Encoding"] == "gzip"
    return gzip.decompress(content) if packed else content


def by_httpx(method, url, body, **how):
    with httpx.Client(**how) as client:
        answer = client.request(method, url, content=body, headers=JSON)
    assert answer.request.url == url
    return answer.status_code, answer.content


def in_pieces_by_httpx(method, url, body):
    return by_httpx(method, url, iter([body[:7], body[7:]]) if body else None)


def by_async_httpx(method, url, body, **how):
    async def ask():
        async with httpx.AsyncClient(**how) as client:
            return await client.request(method, url, content=body, headers=JSON)

    answer = asyncio.run(ask())
    return answer.status_code, answer.content


def by_aiohttp(method, url, body):
    async def ask():
        async with (
            aiohttp.ClientSession() as client,
            client.request(method, url, data=body, headers=JSON) as answer,
        ):
            return answer.status, await answer.read()

    return asyncio.run(ask())


def in_pieces_by_aiohttp(method, url, body):
    async def pieces():
        yield body[:7]
        yield body[7:]

    async def ask():
        async with (
            aiohttp.ClientSession() as client,
            client.request(method, url, data=pieces() if body else None, headers=JSON) as answer,
        ):
            return answer.status, await answer.read()

    return asyncio.run(ask())


def by_tornado(method, url, body):
    async def ask():
        client = tornado.httpclient.AsyncHTTPClient(force_instance=True)
        try:
            return await client.fetch(url, method=method, body=body, headers=JSON)
        finally:
            client.close()

    answer = asyncio.run(ask())
    assert (answer.request.url, answer.effective_url) == (url, url)
    assert answer.headers["Content-Type"] == "application/json"
    return answer.code, answer.body


def by_a_transport(method, url, body):
    return by_httpx(method, url, body, transport=_transports().CurlTransport())


def by_an_async_transport(method, url, body):
    return by_async_httpx(method, url, body, transport=_transports().AsyncCurlTransport())


CLIENTS = [
    by_requests,
    by_urllib3,
    by_urllib,
    by_http_client,
    in_chunks_by_http_client,
    by_a_proxy_by_http_client,
    by_httpx,
    in_pieces_by_httpx,
    by_async_httpx,
    by_aiohttp,
    in_pieces_by_aiohttp,
    by_tornado,
    by_a_transport,
    by_an_async_transport,
]


def _transports():
    """Transports as httpx_curl_cffi has them, which send past all other seams."""

    def answer(request):
        options = {"headers": dict(request.headers), "decode_content": False}
        with base.passing(), urllib3.PoolManager(retries=False) as pool:
            came = pool.request(request.method, str(request.url), body=request.content, **options)
        stream = httpx.ByteStream(came.data)
        return httpx.Response(came.status, headers=list(came.headers.items()), stream=stream)

    class CurlTransport(httpx.BaseTransport):
        def handle_request(self, request):
            request.read()
            return answer(request)

    class AsyncCurlTransport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            await request.aread()
            return answer(request)

    module = ModuleType("httpx_curl_cffi")
    module.CurlTransport, module.AsyncCurlTransport = CurlTransport, AsyncCurlTransport
    base.put_seams(by_vcrpy.seams(module))
    return module


def plainly(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body),
        body,
    )


def packed_in_chunks(body: bytes) -> bytes:
    body = gzip.compress(body)
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n"
        % (5, body[:5], len(body) - 5, body[5:])
    )


def until_the_end(body: bytes):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    return [head + body, None]


def script(ask, url):
    """What a test does with what it reads."""
    seen = [ask("GET", f"{url}/1", None)]
    vendor = json.loads(seen[0][1])
    seen.append(ask("GET", f"{url}?filters={quote('name:eq:' + json.dumps(vendor['name']))}", None))
    seen.append(ask("PUT", f"{url}/{vendor['email']}", json.dumps(vendor | {"n": 1}).encode()))
    return seen


@pytest.mark.parametrize(
    "written",
    [plainly, packed_in_chunks, pytest.param(until_the_end, marks=pytest.mark.nightly)],
)
@pytest.mark.parametrize("ask", CLIENTS)
def test_a_client_lives_in_one_world(local, recorder, use, monkeypatch, ask, written):
    monkeypatch.setattr(base, "_seams", [*base._seams])
    bill = at_origin(local.bill.origin, "custom")
    content = json.dumps(VENDOR).encode()
    found = b'{"results": [%s]}' % content
    local.bill.answers = [written(each) for each in (content, found, content)]
    seen = []
    for mode in ("once", "none"):
        it = recorder(bill, stand_ins=StandIns(KEY), stand_in_choice=StandInChoice())
        base.ensure_put()
        with it.using(use(mode)):
            seen.append(script(ask, local.url))
    assert seen[0] == seen[1]
    assert it.counts.replayed == 3

    vendor = json.loads(seen[0][0][1])
    assert vendor["email"].endswith(".example.org")
    assert json.loads(seen[0][1][1])["results"] == [vendor]
    assert json.loads(seen[0][2][1]) == vendor

    (_, filtered, put) = local.bill.requests
    assert parse_qs(urlsplit(filtered[0]).query) == {"filters": [f'name:eq:"{VENDOR["name"]}"']}
    assert unquote(put[0]).endswith(f"/v3/vendors/{VENDOR['email']}")
    assert json.loads(put[1]) == VENDOR | {"n": 1}
    assert "Music" not in use().path.read_text()
    assert "agatha" not in use().path.read_text()
