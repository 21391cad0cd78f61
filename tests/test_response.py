"""An exchange's answer as a response; see also ``test_same_as_vcrpy.py``."""

import gzip
import json

import pytest
import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ContentDecodingError

from pytest_bill.errors import BillResponse
from pytest_bill.exchange import Exchange
from pytest_bill.response import response_of

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
BODY = json.dumps({"text": "ü" * 99}).encode()


def response(body: bytes = BODY, method: str = "GET", read: bool = False, **headers: list[str]):
    lists = {name.replace("_", "-"): values for name, values in headers.items()}
    exchange = Exchange(method, URL, {}, b"", 203, "Fine", lists, body)
    request = requests.Request(method, URL).prepare()
    return response_of(exchange, request, HTTPAdapter(), read=read)


READ = pytest.mark.parametrize("read", [False, True])


@READ
def test_it_is_a_response_of_requests(read):
    answer = response(read=read, Content_Type=["application/json"])
    assert isinstance(answer, BillResponse)
    assert (answer.status_code, answer.reason, answer.url) == (203, "Fine", URL)
    assert answer.json() == json.loads(BODY)
    assert answer.encoding == "utf-8"
    assert isinstance(answer.connection, HTTPAdapter)


@READ
def test_headers_keep_their_values_and_names(read):
    answer = response(read=read, Link=["<a>", "<b>"], x_lower=["1"], Transfer_Encoding=["chunked"])
    assert list(answer.headers.items()) == [("Link", "<a>, <b>"), ("x-lower", "1")]
    assert answer.raw.headers.getlist("link") == ["<a>", "<b>"]


@READ
def test_cookies_are_set(read):
    answer = response(read=read, Set_Cookie=["a=1; Path=/", "b=2"], set_cookie=["c=3"])
    assert answer.cookies.get_dict() == {"a": "1", "b": "2", "c": "3"}


@READ
@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "identity", "unheard-of"])
def test_a_body_is_unpacked_if_it_is_packed(read, encoding):
    plain = response(read=read, Content_Encoding=[encoding])
    assert plain.content == BODY
    assert plain.headers["Content-Encoding"] == encoding
    packed = response(gzip.compress(BODY), read=read, Content_Encoding=[encoding])
    assert packed.content == (BODY if encoding.lower() == "gzip" else gzip.compress(BODY))


def test_the_raw_body_is_what_was_sent():
    packed = gzip.compress(BODY)
    assert response(packed, Content_Encoding=["gzip"]).raw.read() == packed
    raw = response(Content_Encoding=["gzip"]).raw
    assert raw.read1(3) + raw.read1(3) + raw.read() == BODY


def test_a_broken_body_is_an_error():
    with pytest.raises(ContentDecodingError):
        _ = response(b"\x1f\x8bnot gzip", Content_Encoding=["gzip"]).content


@READ
def test_of_a_body_that_was_read_nothing_is_left(read):
    answer = response(b"[1]", read=read, Content_Length=["300"])
    assert answer.content == b"[1]"
    raw = answer.raw
    assert (raw.closed, raw.length_remaining, raw.read(), raw.data) == (True, 297, b"", b"")
    assert list(raw.stream()) == []
    raw.close()
    assert list(answer.iter_content(2)) == [b"[1", b"]"]


@READ
def test_the_answer_to_head_has_no_body(read):
    answer = response(b"", "HEAD", read, Content_Length=["300"])
    assert answer.content == b""
    assert answer.headers["Content-Length"] == "300"
