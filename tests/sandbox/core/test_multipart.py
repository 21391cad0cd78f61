"""Multipart forms, as clients send them."""

import pytest
import requests

from pytest_bill.sandbox.core import multipart


def prepared(**parts):
    request = requests.Request("POST", "http://localhost/", files=parts).prepare()
    return request.headers["Content-Type"], request.body


def test_texts_and_files():
    file = bytes(range(256)) * 4
    sent = prepared(data=(None, "Grüße"), file=("Größe.png", file, "image/png"))
    assert list(multipart.parts_of(*sent)) == [
        multipart.Part("data", False, "Grüße".encode()),
        multipart.Part("file", True, file),
    ]


def test_names_without_quotes():
    content = b"--b\r\nContent-Disposition: form-data; name=devKey\r\n\r\nx\r\n--b--\r\n"
    assert list(multipart.parts_of("multipart/form-data; boundary=b", content)) == [
        multipart.Part("devKey", False, b"x")
    ]


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
    assert list(multipart.parts_of(content_type, content)) == []
