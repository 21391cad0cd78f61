"""urllib3, 2.x and 1.26: pool managers, pools, and ``urllib3.request``."""

from __future__ import annotations

import io
import json
import ssl
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import urllib3
from urllib3.util import Retry, Timeout, make_headers

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
from tests.clients.traffic.kinds import OTHER, SENT, Kinds
from tests.clients.traffic.observing import Seen, tried, type_of
from tests.clients.traffic.place import Place
from tests.clients.traffic.urllib3_views import after_view, raw_head_view, socket_view

KINDS = Kinds()
IS_2 = not urllib3.__version__.startswith("1.")
NOT_IN_1 = (
    "own_transfer_encoding",
    "json_body",
    "read1",
    "trailers_late",
    "function_of_the_module",
    "own_context",
)
"""Kinds of which 1.26 has nothing like it, or that it refuses before anything is sent."""


def view(response: Any) -> Seen:
    """All of a response, which is read now if it was not."""
    data = response.data
    return {
        **raw_head_view(response),
        "content": data,
        "json": tried(response.json) if IS_2 else None,
        "after": after_view(response),
        "shut": _shut(response),
    }


def _shut(response: Any) -> bool:
    response.close()
    return bool(response.closed)


def manager(**options: Any) -> urllib3.PoolManager:
    """A pool manager that tries once, unless told otherwise."""
    return urllib3.PoolManager(**({"retries": False, "timeout": ENOUGH} | options))


def _get(at: Place, row: tuple[str, str]) -> Seen:
    method, scenario = row
    with manager() as pools:
        return view(pools.request(method, at.url(scenario)))


KINDS.add_each(_get, GETS)


def _trouble(at: Place, scenario: str) -> Seen:
    with manager(timeout=Timeout(connect=ENOUGH, read=timeout_of(scenario))) as pools:
        return view(pools.request("GET", at.url(scenario)))


KINDS.add_each(_trouble, TROUBLE)


def _redirected(at: Place, row: tuple[str, str, str]) -> Seen:
    method, status, to = row
    with manager(retries=Retry(5)) as pools:
        body = None if method == "GET" else BODY
        return view(pools.request(method, at.url(redirect(status, f"../{to}")), body=body))


KINDS.add_each(_redirected, REDIRECTS)


# --- bodies --------------------------------------------------------------------------------------


def _pieces() -> Iterator[bytes]:
    yield from (b"first, ", b"second, ", b"third")


UPLOADS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "body_bytes": lambda at: {"body": BODY},
    "body_text": lambda at: {"body": "plain text"},
    "body_generator": lambda at: {"body": _pieces(), "chunked": True},
    "body_generator_unsaid": lambda at: {"body": _pieces()},
    "body_list": lambda at: {"body": [b"one", b"two"]},
    "body_bytes_chunked": lambda at: {"body": BODY, "chunked": True},
    "body_memory": lambda at: {"body": io.BytesIO(b"from memory")},
    "body_memory_chunked": lambda at: {"body": io.BytesIO(b"from memory"), "chunked": True},
    "body_memory_of_length": lambda at: {
        "body": io.BytesIO(b"from memory"),
        "headers": {"Content-Length": "11"},
    },
    "body_text_file": lambda at: {"body": io.StringIO("text file")},
    "fields": lambda at: {"fields": {"b": "2", "a": "x y/&="}},
    "fields_of_pairs": lambda at: {"fields": [("many", "1"), ("many", "2")]},
    "fields_url_encoded": lambda at: {"fields": {"a": "1"}, "encode_multipart": False},
    "fields_with_files": lambda at: {
        "fields": {
            "field": "value",
            "bytes": ("r.bin", b"\0\xff"),
            "typed": ("report.txt", b"content", "text/plain"),
        }
    },
    "empty_post": lambda at: {},
    "own_request_headers": lambda at: {
        "body": BODY,
        "headers": urllib3.HTTPHeaderDict([("X-Many", "1"), ("X-Many", "2")])
        if IS_2
        else {"X-Many": "1"},
    },
    "expect_continue": lambda at: {"body": BODY, "headers": {"Expect": "100-continue"}},
    "own_transfer_encoding": lambda at: {
        "body": _pieces(),
        "headers": {"Transfer-Encoding": "chunked"},
    },
    "json_body": lambda at: {"json": {"amount": 12.5, "list": [1, None]}},
}


def _upload(at: Place, options: Any) -> Seen:
    with manager() as pools:
        return view(pools.request("POST", at.url("echo"), **options(at)))


KINDS.add_each(_upload, UPLOADS)


@KINDS.add
def large_upload(at: Place) -> Seen:
    with manager() as pools:
        return view(pools.request("PUT", at.url("digest-of-body"), body=b"0123456789" * 30_000))


@KINDS.add
def large_file_upload(at: Place) -> Seen:
    path = at.file("large.bin", b"abcdefghij" * 30_000)
    with manager() as pools, path.open("rb") as file:
        seen = view(pools.request("PUT", at.url("digest-of-body"), body=file))
        return seen | {"position": file.tell()}


@KINDS.add
def file_is_sent_again_after_a_redirect(at: Place) -> Seen:
    path = at.file("body.bin", b"rewound")
    with manager(retries=Retry(5)) as pools, path.open("rb") as file:
        return view(pools.request("POST", at.url(redirect(307, "../echo")), body=file))


# --- streaming -----------------------------------------------------------------------------------


def _streamed(at: Place, scenario: str, read: Callable[[Any], Any], **options: Any) -> Seen:
    with manager() as pools:
        response = pools.request("GET", at.url(scenario), preload_content=False, **options)
        seen = raw_head_view(response) | {"socket": socket_view(response)}
        seen["pieces"] = read(response)
        parts = seen["pieces"]
        if isinstance(parts, list) and parts:
            seen["content"] = type(parts[0])().join(parts)
        seen["after"] = after_view(response)
        seen["rest"] = tried(response.read)
        response.release_conn()
        return seen | {"released": after_view(response), "shut": _shut(response)}


def _read_into(response: Any) -> list[bytes]:
    into = bytearray(600)
    counts = iter(lambda: response.readinto(into), 0)
    return [bytes(into[:count]) for count in counts]


STREAMED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "stream": ("octets", lambda it: list(it.stream(100))),
    "stream_of_chunked": ("chunked", lambda it: list(it.stream())),
    "stream_of_chunked_by_size": ("chunked", lambda it: list(it.stream(5))),
    "stream_of_gzip": ("packed/gzip", lambda it: list(it.stream(50))),
    "stream_of_packed": ("packed/gzip", lambda it: list(it.stream(50, decode_content=False))),
    "read": ("octets", lambda it: [it.read(10), it.read(20), it.read()]),
    "read_packed": ("packed/gzip", lambda it: it.read(decode_content=False)),
    "read_of_length": ("chunked", lambda it: [it.read(5), it.read(5), it.read()]),
    "read_nothing": ("octets", lambda it: [it.read(0)]),
    "read_chunked": ("chunked", lambda it: list(it.read_chunked())),
    "read_chunked_by_size": ("chunked", lambda it: list(it.read_chunked(4))),
    "read_chunked_of_length": ("json", lambda it: tried(lambda: list(it.read_chunked()))),
    "readinto": ("octets", _read_into),
    "iteration": ("text", list),
    "as_file": ("text", lambda it: io.TextIOWrapper(it, "utf-8").read()),
    "as_lines": ("text", lambda it: io.BufferedReader(it).readlines()),
    "as_json": ("json", lambda it: json.load(it)),
    "data_late": ("json", lambda it: it.data),
    "drained": ("octets", lambda it: it.drain_conn()),
    "stream_of_nothing": ("no-content", lambda it: list(it.stream())),
    "stream_until_close": ("until-close", lambda it: [it.read(5), it.read()]),
    "read1": ("octets", lambda it: [it.read1(5), it.read1(5), it.read()]),
    "trailers_late": ("trailers", lambda it: list(it.stream())),
}
KINDS.add_each(lambda at, row: _streamed(at, *row), STREAMED)


@KINDS.add
def stream_as_it_comes(at: Place) -> Seen:
    with manager() as pools:
        response = pools.request("GET", at.url("steps"), preload_content=False)
        seen = [[piece, at.go_on()] for piece in response.stream()]
        response.release_conn()
    return {"pieces": [piece for piece, _ in seen], "in_step": [each for _, each in seen]}


@KINDS.add
def stream_of_known_length_as_it_comes(at: Place) -> Seen:
    with manager() as pools:
        response = pools.request("GET", at.url("steps-of-known-length"), preload_content=False)
        first = response.read(12)
        seen = {"pieces": [first], "in_step": [at.go_on()], "rest": response.read()}
        response.release_conn()
    return seen


@KINDS.add
def stream_left_unread(at: Place) -> Seen:
    with manager() as pools:
        response = pools.request("GET", at.url("large"), preload_content=False)
        first = response.read(10)
        response.close()
        return {"first": first, "second": view(pools.request("GET", at.url("json")))}


@KINDS.add
def stream_cut(at: Place) -> Seen:
    with manager() as pools:
        response = pools.request("GET", at.url("cut/in-chunk"), preload_content=False)
        rest = response.stream()
        seen = {"head": raw_head_view(response), "pieces": [next(rest)], "rest": tried(list, rest)}
        response.close()
    return seen


# --- managers, pools and connections -------------------------------------------------------------


@KINDS.add
def function_of_the_module(at: Place) -> Seen:
    asked = [urllib3.request("GET", at.url("json"), fields={"a": "1 2"})]
    asked.append(urllib3.request("POST", at.url("echo"), json=[1], headers={"X-Own": "1"}))
    return {"seen": list(map(view, asked))}


@KINDS.add
def manager_with_headers(at: Place) -> Seen:
    headers = make_headers(user_agent="own/1", accept_encoding=True, keep_alive=True)
    with manager(headers=headers) as pools:
        asked = [pools.request("GET", at.url("echo")), pools.urlopen("GET", at.url("echo"))]
        return {"seen": list(map(view, asked))}


@KINDS.add
def encoded_in_the_address(at: Place) -> Seen:
    with manager() as pools:
        asked = pools.request_encode_url("GET", at.url("echo"), fields={"b": "ž", "a": "1"})
        return view(asked)


@KINDS.add
def pool_used_directly(at: Place) -> Seen:
    with urllib3.HTTPConnectionPool(at.host, at.port, maxsize=1, retries=False) as pool:
        first = view(pool.request("GET", at.path("json")))
        second = view(pool.urlopen("POST", at.path("echo"), body=BODY))
        return {"seen": [first, second], "socket": [pool.num_connections, pool.num_requests]}


@KINDS.add
def pool_without_releasing(at: Place) -> Seen:
    with urllib3.HTTPConnectionPool(at.host, at.port, maxsize=1, retries=False) as pool:
        response = pool.urlopen("GET", at.path("json"), preload_content=False, release_conn=False)
        content = response.read()
        before = response.connection is not None
        response.release_conn()
        return {"content": content, "socket": [before, response.connection is None]}


@KINDS.add(runs=SENT)
def pool_that_blocks(at: Place) -> Seen:
    with urllib3.HTTPConnectionPool(at.host, at.port, maxsize=1, block=True) as pool:
        response = pool.request("GET", at.path("large"), preload_content=False, retries=False)
        refused = tried(pool.request, "GET", at.path("json"), pool_timeout=SOON, retries=False)
        response.close()
        response.release_conn()
        return {"refused": refused, "after": view(pool.request("GET", at.path("json")))}


@KINDS.add
def pool_from_address(at: Place) -> Seen:
    pool = urllib3.connection_from_url(at.origin, retries=False)
    seen = view(pool.request("GET", at.path("json")))
    pool.close()
    return seen | {"type_of_pool": type_of(pool)}


@KINDS.add
def connection_of_its_own(at: Place) -> Seen:
    """The connection without a pool, as some libraries use it."""
    connection = urllib3.connection.HTTPConnection(at.host, at.port, timeout=ENOUGH)
    connection.request("POST", at.path("echo"), body=BODY, headers={"X-Own": "1"})
    response = connection.getresponse()
    seen = {"type": type_of(response), "status": response.status, "content": response.read()}
    has_socket = connection.sock is not None
    connection.close()
    return seen | {"socket": [has_socket, connection.sock is None]}


@KINDS.add
def kept_alive(at: Place) -> Seen:
    with manager() as pools:
        seen = [view_kept(pools.request("GET", at.url("json"))) for _ in range(3)]
        pool = pools.connection_from_url(at.origin)
        return {"seen": seen, "socket": [pool.num_connections, pool.num_requests]}


def view_kept(response: Any) -> Seen:
    """As ``view``, but without closing, which would end what is kept."""
    return {**raw_head_view(response), "content": response.data, "after": after_view(response)}


@KINDS.add
def connections_end_without_a_word(at: Place) -> Seen:
    with manager() as pools:
        return {"seen": [view_kept(pools.request("GET", at.url("stale"))) for _ in range(3)]}


@KINDS.add
def few_pools(at: Place) -> Seen:
    with manager(num_pools=1) as pools:
        urls = [at.url("json"), at.elsewhere("json"), at.url("json")]
        return {"seen": [view_kept(pools.request("GET", url)) for url in urls]}


@KINDS.add(concurrent=True)
def threads_share_a_manager(at: Place) -> Seen:
    with manager(maxsize=4) as pools, ThreadPoolExecutor(4) as threads:
        urls = [at.url(f"echo?quiet&n={number}") for number in range(8)]
        asked = threads.map(lambda url: pools.request("GET", url), urls)
        return {"seen": [view_kept(each) for each in asked]}


@KINDS.add
def own_pool_classes(at: Place) -> Seen:
    made: list[str] = []

    class Pool(urllib3.HTTPConnectionPool):
        def _new_conn(self) -> Any:
            made.append("connection")
            return super()._new_conn()

        def urlopen(self, method: str, url: str, *arguments: Any, **options: Any) -> Any:
            made.append(f"{method} {url}")
            return super().urlopen(method, url, *arguments, **options)

    with manager() as pools:
        pools.pool_classes_by_scheme = {"http": Pool, "https": urllib3.HTTPSConnectionPool}
        seen = view(pools.request("GET", at.url("json")))
    return seen | {"made": made[-1:], "socket": made}


@KINDS.add
def unusable_addresses(at: Place) -> Seen:
    urls = ["ftp://127.0.0.1/x", "/relative", "http://", "http://[::1"]
    with manager() as pools:
        return {url: tried(pools.request, "GET", url) for url in urls}


# --- redirects and retries -----------------------------------------------------------------------


def _with_retries(at: Place, scenario: str, retries: Any, **options: Any) -> Seen:
    with manager(timeout=Timeout(connect=ENOUGH, read=timeout_of(scenario))) as pools:
        return view(pools.request("GET", at.url(scenario), retries=retries, **options))


@KINDS.add
def redirect_not_followed(at: Place) -> Seen:
    return _with_retries(at, redirect(302, "../json"), Retry(3), redirect=False)


@KINDS.add
def redirect_to_an_absolute_address(at: Place) -> Seen:
    return _with_retries(at, redirect(302, at.url("json")), Retry(3))


@KINDS.add
def redirect_to_another_host(at: Place) -> Seen:
    headers = {"Authorization": "Bearer for-the-first-host", "X-Own": "stays"}
    return _with_retries(at, redirect(302, at.elsewhere("echo")), Retry(3), headers=headers)


@KINDS.add
def redirect_from_another_host(at: Place) -> Seen:
    with manager() as pools:
        url = at.elsewhere(redirect(307, at.url("echo")))
        return view(pools.request("POST", url, body=BODY, retries=Retry(3)))


@KINDS.add
def redirect_of_a_pool(at: Place) -> Seen:
    with urllib3.HTTPConnectionPool(at.host, at.port) as pool:
        return view(pool.request("GET", at.path(redirect(302, at.path("json")))))


@KINDS.add
def redirect_of_a_pool_to_another_host(at: Place) -> Seen:
    with urllib3.HTTPConnectionPool(at.host, at.port) as pool:
        to = at.path(redirect(302, at.elsewhere("json")))
        return view(pool.request("GET", to, assert_same_host=True))


@KINDS.add
def redirects_in_a_circle(at: Place) -> Seen:
    return _with_retries(at, "loop", Retry(redirect=2))


@KINDS.add
def redirects_in_a_circle_without_raising(at: Place) -> Seen:
    return _with_retries(at, "loop", Retry(redirect=2, raise_on_redirect=False))


@KINDS.add
def retries_after_503(at: Place) -> Seen:
    return _with_retries(at, "flaky", Retry(3, status_forcelist=[503], backoff_factor=0))


@KINDS.add
def retries_run_out(at: Place) -> Seen:
    return _with_retries(at, "flaky", Retry(1, status_forcelist=[503], backoff_factor=0))


@KINDS.add
def retries_run_out_without_raising(at: Place) -> Seen:
    retry = Retry(1, status_forcelist=[503], backoff_factor=0, raise_on_status=False)
    return _with_retries(at, "flaky", retry)


@KINDS.add(runs=SENT)
def retries_after_a_cut(at: Place) -> Seen:
    return _with_retries(at, "cut-once", Retry(2, backoff_factor=0))


@KINDS.add
def retries_in_vain(at: Place) -> Seen:
    return _with_retries(at, "never", Retry(1, backoff_factor=0))


@KINDS.add
def own_retries(at: Place) -> Seen:
    steps: list[Any] = []

    class Noted(Retry):
        def increment(self, *arguments: Any, **options: Any) -> Any:
            response = options.get("response")
            steps.append([arguments[0], response.status if response else None])
            return super().increment(*arguments, **options)

    retry = Noted(3, status_forcelist=[503], backoff_factor=0)
    return _with_retries(at, "flaky", retry) | {"steps": steps}


# --- auth, cookies, proxies, TLS -----------------------------------------------------------------


@KINDS.add
def basic_auth(at: Place) -> Seen:
    headers = make_headers(basic_auth=f"{USER}:{PASSPHRASE}")
    with manager() as pools:
        asked = [pools.request("GET", at.url("basic"), headers=each) for each in (None, headers)]
        return {"seen": list(map(view, asked))}


@KINDS.add
def cookies_in_headers(at: Place) -> Seen:
    with manager() as pools:
        first = view(pools.request("GET", at.url("set-cookies")))
        sent = {"Cookie": "own=1; more=2"}
        return {
            "first": first,
            "second": view(pools.request("GET", at.url("cookie-names"), headers=sent)),
        }


@KINDS.add(runs=OTHER)
def nobody_listens(at: Place) -> Seen:
    with manager() as pools:
        return view(pools.request("GET", at.closed("json")))


@KINDS.add(runs=OTHER)
def nobody_listens_to_retries(at: Place) -> Seen:
    with manager() as pools:
        return view(pools.request("GET", at.closed("json"), retries=Retry(2, backoff_factor=0)))


@KINDS.add(runs=OTHER)
def badly_packed(at: Place) -> Seen:
    with manager() as pools:
        return view(pools.request("GET", at.url("badly-packed")))


@KINDS.add
def by_proxy(at: Place) -> Seen:
    headers = make_headers(proxy_basic_auth="user:word")
    with urllib3.ProxyManager(at.proxy, proxy_headers=headers, retries=False) as pools:
        urls = [at.url(name) for name in ("json", "echo")]
        return {"seen": [view(pools.request("GET", url)) for url in urls]}


@KINDS.add(tls=True)
def by_proxy_with_tls(at: Place) -> Seen:
    with urllib3.ProxyManager(at.proxy, ca_certs=at.authority, retries=False) as pools:
        return {"seen": [view_kept(pools.request("GET", at.url("json"))) for _ in range(2)]}


@KINDS.add(tls=True)
def own_authority(at: Place) -> Seen:
    with manager(ca_certs=at.authority) as pools:
        urls = [at.url(name) for name in ("json", "echo")]
        return {"seen": [view_kept(pools.request("POST", url, body=BODY)) for url in urls]}


@KINDS.add(tls=True)
def own_context(at: Place) -> Seen:
    context = ssl.create_default_context(cafile=at.authority)
    with manager(ssl_context=context) as pools:
        return view(pools.request("GET", at.url("json")))


@KINDS.add(tls=True)
def unverified(at: Place) -> Seen:
    with manager(cert_reqs="CERT_NONE") as pools, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        seen = view(pools.request("GET", at.url("json")))
        return seen | {"warned": [each.category.__name__ for each in warned]}


@KINDS.add(tls=True, runs=SENT)
def unknown_authority(at: Place) -> Seen:
    with manager(ca_certs=at.stranger) as pools:
        return view(pools.request("GET", at.url("json"), retries=Retry(1, backoff_factor=0)))


@KINDS.add(tls=True, runs=SENT)
def pinned_to_another_certificate(at: Place) -> Seen:
    with manager(assert_fingerprint="AA" * 20, cert_reqs="CERT_NONE") as pools:
        return view(pools.request("GET", at.url("json")))


if not IS_2:
    for _name in NOT_IN_1:
        del KINDS[_name]
