"""What replays through vcrpy replays through a BILL session, with the same answers.

A corpus of cassettes in vcrpy's format, and the calls of a test that uses each, are played by
``requests`` under vcrpy's own patches, and by a BILL session. Everything that a test can see of
an answer is compared.
"""

import gzip
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import vcr
import yaml
from vcr.errors import CannotOverwriteExistingCassetteException

from pytest_bill.credentials.kinds import DEVELOPER_KEY
from pytest_bill.exceptions import NotInCassette
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.session import BillSession
from pytest_bill.sessions.transport import sign_in_network

BASE = "https://gateway.stage.bill.com/connect"
JSON = {"Content-Type": ["application/json"]}
FORM = {"Content-Type": ["application/x-www-form-urlencoded"]}
CHUNKED = ("Transfer-Encoding", "chunked")
LEDGER = json.dumps({"name": "Žižkov & Söhne", "amounts": [1, 2.5, -0.0, 1e100], "\u2028": None})
BINARY = bytes(range(256)) * 64


def recorded(
    path: str,
    answer: str | bytes | None = "",
    *,
    method: str = "GET",
    status: tuple[int, str] = (200, "OK"),
    headers: dict[str, Any] | None = None,
    body: str | bytes | None = None,
    sent: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """One interaction as vcrpy's cassettes hold it."""
    return {
        "request": {"method": method, "uri": BASE + path, "body": body, "headers": sent or {}},
        "response": {
            "status": {"code": status[0], "message": status[1]},
            "headers": headers or {},
            "body": {"string": answer},
        },
    }


@dataclass(frozen=True)
class Call:
    """One call of the test that uses a cassette."""

    path: str
    method: str = "GET"
    options: dict[str, Any] = field(default_factory=dict)


def get(path: str, **options: Any) -> Call:
    return Call(path, "GET", options)


def post(path: str, **options: Any) -> Call:
    return Call(path, "POST", options)


NUMBERED = [recorded(f"/v3/bills/{number}?max=5", f"{number}") for number in range(60)]
MOVED = {"Location": [f"{BASE}/v3/new?a=%C3%BC#part"]}
COOKIE = [
    "theme=dark; Path=/; Secure; HttpOnly",
    "lang=cs; Path=/connect/v3; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
    "gone=1; Max-Age=0",
    "other=1; Domain=example.com",
]

CORPUS: dict[str, tuple[list[dict[str, Any]], list[Call]]] = {
    "text": (
        [recorded("/v3/a", "plain text\r\n\n", headers={"Content-Type": ["text/plain"]})],
        [get("/v3/a")],
    ),
    "text in Latin-1": (
        [
            recorded(
                "/v3/a",
                "Söhne".encode("latin-1"),
                headers={"Content-Type": ["text/html; charset=ISO-8859-1"]},
            )
        ],
        [get("/v3/a")],
    ),
    "JSON, with other letters": (
        [recorded("/v3/a", LEDGER, headers=JSON), recorded("/v3/b", LEDGER.encode(), headers=JSON)],
        [get("/v3/a"), get("/v3/b")],
    ),
    "JSON without a type": ([recorded("/v3/a", LEDGER)], [get("/v3/a")]),
    "binary": (
        [recorded("/v3/a", BINARY, headers={"Content-Type": ["application/pdf"]})],
        [get("/v3/a")],
    ),
    "no body": (
        [
            recorded("/v3/a", "", headers={"Content-Length": ["0"]}),
            recorded("/v3/b", b"", status=(204, "No Content"), method="DELETE"),
            recorded("/v3/c", "", status=(304, "Not Modified"), headers={"ETag": ['"1"']}),
        ],
        [get("/v3/a"), Call("/v3/b", "DELETE"), get("/v3/c")],
    ),
    "HEAD": (
        [
            recorded("/v3/a", "", method="HEAD", headers={"Content-Length": ["512"], **JSON}),
            recorded("/v3/a", "[]", headers=JSON),
        ],
        [Call("/v3/a", "HEAD", {"allow_redirects": False}), get("/v3/a")],
    ),
    "every method": (
        [
            recorded("/v3/a", method, method=method)
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
        ],
        [Call("/v3/a", method) for method in ("OPTIONS", "put", "PATCH", "get", "POST", "DELETE")],
    ),
    "a length that is not the body's": (
        [
            recorded("/v3/a", "[1, 2]", headers={"Content-Length": ["3"]}),
            recorded("/v3/b", "[1, 2]", headers={"Content-Length": ["300"]}),
        ],
        [get("/v3/a"), get("/v3/b")],
    ),
    "in pieces, once": (
        [recorded("/v3/a", "x" * 999, headers={"Transfer-Encoding": ["chunked"], **JSON})],
        [get("/v3/a")],
    ),
    "packed, as vcrpy keeps it: unpacked beside the old headers": (
        [
            recorded(
                "/v3/a",
                LEDGER,
                headers={"content-encoding": [name], "Content-Length": ["17"], **JSON},
            )
            for name in ("gzip", "deflate", "br", "identity", "gzip, br", "unheard-of")
        ],
        [get("/v3/a")] * 6,
    ),
    "headers with several values": (
        [
            recorded(
                "/v3/a",
                headers={
                    "Link": ["<a>; rel=next", "<b>; rel=last"],
                    "X-Empty": [""],
                    "x-lower": ["1"],
                    "WWW-Authenticate": ["Basic", "Bearer realm=x"],
                },
            )
        ],
        [get("/v3/a")],
    ),
    "cookies": (
        [
            recorded("/v3/a", headers={"Set-Cookie": COOKIE}),
            recorded("/v3/b", headers={"set-cookie": ["theme=light; Path=/"]}),
            recorded("/v3/c"),
        ],
        [get("/v3/a"), get("/v3/b"), get("/v3/c", cookies={"own": "1"})],
    ),
    "redirects": (
        [
            recorded("/v3/old", "moved", status=(302, "Found"), headers=MOVED),
            recorded("/v3/new?a=%C3%BC", "[1]", headers=JSON),
            recorded(
                "/v3/made",
                method="POST",
                body='{"a": 1}',
                status=(303, "See Other"),
                headers={"Location": ["/connect/v3/made/1"], "Set-Cookie": ["at=1; Path=/"]},
            ),
            recorded("/v3/made/1", "{}", headers=JSON),
            recorded(
                "/v3/kept",
                method="POST",
                body='{"a": 1}',
                status=(307, ""),
                headers={"Location": ["kept/2"]},
            ),
            recorded("/v3/kept/2", "{}", method="POST", body='{"a": 1}', headers=JSON),
            recorded("/v3/still", status=(301, "Moved"), headers={"Location": ["/x"]}),
        ],
        [
            get("/v3/old"),
            post("/v3/made", json={"a": 1}),
            post("/v3/kept", json={"a": 1}),
            get("/v3/still", allow_redirects=False),
        ],
    ),
    "a circle of redirects": (
        [
            recorded("/v3/a", status=(302, "Found"), headers={"Location": ["b"]}),
            recorded("/v3/b", status=(302, "Found"), headers={"Location": ["a"]}),
        ]
        * 16,
        [get("/v3/a")],
    ),
    "errors": (
        [
            recorded(
                f"/v3/{code}",
                json.dumps([{"code": "BDC_1", "message": reason}]),
                status=(code, reason),
                headers=JSON,
            )
            for code, reason in [
                (400, "Bad Request"),
                (403, "Forbidden"),
                (404, ""),
                (418, "I'm a teapot"),
                (429, "Too Many Requests"),
                (500, "Internal Server Error"),
                (503, "Service Unavailable"),
                (599, "Own"),
            ]
        ],
        [get(f"/v3/{code}") for code in (599, 503, 500, 429, 418, 404, 403, 400)],
    ),
    "the same request again": (
        [recorded("/v3/a", str(number)) for number in range(5)],
        [get("/v3/a")] * 7,
    ),
    "two kinds of requests in turn": (
        [recorded(f"/v3/{'ab'[number % 2]}", str(number)) for number in range(6)],
        [get("/v3/b"), get("/v3/b"), get("/v3/a"), get("/v3/b"), get("/v3/a"), get("/v3/a")],
    ),
    "many": (NUMBERED, [get(f"/v3/bills/{number}?max=5") for number in reversed(range(61))]),
    "queries": (
        [
            recorded("/v3/a?b=2&a=1", "1"),
            recorded("/v3/a?a=1&a=2", "2"),
            recorded("/v3/a?q=%C3%BC+x&e=", "3"),
            recorded("/v3/a?sort=a%2Cb", "4"),
            recorded("/v3/%C5%BD/%2F", "5"),
            recorded("/v3/a", "6"),
        ],
        [
            get("/v3/a", params={"a": 1, "b": 2}),
            get("/v3/a", params={"a": [1, 2]}),
            get("/v3/a", params={"q": "ü x", "e": "", "none": None}),
            get("/v3/a?sort=a,b"),
            get("/v3/a", params={"sort": "a,b"}),
            get("/v3/Ž/%2F"),
            get("/v3/a?"),
            get("/v3/a?z"),
        ],
    ),
    "bodies": (
        [
            recorded("/v3/a", "json", method="POST", body='{"b": [1, "ü"], "a": null}', sent=JSON),
            recorded("/v3/a", "form", method="POST", body="a=1&b=%C3%BC", sent=FORM),
            recorded("/v3/a", "text", method="POST", body="just text"),
            recorded("/v3/a", "bytes", method="POST", body=BINARY),
        ],
        [
            post("/v3/a", json={"b": [1, "ü"], "a": None}),
            post("/v3/a", data={"a": "1", "b": "ü"}),
            post("/v3/a", data="just text"),
            post("/v3/a", data=BINARY),
        ],
    ),
    "what is not there": (
        [recorded("/v3/a", "1"), recorded("/v3/b", "2")],
        [get("/v3/c"), get("/v3/a"), Call("/v3/b", "POST"), get("/v3/a"), get("/v3/b")],
    ),
    "a file, unpacked beside the old headers": (
        [recorded("/v3/a", BINARY, headers={"Content-Encoding": ["gzip"]})],
        [get("/v3/a")],
    ),
}


READ: dict[str, Any] = {
    "at once": lambda answer: (answer.content, answer.text, answer.encoding),
    "in pieces": lambda answer: b"".join(answer.iter_content(7)),
    "line by line": lambda answer: list(answer.iter_lines(chunk_size=7)),
    "raw": lambda answer: answer.raw.read(),
    "raw, in pieces": lambda answer: (answer.raw.read(3), answer.raw.read(2), answer.raw.read()),
    "raw, streamed": lambda answer: b"".join(answer.raw.stream(7)),
}


def the(session: requests.Session, call: Call, base: str, *, how: str) -> Any:
    """All that a test can see of the answer to a call; of a failure, its kind."""
    stream = how != "at once"
    try:
        answer = session.request(call.method, base + call.path, stream=stream, **call.options)
    except (NotInCassette, CannotOverwriteExistingCassetteException):
        return "not in the cassette"
    except requests.RequestException as error:
        return type(error).__name__
    return seen_of(answer, how)


def seen_of(answer: requests.Response, how: str) -> dict[str, Any]:
    content = READ[how](answer)
    read = how == "at once"
    assert answer.elapsed.total_seconds() >= 0
    return {
        "status": answer.status_code,
        "reason": answer.reason,
        "raw": (answer.raw.status, answer.raw.reason),
        "ok": answer.ok,
        # vcrpy gives the headers in no order, and takes out how the body was sent.
        "headers": sorted(pair for pair in answer.headers.items() if pair != CHUNKED),
        "repeated": sorted(pair for pair in answer.raw.headers.items() if pair != CHUNKED),
        "content": content,
        "again": (list(answer.iter_content(9)), list(answer.iter_lines())) if read else None,
        "left": answer.raw.read(),
        "json": parsed(answer) if read else None,
        "cookies": sorted(map(repr, answer.cookies)),
        "url": answer.url,
        "links": answer.links,
        "redirect": (answer.is_redirect, answer.is_permanent_redirect, answer.next is None),
        "history": [seen_of(each, "at once") for each in answer.history],
        "request": (
            answer.request.method,
            answer.request.url,
            dict(answer.request.headers),
            answer.request.body or None,
        ),
    }


def parsed(answer: requests.Response) -> Any:
    try:
        return repr(answer.json())
    except ValueError as error:
        return type(error).__name__


@pytest.fixture
def replayed(tmp_path, recorder, use):
    """Replay a cassette through vcrpy and through a BILL session; give what was seen of each."""

    def replayed(interactions, calls, how="at once"):
        path = use("none").path
        text = interactions
        if not isinstance(text, str):
            text = yaml.safe_dump({"version": 1, "interactions": interactions})
        path.write_text(text, encoding="utf-8")
        with vcr.use_cassette(str(path), record_mode="none"), requests.Session() as session:
            theirs = [the(session, call, BASE, how=how) for call in calls]
            theirs.append(sorted(map(repr, session.cookies)))
        it = recorder()
        access = Access(
            DEVELOPER_KEY,
            load=lambda: pytest.fail("nothing is sent"),
            recorder=it,
            network=sign_in_network(it),
            sign_in_use=use,
        )
        with it.using(use("none")), BillSession(access, it) as session:
            ours = [the(session, call, "", how=how) for call in calls]
            ours.append(sorted(map(repr, session.cookies)))
        return theirs, ours

    return replayed


@pytest.mark.parametrize("how", READ)
@pytest.mark.parametrize("name", CORPUS)
@pytest.mark.sampled(3)
def test_a_session_sees_what_vcrpy_shows(replayed, name, how):
    theirs, ours = replayed(*CORPUS[name], how)
    for ours_here, theirs_here in zip(ours, theirs, strict=True):
        assert ours_here == theirs_here


def test_the_corpus_is_answered():
    """Most calls must have an answer, or nothing was compared."""
    assert sum(len(calls) for _, calls in CORPUS.values()) > 100


OLDER = """
interactions:
- request:
    body: !!python/unicode '{"a": 1}'
    headers:
      !!python/unicode Content-Type: [!!python/unicode 'application/json']
      Accept: ['*/*', text/html]
    method: !!python/unicode POST
    uri: !!python/unicode 'https://gateway.stage.bill.com/connect/v3/a'
  response:
    body: {string: !!python/unicode "[\\xFC]"}
    headers:
      content-type: [application/json]
      !!python/unicode 'Date': [!!python/unicode 'Thu, 01 Jan 2015 00:00:00 GMT']
    status: {code: 201, message: Created}
- request:
    body: !!binary |
      /wA=
    headers: {}
    method: PUT
    uri: https://gateway.stage.bill.com:443/connect/v3/a
  response:
    body:
      string: !!binary |
        AAH/
    headers: {Server: [a]}
    status: {code: 200, message: ''}
- request:
    body: !!python/object/new:_io.BytesIO
      state: !!python/tuple [!!binary eHg=, 0, null]
    headers: {}
    method: POST
    uri: https://gateway.stage.bill.com/connect/v3/file
  response:
    body: {string: !!python/str 'file'}
    headers: {}
    status: {code: 200, message: OK}
version: 1
"""


@pytest.mark.parametrize("how", READ)
def test_cassettes_of_older_versions_are_read(replayed, how):
    calls = [
        Call("/v3/a", "PUT", {"data": b"\xff\x00"}),
        post("/v3/a", json={"a": 1}),
        post("/v3/file", data=b"xx"),
    ]
    theirs, ours = replayed(OLDER, calls, how)
    assert ours == theirs
    assert "not in the cassette" not in ours


PACKED = {"gzip": gzip.compress, "deflate": zlib.compress}


@pytest.mark.parametrize("encoding", PACKED)
def test_a_packed_answer_is_as_bill_sent_it(replayed, encoding):
    """Here vcrpy's requests see packed bytes, which no client of BILL ever did."""
    packed = PACKED[encoding](LEDGER.encode())
    headers = {"Content-Encoding": [encoding], "Content-Length": [str(len(packed))], **JSON}
    interaction = recorded("/v3/a", packed, headers=headers)
    (theirs, _), (ours, _) = replayed([interaction], [get("/v3/a")])
    assert theirs["content"][0] == packed
    assert ours["content"][:2] == (LEDGER.encode(), LEDGER)
    for part in ("status", "reason", "headers", "repeated", "cookies", "url", "request"):
        assert ours[part] == theirs[part]
