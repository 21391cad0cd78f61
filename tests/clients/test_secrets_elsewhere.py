"""No credential goes to another host, by any client, in any place and any encoding."""

from __future__ import annotations

import asyncio
import base64
import gzip
import http.client
import io
import json
import urllib.request
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
import httpcore
import httpx
import pytest
import requests
import urllib3

from pytest_bill.environments import at_origin
from pytest_bill.exceptions import NetworkRefused
from pytest_bill.scrubbing.registry import SecretRegistry

SECRETS = {
    "BILL_DEV_KEY": "01DEVELOPERKEY0123456789",
    "BILL_SESSION_ID": "session-id-0123456789+/abcdef==",
    "BILL_PASSWORD": "Gr\u00e4fin/Battery+Staple \u00df",
    "BILL_SPEND_API_TOKEN": "spend.token-0123456789",
    "BILL_PARTNER_APP_KEY": "partner_app_key_0123456789",
}


@dataclass
class Sent:
    """What a client is to send; a body in ``pieces`` is one that it reads from an iterator."""

    target: str = "/x"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pieces: list[bytes] = field(default_factory=list)

    @property
    def method(self) -> str:
        return "POST" if self.body or self.pieces else "GET"


def halves(body: bytes, count: int = 2) -> list[bytes]:
    step = max(1, -(-len(body) // count))
    return [body[start : start + step] for start in range(0, len(body), step)]


def multipart(secret: str) -> bytes:
    return (
        b'--b\r\nContent-Disposition: form-data; name="a"; filename="a.txt"\r\n\r\n'
        b"told " + secret.encode() + b"\r\n--b--\r\n"
    )


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def basic(secret: str, encoding: str = "utf-8") -> dict[str, str]:
    pair = base64.b64encode(f"ada@example.com:{secret}".encode(encoding)).decode()
    return {"Authorization": f"Basic {pair}"}


def as_header(secret: str) -> str:
    return secret.encode().decode("latin-1")


BODIES: dict[str, Callable[[str], bytes]] = {
    "JSON in ASCII": lambda secret: json.dumps({"a": [secret]}).encode(),
    "JSON in UTF-8": lambda secret: json.dumps({"a": secret}, ensure_ascii=False).encode(),
    "JSON in JSON": lambda secret: json.dumps({"a": json.dumps({"b": secret})}).encode(),
    "form": lambda secret: urlencode({"a": 1, "b": secret}).encode(),
    "text": lambda secret: f"the password is {secret}, isn't it".encode(),
    "Latin-1": lambda secret: f"the password is {secret}".encode("latin-1"),
    "multipart": multipart,
    "gzip": lambda secret: gzip.compress(json.dumps({"a": secret}).encode()),
    "deflate": lambda secret: zlib.compress(f"a={secret}".encode()),
    "raw deflate": lambda secret: deflated(f"a={secret}".encode()),
    "UTF-16": lambda secret: f"a {secret}".encode("utf-16"),
    "UTF-32": lambda secret: f"a {secret}".encode("utf-32-be"),
    "base64": lambda secret: base64.b64encode(f"user:{secret}".encode()),
    "base64 in JSON": lambda secret: json.dumps(
        {"a": base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")}
    ).encode(),
    "gzip in base64": lambda secret: base64.b64encode(gzip.compress(f"a={secret}".encode())),
    "percent twice": lambda secret: quote(quote(f"a={secret}", safe=""), safe="").encode(),
    "HTML": lambda secret: "".join(f"&#{ord(each)};" for each in secret).encode(),
}
PLACES: dict[str, Callable[[str], Sent]] = {
    "path": lambda secret: Sent(f"/of/{quote(secret, safe='')}/x"),
    "query": lambda secret: Sent(f"/x?a={quote(secret, safe='')}"),
    "query, a plus for a space": lambda secret: Sent("/x?" + urlencode({"a": secret})),
    "percent twice": lambda secret: Sent(f"/x?a={quote(quote(secret, safe=''), safe='')}"),
    "base64 in the query": lambda secret: Sent(
        "/x?a=" + quote(base64.b64encode(secret.encode()).decode(), safe="")
    ),
    "header": lambda secret: Sent(headers={"X-Trace": f"about {as_header(secret)}"}),
    "header of BILL's": lambda secret: Sent(headers={"sessionId": as_header(secret)}),
    "cookie": lambda secret: Sent(headers={"Cookie": f"a=1; b={quote(secret, safe='')}"}),
    "Basic": lambda secret: Sent(headers=basic(secret)),
    "Basic in Latin-1": lambda secret: Sent(headers=basic(secret, "latin-1")),
    "Bearer": lambda secret: Sent(headers={"Authorization": f"Bearer {as_header(secret)}"}),
}
WAYS: dict[str, Callable[[str], Sent]] = {
    **PLACES,
    **{
        f"body: {name}": lambda secret, made=made: Sent(body=made(secret))
        for name, made in BODIES.items()
    },
    **{
        f"pieces: {name}": lambda secret, made=made: Sent(pieces=halves(made(secret), 3))
        for name, made in BODIES.items()
    },
}


def by_requests(url: str, sent: Sent) -> None:
    data = iter(sent.pieces) if sent.pieces else sent.body or None
    requests.request(sent.method, url, headers=sent.headers, data=data, timeout=5)


def by_requests_file(url: str, sent: Sent) -> None:
    data = io.BytesIO(b"".join(sent.pieces) or sent.body)
    with requests.Session() as client:
        client.request(sent.method, url, headers=sent.headers, data=data, timeout=5)


def by_urllib3(url: str, sent: Sent) -> None:
    body = iter(sent.pieces) if sent.pieces else sent.body or None
    with urllib3.PoolManager(retries=False, timeout=5) as client:
        client.request(sent.method, url, headers=sent.headers, body=body)


def by_urllib(url: str, sent: Sent) -> None:
    data = iter(sent.pieces) if sent.pieces else sent.body or None
    asked = urllib.request.Request(url, data, sent.headers, method=sent.method)
    with urllib.request.urlopen(asked, timeout=5) as answer:
        answer.read()


def by_http_client(url: str, sent: Sent) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        body = iter(sent.pieces) if sent.pieces else sent.body or None
        connection.request(
            sent.method, sent.target, body, sent.headers, encode_chunked=bool(sent.pieces)
        )
        connection.getresponse().read()
    finally:
        connection.close()


def by_hand(url: str, sent: Sent) -> None:
    """With a length, and each piece sent by itself."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        pieces = sent.pieces or halves(sent.body)
        connection.putrequest(sent.method, sent.target)
        for name, value in sent.headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(b"".join(pieces))))
        connection.endheaders()
        for piece in pieces:
            connection.send(piece)
        connection.getresponse().read()
    finally:
        connection.close()


def for_httpx(sent: Sent) -> dict[str, Any]:
    headers = {name: value.encode("latin-1") for name, value in sent.headers.items()}
    return {"headers": headers, "content": iter(sent.pieces) if sent.pieces else sent.body}


def by_httpx(url: str, sent: Sent) -> None:
    with httpx.Client(timeout=5, verify=False) as client:
        client.request(sent.method, url, **for_httpx(sent))


async def one_by_one(pieces: list[bytes]) -> Any:
    for piece in pieces:
        yield piece


def by_async_httpx(url: str, sent: Sent) -> None:
    async def main() -> None:
        async with httpx.AsyncClient(timeout=5, verify=False) as client:
            more = for_httpx(sent)
            if sent.pieces:
                more["content"] = one_by_one(sent.pieces)
            await client.request(sent.method, url, **more)

    asyncio.run(main())


def by_own_transport(url: str, sent: Sent) -> None:
    class Own(httpx.BaseTransport):
        def __init__(self) -> None:
            self._below = httpx.HTTPTransport(verify=False)

        def handle_request(self, request: Any) -> Any:
            return self._below.handle_request(request)

        def close(self) -> None:
            self._below.close()

    with httpx.Client(transport=Own(), timeout=5, verify=False) as client:
        client.request(sent.method, url, **for_httpx(sent))


def for_core(sent: Sent) -> dict[str, Any]:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in sent.headers.items()]
    if sent.pieces:
        headers.append((b"Transfer-Encoding", b"chunked"))
    elif sent.body:
        headers.append((b"Content-Length", b"%d" % len(sent.body)))
    return {"headers": [*headers, (b"Host", b"elsewhere")]}


def by_httpcore(url: str, sent: Sent) -> None:
    content = iter(sent.pieces) if sent.pieces else sent.body
    with httpcore.ConnectionPool() as pool:
        pool.request(sent.method, url, content=content, **for_core(sent))


def by_async_httpcore(url: str, sent: Sent) -> None:
    async def main() -> None:
        content = one_by_one(sent.pieces) if sent.pieces else sent.body
        async with httpcore.AsyncConnectionPool() as pool:
            await pool.request(sent.method, url, content=content, **for_core(sent))

    asyncio.run(main())


def by_httpcore_connection(url: str, sent: Sent) -> None:
    content = iter(sent.pieces) if sent.pieces else sent.body
    with httpcore.HTTPConnection(httpcore.URL(url).origin) as connection:
        connection.request(sent.method, url, content=content, **for_core(sent))


def by_async_httpcore_connection(url: str, sent: Sent) -> None:
    async def main() -> None:
        content = one_by_one(sent.pieces) if sent.pieces else sent.body
        async with httpcore.AsyncHTTPConnection(httpcore.URL(url).origin) as connection:
            await connection.request(sent.method, url, content=content, **for_core(sent))

    asyncio.run(main())


def by_httpcore_stream(url: str, sent: Sent) -> None:
    content = iter(sent.pieces) if sent.pieces else sent.body
    origin = httpcore.URL(url).origin
    stream = httpcore.SyncBackend().connect_tcp(origin.host.decode(), origin.port)
    with httpcore.HTTP11Connection(origin, stream) as connection:
        connection.request(sent.method, url, content=content, **for_core(sent))


def by_aiohttp(url: str, sent: Sent) -> None:
    from yarl import URL

    async def main() -> None:
        data = one_by_one(sent.pieces) if sent.pieces else sent.body or None
        headers = {
            name: value.encode("latin-1").decode("utf-8") for name, value in sent.headers.items()
        }
        asked = URL(url, encoded=True)
        async with (
            aiohttp.ClientSession() as client,
            client.request(sent.method, asked, headers=headers, data=data) as answer,
        ):
            await answer.read()

    asyncio.run(main())


CLIENTS = {
    "requests": by_requests,
    "requests with files": by_requests_file,
    "urllib3": by_urllib3,
    "urllib": by_urllib,
    "http.client": by_http_client,
    "http.client by hand": by_hand,
    "httpx": by_httpx,
    "async httpx": by_async_httpx,
    "httpx with an own transport": by_own_transport,
    "httpcore": by_httpcore,
    "async httpcore": by_async_httpcore,
    "a connection of httpcore": by_httpcore_connection,
    "an async connection of httpcore": by_async_httpcore_connection,
    "a stream of httpcore": by_httpcore_stream,
    "aiohttp": by_aiohttp,
}


IN_PIECES = ("http.client by hand",)
"""They send a head, and a body in several parts."""


@pytest.fixture
def begin(recorder, use) -> Callable[[], Any]:
    """Begin a run, and a test in it."""

    def begin() -> Any:
        registry = SecretRegistry((f"PLACEHOLDER_{name}", value) for name, value in SECRETS.items())
        it = recorder(at_origin("http://127.0.0.1:9", "local"), registry)
        return it.using(use("none"))

    return begin


@pytest.fixture
def in_test(begin) -> Iterator[None]:
    with begin():
        yield


def causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.sampled(211)
def test_a_credential_goes_to_no_other_host(elsewhere, in_test, client, way, name):
    sent = WAYS[way](SECRETS[name])
    with pytest.raises(Exception) as raised:  # noqa: PT011 - each client wraps it
        CLIENTS[client](elsewhere.origin + sent.target, sent)
    refused = [each for each in causes(raised.value) if isinstance(each, NetworkRefused)]
    assert refused, repr(raised.value)
    assert f"PLACEHOLDER_{name}" in str(refused[0])
    assert pieces_in(elsewhere.came, SECRETS[name]) == []
    # A stream goes on where it is text that ends between words.
    assert elsewhere.came == b"" or way.startswith("pieces: ") or client in IN_PIECES


def pieces_in(came: bytes, secret: str) -> list[bytes]:
    """What came of a secret, in the forms that show it letter by letter."""
    data = secret.encode()
    forms = {data, json.dumps(secret)[1:-1].encode(), quote(secret, safe="").encode()}
    forms |= {b64encode(b"\0" * skipped + data)[4:-4] for skipped in range(3)}
    pieces = [form[at : at + 6] for form in forms for at in range(len(form) - 5)]
    # The same six letters, where each is written by its number.
    for write in ("&#%d;", "&#x%x;", "\\u%04x", "%%%02X"):
        pieces += [
            "".join(write % ord(letter) for letter in secret[at : at + 6]).encode()
            for at in range(len(secret) - 5)
        ]
    return [piece for piece in pieces if piece in came]


# --- clients that were there before the run ------------------------------------------------------


def of_requests(origin: str) -> Iterator[Any]:
    with requests.Session() as client:
        get = client.get  # bound before, too
        yield lambda told: get(f"{origin}/{told}", timeout=5)


def of_urllib3(origin: str) -> Iterator[Any]:
    with urllib3.HTTPConnectionPool(origin.removeprefix("http://"), timeout=5) as pool:
        urlopen = pool.urlopen
        yield lambda told: urlopen("POST", "/x", body=told, retries=False)


def of_urllib(origin: str) -> Iterator[Any]:
    opener = urllib.request.build_opener()
    yield lambda told: opener.open(f"{origin}/?a={told}", timeout=5).close()


def of_http_client(origin: str) -> Iterator[Any]:
    connection = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=5)

    def ask(told: str) -> None:
        connection.request("POST", "/x", body=iter([told[:5].encode(), told[5:].encode()]))
        connection.getresponse().read()

    yield ask
    connection.close()


def of_httpx(origin: str) -> Iterator[Any]:
    with httpx.Client(timeout=5, verify=False) as client:
        post = client.post
        yield lambda told: post(origin, json={"a": told})


def of_httpcore(origin: str) -> Iterator[Any]:
    with httpcore.ConnectionPool() as pool:
        yield lambda told: pool.request("GET", origin, headers=[("Host", "a"), ("A", told)])


def of_async_httpx(origin: str) -> Iterator[Any]:
    loop, client = asyncio.new_event_loop(), httpx.AsyncClient(timeout=5, verify=False)
    yield lambda told: loop.run_until_complete(client.post(origin, data={"a": told}))
    loop.run_until_complete(client.aclose())
    loop.close()


def of_aiohttp(origin: str) -> Iterator[Any]:
    loop = asyncio.new_event_loop()

    async def made() -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    client = loop.run_until_complete(made())

    async def ask(told: str) -> None:
        async with client.post(origin, json={"\u00e4": told}) as answer:
            await answer.read()

    yield lambda told: loop.run_until_complete(ask(told))
    loop.run_until_complete(client.close())
    loop.close()


MADE_BEFORE = (
    *(of_requests, of_urllib3, of_urllib, of_http_client),
    *(of_httpx, of_async_httpx, of_httpcore, of_aiohttp),
)


@pytest.mark.parametrize("made", MADE_BEFORE)
@pytest.mark.sampled(2)
def test_a_client_that_is_connected_before_the_run_is_looked_at(elsewhere, begin, made):
    clients = made(elsewhere.origin)
    ask = next(clients)
    ask("first")
    before = bytes(elsewhere.came)
    secret = SECRETS["BILL_DEV_KEY"]
    with begin(), pytest.raises(Exception) as raised:  # noqa: PT011 - each client wraps it
        ask(secret)
    assert [each for each in causes(raised.value) if isinstance(each, NetworkRefused)]
    assert elsewhere.came == before
    with suppress(StopIteration):
        next(clients)


# --- bodies as the clients make them -------------------------------------------------------------

TOLD = SECRETS["BILL_PASSWORD"]
MADE = {
    "requests, json": lambda url: requests.post(url, json={"\u00e4": [TOLD]}, timeout=5),
    "requests, data": lambda url: requests.post(url, data={"a": TOLD}, timeout=5),
    "requests, files": lambda url: requests.post(
        url, files={"a": (TOLD, io.BytesIO(TOLD.encode()))}, timeout=5
    ),
    "requests, auth": lambda url: requests.get(url, auth=("ada", TOLD), timeout=5),
    "requests, params": lambda url: requests.get(url, params={"a": TOLD}, timeout=5),
    "requests, cookies": lambda url: requests.get(url, cookies={"a": quote(TOLD)}, timeout=5),
    "urllib3, json": lambda url: urllib3.request("POST", url, json={"a": TOLD}),
    "urllib3, fields": lambda url: urllib3.request("POST", url, fields={"a": TOLD}),
    "urllib3, headers": lambda url: urllib3.request(
        "GET", url, headers=urllib3.make_headers(basic_auth=f"ada:{TOLD}")
    ),
    "httpx, json": lambda url: httpx.post(url, json={"a": TOLD}),
    "httpx, data": lambda url: httpx.post(url, data={"a": TOLD}),
    "httpx, files": lambda url: httpx.post(url, files={"a": io.BytesIO(TOLD.encode())}),
    "httpx, auth": lambda url: httpx.get(url, auth=("ada", TOLD)),
    "httpx, params": lambda url: httpx.get(url, params={"a": TOLD}),
    "httpx, userinfo": lambda url: httpx.get(url.replace("//", f"//ada:{quote(TOLD, safe='')}@")),
    "urllib, file": lambda url: urllib.request.urlopen(
        urllib.request.Request(url, io.BytesIO(TOLD.encode()), {"Content-Length": "26"}),
    ),
    **{
        f"aiohttp, {name}": lambda url, made=made: by_aiohttp_with(url, made())
        for name, made in {
            "json": lambda: {"json": {"\u00e4": {"a": TOLD}}},
            "data": lambda: {"data": {"a": TOLD}},
            "file": lambda: {"data": {"a": io.BytesIO(TOLD.encode())}},
            "text": lambda: {"data": TOLD},
            "deflate": lambda: {"data": TOLD.encode(), "compress": "deflate"},
            "gzip": lambda: {"json": {"a": TOLD}, "compress": "gzip"},
            "params": lambda: {"params": {"a": TOLD}},
            "Basic": lambda: {"headers": basic(TOLD)},
            "cookies": lambda: {"cookies": {"a": TOLD}},
        }.items()
    },
}


def by_aiohttp_with(url: str, options: dict[str, Any]) -> None:
    async def main() -> None:
        async with aiohttp.ClientSession() as client, client.post(url, **options) as answer:
            await answer.read()

    asyncio.run(main())


@pytest.mark.parametrize("way", MADE)
@pytest.mark.sampled(9)
def test_a_body_that_a_client_makes_is_looked_at(elsewhere, in_test, way):
    with pytest.raises(Exception) as raised:  # noqa: PT011 - each client wraps it
        MADE[way](elsewhere.origin)
    assert [each for each in causes(raised.value) if isinstance(each, NetworkRefused)]
    # Files are sent part by part.
    assert pieces_in(elsewhere.came, TOLD) == []
    assert elsewhere.came == b"" or "file" in way
