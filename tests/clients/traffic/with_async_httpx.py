"""httpx, asynchronous: ``AsyncClient``. By anyio, so that the same kinds run under trio, too."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx

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
from tests.clients.traffic.httpx_views import UPLOADS, head_view, view
from tests.clients.traffic.kinds import OTHER, SENT, Kinds
from tests.clients.traffic.observing import Seen, cookies_in, tried, tried_async, type_of
from tests.clients.traffic.place import Place

KINDS = Kinds()


async def _get(at: Place, row: tuple[str, str]) -> Seen:
    method, scenario = row
    async with httpx.AsyncClient(timeout=ENOUGH) as client:
        return view(await client.request(method, at.url(scenario)))


KINDS.add_each(_get, GETS)


async def _trouble(at: Place, scenario: str) -> Seen:
    async with httpx.AsyncClient(
        timeout=httpx.Timeout(ENOUGH, read=timeout_of(scenario))
    ) as client:
        return view(await client.get(at.url(scenario)))


KINDS.add_each(_trouble, TROUBLE)


async def _redirected(at: Place, row: tuple[str, str, str]) -> Seen:
    method, status, to = row
    async with httpx.AsyncClient(follow_redirects=True) as client:
        content = None if method == "GET" else BODY
        url = at.url(redirect(status, f"../{to}"))
        return view(await client.request(method, url, content=content))


KINDS.add_each(_redirected, REDIRECTS)


async def _upload(at: Place, options: Any) -> Seen:
    async with httpx.AsyncClient(timeout=ENOUGH) as client:
        # An asynchronous client takes no plain iterator.
        given = options(at)
        if not isinstance(given.get("content", b""), bytes | str):
            given["content"] = _pieces()
        return view(await client.post(at.url("echo"), **given))


KINDS.add_each(_upload, UPLOADS)


async def _pieces() -> AsyncIterator[bytes]:
    for piece in (b'{"amount"', b": ", b"12.5}"):
        yield piece


# --- bodies that only this client takes ----------------------------------------------------------


@KINDS.add
async def content_of_generator(at: Place) -> Seen:
    async with httpx.AsyncClient() as client:
        return view(await client.post(at.url("echo"), content=_pieces()))


@KINDS.add
async def content_of_file(at: Place) -> Seen:
    with at.file("body.bin", b"from a file").open("rb") as file:
        async with httpx.AsyncClient() as client:
            return view(await client.post(at.url("echo"), content=file))


@KINDS.add
async def generator_is_not_sent_again(at: Place) -> Seen:
    async with httpx.AsyncClient(follow_redirects=True) as client:
        return view(await client.post(at.url(redirect(307, "../echo")), content=_pieces()))


@KINDS.add
async def large_upload(at: Place) -> Seen:
    async with httpx.AsyncClient() as client:
        return view(await client.post(at.url("digest-of-body"), content=b"0123456789" * 30_000))


@KINDS.add
async def large_file_upload(at: Place) -> Seen:
    with at.file("large.bin", b"abcdefghij" * 30_000).open("rb") as file:
        async with httpx.AsyncClient() as client:
            return view(await client.post(at.url("digest-of-body"), files={"upload": file}))


# --- streaming -----------------------------------------------------------------------------------


async def _streamed(at: Place, scenario: str, way: str, *arguments: Any) -> Seen:
    async with httpx.AsyncClient() as client, client.stream("GET", at.url(scenario)) as response:
        before = head_view(response) | {"closed_before": response.is_closed}
        before["unread"] = tried(lambda: response.content)
        pieces = [piece async for piece in getattr(response, way)(*arguments)]
        after = {"closed": response.is_closed, "consumed": response.is_stream_consumed}
        again = await tried_async(anext(response.aiter_raw()))
    whole = "" if way in ("aiter_text", "aiter_lines") else b""
    return {
        **before,
        **after,
        "again": again,
        "content": whole.join(pieces),
        "pieces": pieces,
        "downloaded": response.num_bytes_downloaded,
        "closed_after": response.is_closed,
    }


STREAMED = {
    "stream_bytes": ("chunked", "aiter_bytes"),
    "stream_bytes_by_size": ("octets", "aiter_bytes", 100),
    "stream_text": ("text", "aiter_text"),
    "stream_lines": ("text", "aiter_lines"),
    "stream_raw": ("chunked", "aiter_raw"),
    "stream_raw_by_size": ("large", "aiter_raw", 100_000),
    "stream_gzip_bytes": ("packed/gzip", "aiter_bytes"),
    "stream_gzip_raw": ("packed/gzip", "aiter_raw"),
    "stream_nothing": ("no-content", "aiter_bytes"),
}
KINDS.add_each(lambda at, row: _streamed(at, *row), STREAMED)


async def _in_step(at: Place, scenario: str) -> Seen:
    pieces, in_step = [], []
    async with httpx.AsyncClient() as client, client.stream("GET", at.url(scenario)) as response:
        async for piece in response.aiter_bytes():
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
async def stream_read(at: Place) -> Seen:
    async with httpx.AsyncClient() as client, client.stream("GET", at.url("chunked")) as response:
        read = await response.aread()
        return view(response) | {"read": read}


@KINDS.add
async def stream_left_unread(at: Place) -> Seen:
    async with httpx.AsyncClient() as client:
        async with client.stream("GET", at.url("large")) as response:
            first = await anext(response.aiter_bytes(10))
        second = await client.get(at.url("json"))
        return {"first": first, "closed": response.is_closed, "second": view(second)}


@KINDS.add
async def stream_cut(at: Place) -> Seen:
    url = at.url("cut/in-chunk")
    async with httpx.AsyncClient() as client, client.stream("GET", url) as response:
        head, rest = head_view(response), response.aiter_raw()
        pieces = [await anext(rest)]
        return {"head": head, "pieces": pieces, "rest": await tried_async(_all_of(rest))}


async def _all_of(pieces: AsyncIterator[bytes]) -> list[bytes]:
    return [piece async for piece in pieces]


@KINDS.add
async def sent_by_hand(at: Place) -> Seen:
    async with httpx.AsyncClient(headers={"X-Client": "1"}, params={"of": "client"}) as client:
        request = client.build_request("POST", at.url("echo"), json={"n": 1}, params={"own": 2})
        response = await client.send(request, stream=True)
        before = response.is_closed, response.is_stream_consumed
        await response.aread()
        await response.aclose()
        return view(response) | {"before": before, "same": response.request is request}


# --- clients with settings, and their connections ------------------------------------------------


@KINDS.add
async def methods_of_the_client(at: Place) -> Seen:
    async with httpx.AsyncClient() as client:
        calls = {
            "get": await client.get(at.url("json"), params={"a": "1"}),
            "options": await client.options(at.url("empty")),
            "head": await client.head(at.url("json")),
            "post": await client.post(at.url("echo"), json=[1]),
            "put": await client.put(at.url("echo"), data={"a": "b"}),
            "patch": await client.patch(at.url("echo"), content=b"patch"),
            "delete": await client.delete(at.url("no-content")),
        }
        return {name: view(response) for name, response in calls.items()}


@KINDS.add
async def base_url(at: Place) -> Seen:
    at.path("echo")
    async with httpx.AsyncClient(base_url=f"{at.origin}{at.root}") as client:
        return view(await client.get("/echo", params=[("a", "1"), ("a", "2")]))


@KINDS.add
async def kept_alive(at: Place) -> Seen:
    async with httpx.AsyncClient() as client:
        responses = [await client.get(at.url("json")) for _ in range(3)]
        return {"seen": list(map(view, responses)), "closed": client.is_closed}


@KINDS.add
async def connections_end_without_a_word(at: Place) -> Seen:
    async with httpx.AsyncClient() as client:
        return {"seen": [view(await client.get(at.url("stale"))) for _ in range(3)]}


@KINDS.add
async def nothing_kept_alive(at: Place) -> Seen:
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=0)
    async with httpx.AsyncClient(limits=limits) as client:
        return {"seen": [view(await client.get(at.url("json"))) for _ in range(2)]}


@KINDS.add(runs=SENT)
async def pool_timeout(at: Place) -> Seen:
    timeout = httpx.Timeout(ENOUGH, pool=SOON)
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1), timeout=timeout) as client:
        async with client.stream("GET", at.url("large")):
            refused = await tried_async(client.get(at.url("json")))
        return {"refused": refused, "after": view(await client.get(at.url("json")))}


@KINDS.add(concurrent=True)
async def many_at_once(at: Place) -> Seen:
    seen: dict[int, Seen] = {}

    async def ask(client: httpx.AsyncClient, number: int) -> None:
        seen[number] = view(await client.get(at.url(f"echo?quiet&n={number}")))

    async with httpx.AsyncClient() as client, anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(ask, client, number)
    return {"seen": [seen[number] for number in sorted(seen)]}


@KINDS.add(concurrent=True)
async def many_at_once_on_one_connection(at: Place) -> Seen:
    seen: dict[int, Seen] = {}

    async def ask(client: httpx.AsyncClient, number: int) -> None:
        seen[number] = view(await client.post(at.url("echo?quiet"), json={"n": number}))

    limits = httpx.Limits(max_connections=1)
    async with httpx.AsyncClient(limits=limits) as client, anyio.create_task_group() as tasks:
        for number in range(4):
            tasks.start_soon(ask, client, number)
    return {"seen": [seen[number] for number in sorted(seen)]}


@KINDS.add
async def cancelled(at: Place) -> Seen:
    async with httpx.AsyncClient() as client:
        with anyio.move_on_after(SOON) as scope:
            await client.get(at.url("never"))
        after = await client.get(at.elsewhere("json"))
        return {"cancelled": scope.cancelled_caught, "after": view(after)}


@KINDS.add
async def cancelled_in_the_body(at: Place) -> Seen:
    pieces = []
    async with httpx.AsyncClient() as client:
        with anyio.move_on_after(LATER) as scope:
            async with client.stream("GET", at.url("stalls")) as response:
                async for piece in response.aiter_raw():
                    pieces.append(piece)
        return {"cancelled": scope.cancelled_caught, "pieces": pieces}


@KINDS.add
async def closed_client(at: Place) -> Seen:
    client = httpx.AsyncClient()
    await client.aclose()
    return view(await client.get(at.url("json")))


# --- redirects -----------------------------------------------------------------------------------


@KINDS.add
async def redirect_not_followed(at: Place) -> Seen:
    async with httpx.AsyncClient() as client:
        first = await client.get(at.url(redirect(302, "../json")))
        assert first.next_request is not None
        return {"first": view(first), "second": view(await client.send(first.next_request))}


@KINDS.add
async def redirect_to_an_absolute_address(at: Place) -> Seen:
    async with httpx.AsyncClient(follow_redirects=True) as client:
        return view(await client.get(at.url(redirect(302, at.url("json")))))


@KINDS.add
async def redirect_to_another_host(at: Place) -> Seen:
    headers = {"Authorization": "Bearer for-the-first-host", "X-Own": "stays"}
    async with httpx.AsyncClient(follow_redirects=True, headers=headers) as client:
        return view(await client.get(at.url(redirect(302, at.elsewhere("echo")))))


@KINDS.add
async def redirect_from_another_host(at: Place) -> Seen:
    async with httpx.AsyncClient(follow_redirects=True) as client:
        url = at.elsewhere(redirect(307, at.url("echo")))
        return view(await client.post(url, content=BODY))


@KINDS.add
async def redirects_in_a_circle(at: Place) -> Seen:
    async with httpx.AsyncClient(follow_redirects=True, max_redirects=3) as client:
        return view(await client.get(at.url("loop")))


# --- cookies, auth objects, hooks ----------------------------------------------------------------


@KINDS.add
async def cookies_are_kept(at: Place) -> Seen:
    async with httpx.AsyncClient(cookies={"own": "cookie"}) as client:
        first = view(await client.get(at.url("set-cookies")))
        second = view(await client.get(at.url("cookie-names")))
        jar = cookies_in(client.cookies.jar)
        await client.get(at.url("forget-cookies"))
        third = view(await client.get(at.url("cookie-names")))
        return {"first": first, "second": second, "third": third, "jar": jar}


@KINDS.add
async def cookies_of_a_redirect(at: Place) -> Seen:
    async with httpx.AsyncClient(follow_redirects=True) as client:
        response = await client.get(at.url("set-cookies?to=cookie-names"))
        return view(response) | {"jar": cookies_in(client.cookies.jar)}


class OwnScheme(httpx.Auth):
    """Signs with what the 401's body holds."""

    requires_response_body = True

    async def async_auth_flow(self, request: httpx.Request) -> Any:
        response = yield request
        if response.status_code == 401:
            await response.aread()
            request.headers["X-Signature"] = f"signed: {response.json()['challenge']}"
            yield request


AUTH: dict[str, tuple[str, Any]] = {
    "auth_basic": ("basic", httpx.BasicAuth(USER, PASSPHRASE)),
    "auth_wrong": ("basic", httpx.BasicAuth(USER, "wrong")),
    "auth_own_flow": ("own-scheme", OwnScheme()),
}


async def _authorized(at: Place, row: tuple[str, Any]) -> Seen:
    scenario, auth = row
    async with httpx.AsyncClient(auth=auth) as client:
        responses = [await client.post(at.url(scenario), content=BODY) for _ in range(2)]
        return {"seen": list(map(view, responses))}


KINDS.add_each(_authorized, AUTH)


@KINDS.add
async def auth_digest(at: Place) -> Seen:
    async with httpx.AsyncClient(auth=httpx.DigestAuth(USER, PASSPHRASE)) as client:
        response = await client.get(at.url("digest"))
        history = [each.status_code for each in response.history]
        return {"status": response.status_code, "json": response.json(), "history": history}


@KINDS.add
async def event_hooks(at: Place) -> Seen:
    events: list[Any] = []

    async def asked(request: httpx.Request) -> None:
        request.headers["X-Hook"] = "was here"
        events.append(["request", request.method, str(request.url)])

    async def answered(response: httpx.Response) -> None:
        events.append(["response", response.status_code, response.is_closed])
        await response.aread()
        events.append(["read", response.content])

    hooks = {"request": [asked], "response": [answered]}
    async with httpx.AsyncClient(event_hooks=hooks, follow_redirects=True) as client:
        return view(await client.get(at.url(redirect(302, "../echo")))) | {"events": events}


@KINDS.add
async def trace_extension(at: Place) -> Seen:
    trace: list[str] = []

    async def note(name: str, info: dict[str, Any]) -> None:
        trace.append(name)

    async with httpx.AsyncClient() as client:
        response = await client.get(at.url("json"), extensions={"trace": note})
        return view(response) | {"trace": trace}


# --- transports, proxies, TLS, HTTP/2 ------------------------------------------------------------


@KINDS.add
async def own_transport(at: Place) -> Seen:
    class Wrapping(httpx.AsyncBaseTransport):
        def __init__(self) -> None:
            self.inner = httpx.AsyncHTTPTransport()
            self.events: list[str] = []

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            self.events.append(f"asked {request.method}")
            response = await self.inner.handle_async_request(request)
            self.events.append(f"answered {response.status_code} {type_of(response.stream)}")
            return response

        async def aclose(self) -> None:
            self.events.append("closed")
            await self.inner.aclose()

    transport = Wrapping()
    async with httpx.AsyncClient(transport=transport) as client:
        response = view(await client.get(at.url("json")))
    return response | {"events": transport.events}


@KINDS.add
async def mocked_transport(at: Place) -> Seen:
    """What user code answers by itself is nobody else's."""

    async def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={"mocked": request.method})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        return view(await client.get(at.url("json")))


@KINDS.add
async def application_in_this_process(at: Place) -> Seen:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 202, "headers": [(b"x-app", b"1")]})
        await send({"type": "http.response.body", "body": b"from the application"})

    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport) as client:
        return view(await client.get(at.url("json")))


@KINDS.add(runs=OTHER)
async def nobody_listens(at: Place) -> Seen:
    transport = httpx.AsyncHTTPTransport(retries=1)
    async with httpx.AsyncClient(transport=transport) as client:
        return view(await client.get(at.closed("json")))


@KINDS.add(runs=OTHER)
async def badly_packed(at: Place) -> Seen:
    async with httpx.AsyncClient() as client:
        return view(await client.get(at.url("badly-packed")))


@KINDS.add
async def by_proxy(at: Place) -> Seen:
    async with httpx.AsyncClient(proxy=httpx.Proxy(at.proxy, auth=("user", "word"))) as client:
        return {"seen": [view(await client.get(at.url(name))) for name in ("json", "echo")]}


@KINDS.add(tls=True)
async def by_proxy_with_tls(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.authority)
    async with httpx.AsyncClient(proxy=at.proxy, verify=context) as client:
        return {"seen": [view(await client.get(at.url(name))) for name in ("json", "echo")]}


@KINDS.add(tls=True)
async def own_authority(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.authority)
    async with httpx.AsyncClient(verify=context) as client:
        responses = [await client.post(at.url("echo"), json={"n": n}) for n in (1, 2)]
        return {"seen": list(map(view, responses))}


@KINDS.add(tls=True, runs=SENT)
async def unknown_authority(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.stranger)
    async with httpx.AsyncClient(verify=context) as client:
        return view(await client.get(at.url("json")))


@KINDS.add(tls=True)
async def http2_by_alpn(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.authority)
    async with httpx.AsyncClient(http2=True, verify=context) as client:
        asked = [await client.get(at.url("json")), await client.post(at.url("echo"), json={"n": 1})]
        return {"seen": list(map(view, asked))}


@KINDS.add
async def http2_by_prior_knowledge(at: Place) -> Seen:
    async with httpx.AsyncClient(http1=False, http2=True) as client:
        asked = [await client.get(at.url("json")), await client.post(at.url("echo"), content=BODY)]
        asked += [await client.head(at.url("json")), await client.get(at.url("no-content"))]
        return {"seen": list(map(view, asked))}


@KINDS.add(concurrent=True)
async def http2_many_at_once(at: Place) -> Seen:
    seen: dict[int, Seen] = {}

    async def ask(client: httpx.AsyncClient, number: int) -> None:
        seen[number] = view(await client.get(at.url(f"echo?n={number}")))

    http2: Any = {"http1": False, "http2": True}
    async with httpx.AsyncClient(**http2) as client, anyio.create_task_group() as tasks:
        for number in range(4):
            tasks.start_soon(ask, client, number)
    return {"seen": [seen[number] for number in sorted(seen)]}
