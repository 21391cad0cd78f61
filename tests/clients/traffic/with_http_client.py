"""http.client: connections as they are, without anything above them."""

from __future__ import annotations

import contextlib
import http.client
import io
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.clients.servers.scenarios import BASIC
from tests.clients.traffic.common import BODY, ENOUGH, GETS, SOON, TROUBLE, redirect, timeout_of
from tests.clients.traffic.kinds import OTHER, SENT, Kinds
from tests.clients.traffic.observing import Seen, attributes, tried, type_of
from tests.clients.traffic.place import Place

KINDS = Kinds()


@contextlib.contextmanager
def connected(at: Place, **options: Any) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(at.host, at.port, **({"timeout": ENOUGH} | options))
    try:
        yield connection
    finally:
        connection.close()


def view(response: Any) -> Seen:
    """All of a response, which is read now if it was not."""
    return {
        **head_view(response),
        "content": response.read(),
        "after": [tried(lambda: response.isclosed()), response.closed, response.read()],
    }


def head_view(response: Any) -> Seen:
    """All of a response that is known before its body is read."""
    headers = response.headers
    return {
        "type": type_of(response),
        **attributes(response, "status", "code", "reason", "debuglevel", "closed"),
        "version": attributes(response, "version"),
        "headers": tried(lambda: [list(each) for each in response.getheaders()]),
        "headers_type": type_of(headers),
        "header_items": [list(each) for each in headers.items()],
        "is_msg": tried(lambda: response.msg is headers),
        "getcode": tried(lambda: response.getcode()),
        "repeated": tried(lambda: [headers.get_all(name) for name in REPEATED]),
        "joined": tried(lambda: response.getheader("X-Many", "nothing")),
        "content_type": tried(lambda: [headers.get_content_type(), headers.get_content_charset()]),
        "defects": tried(lambda: list(map(type_of, headers.defects))),
        "framing": attributes(response, "length", "chunked", "will_close"),
        "is_closed": tried(lambda: response.isclosed()),
        "can": [tried(lambda: response.readable()), tried(lambda: response.seekable())],
        "socket": {
            "fileno": isinstance(tried(lambda: response.fileno()), int),
            "fp": tried(lambda: type_of(response.fp)),
        },
    }


REPEATED = ("X-Many", "Set-Cookie", "None")


def ask(at: Place, method: str, scenario: str, body: Any = None, **options: Any) -> Seen:
    with connected(at) as connection:
        connection.request(method, at.path(scenario), body, **options)
        response = connection.getresponse()
        return view(response) | {"socket_after": {"kept": connection.sock is not None}}


KINDS.add_each(lambda at, row: ask(at, *row), GETS)


def _trouble(at: Place, scenario: str) -> Seen:
    with connected(at, timeout=timeout_of(scenario)) as connection:
        connection.request("GET", at.path(scenario))
        return view(connection.getresponse())


KINDS.add_each(_trouble, TROUBLE)


@KINDS.add(runs=SENT)
def timeout_of_the_socket(at: Place) -> Seen:
    with connected(at) as connection:
        connection.request("GET", at.path("never"))
        assert connection.sock is not None
        connection.sock.settimeout(SOON)
        return view(connection.getresponse())


# --- bodies --------------------------------------------------------------------------------------


def _pieces() -> Iterator[bytes]:
    yield from (b"first, ", b"second, ", b"third")


UPLOADS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "body_bytes": lambda at: {"body": BODY},
    "body_text": lambda at: {"body": "plain text"},
    "body_latin_text": lambda at: {"body": "Zürich"},
    "body_memory": lambda at: {"body": io.BytesIO(b"from memory")},
    "body_text_file": lambda at: {"body": io.StringIO("Zürich in a file")},
    "body_generator": lambda at: {"body": _pieces()},
    "body_generator_encoded": lambda at: {"body": _pieces(), "encode_chunked": True},
    "body_generator_chunked": lambda at: {
        "body": _pieces(),
        "encode_chunked": True,
        "headers": {"Transfer-Encoding": "chunked"},
    },
    "body_chunked_by_hand": lambda at: {
        "body": b"5\r\nby ha\r\n2\r\nnd\r\n0\r\n\r\n",
        "headers": {"Transfer-Encoding": "chunked"},
    },
    "body_list": lambda at: {"body": [b"one", b"two"]},
    "empty_post": lambda at: {},
    "own_request_headers": lambda at: {
        "body": BODY,
        "headers": {"x-lower": "1", "X-Bytes": b"2", "X-Number": 3},
    },
    "expect_continue": lambda at: {"body": BODY, "headers": {"Expect": "100-continue"}},
}
KINDS.add_each(lambda at, row: ask(at, "POST", "echo", **row(at)), UPLOADS)


@KINDS.add
def large_upload(at: Place) -> Seen:
    return ask(at, "PUT", "digest-of-body", b"0123456789" * 30_000)


@KINDS.add
def large_file_upload(at: Place) -> Seen:
    path = at.file("large.bin", b"abcdefghij" * 30_000)
    with path.open("rb") as file:
        return ask(at, "PUT", "digest-of-body", file)


@KINDS.add
def put_together_by_hand(at: Place) -> Seen:
    with connected(at) as connection:
        connection.putrequest("POST", at.path("echo"), skip_accept_encoding=True)
        connection.putheader("X-Many", "1", "2")
        connection.putheader("X-Many", "3")
        connection.putheader("Content-Length", "10")
        connection.endheaders()
        connection.send(b"hello")
        connection.send(io.BytesIO(b"world"))
        return view(connection.getresponse())


@KINDS.add
def put_together_with_a_body(at: Place) -> Seen:
    with connected(at) as connection:
        connection.putrequest("POST", at.path("echo"), skip_host=True)
        connection.putheader("Host", f"{at.host}:{at.port}")
        connection.putheader("Content-Length", str(len(BODY)))
        connection.endheaders(BODY)
        return view(connection.getresponse())


@KINDS.add
def put_together_in_chunks(at: Place) -> Seen:
    with connected(at) as connection:
        connection.putrequest("POST", at.path("echo"))
        connection.putheader("Transfer-Encoding", "chunked")
        connection.endheaders(_pieces(), encode_chunked=True)
        return view(connection.getresponse())


# --- reading -------------------------------------------------------------------------------------


def _read_into(response: http.client.HTTPResponse) -> list[bytes]:
    into = bytearray(600)
    counts = iter(lambda: response.readinto(into), 0)
    return [bytes(into[:count]) for count in counts]


READ: dict[str, tuple[str, Callable[[http.client.HTTPResponse], Any]]] = {
    "read": ("octets", lambda it: [it.read(10), it.read(20), it.read()]),
    "read_of_chunked": ("chunked", lambda it: [it.read(5), it.read(5), it.read()]),
    "read_until_close": ("until-close", lambda it: [it.read(5), it.read()]),
    "read_nothing": ("no-content", lambda it: [it.read(5), it.read()]),
    "readinto": ("octets", _read_into),
    "readinto_of_chunked": ("chunked", _read_into),
    "readline": ("text", lambda it: list(iter(it.readline, b""))),
    "readline_of_chunked": ("chunked", lambda it: list(iter(it.readline, b""))),
    "readlines": ("text", lambda it: it.readlines()),
    "read1": ("octets", lambda it: [it.read1(5), it.read1(5), it.read()]),
    "peek": ("octets", lambda it: [it.peek(5)[:5], it.read(5), it.read()]),
    "iteration": ("text", list),
    "as_text_file": ("text", lambda it: io.TextIOWrapper(it, "utf-8").read()),
    "entered": ("json", lambda it: it.__enter__().read()),
}


def _read(at: Place, row: tuple[str, Callable[[Any], Any]]) -> Seen:
    scenario, read = row
    with connected(at) as connection:
        connection.request("GET", at.path(scenario))
        response = connection.getresponse()
        seen = head_view(response) | {"pieces": read(response), "closed_after": response.isclosed()}
        if isinstance(seen["pieces"], list) and all(type(it) is bytes for it in seen["pieces"]):
            seen["content"] = b"".join(seen["pieces"])
        response.close()
        return seen | {"shut": response.isclosed()}


KINDS.add_each(_read, READ)


@KINDS.add
def stream_as_it_comes(at: Place) -> Seen:
    with connected(at) as connection:
        connection.request("GET", at.path("steps"))
        response = connection.getresponse()
        seen = [[line, at.go_on()] for line in iter(response.readline, b"")]
    return {"pieces": [piece for piece, _ in seen], "in_step": [each for _, each in seen]}


# --- connections ---------------------------------------------------------------------------------


@KINDS.add
def kept_alive(at: Place) -> Seen:
    with connected(at) as connection:
        seen = []
        for scenario in ("json", "echo", "empty"):
            connection.request("POST", at.path(scenario), BODY)
            seen.append(view(connection.getresponse()))
        return {"seen": seen, "socket": {"kept": connection.sock is not None}}


@KINDS.add
def closed_and_used_again(at: Place) -> Seen:
    with connected(at) as connection:
        seen = []
        for _ in range(2):
            connection.request("GET", at.path("closing"))
            seen.append(view(connection.getresponse()))
        return {"seen": seen}


@KINDS.add
def asked_before_the_answer_was_read(at: Place) -> Seen:
    with connected(at) as connection:
        connection.request("GET", at.path("octets"))
        first = connection.getresponse()
        connection.request("GET", at.path("json"))
        refused = tried(connection.getresponse)
        return {"first": view(first), "refused": refused, "second": view(connection.getresponse())}


@KINDS.add
def used_out_of_order(at: Place) -> Seen:
    with connected(at) as connection:
        return {
            "no_request": tried(connection.getresponse),
            "no_headers": tried(connection.endheaders),
            "header_too_early": tried(connection.putheader, "X", "1"),
            "bad_header": tried(connection.request, "GET", at.path("json"), headers={"X": "a\nb"}),
            "bad_path": tried(connection.request, "GET", "/with space"),
        }


@KINDS.add(runs=SENT)
def connected_by_hand(at: Place) -> Seen:
    with connected(at) as connection:
        before = connection.sock is None
        connection.connect()
        named = connection.sock.getpeername() if connection.sock else None
        connection.request("GET", at.path("json"))
        return view(connection.getresponse()) | {"before": before, "peer": named}


@KINDS.add
def address_in_one(at: Place) -> Seen:
    connection = http.client.HTTPConnection(f"{at.host}:{at.port}", timeout=ENOUGH)
    connection.request("GET", at.path("json"))
    seen = view(connection.getresponse())
    connection.close()
    return seen | {"address": [connection.host, connection.port, connection.debuglevel]}


@KINDS.add
def subclassed_connection(at: Place) -> Seen:
    sent: list[bytes] = []

    class Connection(http.client.HTTPConnection):
        def send(self, data: Any) -> None:
            sent.append(data)
            super().send(data)

    connection = Connection(at.host, at.port, timeout=ENOUGH)
    connection.request("POST", at.path("echo"), BODY)
    seen = view(connection.getresponse())
    connection.close()
    return seen | {"sent": sent}


@KINDS.add
def own_response_class(at: Place) -> Seen:
    class Response(http.client.HTTPResponse):
        own = "response"

    with connected(at) as connection:
        connection.response_class = Response
        connection.request("GET", at.path("json"))
        response: Any = connection.getresponse()
        return view(response) | {"own": response.own}


@KINDS.add
def debugged(at: Place) -> Seen:
    said = io.StringIO()
    with connected(at) as connection, contextlib.redirect_stdout(said):
        connection.set_debuglevel(1)
        connection.request("GET", at.path("json"))
        seen = view(connection.getresponse())
    return seen | {"said": said.getvalue().splitlines()}


@KINDS.add
def redirect_is_an_answer(at: Place) -> Seen:
    return ask(at, "GET", redirect(302, "../json"))


@KINDS.add
def basic_auth(at: Place) -> Seen:
    return ask(at, "GET", "basic", headers={"Authorization": BASIC})


@KINDS.add
def cookies_in_headers(at: Place) -> Seen:
    first = ask(at, "GET", "set-cookies")
    return {"first": first, "second": ask(at, "GET", "cookie-names", headers={"Cookie": "own=1"})}


@KINDS.add(runs=OTHER)
def nobody_listens(at: Place) -> Seen:
    parts = urlsplit(at.closed("json"))
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ENOUGH)
    connection.request("GET", parts.path)
    return view(connection.getresponse())


@KINDS.add(runs=OTHER)
def by_proxy(at: Place) -> Seen:
    """The whole address as the target, which is how a proxy for plain HTTP is asked."""
    parts = urlsplit(at.proxy)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ENOUGH)
    word = b64encode(b"user:word").decode()
    connection.request("GET", at.url("echo"), headers={"Proxy-Authorization": f"Basic {word}"})
    seen = view(connection.getresponse())
    connection.close()
    return seen


def _secure(at: Place, authority: str) -> http.client.HTTPSConnection:
    context = ssl.create_default_context(cafile=authority)
    return http.client.HTTPSConnection(at.host, at.port, context=context, timeout=ENOUGH)


@KINDS.add(tls=True)
def own_authority(at: Place) -> Seen:
    connection = _secure(at, at.authority)
    seen = []
    for _ in range(2):
        connection.request("POST", at.path("echo"), BODY)
        seen.append(view(connection.getresponse()))
    connection.close()
    return {"seen": seen}


@KINDS.add(tls=True, runs=SENT)
def unknown_authority(at: Place) -> Seen:
    connection = _secure(at, at.stranger)
    connection.request("GET", at.path("json"))
    return view(connection.getresponse())


@KINDS.add(tls=True, runs=OTHER)
def tunnelled(at: Place) -> Seen:
    parts = urlsplit(at.proxy)
    context = ssl.create_default_context(cafile=at.authority)
    connection = http.client.HTTPSConnection(
        parts.hostname or "", parts.port, context=context, timeout=ENOUGH
    )
    connection.set_tunnel(at.host, at.port, {"X-To": "proxy"})
    connection.request("GET", at.path("json"))
    seen = view(connection.getresponse())
    connection.close()
    return seen | {"host": [connection.host, connection.port]}
