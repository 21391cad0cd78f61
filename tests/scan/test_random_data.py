"""What is random and no key."""

from __future__ import annotations

import base64
import hashlib

import pytest

from pytest_bill.scan.random_data import is_random_data, lines_of_content

DIGEST = hashlib.sha256(b"x").hexdigest()
COMMIT, MD5 = DIGEST[:40], DIGEST[:32]
MIXED = base64.b64encode(bytes.fromhex(DIGEST)).decode()


@pytest.mark.parametrize(
    ("token", "before", "line", "expected"),
    [
        (COMMIT, "uses: actions/checkout@", 80, True),
        (COMMIT, "", 0, True),
        (DIGEST, "image: app@sha256:", 90, True),
        (MD5, "  md5: ", 40, True),
        (MD5, "", 0, False),
        (COMMIT, "api_key = '", 80, False),
        (COMMIT, "  cache_key: ", 80, True),
        (MIXED, 'integrity="sha384-', 90, True),
        (MIXED, "secret: ", 60, False),
        (MIXED, "x = ", 60, False),
        (MIXED, "x = ", 4000, True),
        (MIXED, "https://cdn.acme.io/", 80, True),
        (MIXED, "https://cdn.acme.io/", 0, True),
        (MIXED, "https://app.bill.com/", 0, False),
        (MIXED, "url(data:font/woff2;base64,AAAA", 80, True),
        ("iVBORw0KGgo" + MIXED, "", 80, True),
        (base64.b64encode(b"some words in base64").decode(), "", 0, True),
    ],
)
def test_what_stands_around_tells(token, before, line, expected):
    assert is_random_data(token, before, line) is expected


def test_base64_over_lines_is_content():
    line = base64.b64encode(bytes(range(48))).decode()
    text = f"a\n-----BEGIN CERTIFICATE-----\n{line}\n{line}\n{line[:20]}\n-----END-----\n"
    assert {3, 4, 5} <= lines_of_content(text)
    assert lines_of_content(f"{line}\nb\n{line}\n") == set()
