"""urllib.request: ``urlopen``, openers and handlers."""

from __future__ import annotations

import io
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from typing import Any

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
from tests.clients.traffic.observing import Seen, attributes, cookies_in, error_of, tried, type_of
from tests.clients.traffic.place import Place

KINDS = Kinds()
Request = urllib.request.Request


def view(response: Any) -> Seen:
    """All of a response, which is read now if it was not; of an error that is one, too."""
    with response:
        return {**head_view(response), "content": response.read(), "closed": response.closed}


def head_view(response: Any) -> Seen:
    """All of a response that is known before its body is read."""
    headers = response.headers
    return {
        "type": type_of(response),
        **attributes(response, "status", "code", "reason", "url"),
        "getcode": tried(lambda: response.getcode()),
        "geturl": tried(lambda: response.geturl()),
        "msg": tried(lambda: response.msg if isinstance(response.msg, str) else "(headers)"),
        "headers": [list(each) for each in headers.items()],
        "headers_type": type_of(headers),
        "info": tried(lambda: response.info() is headers),
        "repeated": tried(lambda: [headers.get_all(name) for name in REPEATED]),
        "content_type": tried(lambda: [headers.get_content_type(), headers.get_content_charset()]),
        "version": {"number": getattr(response, "version", None)},
        "framing": {
            "length": getattr(response, "length", None),
            "chunked": bool(getattr(response, "chunked", False)),
        },
        "socket": {"fileno": isinstance(tried(lambda: response.fileno()), int)},
    }


REPEATED = ("X-Many", "Set-Cookie", "None")


def ask(at: Place, request: Request | str, opener: Any = None, timeout: float = ENOUGH) -> Seen:
    """What comes back, or the error, which may hold an answer."""
    opened = opener.open if opener is not None else urllib.request.urlopen
    try:
        return view(opened(request, timeout=timeout))
    except urllib.error.HTTPError as error:
        seen = error_of(error)
        return {"http_error": seen, "answer": view(error), "filename": error.filename}


def _get(at: Place, row: tuple[str, str]) -> Seen:
    method, scenario = row
    return ask(at, Request(at.url(scenario), method=method))


KINDS.add_each(_get, GETS)
KINDS.add_each(
    lambda at, scenario: ask(at, at.url(scenario), timeout=timeout_of(scenario)), TROUBLE
)


def _redirected(at: Place, row: tuple[str, str, str]) -> Seen:
    method, status, to = row
    data = None if method == "GET" else BODY
    return ask(at, Request(at.url(redirect(status, f"../{to}")), data, method=method))


KINDS.add_each(_redirected, REDIRECTS)


# --- bodies --------------------------------------------------------------------------------------


def _pieces() -> Iterator[bytes]:
    yield from (b"first, ", b"second, ", b"third")


JSON = {"Content-Type": "application/json"}
UPLOADS: dict[str, Callable[[], tuple[Any, dict[str, str]]]] = {
    "data_bytes": lambda: (BODY, {}),
    "data_json": lambda: (BODY, JSON),
    "data_memory": lambda: (io.BytesIO(b"from memory"), {}),
    "data_memory_of_length": lambda: (io.BytesIO(b"from memory"), {"Content-Length": "11"}),
    "data_generator": lambda: (_pieces(), {}),
    "data_list": lambda: ([b"one", b"two"], {}),
    "data_empty": lambda: (b"", {}),
    "own_request_headers": lambda: (BODY, {"X-Own": "1", "x-lower": "2", "User-agent": "own/1"}),
    "expect_continue": lambda: (BODY, {"Expect": "100-continue"}),
}


def _upload(at: Place, made: Callable[[], tuple[Any, dict[str, str]]]) -> Seen:
    data, headers = made()
    request = Request(at.url("echo"), data, headers)
    seen = ask(at, request)
    sent = [request.get_method(), request.full_url, request.selector, request.host]
    return seen | {"request": [*sent, request.header_items()]}


KINDS.add_each(_upload, UPLOADS)


@KINDS.add
def data_text(at: Place) -> Seen:
    return ask(at, Request(at.url("echo"), "text is refused"))  # type: ignore[arg-type]


@KINDS.add
def large_upload(at: Place) -> Seen:
    return ask(at, Request(at.url("digest-of-body"), b"0123456789" * 30_000, method="PUT"))


@KINDS.add
def file_upload(at: Place) -> Seen:
    with at.file("body.bin", b"from a file").open("rb") as file:
        return ask(at, Request(at.url("echo"), file))


@KINDS.add
def data_beside_the_address(at: Place) -> Seen:
    with urllib.request.urlopen(at.url("echo"), b"a=1&b=2", ENOUGH) as response:
        return view(response)


# --- reading -------------------------------------------------------------------------------------


READ: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "read": ("octets", lambda it: [it.read(10), it.read(20), it.read()]),
    "read_of_chunked": ("chunked", lambda it: [it.read(5), it.read(5), it.read()]),
    "readline": ("text", lambda it: list(iter(it.readline, b""))),
    "readlines": ("text", lambda it: it.readlines()),
    "read1": ("octets", lambda it: [it.read1(5), it.read1(5), it.read()]),
    "iteration": ("text", list),
    "as_text_file": ("text", lambda it: io.TextIOWrapper(it, "utf-8").read()),
    "as_json": ("json", json.load),
}


def _read(at: Place, row: tuple[str, Callable[[Any], Any]]) -> Seen:
    scenario, read = row
    with urllib.request.urlopen(at.url(scenario), timeout=ENOUGH) as response:
        seen = head_view(response) | {"pieces": read(response), "after": response.isclosed()}
    return seen | {"closed": response.closed}


KINDS.add_each(_read, READ)


@KINDS.add
def stream_as_it_comes(at: Place) -> Seen:
    with urllib.request.urlopen(at.url("steps"), timeout=ENOUGH) as response:
        seen = [[line, at.go_on()] for line in response]
    return {"pieces": [piece for piece, _ in seen], "in_step": [each for _, each in seen]}


@KINDS.add
def retrieved_into_a_file(at: Place) -> Seen:
    path = at.file("retrieved.json", b"to be replaced")
    reports: list[list[int]] = []
    name, headers = urllib.request.urlretrieve(
        at.url("json"), path, lambda *report: reports.append(list(report))
    )
    return {
        "name": str(name),
        "headers": [list(each) for each in headers.items()],
        "content": path.read_bytes(),
        "reports": reports,
    }


# --- openers and handlers ------------------------------------------------------------------------


@KINDS.add
def cookies_are_kept(at: Place) -> Seen:
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    first = ask(at, at.url("set-cookies"), opener)
    second = ask(at, at.url("cookie-names"), opener)
    kept = cookies_in(jar)
    ask(at, at.url("forget-cookies"), opener)
    third = ask(at, at.url("cookie-names"), opener)
    return {"first": first, "second": second, "third": third, "jar": kept}


@KINDS.add
def cookies_of_a_redirect(at: Place) -> Seen:
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    return ask(at, at.url("set-cookies?to=cookie-names"), opener) | {"jar": cookies_in(jar)}


def _passwords(at: Place) -> urllib.request.HTTPPasswordMgr:
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, at.origin, USER, PASSPHRASE)
    return passwords


@KINDS.add
def auth_basic(at: Place) -> Seen:
    handler = urllib.request.HTTPBasicAuthHandler(_passwords(at))
    return ask(at, at.url("basic"), urllib.request.build_opener(handler))


@KINDS.add
def auth_digest(at: Place) -> Seen:
    handler = urllib.request.HTTPDigestAuthHandler(_passwords(at))
    return ask(at, at.url("digest"), urllib.request.build_opener(handler))


@KINDS.add
def auth_unknown(at: Place) -> Seen:
    return ask(at, at.url("basic"))


@KINDS.add
def own_handlers(at: Place) -> Seen:
    events: list[Any] = []

    class Noting(urllib.request.BaseHandler):
        def http_request(self, request: Request) -> Request:
            request.add_unredirected_header("X-Handler", "was here")
            events.append(["request", request.get_method(), request.full_url])
            return request

        def http_response(self, request: Request, response: Any) -> Any:
            events.append(["response", response.status, type_of(response)])
            return response

    opener = urllib.request.build_opener(Noting())
    opener.addheaders = [("User-Agent", "own/2")]
    return ask(at, at.url(redirect(302, "../echo")), opener) | {"events": events}


@KINDS.add
def handler_that_answers(at: Place) -> Seen:
    """What user code answers by itself is nobody else's."""

    class Answering(urllib.request.BaseHandler):
        handler_order = 100

        def http_open(self, request: Request) -> Any:
            headers = urllib.request.http.client.HTTPMessage()  # type: ignore[attr-defined]
            response = urllib.response.addinfourl(io.BytesIO(b"own"), headers, request.full_url)
            response.code, response.msg = 200, "Mine"  # type: ignore[attr-defined]
            return response

    with urllib.request.build_opener(Answering()).open(at.url("json")) as response:
        return {"content": response.read(), "status": response.status, "url": response.url}


@KINDS.add
def opener_installed(at: Place) -> Seen:
    opener = urllib.request.build_opener()
    opener.addheaders = [("X-Installed", "yes")]
    urllib.request.install_opener(opener)
    try:
        return ask(at, at.url("echo"))
    finally:
        urllib.request.install_opener(None)  # type: ignore[arg-type]


@KINDS.add
def each_on_its_own_connection(at: Place) -> Seen:
    return {"seen": [ask(at, at.url("json")) for _ in range(2)]}


# --- redirects, proxies, TLS ---------------------------------------------------------------------


@KINDS.add
def redirect_to_an_absolute_address(at: Place) -> Seen:
    return ask(at, at.url(redirect(302, at.url("json"))))


@KINDS.add
def redirect_to_another_host(at: Place) -> Seen:
    url = at.url(redirect(302, at.elsewhere("echo")))
    return ask(at, Request(url, headers={"X-Own": "stays"}))


@KINDS.add
def redirect_from_another_host(at: Place) -> Seen:
    return ask(at, at.elsewhere(redirect(302, at.url("json"))))


@KINDS.add
def redirects_in_a_circle(at: Place) -> Seen:
    return ask(at, at.url("loop"))


@KINDS.add
def redirect_to_nowhere(at: Place) -> Seen:
    return ask(at, at.url("no-location"))


@KINDS.add
def redirect_to_another_scheme(at: Place) -> Seen:
    return ask(at, at.url(redirect(302, "mailto:nobody")))


@KINDS.add
def redirect_not_followed(at: Place) -> Seen:
    class Staying(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments: Any) -> None:
            return None

    return ask(at, at.url(redirect(302, "../json")), urllib.request.build_opener(Staying()))


@KINDS.add(runs=OTHER)
def nobody_listens(at: Place) -> Seen:
    return ask(at, at.closed("json"))


@KINDS.add
def by_proxy(at: Place) -> Seen:
    proxy = at.proxy.replace("://", "://user:word@")
    handler = urllib.request.ProxyHandler({"http": proxy})
    return ask(at, at.url("echo"), urllib.request.build_opener(handler))


def _secure(authority: str, *handlers: Any) -> urllib.request.OpenerDirector:
    context = ssl.create_default_context(cafile=authority)
    return urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), *handlers)


@KINDS.add(tls=True)
def own_authority(at: Place) -> Seen:
    return ask(at, Request(at.url("echo"), BODY), _secure(at.authority))


@KINDS.add(tls=True, runs=SENT)
def unknown_authority(at: Place) -> Seen:
    return ask(at, at.url("json"), _secure(at.stranger))


@KINDS.add(tls=True)
def by_proxy_with_tls(at: Place) -> Seen:
    handler = urllib.request.ProxyHandler({"https": at.proxy})
    return ask(at, at.url("json"), _secure(at.authority, handler))


@KINDS.add
def unusable_addresses(at: Place) -> Seen:
    urls = ["gopher://127.0.0.1/x", "/relative", "http://", "http://127.0.0.1:x/"]
    return {url: tried(urllib.request.urlopen, url) for url in urls}
