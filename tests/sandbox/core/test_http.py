"""Requests and answers as handlers see them."""

import asyncio

import pytest

from pytest_bill.sandbox.core import http
from pytest_bill.sandbox.core.http import (
    Disconnected,
    Headers,
    Parameters,
    Request,
    Response,
    TooLarge,
    json_response,
)

HEADERS = Headers([(b"a", b"1"), (b"b", b"\xe9"), (b"a", b"2")])


def test_headers_have_any_case_and_of_several_the_first_counts():
    assert (HEADERS["A"], HEADERS.get("b"), HEADERS.get("c", "-")) == ("1", "\xe9", "-")
    assert ("A" in HEADERS, "c" in HEADERS, 1 in HEADERS) == (True, False, False)
    assert dict(HEADERS) == {"a": "1", "b": "\xe9"}
    assert (len(HEADERS), HEADERS.all("A"), HEADERS.all("c")) == (2, ["1", "2"], [])
    with pytest.raises(KeyError):
        HEADERS["c"]


def test_of_several_parameters_the_last_counts():
    given = Parameters(b"a=1&b=&a=%C3%A9+x")
    assert given == {"a": "\xe9 x", "b": ""}
    assert given.all("a") == ["1", "\xe9 x"]
    assert Parameters() == {}


def request(*chunks, headers=()):
    """One whose body comes in these chunks; None is a client that goes away."""
    left = list(chunks)

    async def receive():
        chunk = left.pop(0)
        if chunk is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": bool(left)}

    scope = {
        "method": "GET",
        "path": "/x",
        "headers": list(headers),
        "query_string": b"a=1",
        "scheme": "http",
        "server": ("127.0.0.1", 8080),
    }
    return Request(None, scope, receive)


def test_a_body_is_read_once_and_given_again():
    asked = request(b"ab", b"", b"c")
    for _ in range(2):
        assert asyncio.run(asked.body()) == b"abc"


def test_who_goes_away_in_the_middle():
    asked = request(b"ab", None)
    with pytest.raises(Disconnected):
        asyncio.run(asked.body())
    assert asked.received == b"ab"


def test_a_body_has_a_limit(monkeypatch):
    monkeypatch.setattr(http, "LARGEST_REQUEST", 3)
    assert asyncio.run(request(b"ab", b"c").body()) == b"abc"
    with pytest.raises(TooLarge):
        asyncio.run(request(b"ab", b"cd").body())


@pytest.mark.parametrize(
    ("headers", "url"),
    [([], "http://127.0.0.1:8080/"), ([(b"host", b"localhost:1")], "http://localhost:1/")],
)
def test_where_a_request_was_sent_to(headers, url):
    assert request(headers=headers).base_url == url


def sent(response):
    messages = []

    async def send(message):
        messages.append(message)

    asyncio.run(response.send(request(), send))
    start, body = messages
    return start["status"], start["headers"], body["body"]


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (Response(), (200, [(b"content-length", b"0")], b"")),
        (Response(status=204), (204, [], b"")),
        (
            Response("\xe9", media_type="text/html"),
            (
                200,
                [(b"content-length", b"2"), (b"content-type", b"text/html; charset=utf-8")],
                b"\xc3\xa9",
            ),
        ),
        (
            Response(b"x", headers={"Content-Type": "text/plain"}),
            (200, [(b"content-type", b"text/plain"), (b"content-length", b"1")], b"x"),
        ),
        (
            json_response({"a": ["\xe9", 1.0]}, 201),
            (
                201,
                [(b"content-length", b"16"), (b"content-type", b"application/json")],
                b'{"a":["\xc3\xa9",1.0]}',
            ),
        ),
    ],
)
def test_an_answer(response, expected):
    assert sent(response) == expected


def test_what_is_no_json_is_not_answered():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_response(float("nan"))
