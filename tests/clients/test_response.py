"""A whole answer as the response of requests; sessions/test_same_as_vcrpy.py compares more."""

from __future__ import annotations

import gzip
import json

import pytest
import requests
from requests.adapters import HTTPAdapter

from pytest_bill.bill_errors import BillResponse
from pytest_bill.clients.response import response_of
from pytest_bill.exceptions import BillError
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
BODY = json.dumps({"text": "ü"}).encode()


def answered(body: bytes = BODY, status: int = 200, method: str = "GET", **headers) -> BillResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    interaction = Interaction(method, URL, {}, b"", status, "Fine", named, body)
    request = requests.Request(method, URL).prepare()
    response = response_of(interaction, request, HTTPAdapter())
    response.__class__ = BillResponse  # as a BILL session has it
    return response


def test_status_headers_and_body():
    response = answered(Content_Type=["application/json"], X_Many=["1", "2"])
    assert isinstance(response, BillResponse)
    assert (response.status_code, response.reason, response.url) == (200, "Fine", URL)
    assert response.headers["content-type"] == "application/json"
    assert response.headers["X-Many"] == "1, 2"
    assert response.json() == {"text": "ü"}
    assert response.request.url == URL


def test_an_error_is_bills():
    response = answered(b'[{"code": "BDC_1", "message": "no"}]', 400)
    with pytest.raises(BillError, match="BDC_1"):
        response.raise_for_status()


@pytest.mark.parametrize("body", [BODY, gzip.compress(BODY)], ids=["unpacked", "packed"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_body_whose_header_says_that_it_is_packed_is_read_either_way(body, stream):
    response = answered(body, Content_Encoding=["gzip"], Content_Length=["3"])
    assert response.headers["Content-Encoding"] == "gzip"
    content = b"".join(response.iter_content(2)) if stream else response.content
    assert content == BODY


def test_who_reads_the_raw_body_gets_what_was_sent():
    packed = gzip.compress(BODY)
    assert answered(packed, Content_Encoding=["gzip"]).raw.read() == packed
    assert answered(BODY, Content_Encoding=["gzip"]).raw.read() == BODY


def test_a_body_in_chunks_is_one_chunk():
    response = answered(transfer_encoding=["chunked"], Content_Type=["text/plain"])
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert list(response.iter_content(None)) == [BODY]


@pytest.mark.parametrize("encoding", [[], ["gzip"]])
@pytest.mark.parametrize("body", [BODY, b""])
def test_a_stream_comes_to_its_end_however_it_is_read(body, encoding):
    def fresh():
        made = gzip.compress(body) if encoding else body
        return answered(made, Content_Encoding=encoding) if encoding else answered(made)

    assert b"".join(fresh().iter_content(None)) == body
    assert b"".join(fresh().raw.stream(None, decode_content=True)) == body
    assert b"".join(fresh().raw.stream(2, decode_content=True)) == body


@pytest.mark.parametrize(("status", "method"), [(204, "DELETE"), (304, "GET"), (200, "HEAD")])
def test_an_answer_without_a_body(status, method):
    response = answered(b"", status, method, Content_Length=["12"])
    assert response.content == b""
    assert response.headers["Content-Length"] == "12"


def test_each_cookie_is_one():
    response = answered(Set_Cookie=["a=1; Path=/", "b=2; Expires=Wed, 21 Oct 2099 07:28:00 GMT"])
    assert response.cookies.get_dict() == {"a": "1", "b": "2"}
    assert answered().cookies.get_dict() == {}
    response.close()
