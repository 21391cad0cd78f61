"""Multipart forms, as clients send them."""

import pytest
import requests

from pytest_bill import multipart


def prepared(**parts):
    request = requests.Request("POST", "http://localhost/", files=parts).prepare()
    return request.headers["Content-Type"], request.body


def read(content_type, body):
    parts = multipart.form_parts(content_type, body)
    return [(part.name, part.is_file, part.content) for part in parts]


def test_texts_and_files():
    file = bytes(range(256)) * 4
    sent = prepared(data=(None, "Grüße"), file=("Größe.png", file, "image/png"))
    assert read(*sent) == [("data", False, "Grüße".encode()), ("file", True, file)]


def test_names_without_quotes():
    content = b"--b\r\nContent-Disposition: form-data; name=devKey\r\n\r\nx\r\n--b--\r\n"
    assert read("multipart/form-data; boundary=b", content) == [("devKey", False, b"x")]


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("", b""),
        ("multipart/form-data", b"--b\r\n"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\nno head at all\r\n--b--"),
        ("multipart/mixed; boundary=b", b'--b\r\nX: y; name="a"\r\n\r\nx\r\n--b--'),
    ],
)
def test_what_is_no_form_has_no_parts(content_type, content):
    assert multipart.form_parts(content_type, content) == []


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/form-data; boundary=a-b", "a-b"),
        ('multipart/mixed; Boundary="a b"; charset=utf-8', "a b"),
        ("multipart/form-data", None),
        ("multipart/form-data; boundary=", None),
    ],
)
def test_the_boundary_that_is_named(content_type, boundary):
    assert multipart.boundary_in(content_type) == boundary


def test_a_body_is_put_together_again_byte_by_byte():
    content_type, body = prepared(data=(None, "{}"), file=("a", b"\r\n--", "image/png"))
    for text in (body, b"before\r\n" + body + b"after", body[:-9]):
        found = multipart.multipart_in(content_type, text)
        assert found.joined([part.written for part in found.parts]) == text
        assert found.is_whole is (text != body[:-9])
