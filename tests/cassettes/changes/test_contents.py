"""What bodies and URLs hold."""

from __future__ import annotations

import json

import pytest

from pytest_bill.cassettes.changes import contents
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
FORM = "application/x-www-form-urlencoded"
PARTS = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--'


def sent(body: bytes, content_type: str = "", url: str = URL) -> Interaction:
    return Interaction("POST", url, {"Content-Type": content_type}, body)


@pytest.mark.parametrize(
    ("body", "content_type", "content"),
    [
        (b"", "", None),
        (b'{"a": [1]}', "application/json", {"a": [1]}),
        (b'\xef\xbb\xbf {"a": 1}', "", {"a": 1}),
        (b'{"a": 1', "application/json", '{"a": 1'),
        (b"a=1&b=2&b=3", FORM, {"a": "1", "b": ["2", "3"]}),
        (PARTS, "multipart/form-data; boundary=x", {"a": "b"}),
        (b"id,name\n1,a", "text/csv", "id,name\n1,a"),
        (b"\xff\x00", "application/pdf", b"\xff\x00"),
        (b"[" * 100_000, "application/json", "[" * 100_000),
    ],
    ids=lambda each: repr(each)[:20],
)
def test_a_body_is_data(body, content_type, content):
    assert contents.sent_content(sent(body, content_type)) == content
    headers = {"content-type": [content_type]} if content_type else {}
    answered = Interaction("GET", URL, {}, b"", 200, "OK", headers, body)
    assert contents.answered_content(answered) == content


def test_a_url_is_taken_apart_and_its_escapes_undone():
    target = contents.target_of(f"{URL}/a%20b?page=x%3D&max=1&max=2&empty=")
    assert target.host == "https://gateway.stage.bill.com"
    assert target.path == "/connect/v3/vendors/a b"
    assert target.query == {"page": "x=", "max": ["1", "2"], "empty": ""}


def test_words_have_the_name_of_their_field():
    data = {"id": 1001, "at": {"vendorId": "v1"}, "amount": 5, "data": json.dumps({"x": ["b c"]})}
    found = sorted(contents.words_of(data))
    assert found == [("id", "1001"), ("vendorId", "v1"), ("x", "b"), ("x", "c")]


def test_words_of_a_request_are_those_of_path_query_and_body():
    asked = sent(b'{"a": "three"}', "application/json", f"{URL}/one?filter=two")
    words = {word for _, word in contents.sent_words(asked)}
    assert {"one", "two", "three"} <= words


def test_a_boundary_is_none_of_a_header():
    text = contents.header_text("Content-Type", "multipart/form-data; boundary=abc")
    assert text == contents.header_text("content-type", "multipart/form-data; boundary=xyz")
    assert contents.header_text("X-A", "boundary=abc") == "boundary=abc"
