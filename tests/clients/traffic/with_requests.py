"""requests: ``Session`` and the functions of the module."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth, HTTPProxyAuth
from urllib3.util import Retry

from tests.clients.servers.scenarios import PASSPHRASE, USER
from tests.clients.traffic.common import (
    BODY,
    ENOUGH,
    GETS,
    REDIRECTS,
    TROUBLE,
    redirect,
    timeout_of,
)
from tests.clients.traffic.kinds import OTHER, SENT, Kinds
from tests.clients.traffic.observing import Seen, cookies_in, tried, type_of
from tests.clients.traffic.place import Place
from tests.clients.traffic.urllib3_views import after_view, raw_head_view, socket_view

KINDS = Kinds()


def view(response: requests.Response) -> Seen:
    """All of a response, which is read now if it was not."""
    return {
        **head_view(response),
        "content": response.content,
        "text": response.text,
        "json": tried(response.json),
        "apparent_encoding": response.apparent_encoding,
        "lines": list(response.iter_lines()),
        "after": after_view(response.raw),
        "raised_for_status": tried(response.raise_for_status),
    }


def head_view(response: requests.Response) -> Seen:
    """All of a response that is known before its body is read."""
    return {
        "type": type_of(response),
        "status": response.status_code,
        "reason": response.reason,
        "ok": [response.ok, bool(response), response.is_redirect, response.is_permanent_redirect],
        "url": response.url,
        "headers": [list(each) for each in response.headers.items()],
        "encoding": response.encoding,
        "elapsed": isinstance(response.elapsed, timedelta),
        "cookies": cookies_in(response.cookies),
        "links": response.links,
        "history": [[each.status_code, each.url, each.content] for each in response.history],
        "request": request_view(response.request),
        "next": response.next and request_view(response.next),
        "connection": type_of(response.connection),
        "raw": raw_head_view(response.raw),
        "repr": repr(response),
    }


def request_view(request: requests.PreparedRequest) -> Seen:
    body = request.body
    return {
        "type": type_of(request),
        "method": request.method,
        "url": request.url,
        "path_url": request.path_url,
        "sent": [list(each) for each in request.headers.items()],
        "body": body if isinstance(body, str | bytes | None) else type_of(body),
    }


def _get(at: Place, row: tuple[str, str]) -> Seen:
    method, scenario = row
    with requests.Session() as session:
        return view(session.request(method, at.url(scenario), timeout=ENOUGH))


KINDS.add_each(_get, GETS)


def _trouble(at: Place, scenario: str) -> Seen:
    with requests.Session() as session:
        return view(session.get(at.url(scenario), timeout=(ENOUGH, timeout_of(scenario))))


KINDS.add_each(_trouble, TROUBLE)


def _redirected(at: Place, row: tuple[str, str, str]) -> Seen:
    method, status, to = row
    with requests.Session() as session:
        data = None if method == "GET" else BODY
        return view(session.request(method, at.url(redirect(status, f"../{to}")), data=data))


KINDS.add_each(_redirected, REDIRECTS)


# --- bodies --------------------------------------------------------------------------------------


def _pieces() -> Iterator[bytes]:
    yield from (b"first, ", b"second, ", b"third")


class Sized:
    """A body that tells its length and is read in pieces, as progress bars of uploads are."""

    def __init__(self, content: bytes) -> None:
        self._file, self._length = io.BytesIO(content), len(content)
        self.reads: list[int] = []

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        self.reads.append(size)
        return self._file.read(size)


UPLOADS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "data_bytes": lambda at: {"data": BODY},
    "data_text": lambda at: {"data": "Žižkov".encode().decode("latin-1")},
    "data_form": lambda at: {"data": {"b": "2", "a": "x y/&="}},
    "data_pairs": lambda at: {"data": [("many", "1"), ("many", "2"), ("one", "ž")]},
    "data_generator": lambda at: {"data": _pieces()},
    "data_file": lambda at: {"data": at.file("body.bin", b"from a file").open("rb")},
    "data_memory": lambda at: {"data": io.BytesIO(b"from memory")},
    "data_sized": lambda at: {"data": Sized(b"told its length")},
    "data_empty_generator": lambda at: {"data": iter([])},
    "json_body": lambda at: {"json": {"amount": 12.5, "list": [1, None, "ž"]}},
    "empty_post": lambda at: {},
    "file_bytes": lambda at: {"files": {"upload": b"bytes of a file"}},
    "file_named": lambda at: {"files": {"upload": ("report.txt", b"content", "text/plain")}},
    "file_with_headers": lambda at: {
        "files": {"upload": ("r.bin", b"\0\xff", "application/x-own", {"X-Part": "yes"})}
    },
    "file_object": lambda at: {"files": {"upload": io.BytesIO(b"read from memory")}},
    "file_of_odd_name": lambda at: {"files": {"upload": ("žluť.txt", b"content")}},
    "files_and_fields": lambda at: {
        "files": [("many", ("1.txt", b"one")), ("many", ("2.txt", b"two"))],
        "data": {"field": "value", "more": ["a", "b"]},
    },
    "own_request_headers": lambda at: {"data": BODY, "headers": {"x-lower": "1", "X-Bytes": b"2"}},
    "expect_continue": lambda at: {"data": BODY, "headers": {"Expect": "100-continue"}},
    "expect_continue_chunked": lambda at: {
        "data": _pieces(),
        "headers": {"Expect": "100-continue"},
    },
}


def _upload(at: Place, options: Any) -> Seen:
    given = options(at)
    with requests.Session() as session:
        seen = view(session.post(at.url("echo"), timeout=ENOUGH, **given))
    body = given.get("data")
    if isinstance(body, Sized):
        seen["reads"] = body.reads
    if isinstance(body, io.IOBase):
        seen["position"] = body.tell()
        body.close()
    return seen


KINDS.add_each(_upload, UPLOADS)


@KINDS.add
def large_upload(at: Place) -> Seen:
    return view(requests.post(at.url("digest-of-body"), data=b"0123456789" * 30_000))


@KINDS.add
def large_file_upload(at: Place) -> Seen:
    with at.file("large.bin", b"abcdefghij" * 30_000).open("rb") as file:
        return view(requests.post(at.url("digest-of-body"), files={"upload": file}))


@KINDS.add
def file_is_sent_again_after_a_redirect(at: Place) -> Seen:
    with at.file("body.bin", b"rewound").open("rb") as file:
        return view(requests.post(at.url(redirect(307, "../echo")), data=file))


@KINDS.add
def generator_is_not_sent_again(at: Place) -> Seen:
    return view(requests.post(at.url(redirect(307, "../echo")), data=_pieces()))


@KINDS.add
def expectation_refused(at: Place) -> Seen:
    return view(requests.post(at.url("refuses-expectation"), headers={"Expect": "100-continue"}))


# --- streaming -----------------------------------------------------------------------------------


def _streamed(at: Place, scenario: str, read: Callable[[requests.Response], Any]) -> Seen:
    with requests.get(at.url(scenario), stream=True, timeout=ENOUGH) as response:
        seen = head_view(response) | {"socket": socket_view(response.raw)}
        seen["pieces"] = read(response)
        parts = seen["pieces"]
        if isinstance(parts, list) and parts:
            seen["content"] = type(parts[0])().join(parts)
        seen["after"] = after_view(response.raw)
        seen["rest"] = tried(lambda: response.content)
    seen["closed_after"] = response.raw.closed
    return seen


def _read_into(response: requests.Response) -> list[bytes]:
    into = bytearray(600)
    counts = iter(lambda: response.raw.readinto(into), 0)
    return [bytes(into[:count]) for count in counts]


def _read_ones(response: requests.Response) -> list[bytes]:
    # urllib3 1.26 has no read1.
    read = getattr(response.raw, "read1", response.raw.read)
    return [read(5), read(5), response.raw.read()]


STREAMED: dict[str, tuple[str, Callable[[requests.Response], Any]]] = {
    "iter_content_by_size": ("octets", lambda it: list(it.iter_content(100))),
    "iter_content_of_chunked": ("chunked", lambda it: list(it.iter_content(None))),
    "iter_content_of_length": ("octets", lambda it: list(it.iter_content(None))),
    "iter_content_decoded": ("text", lambda it: list(it.iter_content(7, decode_unicode=True))),
    "iter_lines": ("text", lambda it: list(it.iter_lines())),
    "iter_lines_decoded": ("text", lambda it: list(it.iter_lines(decode_unicode=True))),
    "iteration": ("octets", list),
    "iter_gzip": ("packed/gzip", lambda it: list(it.iter_content(50))),
    "raw_read": ("octets", lambda it: [it.raw.read(10), it.raw.read(20), it.raw.read()]),
    "raw_read_gzip": ("packed/gzip", lambda it: it.raw.read()),
    "raw_read_gzip_decoded": ("packed/gzip", lambda it: it.raw.read(decode_content=True)),
    "raw_read_chunked": ("chunked", lambda it: list(it.raw.read_chunked())),
    "raw_stream": ("octets", lambda it: list(it.raw.stream(None))),
    "raw_stream_of_chunked": ("chunked", lambda it: list(it.raw.stream(5))),
    "raw_read1": ("octets", _read_ones),
    "raw_readinto": ("octets", _read_into),
    "raw_iteration": ("text", lambda it: list(it.raw)),
    "raw_as_file": ("text", lambda it: io.TextIOWrapper(it.raw, "utf-8").read()),
    "raw_as_json": ("json", lambda it: json.load(it.raw)),
    "stream_of_nothing": ("no-content", lambda it: list(it.iter_content(10))),
}
KINDS.add_each(lambda at, row: _streamed(at, *row), STREAMED)


@KINDS.add
def stream_as_it_comes(at: Place) -> Seen:
    with requests.get(at.url("steps"), stream=True) as response:
        seen = [[piece, at.go_on()] for piece in response.iter_content(None)]
    return {"pieces": [piece for piece, _ in seen], "in_step": [each for _, each in seen]}


@KINDS.add
def stream_of_known_length_as_it_comes(at: Place) -> Seen:
    with requests.get(at.url("steps-of-known-length"), stream=True) as response:
        first = response.raw.read(12)
        return {"pieces": [first], "in_step": [at.go_on()], "rest": response.raw.read()}


@KINDS.add
def stream_left_unread(at: Place) -> Seen:
    with requests.Session() as session:
        with session.get(at.url("large"), stream=True) as response:
            first = next(response.iter_content(10))
        return {"first": first, "second": view(session.get(at.url("json")))}


@KINDS.add
def stream_cut(at: Place) -> Seen:
    with requests.get(at.url("cut/in-chunk"), stream=True) as response:
        rest = response.iter_content(None)
        return {"head": head_view(response), "pieces": [next(rest)], "rest": tried(list, rest)}


# --- sessions and the functions of the module ----------------------------------------------------


@KINDS.add
def functions_of_the_module(at: Place) -> Seen:
    calls = {
        "get": requests.get(at.url("json"), params={"a": "1"}),
        "options": requests.options(at.url("empty")),
        "head": requests.head(at.url("json")),
        "post": requests.post(at.url("echo"), json=[1]),
        "put": requests.put(at.url("echo"), data={"a": "b"}),
        "patch": requests.patch(at.url("echo"), data=b"patch"),
        "delete": requests.delete(at.url("no-content")),
        "request": requests.request("REPORT", at.url("json")),
    }
    return {name: view(response) for name, response in calls.items()}


@KINDS.add
def prepared_by_hand(at: Place) -> Seen:
    with requests.Session() as session:
        session.headers["X-Session"] = "1"
        session.params = {"of": "session"}
        request = requests.Request("POST", at.url("echo"), json={"n": 1}, params={"own": 2})
        prepared = session.prepare_request(request)
        prepared.headers["X-Late"] = "added"
        response = session.send(prepared, timeout=ENOUGH)
        return view(response) | {"same": response.request is prepared}


@KINDS.add
def pickled(at: Place) -> Seen:
    return view_of_pickled(pickle.loads(pickle.dumps(requests.get(at.url("json")))))


def view_of_pickled(response: requests.Response) -> Seen:
    return {"status": response.status_code, "content": response.content, "raw": response.raw}


@KINDS.add
def kept_alive(at: Place) -> Seen:
    with requests.Session() as session:
        seen = [view(session.get(at.url("json"))) for _ in range(3)]
        return {"seen": seen, "socket": _connections(session, at)}


def _connections(session: requests.Session, at: Place) -> list[int]:
    pool = session.get_adapter(at.origin).poolmanager.connection_from_url(at.origin)
    return [pool.num_connections, pool.num_requests]


@KINDS.add
def connections_end_without_a_word(at: Place) -> Seen:
    with requests.Session() as session:
        return {"seen": [view(session.get(at.url("stale"))) for _ in range(3)]}


@KINDS.add
def no_session_no_keeping(at: Place) -> Seen:
    return {"seen": [view(requests.get(at.url("json"))) for _ in range(2)]}


@KINDS.add(concurrent=True)
def threads_share_a_session(at: Place) -> Seen:
    with requests.Session() as session, ThreadPoolExecutor(4) as threads:
        urls = [at.url(f"echo?quiet&n={number}") for number in range(8)]
        return {"seen": [view(each) for each in threads.map(session.get, urls)]}


@KINDS.add
def subclassed_session(at: Place) -> Seen:
    class Session(requests.Session):
        def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
            request.headers["X-Added"] = "by a subclass"
            return super().send(request, **options)

    with Session() as session:
        return view(session.get(at.url("echo")))


@KINDS.add
def unusable_addresses(at: Place) -> Seen:
    urls = ["ftp://127.0.0.1/x", "/relative", "http://", "http://[::1", "http://*/"]
    return {url: tried(requests.get, url) for url in urls}


# --- redirects -----------------------------------------------------------------------------------


@KINDS.add
def redirect_not_followed(at: Place) -> Seen:
    with requests.Session() as session:
        first = session.get(at.url(redirect(302, "../json")), allow_redirects=False)
        rest = list(session.resolve_redirects(first, first.request))
        return {"first": view(first), "rest": list(map(view, rest))}


@KINDS.add
def redirect_to_an_absolute_address(at: Place) -> Seen:
    return view(requests.get(at.url(redirect(302, at.url("json")))))


@KINDS.add
def redirect_to_another_host(at: Place) -> Seen:
    headers = {"Authorization": "Bearer for-the-first-host", "X-Own": "stays"}
    return view(requests.get(at.url(redirect(302, at.elsewhere("echo"))), headers=headers))


@KINDS.add
def redirect_from_another_host(at: Place) -> Seen:
    return view(requests.post(at.elsewhere(redirect(307, at.url("echo"))), data=BODY))


@KINDS.add
def redirects_in_a_circle(at: Place) -> Seen:
    with requests.Session() as session:
        session.max_redirects = 3
        return view(session.get(at.url("loop")))


@KINDS.add
def redirect_to_nowhere(at: Place) -> Seen:
    return view(requests.get(at.url("no-location")))


@KINDS.add
def redirect_to_another_scheme(at: Place) -> Seen:
    return view(requests.get(at.url(redirect(302, "ftp://127.0.0.1/x"))))


# --- cookies, auth objects, hooks ----------------------------------------------------------------


@KINDS.add
def cookies_are_kept(at: Place) -> Seen:
    with requests.Session() as session:
        session.cookies["own"] = "cookie"
        first = view(session.get(at.url("set-cookies")))
        second = view(session.get(at.url("cookie-names"), cookies={"once": "only"}))
        jar = cookies_in(session.cookies)
        session.get(at.url("forget-cookies"))
        third = view(session.get(at.url("cookie-names")))
        return {"first": first, "second": second, "third": third, "jar": jar}


@KINDS.add
def cookies_of_a_redirect(at: Place) -> Seen:
    with requests.Session() as session:
        seen = view(session.get(at.url("set-cookies?to=cookie-names")))
        return seen | {"jar": cookies_in(session.cookies)}


class OwnScheme(AuthBase):
    """Signs with what the 401's body holds, and asks once more."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.register_hook("response", self._answered)
        return request

    def _answered(self, response: requests.Response, **options: Any) -> requests.Response:
        if response.status_code != 401:
            return response
        again = response.request.copy()
        again.headers["X-Signature"] = f"signed: {response.json()['challenge']}"
        second = response.connection.send(again, **options)
        second.history.append(response)
        return second


AUTH: dict[str, tuple[str, Any]] = {
    "auth_tuple": ("basic", (USER, PASSPHRASE)),
    "auth_basic": ("basic", HTTPBasicAuth(USER, PASSPHRASE)),
    "auth_wrong": ("basic", HTTPBasicAuth(USER, "wrong")),
    "auth_own_flow": ("own-scheme", OwnScheme()),
}


def _authorized(at: Place, row: tuple[str, Any]) -> Seen:
    scenario, auth = row
    with requests.Session() as session:
        session.auth = auth
        return {"seen": [view(session.post(at.url(scenario), data=BODY)) for _ in range(2)]}


KINDS.add_each(_authorized, AUTH)


@KINDS.add
def auth_digest(at: Place) -> Seen:
    with requests.Session() as session:
        session.auth = HTTPDigestAuth(USER, PASSPHRASE)
        asked = [session.get(at.url("digest")) for _ in range(2)]
        history = [[each.status_code for each in response.history] for response in asked]
        return {"json": [each.json() for each in asked], "history": history}


@KINDS.add
def hooks(at: Place) -> Seen:
    events: list[Any] = []

    def note(response: requests.Response, **options: Any) -> None:
        events.append([response.status_code, response.url, sorted(options), response.content])

    def replace(response: requests.Response, **options: Any) -> requests.Response:
        response.headers["X-Hook"] = "was here"
        return response

    with requests.Session() as session:
        session.hooks["response"].append(replace)
        seen = view(session.get(at.url(redirect(302, "../echo")), hooks={"response": note}))
        return seen | {"events": events}


@KINDS.add
def hook_that_raises(at: Place) -> Seen:
    def answered(response: requests.Response, **options: Any) -> None:
        response.raise_for_status()

    return view(requests.get(at.url("status/404"), hooks={"response": answered}))


# --- adapters, retries, proxies, TLS -------------------------------------------------------------


def _retrying(at: Place, scenario: str, retry: Retry) -> Seen:
    with requests.Session() as session:
        session.mount(at.origin, HTTPAdapter(max_retries=retry))
        return view(session.get(at.url(scenario), timeout=(ENOUGH, timeout_of(scenario))))


@KINDS.add
def retries_after_503(at: Place) -> Seen:
    return _retrying(at, "flaky", Retry(3, status_forcelist=[503], backoff_factor=0))


@KINDS.add
def retries_run_out(at: Place) -> Seen:
    return _retrying(at, "flaky", Retry(1, status_forcelist=[503], backoff_factor=0))


@KINDS.add
def retries_run_out_without_raising(at: Place) -> Seen:
    retry = Retry(1, status_forcelist=[503], backoff_factor=0, raise_on_status=False)
    return _retrying(at, "flaky", retry)


@KINDS.add(runs=SENT)
def retries_after_a_cut(at: Place) -> Seen:
    return _retrying(at, "cut-once", Retry(2, backoff_factor=0))


@KINDS.add
def retries_in_vain(at: Place) -> Seen:
    return _retrying(at, "never", Retry(1, read=1, backoff_factor=0))


@KINDS.add
def own_adapter(at: Place) -> Seen:
    class Added(HTTPAdapter):
        def __init__(self) -> None:
            super().__init__(pool_connections=1, pool_maxsize=1)
            self.events: list[str] = []

        def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
            request.headers["X-Adapter"] = "own"
            self.events.append(f"asked {sorted(options)}")
            response = super().send(request, **options)
            self.events.append(f"answered {response.status_code} {type_of(response.raw)}")
            return response

    adapter = Added()
    with requests.Session() as session:
        session.mount(at.origin, adapter)
        return view(session.get(at.url("echo"))) | {"events": adapter.events}


@KINDS.add
def mocked_adapter(at: Place) -> Seen:
    """What user code answers by itself is nobody else's."""

    class Mock(HTTPAdapter):
        def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
            raw = urllib3.HTTPResponse(io.BytesIO(b"mocked"), status=418, preload_content=False)
            return self.build_response(request, raw)

    with requests.Session() as session:
        session.mount("http://", Mock())
        response = session.get(at.url("json"))
        return {"status": response.status_code, "content": response.content}


@KINDS.add(runs=OTHER)
def nobody_listens(at: Place) -> Seen:
    return _closed(at, 0)


@KINDS.add(runs=OTHER)
def nobody_listens_to_retries(at: Place) -> Seen:
    return _closed(at, Retry(2, backoff_factor=0))


def _closed(at: Place, retries: Any) -> Seen:
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retries))
        return view(session.get(at.closed("json")))


@KINDS.add(runs=OTHER)
def badly_packed(at: Place) -> Seen:
    return view(requests.get(at.url("badly-packed")))


@KINDS.add
def by_proxy(at: Place) -> Seen:
    with requests.Session() as session:
        session.proxies = {"http": at.proxy}
        session.auth = HTTPProxyAuth("user", "word")
        return {"seen": [view(session.get(at.url(name))) for name in ("json", "echo")]}


@KINDS.add(tls=True)
def by_proxy_with_tls(at: Place) -> Seen:
    with requests.Session() as session:
        session.verify = at.authority
        session.proxies = {"https": at.proxy}
        return {"seen": [view(session.get(at.url(name))) for name in ("json", "echo")]}


@KINDS.add(tls=True)
def own_authority(at: Place) -> Seen:
    with requests.Session() as session:
        session.verify = at.authority
        return {"seen": [view(session.post(at.url("echo"), json={"n": n})) for n in (1, 2)]}


@KINDS.add(tls=True)
def unverified(at: Place) -> Seen:
    return view(requests.get(at.url("json"), verify=False))


@KINDS.add(tls=True, runs=SENT)
def unknown_authority(at: Place) -> Seen:
    return view(requests.get(at.url("json"), verify=at.stranger))
