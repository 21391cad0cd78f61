"""httpx, synchronous: ``Client`` and the functions of the module."""

from __future__ import annotations

import io
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.clients.servers.scenarios import PASSPHRASE, USER
from tests.clients.traffic.common import (
    BODY,
    ENOUGH,
    GETS,
    REDIRECTS,
    SOON,
    TROUBLE,
    redirect,
    timeout_of,
)
from tests.clients.traffic.httpx_views import UPLOADS, head_view, view
from tests.clients.traffic.kinds import OTHER, SENT, Kinds
from tests.clients.traffic.observing import Seen, cookies_in, tried, type_of
from tests.clients.traffic.place import Place

KINDS = Kinds()


def _get(at: Place, row: tuple[str, str]) -> Seen:
    method, scenario = row
    with httpx.Client(timeout=ENOUGH) as client:
        return view(client.request(method, at.url(scenario)))


KINDS.add_each(_get, GETS)


def _trouble(at: Place, scenario: str) -> Seen:
    with httpx.Client(timeout=httpx.Timeout(ENOUGH, read=timeout_of(scenario))) as client:
        return view(client.get(at.url(scenario)))


KINDS.add_each(_trouble, TROUBLE)


def _redirected(at: Place, row: tuple[str, str, str]) -> Seen:
    method, status, to = row
    with httpx.Client(follow_redirects=True) as client:
        content = None if method == "GET" else BODY
        return view(client.request(method, at.url(redirect(status, f"../{to}")), content=content))


KINDS.add_each(_redirected, REDIRECTS)


def _upload(at: Place, options: Any) -> Seen:
    with httpx.Client(timeout=ENOUGH) as client:
        return view(client.post(at.url("echo"), **options(at)))


KINDS.add_each(_upload, UPLOADS)


# --- bodies that only this client takes ----------------------------------------------------------


@KINDS.add
def content_of_generator(at: Place) -> Seen:
    def pieces() -> Iterator[bytes]:
        yield from (b"first, ", b"second, ", b"third")

    return view(httpx.post(at.url("echo"), content=pieces()))


@KINDS.add
def content_of_file(at: Place) -> Seen:
    with at.file("body.bin", b"from a file").open("rb") as file:
        response = httpx.post(at.url("echo"), content=file)
        return view(response) | {"position": file.tell()}


@KINDS.add
def content_of_memory(at: Place) -> Seen:
    return view(httpx.put(at.url("echo"), content=io.BytesIO(b"from memory")))


@KINDS.add
def generator_is_not_sent_again(at: Place) -> Seen:
    with httpx.Client(follow_redirects=True) as client:
        return view(client.post(at.url(redirect(307, "../echo")), content=iter([b"once"])))


@KINDS.add
def large_upload(at: Place) -> Seen:
    return view(httpx.post(at.url("digest-of-body"), content=b"0123456789" * 30_000))


@KINDS.add
def large_file_upload(at: Place) -> Seen:
    with at.file("large.bin", b"abcdefghij" * 30_000).open("rb") as file:
        return view(httpx.post(at.url("digest-of-body"), files={"upload": file}))


# --- streaming -----------------------------------------------------------------------------------


def _streamed(at: Place, scenario: str, way: str, *arguments: Any) -> Seen:
    with httpx.stream("GET", at.url(scenario)) as response:
        before = head_view(response) | {"closed_before": response.is_closed}
        before["unread"] = tried(lambda: response.content)
        pieces = list(getattr(response, way)(*arguments))
        after = {"closed": response.is_closed, "consumed": response.is_stream_consumed}
        again = tried(lambda: list(response.iter_raw()))
    whole = "" if way in ("iter_text", "iter_lines") else b""
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
    "stream_bytes": ("chunked", "iter_bytes"),
    "stream_bytes_by_size": ("octets", "iter_bytes", 100),
    "stream_text": ("text", "iter_text"),
    "stream_lines": ("text", "iter_lines"),
    "stream_raw": ("chunked", "iter_raw"),
    "stream_raw_by_size": ("large", "iter_raw", 100_000),
    "stream_gzip_bytes": ("packed/gzip", "iter_bytes"),
    "stream_gzip_raw": ("packed/gzip", "iter_raw"),
    "stream_nothing": ("no-content", "iter_bytes"),
}
KINDS.add_each(lambda at, row: _streamed(at, *row), STREAMED)


@KINDS.add
def stream_as_it_comes(at: Place) -> Seen:
    pieces, in_step = [], []
    with httpx.stream("GET", at.url("steps")) as response:
        for piece in response.iter_bytes():
            pieces.append(piece)
            in_step.append(at.go_on())
    return {"content": b"".join(pieces), "pieces": pieces, "in_step": in_step}


@KINDS.add
def stream_of_known_length_as_it_comes(at: Place) -> Seen:
    pieces, in_step = [], []
    with httpx.stream("GET", at.url("steps-of-known-length")) as response:
        for piece in response.iter_raw():
            pieces.append(piece)
            in_step.append(at.go_on())
    return {"content": b"".join(pieces), "pieces": pieces, "in_step": in_step}


@KINDS.add
def stream_read(at: Place) -> Seen:
    with httpx.stream("GET", at.url("chunked")) as response:
        read = response.read()
        return view(response) | {"read": read}


@KINDS.add
def stream_left_unread(at: Place) -> Seen:
    with httpx.Client() as client:
        with client.stream("GET", at.url("large")) as response:
            first = next(response.iter_bytes(10))
        second = client.get(at.url("json"))
        return {"first": first, "closed": response.is_closed, "second": view(second)}


@KINDS.add
def stream_cut(at: Place) -> Seen:
    with httpx.stream("GET", at.url("cut/in-chunk")) as response:
        head, rest = head_view(response), response.iter_raw()
        pieces = [next(rest)]
        return {"head": head, "pieces": pieces, "rest": tried(list, rest)}


@KINDS.add
def sent_by_hand(at: Place) -> Seen:
    with httpx.Client(headers={"X-Client": "1"}, params={"of": "client"}) as client:
        request = client.build_request("POST", at.url("echo"), json={"n": 1}, params={"own": 2})
        response = client.send(request, stream=True)
        before = response.is_closed, response.is_stream_consumed
        response.read()
        response.close()
        return view(response) | {"before": before, "same": response.request is request}


# --- the functions of the module, and clients with settings --------------------------------------


@KINDS.add
def functions_of_the_module(at: Place) -> Seen:
    calls = {
        "get": httpx.get(at.url("json"), params={"a": "1"}),
        "options": httpx.options(at.url("empty")),
        "head": httpx.head(at.url("json")),
        "post": httpx.post(at.url("echo"), json=[1]),
        "put": httpx.put(at.url("echo"), data={"a": "b"}),
        "patch": httpx.patch(at.url("echo"), content=b"patch"),
        "delete": httpx.delete(at.url("no-content")),
        "request": httpx.request("REPORT", at.url("json")),
    }
    return {name: view(response) for name, response in calls.items()}


@KINDS.add
def base_url(at: Place) -> Seen:
    at.path("echo")
    with httpx.Client(base_url=f"{at.origin}{at.root}") as client:
        return view(client.get("/echo", params=[("a", "1"), ("a", "2")]))


@KINDS.add
def subclassed_client(at: Place) -> Seen:
    class Client(httpx.Client):
        def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
            request.headers["X-Added"] = "by a subclass"
            return super().send(request, **options)

    with Client() as client:
        return view(client.get(at.url("echo")))


@KINDS.add
def kept_alive(at: Place) -> Seen:
    with httpx.Client() as client:
        responses = [client.get(at.url("json")) for _ in range(3)]
        return {"seen": list(map(view, responses)), "closed": client.is_closed}


@KINDS.add
def connections_end_without_a_word(at: Place) -> Seen:
    with httpx.Client() as client:
        return {"seen": [view(client.get(at.url("stale"))) for _ in range(3)]}


@KINDS.add
def nothing_kept_alive(at: Place) -> Seen:
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=0)
    with httpx.Client(limits=limits) as client:
        return {"seen": [view(client.get(at.url("json"))) for _ in range(2)]}


@KINDS.add(runs=SENT)
def pool_timeout(at: Place) -> Seen:
    timeout = httpx.Timeout(ENOUGH, pool=SOON)
    with httpx.Client(limits=httpx.Limits(max_connections=1), timeout=timeout) as client:
        with client.stream("GET", at.url("large")):
            refused = tried(client.get, at.url("json"))
        return {"refused": refused, "after": view(client.get(at.url("json")))}


@KINDS.add(concurrent=True)
def threads_share_a_client(at: Place) -> Seen:
    with httpx.Client() as client, ThreadPoolExecutor(4) as threads:
        urls = [at.url(f"echo?quiet&n={number}") for number in range(8)]
        return {"seen": [view(each) for each in threads.map(client.get, urls)]}


@KINDS.add
def closed_client(at: Place) -> Seen:
    client = httpx.Client()
    client.close()
    return view(client.get(at.url("json")))


@KINDS.add
def unusable_addresses(at: Place) -> Seen:
    urls = ["ftp://127.0.0.1/x", "/relative", "http://", "http://[::1", "http://127.0.0.1:x/"]
    return {url: tried(httpx.get, url) for url in urls}


# --- redirects -----------------------------------------------------------------------------------


@KINDS.add
def redirect_not_followed(at: Place) -> Seen:
    with httpx.Client() as client:
        first = client.get(at.url(redirect(302, "../json")))
        assert first.next_request is not None
        return {"first": view(first), "second": view(client.send(first.next_request))}


@KINDS.add
def redirect_to_an_absolute_address(at: Place) -> Seen:
    url = at.url(redirect(302, at.url("json")))
    return view(httpx.get(url, follow_redirects=True))


@KINDS.add
def redirect_to_another_host(at: Place) -> Seen:
    url = at.url(redirect(302, at.elsewhere("echo")))
    headers = {"Authorization": "Bearer for-the-first-host", "X-Own": "stays"}
    return view(httpx.get(url, follow_redirects=True, headers=headers))


@KINDS.add
def redirect_from_another_host(at: Place) -> Seen:
    url = at.elsewhere(redirect(307, at.url("echo")))
    return view(httpx.post(url, follow_redirects=True, content=BODY))


@KINDS.add
def redirects_in_a_circle(at: Place) -> Seen:
    with httpx.Client(follow_redirects=True, max_redirects=3) as client:
        return view(client.get(at.url("loop")))


@KINDS.add
def redirect_to_nowhere(at: Place) -> Seen:
    return view(httpx.get(at.url("no-location"), follow_redirects=True))


@KINDS.add
def redirect_to_another_scheme(at: Place) -> Seen:
    return view(httpx.get(at.url(redirect(302, "ftp://127.0.0.1/x")), follow_redirects=True))


# --- cookies, auth objects, hooks ----------------------------------------------------------------


@KINDS.add
def cookies_are_kept(at: Place) -> Seen:
    with httpx.Client(cookies={"own": "cookie"}) as client:
        first = view(client.get(at.url("set-cookies")))
        second = view(client.get(at.url("cookie-names")))
        jar = cookies_in(client.cookies.jar)
        client.get(at.url("forget-cookies"))
        third = view(client.get(at.url("cookie-names")))
        return {"first": first, "second": second, "third": third, "jar": jar}


@KINDS.add
def cookies_of_a_redirect(at: Place) -> Seen:
    with httpx.Client(follow_redirects=True) as client:
        response = client.get(at.url("set-cookies?to=cookie-names"))
        return view(response) | {"jar": cookies_in(client.cookies.jar)}


class OwnScheme(httpx.Auth):
    """Signs with what the 401's body holds."""

    requires_request_body = True
    requires_response_body = True

    def auth_flow(self, request: httpx.Request) -> Any:
        response = yield request
        if response.status_code == 401:
            request.headers["X-Signature"] = f"signed: {response.json()['challenge']}"
            yield request


AUTH: dict[str, tuple[str, Any]] = {
    "auth_tuple": ("basic", (USER, PASSPHRASE)),
    "auth_basic": ("basic", httpx.BasicAuth(USER, PASSPHRASE)),
    "auth_wrong": ("basic", httpx.BasicAuth(USER, "wrong")),
    "auth_own_flow": ("own-scheme", OwnScheme()),
}


def _authorized(at: Place, row: tuple[str, Any]) -> Seen:
    scenario, auth = row
    with httpx.Client(auth=auth) as client:
        return {"seen": [view(client.post(at.url(scenario), content=BODY)) for _ in range(2)]}


KINDS.add_each(_authorized, AUTH)


@KINDS.add
def auth_digest(at: Place) -> Seen:
    with httpx.Client(auth=httpx.DigestAuth(USER, PASSPHRASE)) as client:
        response = client.get(at.url("digest"))
        again = client.get(at.url("digest"))
        sent = response.request.headers["Authorization"]
        names = [pair.split("=")[0] for pair in sent.split(" ", 1)[1].split(", ")]
        history = [each.status_code for each in response.history]
        return {
            "status": response.status_code,
            "json": response.json(),
            "history": history,
            "sent": names,
            "again": [again.status_code, [each.status_code for each in again.history]],
        }


@KINDS.add
def auth_by_function(at: Place) -> Seen:
    def sign(request: httpx.Request) -> httpx.Request:
        request.headers["X-Signature"] = "signed: a-challenge"
        return request

    return view(httpx.get(at.url("own-scheme"), auth=sign))


@KINDS.add
def event_hooks(at: Place) -> Seen:
    events: list[Any] = []

    def asked(request: httpx.Request) -> None:
        request.headers["X-Hook"] = "was here"
        events.append(["request", request.method, str(request.url)])

    def answered(response: httpx.Response) -> None:
        events.append(["response", response.status_code, response.is_closed])
        response.read()
        events.append(["read", response.content])

    hooks = {"request": [asked], "response": [answered]}
    with httpx.Client(event_hooks=hooks, follow_redirects=True) as client:
        return view(client.get(at.url(redirect(302, "../echo")))) | {"events": events}


@KINDS.add
def hook_that_raises(at: Place) -> Seen:
    def answered(response: httpx.Response) -> None:
        response.raise_for_status()

    with httpx.Client(event_hooks={"response": [answered]}) as client:
        return view(client.get(at.url("status/404")))


@KINDS.add
def trace_extension(at: Place) -> Seen:
    trace: list[str] = []

    def note(name: str, info: dict[str, Any]) -> None:
        trace.append(name)

    with httpx.Client() as client:
        response = client.get(at.url("json"), extensions={"trace": note, "own": "kept"})
        return view(response) | {"trace": trace}


# --- transports, proxies, TLS, HTTP/2 ------------------------------------------------------------


@KINDS.add
def own_transport(at: Place) -> Seen:
    class Wrapping(httpx.BaseTransport):
        def __init__(self) -> None:
            self.inner = httpx.HTTPTransport()
            self.events: list[str] = []

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            self.events.append(f"asked {request.method}")
            response = self.inner.handle_request(request)
            self.events.append(f"answered {response.status_code} {type_of(response.stream)}")
            return response

        def close(self) -> None:
            self.events.append("closed")
            self.inner.close()

    transport = Wrapping()
    with httpx.Client(transport=transport) as client:
        response = view(client.get(at.url("json")))
    return response | {"events": transport.events}


@KINDS.add
def subclassed_transport(at: Place) -> Seen:
    class Added(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            request.headers["X-Transport"] = "own"
            return super().handle_request(request)

    with httpx.Client(transport=Added(retries=1)) as client:
        return view(client.get(at.url("echo")))


@KINDS.add
def mocked_transport(at: Place) -> Seen:
    """What user code answers by itself is nobody else's."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={"mocked": request.method})

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        return view(client.get(at.url("json")))


@KINDS.add
def mounts(at: Place) -> Seen:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(418, text="mounted")

    mounted = {
        f"all://127.0.0.1:{at.port}": httpx.HTTPTransport(),
        "all://127.0.0.2": httpx.MockTransport(answer),
    }
    with httpx.Client(mounts=mounted) as client:
        urls = [at.url("json"), at.elsewhere("json")]
        return {"seen": [view(client.get(url)) for url in urls]}


@KINDS.add(runs=OTHER)
def nobody_listens(at: Place) -> Seen:
    with httpx.Client(transport=httpx.HTTPTransport(retries=1)) as client:
        return view(client.get(at.closed("json")))


@KINDS.add(runs=OTHER)
def badly_packed(at: Place) -> Seen:
    return view(httpx.get(at.url("badly-packed")))


@KINDS.add
def by_proxy(at: Place) -> Seen:
    with httpx.Client(proxy=httpx.Proxy(at.proxy, auth=("user", "word"))) as client:
        return {"seen": [view(client.get(at.url(name))) for name in ("json", "echo")]}


@KINDS.add(tls=True)
def by_proxy_with_tls(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.authority)
    with httpx.Client(proxy=at.proxy, verify=context) as client:
        return {"seen": [view(client.get(at.url(name))) for name in ("json", "echo")]}


@KINDS.add(tls=True)
def own_authority(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.authority)
    with httpx.Client(verify=context) as client:
        return {"seen": [view(client.post(at.url("echo"), json={"n": n})) for n in (1, 2)]}


@KINDS.add(tls=True)
def unverified(at: Place) -> Seen:
    return view(httpx.get(at.url("json"), verify=False))


@KINDS.add(tls=True, runs=SENT)
def unknown_authority(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.stranger)
    return view(httpx.get(at.url("json"), verify=context))


@KINDS.add(tls=True)
def http2_by_alpn(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.authority)
    with httpx.Client(http2=True, verify=context) as client:
        asked = [client.get(at.url("json")), client.post(at.url("echo"), json={"n": 1})]
        return {"seen": list(map(view, asked))}


@KINDS.add
def http2_by_prior_knowledge(at: Place) -> Seen:
    with httpx.Client(http1=False, http2=True) as client:
        asked = [client.get(at.url("json")), client.post(at.url("echo"), content=BODY)]
        asked += [client.head(at.url("json")), client.get(at.url("no-content"))]
        return {"seen": list(map(view, asked))}


@KINDS.add
def http2_streamed(at: Place) -> Seen:
    with (
        httpx.Client(http1=False, http2=True) as client,
        client.stream("GET", at.url("packed/gzip")) as response,
    ):
        head = head_view(response)
        return head | {"content": b"".join(response.iter_bytes())}
