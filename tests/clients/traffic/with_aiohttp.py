"""aiohttp: ``ClientSession`` and what hangs on it."""

from __future__ import annotations

import asyncio
import io
import ssl
from asyncio.trsock import TransportSocket
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
from aiohttp import ClientTimeout, TraceConfig

from tests.clients.servers.scenarios import PASSPHRASE, USER
from tests.clients.traffic.common import (
    BODY,
    ENOUGH,
    GETS,
    LATER,
    REDIRECTS,
    SOON,
    TROUBLE,
    redirect,
    timeout_of,
)
from tests.clients.traffic.kinds import OTHER, SENT, Kinds
from tests.clients.traffic.observing import Seen, tried, tried_async, type_of
from tests.clients.traffic.place import Place

KINDS = Kinds()


async def view(response: aiohttp.ClientResponse) -> Seen:
    """All of a response, which is read now if it was not."""
    head = head_view(response)
    body = await response.read()
    return {
        **head,
        "content": body,
        "text": await tried_async(response.text()),
        "json": await tried_async(response.json()),
        "encoding": response.get_encoding(),
        "raised_for_status": tried(response.raise_for_status),
        "after": {
            "at_eof": response.content.at_eof(),
            "connection": type_of(response.connection),
            "closed": response.closed,
        },
    }


def head_view(response: aiohttp.ClientResponse) -> Seen:
    """All of a response that is known before its body is read."""
    info = response.request_info
    return {
        "type": type_of(response),
        "status": response.status,
        "reason": response.reason,
        "ok": response.ok,
        "version": list(response.version or ()),
        "headers": [list(each) for each in response.raw_headers],
        "headers_as_text": [list(each) for each in response.headers.items()],
        "headers_type": type_of(response.headers),
        "method": response.method,
        "url": [str(response.url), str(response.real_url), response.host],
        "content_type": response.content_type,
        "charset": response.charset,
        "content_length": response.content_length,
        "content_disposition": str(response.content_disposition),
        "cookies": morsels(response.cookies),
        "links": {name: sorted(link) for name, link in response.links.items()},
        "history": [[each.status, str(each.url), each.closed] for each in response.history],
        "request": {
            "type": type_of(info),
            "method": info.method,
            "url": [str(info.url), str(info.real_url)],
            "sent": [list(each) for each in info.headers.items()],
        },
        "stream": type_of(response.content),
        "closed": response.closed,
        "socket": {"connection": type_of(response.connection)},
    }


def morsels(cookies: Any) -> list[list[str]]:
    return [[each.key, each.value, each["path"], each["domain"]] for each in cookies.values()]


async def _ask(session: aiohttp.ClientSession, method: str, url: str, **options: Any) -> Seen:
    async with session.request(method, url, **options) as response:
        return await view(response)


async def _get(at: Place, row: tuple[str, str]) -> Seen:
    method, scenario = row
    async with aiohttp.ClientSession() as session:
        return await _ask(session, method, at.url(scenario))


KINDS.add_each(_get, GETS)


async def _trouble(at: Place, scenario: str) -> Seen:
    async with aiohttp.ClientSession(
        timeout=ClientTimeout(sock_read=timeout_of(scenario))
    ) as session:
        return await _ask(session, "GET", at.url(scenario))


KINDS.add_each(_trouble, TROUBLE)


async def _redirected(at: Place, row: tuple[str, str, str]) -> Seen:
    method, status, to = row
    async with aiohttp.ClientSession() as session:
        data = None if method == "GET" else BODY
        return await _ask(session, method, at.url(redirect(status, f"../{to}")), data=data)


KINDS.add_each(_redirected, REDIRECTS)


# --- bodies --------------------------------------------------------------------------------------


async def _pieces() -> AsyncIterator[bytes]:
    for piece in (b"first, ", b"second, ", b"third"):
        yield piece


def _form(multipart: bool) -> aiohttp.FormData:
    form = aiohttp.FormData({"b": "2", "a": "x y/&="})
    if multipart:
        form.add_field("upload", b"content", filename="report.txt", content_type="text/plain")
        form.add_field("memory", io.BytesIO(b"read from memory"), filename="m.bin")
    return form


def _parts() -> aiohttp.MultipartWriter:
    writer = aiohttp.MultipartWriter("mixed")
    writer.append("text part")
    writer.append_json({"n": 1})
    writer.append(b"\0\xff", {"X-Part": "yes"})
    return writer


UPLOADS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "json_body": lambda at: {"json": {"amount": 12.5, "list": [1, None, "ž"]}},
    "data_dict": lambda at: {"data": {"b": "2", "a": "x y/&="}},
    "data_pairs": lambda at: {"data": [("many", "1"), ("many", "2")]},
    "data_bytes": lambda at: {"data": BODY},
    "data_text": lambda at: {"data": "Žižkov"},
    "data_memory": lambda at: {"data": io.BytesIO(b"from memory")},
    "data_text_memory": lambda at: {"data": io.StringIO("ž from memory")},
    "data_async_generator": lambda at: {"data": _pieces()},
    "data_generator": lambda at: {"data": iter([b"one", b"two"])},
    "data_dict_of_files": lambda at: {"data": {"upload": io.BytesIO(b"content"), "field": "v"}},
    "form_url_encoded": lambda at: {"data": _form(multipart=False)},
    "form_multipart": lambda at: {"data": _form(multipart=True)},
    "multipart_writer": lambda at: {"data": _parts()},
    "payload": lambda at: {"data": aiohttp.BytesPayload(b"payload", content_type="x/own")},
    "empty_post": lambda at: {},
    "chunked_bytes": lambda at: {"data": BODY, "chunked": True},
    "compressed": lambda at: {"data": BODY * 10, "compress": True},
    "compressed_gzip": lambda at: {"data": BODY * 10, "compress": "gzip"},
    "expect_continue": lambda at: {"data": BODY, "expect100": True},
    "own_request_headers": lambda at: {
        "data": BODY,
        "headers": [("X-Many", "1"), ("X-Many", "2"), ("x-lower", "ž")],
    },
    "skipped_headers": lambda at: {"data": BODY, "skip_auto_headers": ["User-Agent", "Accept"]},
}


async def _upload(at: Place, options: Any) -> Seen:
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "POST", at.url("echo"), **options(at))


KINDS.add_each(_upload, UPLOADS)


@KINDS.add
async def data_file(at: Place) -> Seen:
    with at.file("body.bin", b"from a file").open("rb") as file:
        async with aiohttp.ClientSession() as session:
            return await _ask(session, "POST", at.url("echo"), data=file)


@KINDS.add
async def large_upload(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        url = at.url("digest-of-body")
        return await _ask(session, "POST", url, data=b"0123456789" * 30_000)


@KINDS.add
async def large_file_upload(at: Place) -> Seen:
    with at.file("large.bin", b"abcdefghij" * 30_000).open("rb") as file:
        async with aiohttp.ClientSession() as session:
            return await _ask(session, "POST", at.url("digest-of-body"), data={"upload": file})


@KINDS.add
async def file_is_sent_again_after_a_redirect(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        url, data = at.url(redirect(307, "../echo")), io.BytesIO(b"rewound")
        return await _ask(session, "POST", url, data=data)


@KINDS.add
async def generator_is_not_sent_again(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "POST", at.url(redirect(307, "../echo")), data=_pieces())


@KINDS.add
async def expectation_refused(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "POST", at.url("refuses-expectation"), expect100=True)


# --- streaming -----------------------------------------------------------------------------------


async def _until_empty(read: Callable[[], Any]) -> list[bytes]:
    pieces = []
    while piece := await read():
        pieces.append(piece)
    return pieces


async def _all_of(pieces: Any) -> list[Any]:
    return [piece async for piece in pieces]


async def _exactly(content: aiohttp.StreamReader) -> list[bytes]:
    return [await content.readexactly(10), await content.read(10), await content.read()]


STREAMED: dict[str, tuple[str, Callable[[aiohttp.StreamReader], Any]]] = {
    "iter_chunked": ("octets", lambda it: _all_of(it.iter_chunked(100))),
    "iter_any": ("chunked", lambda it: _all_of(it.iter_any())),
    "iter_chunks": ("chunked", lambda it: _all_of(it.iter_chunks())),
    "iter_chunks_of_length": ("json", lambda it: _all_of(it.iter_chunks())),
    "readline": ("text", lambda it: _until_empty(it.readline)),
    "readuntil": ("text", lambda it: _until_empty(lambda: it.readuntil(b"te"))),
    "readany": ("json", lambda it: _until_empty(it.readany)),
    "readchunk": ("chunked", lambda it: _all_of_chunks(it)),
    "readexactly": ("octets", _exactly),
    "lines": ("text", _all_of),
    "read_by_size": ("octets", lambda it: _until_empty(lambda: it.read(300))),
    "read_gzip_by_size": ("packed/gzip", lambda it: _until_empty(lambda: it.read(50))),
    "read_too_much": ("json", lambda it: tried_async(it.readexactly(1000))),
    "read_nothing": ("no-content", lambda it: _until_empty(it.readany)),
}


async def _all_of_chunks(content: aiohttp.StreamReader) -> list[Any]:
    chunks = []
    while not content.at_eof():
        chunks.append(await content.readchunk())
    return chunks


async def _streamed(at: Place, row: tuple[str, Callable[[Any], Any]]) -> Seen:
    scenario, read = row
    async with aiohttp.ClientSession() as session, session.get(at.url(scenario)) as response:
        seen = head_view(response) | {"pieces": await read(response.content)}
        parts = seen["pieces"]
        if isinstance(parts, list) and parts and isinstance(parts[0], bytes):
            seen["content"] = b"".join(parts)
        seen["after"] = [response.content.at_eof(), response.content.total_bytes]
        seen["rest"] = await tried_async(response.read())
    return seen | {"closed_after": response.closed}


KINDS.add_each(_streamed, STREAMED)


async def _in_step(at: Place, scenario: str) -> Seen:
    pieces, in_step = [], []
    async with aiohttp.ClientSession() as session, session.get(at.url(scenario)) as response:
        async for piece in response.content.iter_any():
            pieces.append(piece)
            in_step.append(at.go_on())
    return {"content": b"".join(pieces), "pieces": pieces, "in_step": in_step}


@KINDS.add
async def stream_as_it_comes(at: Place) -> Seen:
    return await _in_step(at, "steps")


@KINDS.add
async def stream_of_known_length_as_it_comes(at: Place) -> Seen:
    return await _in_step(at, "steps-of-known-length")


@KINDS.add
async def stream_left_unread(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        async with session.get(at.url("large")) as response:
            first = await response.content.read(10)
        second = await _ask(session, "GET", at.url("json"))
        return {"first": first, "closed": response.closed, "second": second}


@KINDS.add
async def stream_cut(at: Place) -> Seen:
    url = at.url("cut/in-chunk")
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        pieces = [await response.content.readline()]
        rest = await tried_async(response.read())
        return {"head": head_view(response), "pieces": pieces, "rest": rest}


@KINDS.add
async def raised_for_status(at: Place) -> Seen:
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        return await _ask(session, "GET", at.url("status/404"))


@KINDS.add
async def raised_by_own_function(at: Place) -> Seen:
    async def check(response: aiohttp.ClientResponse) -> None:
        if response.status >= 400:
            raise LookupError(await response.text())

    async with aiohttp.ClientSession(raise_for_status=check) as session:
        return await _ask(session, "GET", at.url("status/404"))


@KINDS.add
async def json_of_another_type(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session, session.get(at.url("text")) as response:
        return {
            "refused": await tried_async(response.json()),
            "anyway": await tried_async(response.json(content_type=None)),
        }


@KINDS.add
async def not_read_until_the_end(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "GET", at.url("until-close"), read_until_eof=False)


@KINDS.add
async def not_unpacked(at: Place) -> Seen:
    url = at.url("packed/gzip")
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.get(url) as response,
    ):
        return head_view(response) | {"content": await response.read()}


# --- sessions, connectors, time ------------------------------------------------------------------


@KINDS.add
async def methods_of_the_session(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        calls = {
            "get": session.get(at.url("json"), params={"a": "1"}),
            "options": session.options(at.url("empty")),
            "head": session.head(at.url("json")),
            "post": session.post(at.url("echo"), json=[1]),
            "put": session.put(at.url("echo"), data={"a": "b"}),
            "patch": session.patch(at.url("echo"), data=b"patch"),
            "delete": session.delete(at.url("no-content")),
        }
        seen = {}
        for name, call in calls.items():
            async with call as response:
                seen[name] = await view(response)
        return seen


@KINDS.add
async def function_of_the_module(at: Place) -> Seen:
    async with aiohttp.request("GET", at.url("json")) as response:
        return await view(response)


@KINDS.add
async def awaited_instead_of_entered(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        response = await session.request("GET", at.url("json"))
        seen = await view(response)
        response.release()
        response.close()
        await response.wait_for_close()
        return seen | {"closed_after": response.closed}


@KINDS.add
async def base_url(at: Place) -> Seen:
    at.path("echo")
    settings = {"headers": {"X-Session": "1"}, "json_serialize": lambda data: "[0]"}
    async with aiohttp.ClientSession(f"{at.origin}{at.root}/", **settings) as session:
        return await _ask(session, "POST", "echo", params=[("a", "1"), ("a", "ž")], json={})


@KINDS.add
async def kept_alive(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        seen = [await _ask(session, "GET", at.url("json")) for _ in range(3)]
    return {"seen": seen, "closed": session.closed}


@KINDS.add
async def connections_end_without_a_word(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        seen = []
        for _ in range(3):
            seen.append(await _ask(session, "GET", at.url("stale")))
            # The loop has to see that the connection has ended; then it is not used again.
            await asyncio.sleep(0.01)
        return {"seen": seen}


@KINDS.add
async def nothing_kept_alive(at: Place) -> Seen:
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        return {"seen": [await _ask(session, "GET", at.url("json")) for _ in range(2)]}


@KINDS.add(concurrent=True)
async def many_at_once(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        urls = [at.url(f"echo?quiet&n={number}") for number in range(8)]
        return {"seen": await asyncio.gather(*[_ask(session, "GET", url) for url in urls])}


@KINDS.add(concurrent=True)
async def many_at_once_on_one_connection(at: Place) -> Seen:
    connector = aiohttp.TCPConnector(limit=1)
    async with aiohttp.ClientSession(connector=connector) as session:
        urls = [at.url(f"echo?quiet&n={number}") for number in range(4)]
        return {"seen": await asyncio.gather(*[_ask(session, "POST", url, json=1) for url in urls])}


@KINDS.add(runs=SENT)
async def pool_timeout(at: Place) -> Seen:
    timeout = ClientTimeout(total=ENOUGH, connect=SOON)
    connector = aiohttp.TCPConnector(limit=1)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        async with session.get(at.url("large")):
            refused = await tried_async(_ask(session, "GET", at.url("json")))
        return {"refused": refused, "after": await _ask(session, "GET", at.url("json"))}


TIMEOUTS: dict[str, tuple[str, ClientTimeout]] = {
    "timeout_in_all": ("never", ClientTimeout(total=SOON)),
    "timeout_in_all_in_body": ("stalls", ClientTimeout(total=LATER)),
}


async def _timed_out(at: Place, row: tuple[str, ClientTimeout]) -> Seen:
    scenario, timeout = row
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "GET", at.url(scenario), timeout=timeout)


KINDS.add_each(_timed_out, TIMEOUTS)


@KINDS.add
async def cancelled(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        asking = asyncio.ensure_future(_ask(session, "GET", at.url("never")))
        done, _ = await asyncio.wait([asking], timeout=SOON)
        for ended in done:
            await ended
        asking.cancel()
        await asyncio.wait([asking])
        after = await _ask(session, "GET", at.elsewhere("json"))
        return {"cancelled": asking.cancelled(), "after": after}


@KINDS.add
async def cancelled_in_the_body(at: Place) -> Seen:
    pieces = []
    async with aiohttp.ClientSession() as session:
        try:
            async with asyncio.timeout(LATER), session.get(at.url("stalls")) as response:
                async for piece in response.content.iter_any():
                    pieces.append(piece)
        except TimeoutError as error:
            return {"cancelled": type_of(error.__cause__), "pieces": pieces}
    return {"cancelled": None, "pieces": pieces}


@KINDS.add
async def closed_session(at: Place) -> Seen:
    session = aiohttp.ClientSession()
    await session.close()
    return await _ask(session, "GET", at.url("json"))


@KINDS.add
async def session_left_open(at: Place) -> Seen:
    session = aiohttp.ClientSession()
    return await _ask(session, "GET", at.url("closing"))


@KINDS.add
async def unusable_addresses(at: Place) -> Seen:
    urls = ["ftp://127.0.0.1/x", "/relative", "http://", "http://[::1", "http://127.0.0.1:x/"]
    async with aiohttp.ClientSession() as session:
        return {url: await tried_async(_ask(session, "GET", url)) for url in urls}


# --- redirects -----------------------------------------------------------------------------------


@KINDS.add
async def redirect_not_followed(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        url = at.url(redirect(302, "../json"))
        return await _ask(session, "GET", url, allow_redirects=False)


@KINDS.add
async def redirect_to_an_absolute_address(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "GET", at.url(redirect(302, at.url("json"))))


@KINDS.add
async def redirect_to_another_host(at: Place) -> Seen:
    headers = {"Authorization": "Bearer for-the-first-host", "X-Own": "stays"}
    async with aiohttp.ClientSession() as session:
        url = at.url(redirect(302, at.elsewhere("echo")))
        return await _ask(session, "GET", url, headers=headers)


@KINDS.add
async def redirect_from_another_host(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        url = at.elsewhere(redirect(307, at.url("echo")))
        return await _ask(session, "POST", url, data=BODY)


@KINDS.add
async def redirects_in_a_circle(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "GET", at.url("loop"), max_redirects=3)


@KINDS.add
async def redirect_to_nowhere(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "GET", at.url("no-location"))


@KINDS.add
async def redirect_to_another_scheme(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "GET", at.url(redirect(302, "ftp://127.0.0.1/x")))


# --- cookies, auth objects, middlewares, traces --------------------------------------------------


def _jar(session: aiohttp.ClientSession) -> list[list[str]]:
    return [[each.key, each.value, each["path"], each["domain"]] for each in session.cookie_jar]


@KINDS.add
async def cookies_are_kept(at: Place) -> Seen:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, cookies={"own": "cookie"}) as session:
        first = await _ask(session, "GET", at.url("set-cookies"))
        second = await _ask(session, "GET", at.url("cookie-names"), cookies={"once": "only"})
        kept = _jar(session)
        await _ask(session, "GET", at.url("forget-cookies"))
        third = await _ask(session, "GET", at.url("cookie-names"))
        return {"first": first, "second": second, "third": third, "jar": kept}


@KINDS.add
async def cookies_of_addresses_are_not_kept(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        seen = await _ask(session, "GET", at.url("set-cookies"))
        return seen | {"jar": _jar(session)}


@KINDS.add
async def cookies_of_a_redirect(at: Place) -> Seen:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        seen = await _ask(session, "GET", at.url("set-cookies?to=cookie-names"))
        return seen | {"jar": _jar(session)}


@KINDS.add
async def auth_basic(at: Place) -> Seen:
    auth = aiohttp.BasicAuth(USER, PASSPHRASE)
    async with aiohttp.ClientSession(auth=auth) as session:
        return await _ask(session, "GET", at.url("basic"))


@KINDS.add
async def auth_wrong(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        auth = aiohttp.BasicAuth(USER, "wrong")
        return await _ask(session, "GET", at.url("basic"), auth=auth)


@KINDS.add
async def auth_digest(at: Place) -> Seen:
    digest = aiohttp.DigestAuthMiddleware(USER, PASSPHRASE)
    async with aiohttp.ClientSession(middlewares=[digest]) as session:
        responses = []
        for _ in range(2):
            async with session.get(at.url("digest")) as response:
                responses.append([response.status, await response.json()])
        return {"seen": responses}


@KINDS.add
async def middleware(at: Place) -> Seen:
    async def sign(request: aiohttp.ClientRequest, ask: Any) -> aiohttp.ClientResponse:
        response = await ask(request)
        if response.status == 401:
            challenge = (await response.json())["challenge"]
            request.headers["X-Signature"] = f"signed: {challenge}"
            response = await ask(request)
        return response

    async with aiohttp.ClientSession(middlewares=[sign]) as session:
        return await _ask(session, "POST", at.url("own-scheme"), data=BODY)


_SIGNALS = (
    *("on_request_start", "on_request_chunk_sent", "on_response_chunk_received"),
    *("on_request_end", "on_request_exception", "on_request_redirect"),
    *("on_connection_queued_start", "on_connection_queued_end", "on_connection_create_start"),
    *("on_connection_create_end", "on_connection_reuseconn", "on_dns_resolvehost_start"),
    *("on_dns_resolvehost_end", "on_dns_cache_hit", "on_dns_cache_miss"),
    *("on_request_headers_sent",),
)


def _tracing(events: list[Any]) -> TraceConfig:
    trace = TraceConfig()

    def noting(name: str) -> Any:
        async def note(session: Any, context: Any, params: Any) -> None:
            told = [getattr(params, each, None) for each in ("method", "url", "chunk", "exception")]
            shown = [each if isinstance(each, bytes) else str(each) for each in told if each]
            events.append([name.removeprefix("on_"), *shown])

        return note

    for name in _SIGNALS:
        getattr(trace, name).append(noting(name))
    return trace


@KINDS.add
async def traced(at: Place) -> Seen:
    events: list[Any] = []
    async with aiohttp.ClientSession(trace_configs=[_tracing(events)]) as session:
        seen = [await _ask(session, "POST", at.url("echo"), data=BODY)]
        seen.append(await _ask(session, "GET", at.url(redirect(302, "../json"))))
    return {"seen": seen, "trace": events}


@KINDS.add
async def traced_failure(at: Place) -> Seen:
    events: list[Any] = []
    async with aiohttp.ClientSession(trace_configs=[_tracing(events)]) as session:
        failed = await tried_async(_ask(session, "GET", at.url("cut/at-once")))
    return {"failed": failed, "trace": events}


@KINDS.add
async def own_classes(at: Place) -> Seen:
    class Response(aiohttp.ClientResponse):
        async def json(self, **options: Any) -> Any:
            return {"own": await super().json(**options)}

    class Request(aiohttp.ClientRequest):
        def update_headers(self, headers: Any) -> None:
            super().update_headers(headers)
            self.headers["X-Request-Class"] = "own"

    classes: Any = {"response_class": Response, "request_class": Request}
    async with aiohttp.ClientSession(**classes) as session:
        return await _ask(session, "GET", at.url("echo"))


# --- connectors, proxies, TLS, websockets --------------------------------------------------------


@KINDS.add
async def own_resolver(at: Place) -> Seen:
    class Resolver(aiohttp.ThreadedResolver):
        async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
            return await super().resolve("127.0.0.1", port, family)

    connector = aiohttp.TCPConnector(resolver=Resolver(), use_dns_cache=False)
    async with aiohttp.ClientSession(connector=connector) as session:
        return await _ask(session, "GET", at.url("json"))


@KINDS.add(runs=OTHER)
async def nobody_listens(at: Place) -> Seen:
    async with aiohttp.ClientSession(timeout=ClientTimeout(sock_connect=ENOUGH)) as session:
        return await _ask(session, "GET", at.closed("json"))


@KINDS.add(runs=OTHER)
async def badly_packed(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "GET", at.url("badly-packed"))


@KINDS.add
async def by_proxy(at: Place) -> Seen:
    auth = aiohttp.BasicAuth("user", "word")
    async with aiohttp.ClientSession(proxy=at.proxy, proxy_auth=auth) as session:
        return {"seen": [await _ask(session, "GET", at.url(name)) for name in ("json", "echo")]}


@KINDS.add(tls=True)
async def by_proxy_with_tls(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.authority)
    async with aiohttp.ClientSession() as session:
        options: Any = {"proxy": at.proxy, "ssl": context}
        urls = [at.url(name) for name in ("json", "echo")]
        return {"seen": [await _ask(session, "GET", url, **options) for url in urls]}


@KINDS.add(tls=True)
async def own_authority(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.authority)
    connector = aiohttp.TCPConnector(ssl=context)
    async with aiohttp.ClientSession(connector=connector) as session:
        return {"seen": [await _ask(session, "POST", at.url("echo"), json=n) for n in (1, 2)]}


@KINDS.add(tls=True)
async def unverified(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "GET", at.url("json"), ssl=False)


@KINDS.add(tls=True, runs=SENT)
async def unknown_authority(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.stranger)
    async with aiohttp.ClientSession() as session:
        return await _ask(session, "GET", at.url("json"), ssl=context)


@KINDS.add(runs=OTHER)
async def websocket(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(at.url("websocket"), protocols=["own"]) as socket:
            await socket.send_str("text ž")
            first = await socket.receive()
            await socket.send_json({"n": 1})
            second = await socket.receive_json()
            await socket.send_bytes(b"\0\xff" * 100)
            third = await socket.receive_bytes()
            seen = {
                "messages": [[first.type.name, first.data], second, third],
                "protocol": socket.protocol,
                "compress": socket.compress,
                "type": type_of(socket),
            }
        return seen | {"closed": socket.closed, "code": socket.close_code}


@KINDS.add(runs=OTHER)
async def websocket_refused(at: Place) -> Seen:
    async with aiohttp.ClientSession() as session, session.ws_connect(at.url("json")):
        return {}


async def _gone(connected: TransportSocket) -> None:
    """Until TLS has said goodbye, which nobody waits for: else it is chance what is left open."""
    async with asyncio.timeout(ENOUGH):
        while connected.fileno() >= 0:
            await asyncio.sleep(0)


@KINDS.add(runs=OTHER, tls=True)
async def websocket_by_tls(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.authority)
    url = at.url("websocket")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, ssl=context) as socket,
    ):
        connected = socket.get_extra_info("socket")
        await socket.send_str("by TLS")
        seen = {"received": await socket.receive_str()}
    await _gone(connected)
    return seen
