"""What clients hand over, as bytes and texts."""

from __future__ import annotations

import io

import pytest

from pytest_bill.cassettes.handed_over import as_bytes, as_text, one_of_each


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (None, b""),
        ("\u00fc", b"\xc3\xbc"),
        (b"x", b"x"),
        (bytearray(b"x"), b"x"),
        (memoryview(b"x"), b"x"),
        ([b"a", "b"], b"ab"),
        (iter([b"a", b"b"]), b"ab"),
    ],
)
def test_bodies_of_every_kind(body, content):
    assert as_bytes(body) == content


def test_a_file_and_a_mapping_are_read_and_written():
    assert as_bytes(io.BytesIO(b"x")) == b"x"
    assert as_bytes({"a": 1}) == b'{"a": 1}'


@pytest.mark.parametrize(("value", "text"), [(b"\xe9", "\u00e9"), ("a", "a"), (7, "7")])
def test_values_of_headers_are_text(value, text):
    assert as_text(value) == text


def test_a_header_that_is_spelled_twice_is_one():
    assert one_of_each([("A", "1"), ("a", b"2"), ("B", "3")]) == {"A": "2", "B": "3"}
