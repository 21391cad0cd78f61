"""What is a placeholder, and where one stands."""

import base64
import gzip
import html
import json
from urllib.parse import quote

import pytest

from pytest_bill.scrubbing.placeholders import find_placeholder, is_placeholder


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PLACEHOLDER_BILL_DEV_KEY", True),
        ("PLACEHOLDER_X_2", True),
        ("PLACEHOLDER_", False),
        ("PLACEHOLDER_x", False),
        ("a PLACEHOLDER_X", False),
        ("PLACEHOLDER_X\n", False),
        ("placeholder", False),
        ("", False),
    ],
)
def test_what_a_placeholder_is(text, expected):
    assert is_placeholder(text) is expected


ENCODINGS = {
    "plain": str,
    "percent": lambda text: "".join(f"%{ord(letter):02x}" for letter in text),
    "JSON": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "HTML": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "of a user": lambda text: base64.b64encode(f"user:{text}".encode()).decode(),
    "quoted": lambda text: html.escape(json.dumps(quote(text))),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_placeholder_is_found_in_any_encoding(encoding):
    text = f"x={ENCODINGS[encoding]('PLACEHOLDER_BILL_DEV_KEY')}&y"
    for data in (text, text.encode(), gzip.compress(text.encode())):
        assert find_placeholder(data) in ("PLACEHOLDER_BILL_DEV_KEY", "PLACEHOLDER_…")


def test_a_placeholder_in_the_open_is_named_whole():
    assert find_placeholder("x=PLACEHOLDER_BILL_DEV_KEY&y") == "PLACEHOLDER_BILL_DEV_KEY"
    assert find_placeholder(b"\xffPLACEHOLDER_X_2") == "PLACEHOLDER_X_2"


@pytest.mark.parametrize("data", ["", "placeholder", "PLACE_HOLDER_X", b"\xff\0", "place%41holder"])
def test_where_there_is_no_placeholder(data):
    assert find_placeholder(data) is None
