"""What the loopback servers answer, by the name in the path: ``…/redirect/302?to=json``."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import sys
import zlib
from collections.abc import Callable
from typing import Any

import brotli

from tests.clients.servers.message import Answer, Cut, Headers, Request, Step, of_json, of_text
from tests.clients.servers.state import KindState

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

RESULTS = {"results": [{"id": "00n01A", "amount": 12.5}, {"id": "00n01B", "amount": 7}]}
TEXT = "Zeile eins\nzweite Zeile\r\ndritte: Žluťoučký\n\nfünfte"
PLAIN = b'{"packed": ["' + b"again and " * 20 + b'again"]}'
PACKED: dict[str, bytes] = {
    "gzip": gzip.compress(PLAIN, mtime=0),
    "deflate": zlib.compress(PLAIN),
    "br": brotli.compress(PLAIN),
    "zstd": zstd.compress(PLAIN),
}
USER, PASSPHRASE = "someone", "open-sesame-42"
BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSPHRASE}".encode()).decode()
COOKIES = ("first=value-of-the-first", "second=value-of-the-second; Path=/; HttpOnly")

Scenario = Callable[[Request, KindState], Answer]
SCENARIOS: dict[str, Scenario] = {}


def scenario(answer: Scenario) -> Scenario:
    SCENARIOS[answer.__name__.replace("_", "-").strip("-")] = answer
    return answer


def answer_to(request: Request, state: KindState) -> Answer:
    chosen = SCENARIOS.get(request.scenario)
    return chosen(request, state) if chosen else of_json({"unknown": request.target}, 404)


# --- bodies --------------------------------------------------------------------------------------


@scenario
def json(request: Request, state: KindState) -> Answer:
    return of_json(RESULTS)


@scenario
def text(request: Request, state: KindState) -> Answer:
    return of_text(TEXT)


@scenario
def latin_text(request: Request, state: KindState) -> Answer:
    return of_text("Zürich\nGenève\n", "iso-8859-1")


@scenario
def untyped(request: Request, state: KindState) -> Answer:
    return Answer(body="no type: Žižkov".encode())


@scenario
def octets(request: Request, state: KindState) -> Answer:
    return Answer(200, [("Content-Type", "application/octet-stream")], bytes(range(256)) * 4)


@scenario
def large(request: Request, state: KindState) -> Answer:
    numbered = b"".join(b"%07d\n" % number for number in range(40_000))
    return Answer(200, [("Content-Type", "application/octet-stream")], numbered)


@scenario
def empty(request: Request, state: KindState) -> Answer:
    return Answer()


@scenario
def no_content(request: Request, state: KindState) -> Answer:
    return Answer(204, framing="none")


@scenario
def not_modified(request: Request, state: KindState) -> Answer:
    return Answer(304, [("ETag", '"v1"')], framing="none")


@scenario
def status(request: Request, state: KindState) -> Answer:
    return of_json({"errors": [{"code": f"BDC_{request.detail}"}]}, int(request.detail))


@scenario
def packed(request: Request, state: KindState) -> Answer:
    headers = [("Content-Type", "application/json"), ("Content-Encoding", request.detail)]
    return Answer(200, headers, PACKED[request.detail])


@scenario
def badly_packed(request: Request, state: KindState) -> Answer:
    headers = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")]
    return Answer(200, headers, b"this is not gzip at all")


# --- the first line and the headers --------------------------------------------------------------


@scenario
def reasonless(request: Request, state: KindState) -> Answer:
    return of_json(RESULTS, reason="")


@scenario
def odd_reason(request: Request, state: KindState) -> Answer:
    return of_json(RESULTS, reason="Fine, thank you")


@scenario
def repeated(request: Request, state: KindState) -> Answer:
    headers = [("X-Many", "one"), ("X-Other", "between"), ("X-Many", "two"), ("x-many", "three")]
    return of_json(RESULTS, headers=headers)


@scenario
def odd_headers(request: Request, state: KindState) -> Answer:
    headers = [("X-Latin", "Zürich"), ("X-Utf8", "Žižkov".encode().decode("latin-1"))]
    headers += [("X-Empty", ""), ("X-Padded", "  wide  "), ("x-lower", "case"), ("X-UPPER", "CASE")]
    return of_json(RESULTS, headers=headers)


@scenario
def old(request: Request, state: KindState) -> Answer:
    return of_json(RESULTS, version="HTTP/1.0", closes=True)


@scenario
def hints(request: Request, state: KindState) -> Answer:
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    return of_json(RESULTS, interim=interim)


@scenario
def tagged(request: Request, state: KindState) -> Answer:
    if request.header("If-None-Match") == '"v1"':
        return not_modified(request, state)
    return of_json(RESULTS, headers=[("ETag", '"v1"')])


# --- framing -------------------------------------------------------------------------------------

LINES: list[bytes | Step] = [b'{"line": 1}\n', b'{"line": 2}\n{"li', b'ne": 3}\n']


@scenario
def chunked(request: Request, state: KindState) -> Answer:
    return Answer(200, [("Content-Type", "application/x-ndjson")], list(LINES), framing="chunked")


@scenario
def trailers(request: Request, state: KindState) -> Answer:
    headers = [("Content-Type", "application/x-ndjson"), ("Trailer", "X-Sum")]
    ending = [("X-Sum", "42")]
    return Answer(200, headers, list(LINES), framing="chunked", trailers=ending)


@scenario
def chunked_nothing(request: Request, state: KindState) -> Answer:
    return Answer(framing="chunked")


@scenario
def chunked_packed(request: Request, state: KindState) -> Answer:
    whole = PACKED["gzip"]
    headers = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")]
    return Answer(200, headers, [whole[:20], whole[20:]], framing="chunked")


@scenario
def until_close(request: Request, state: KindState) -> Answer:
    return Answer(200, [("Content-Type", "text/plain")], b"until the end", framing="close")


@scenario
def steps(request: Request, state: KindState) -> Answer:
    """Each piece comes only when the client has said that it has the one before."""
    body = [b'{"step": 1}\n', Step(), b'{"step": 2}\n', Step(), b'{"step": 3}\n']
    return Answer(200, [("Content-Type", "application/x-ndjson")], body, framing="chunked")


@scenario
def steps_of_known_length(request: Request, state: KindState) -> Answer:
    body = [b"first half, ", Step(), b"second half"]
    return Answer(200, [("Content-Type", "text/plain")], body)


# --- where else, who, and what was asked ---------------------------------------------------------


@scenario
def redirect(request: Request, state: KindState) -> Answer:
    to = request.query["to"]
    return of_json({"moved": True}, int(request.detail), [("Location", to)])


@scenario
def loop(request: Request, state: KindState) -> Answer:
    return of_json({"moved": True}, 302, [("Location", "loop")])


@scenario
def no_location(request: Request, state: KindState) -> Answer:
    return of_json({"moved": True}, 302)


@scenario
def set_cookies(request: Request, state: KindState) -> Answer:
    headers: Headers = [("Set-Cookie", each) for each in COOKIES]
    if "to" in request.query:
        headers.append(("Location", request.query["to"]))
    return of_json(RESULTS, 302 if "to" in request.query else 200, headers)


@scenario
def forget_cookies(request: Request, state: KindState) -> Answer:
    return of_json(RESULTS, headers=[("Set-Cookie", "first=; Max-Age=0")])


@scenario
def cookie_names(request: Request, state: KindState) -> Answer:
    """Which cookies came; not their values, which no cassette holds."""
    sent = "; ".join(request.values("Cookie"))
    return of_json({"sent": [pair.partition("=")[0].strip() for pair in sent.split(";")]})


@scenario
def echo(request: Request, state: KindState) -> Answer:
    """All of the request, but for what differs from run to run: its host and its boundary."""
    mark = _boundary(request)
    told: dict[str, Any] = {
        "method": request.method,
        "target": request.target,
        "version": request.version,
        "headers": [
            [name, value.replace(mark, "BOUNDARY")]
            for name, value in request.headers
            if name.lower() != "host"
        ],
        "hosts": len(request.values("Host")),
        "body": request.body.decode("latin-1").replace(mark, "BOUNDARY"),
        "chunks": request.chunks,
    }
    return of_json(told)


def _boundary(request: Request) -> str:
    found = re.search(r'boundary="?([^";\s]+)', request.header("Content-Type"))
    return found.group(1) if found else "\0"


@scenario
def digest_of_body(request: Request, state: KindState) -> Answer:
    same = request.body.replace(_boundary(request).encode(), b"BOUNDARY")
    digest = hashlib.sha256(same).hexdigest()[:16]
    told = {"length": len(request.body), "digest": digest, "chunked": request.chunks is not None}
    return of_json(told | {"said": request.header("Content-Length")})


@scenario
def basic(request: Request, state: KindState) -> Answer:
    if request.header("Authorization") == BASIC:
        return of_json({"authorized": "basic"})
    return of_json({"authorized": False}, 401, [("WWW-Authenticate", 'Basic realm="loopback"')])


@scenario
def digest(request: Request, state: KindState) -> Answer:
    """Digest access (RFC 7616) with a nonce that is the same in every run."""
    if _is_digest(request):
        return of_json({"authorized": "digest"})
    challenge = 'Digest realm="loopback", nonce="once-in-a-run", qop="auth", algorithm=MD5'
    return of_json({"authorized": False}, 401, [("WWW-Authenticate", challenge)])


def _is_digest(request: Request) -> bool:
    sent = request.header("Authorization")
    given = {name: quoted or bare for name, quoted, bare in _PARAMETER.findall(sent)}
    if not sent.startswith("Digest ") or "response" not in given:
        return False
    who = _md5(f"{USER}:loopback:{PASSPHRASE}")
    what = _md5(f"{request.method}:{given['uri']}")
    between = [given[name] for name in ("nonce", "nc", "cnonce", "qop")]
    return given["response"] == _md5(":".join([who, *between, what]))


_PARAMETER = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@scenario
def own_scheme(request: Request, state: KindState) -> Answer:
    """Authorized by a header of an auth object's own, which is computed from the 401's body."""
    if request.header("X-Signature") == "signed: a-challenge":
        return of_json({"authorized": "own scheme"})
    return of_json({"challenge": "a-challenge"}, 401)


# --- trouble -------------------------------------------------------------------------------------


@scenario
def flaky(request: Request, state: KindState) -> Answer:
    """503 twice, then an answer."""
    attempt = state.visit(request.target)
    if attempt <= 2:
        return of_json({"attempt": attempt}, 503, [("Retry-After", "0")])
    return of_json({"attempt": attempt})


@scenario
def cut_once(request: Request, state: KindState) -> Answer:
    """The first request is cut, the second answered."""
    if state.visit(request.target) == 1:
        return Answer(cut=Cut.AT_ONCE)
    return of_json(RESULTS)


@scenario
def cut(request: Request, state: KindState) -> Answer:
    places = {
        "at-once": Answer(cut=Cut.AT_ONCE),
        "reset": Answer(cut=Cut.RESET),
        "in-headers": of_json(RESULTS, cut=Cut.IN_HEADERS),
        "in-body": of_json(RESULTS, cut=Cut.IN_BODY),
        "in-chunk": Answer(body=list(LINES), framing="chunked", cut=Cut.IN_BODY),
    }
    return places[request.detail]


@scenario
def too_short(request: Request, state: KindState) -> Answer:
    """Content-Length says more than comes."""
    return of_json(RESULTS, length=1000, closes=True)


@scenario
def never(request: Request, state: KindState) -> Answer:
    """No answer at all, until the client goes away."""
    return Answer(raw=b"", never_ends=True)


@scenario
def stalls(request: Request, state: KindState) -> Answer:
    """Headers and a part of the body, then nothing."""
    return Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na part", never_ends=True)


@scenario
def garbage(request: Request, state: KindState) -> Answer:
    return Answer(raw=b"THIS IS NOT HTTP\r\n\r\n")


@scenario
def closing(request: Request, state: KindState) -> Answer:
    return of_json(RESULTS, closes=True)


@scenario
def stale(request: Request, state: KindState) -> Answer:
    """Closes what it says it would keep, in the very segment in which the answer ends."""
    return of_json(RESULTS, cut=Cut.WITHOUT_A_WORD)


@scenario
def refuses_expectation(request: Request, state: KindState) -> Answer:
    return of_json({"refused": True}, 417, closes=True)
