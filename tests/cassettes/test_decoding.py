"""Taking compression off bodies."""

import gzip
import zlib

import pytest

from pytest_bill.cassettes.decoding import decoded, is_packed, readable
from pytest_bill.exceptions import CassetteError
from pytest_bill.interaction import Interaction

TEXT = b'{"sessionId": "S"}'


def interaction(body: bytes, encoding: str) -> Interaction:
    headers = {"Content-Encoding": encoding, "X": "y"}
    lists = {name: [value] for name, value in headers.items()}
    return Interaction("POST", "https://x/y", headers, body, 200, "OK", lists, body)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0), "GZIP"),
        (zlib.compress(TEXT), "deflate"),
        (gzip.compress(zlib.compress(TEXT), mtime=0), "deflate, gzip"),
    ],
    ids=["gzip", "upper case", "deflate", "both"],  # a packed body differs by the second
)
def test_both_bodies_are_unpacked(body, encoding):
    plain = decoded(interaction(body, encoding))
    assert plain.body == plain.answer_body == TEXT
    assert plain.headers == {"X": "y"}
    assert plain.answer_headers == {"X": ["y"]}


@pytest.mark.parametrize("encoding", ["", "identity"])
def test_plain_bodies_stay(encoding):
    same = interaction(TEXT, encoding)
    assert decoded(same) == same


def test_an_empty_body_needs_no_unpacking():
    same = interaction(b"", "gzip")
    assert decoded(same) == same


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"\x1f\x8bnot gzip", "gzip"),
        (b"\x00x", "unheard-of"),
        (b"\xce\xb2\xffx", "br"),
    ],
)
def test_what_cannot_be_unpacked_is_not_recorded(body, encoding):
    packed = interaction(body, encoding)
    with pytest.raises(CassetteError, match="not recorded"):
        decoded(packed)
    assert readable(packed) is packed


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "unheard-of"])
@pytest.mark.parametrize("body", [TEXT, b"x", b"[\r\n\t1]", "\u00fc".encode()])
def test_a_body_that_the_client_has_unpacked_already_only_loses_the_header(body, encoding):
    plain = decoded(interaction(body, encoding))
    assert plain.body == plain.answer_body == body
    assert plain.headers == {"X": "y"}


def test_of_a_body_that_was_cut_off_what_a_client_sees_is_kept():
    cut = gzip.compress(TEXT * 500, mtime=0)[:-12]
    plain = decoded(interaction(cut, "gzip")).answer_body
    assert plain
    assert (TEXT * 500).startswith(plain)


@pytest.mark.parametrize(
    ("body", "encoding", "packed"),
    [
        (gzip.compress(TEXT, mtime=0), "gzip", True),
        (gzip.compress(TEXT, mtime=0)[:-12], "gzip", True),
        (b"\x1f\x8bnot gzip", "gzip", True),
        (zlib.compress(TEXT), "deflate", True),
        (TEXT, "gzip", False),
        (b"%PDF\x00\xff", "gzip", False),
        (b"%PDF\x00\xff", "unheard-of", False),
        (gzip.compress(TEXT, mtime=0), "", False),
        (gzip.compress(TEXT, mtime=0), "identity", False),
        (b"", "gzip", False),
    ],
)
def test_whether_an_answer_is_packed_as_it_says(body, encoding, packed):
    assert is_packed(interaction(body, encoding)) is packed
