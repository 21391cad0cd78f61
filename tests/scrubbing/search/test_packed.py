"""Packed bytes: found, unpacked within limits, packed again."""

import bz2
import gzip
import os
import random
import zlib

import brotli
import pytest

from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.search import budget, packed
from pytest_bill.scrubbing.search.budget import Budget
from pytest_bill.scrubbing.search.packed import streams_in, unpacked, whole_streams

try:
    from compression import zstd
except ImportError:
    from backports import zstd

TEXT = b"some text, some text and more of it. " * 40
PACKS = {"gzip": gzip.compress, "deflate": zlib.compress, "zstd": zstd.compress}
UNPACKS = {"gzip": gzip.decompress, "deflate": zlib.decompress, "zstd": zstd.decompress}


@pytest.mark.parametrize("kind", PACKS)
def test_streams_are_found_wherever_they_stand(kind):
    data = b"\x89PNG" + PACKS[kind](TEXT) + b"\xff rest"
    (stream,) = streams_in(data)
    assert stream.plain == TEXT
    assert data[: stream.start] == b"\x89PNG"
    assert data[stream.end :] == b"\xff rest"
    assert UNPACKS[kind](stream.pack(b"new")) == b"new"


def test_a_gzip_header_may_have_a_name_and_more():
    packer = zlib.compressobj(wbits=-15)
    body = packer.compress(TEXT) + packer.flush()
    header = b"\x1f\x8b\x08\x1e" + bytes(6) + b"\x02\x00ab" + b"name\0" + b"comment\0" + b"\0\0"
    (stream,) = streams_in(header + body + bytes(8))
    assert stream.plain == TEXT


@pytest.mark.parametrize("kind", PACKS)
def test_of_a_broken_stream_what_comes_out_is_given(kind):
    noise = os.urandom(400_000)
    whole = PACKS[kind](TEXT + noise)
    stream, *_ = streams_in(whole[:-30_000])
    assert stream.plain.startswith(TEXT)
    flipped = bytearray(gzip.compress(TEXT + noise))
    flipped[-1] ^= 1  # its length, which nobody needs to read it
    stream, *_ = streams_in(bytes(flipped))
    assert stream.plain == TEXT + noise


@pytest.mark.parametrize("kind", PACKS)
@pytest.mark.parametrize("other", PACKS)
@pytest.mark.parametrize("missing", [1, 8, 9, 300])
def test_a_stream_that_broke_off_swallows_none_behind_it(kind, other, missing):
    cut_off = PACKS[kind](random.Random(7).randbytes(1000).hex().encode())[:-missing]
    assert TEXT in [each.plain for each in streams_in(cut_off + PACKS[other](TEXT) + b"\xff")]


@pytest.mark.parametrize(
    "pack", [brotli.compress, lambda data: zlib.compress(data)[2:-4]], ids=["br", "deflate"]
)
def test_streams_that_begin_like_anything(pack):
    assert (TEXT, True) in [
        (each.plain, whole) for each, whole in whole_streams(pack(TEXT), Budget(0))
    ]


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(TEXT) + gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT) + bytes(8), "x-gzip"),
        (zlib.compress(TEXT)[2:-4], "deflate"),
        (brotli.compress(TEXT), "br"),
        (zstd.compress(TEXT), "zstd"),
    ],
    ids=["two streams", "gzip", "deflate", "br", "zstd"],
)
def test_content_encodings(body, encoding):
    assert unpacked(body, encoding) in (TEXT, TEXT * 2)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(TEXT) + b"what is this?", "gzip"),
        (b"\x1f\x8b\x08 not really", "gzip"),
        (brotli.compress(TEXT)[:-3], "br"),
        (bz2.compress(TEXT), "bzip2"),
        (b"\xff" * 20, "deflate"),
        (b"\xff" * 20, "zstd"),
    ],
    ids=["more than gzip", "no gzip", "cut off", "bzip2", "no deflate", "no zstd"],
)
def test_what_cannot_be_unpacked_wholly(body, encoding):
    assert unpacked(body, encoding) is None


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_a_stream_that_grows_beyond_measure_is_not_unpacked(encoding, monkeypatch):
    monkeypatch.setattr(budget, "MOST_UNPACKED", 100_000)
    pack = PACKS | {"br": brotli.compress}
    assert unpacked(pack[encoding](bytes(200_000)), encoding) is None


def test_without_its_package_zstd_cannot_be_unpacked(monkeypatch):
    monkeypatch.setattr(packed, "_zstd_module", lambda: None)
    body = zstd.compress(TEXT)
    assert unpacked(body, "zstd") is None
    (stream,) = streams_in(body)
    assert stream.plain is None


def test_data_that_is_made_to_be_slow_is_given_up():
    with pytest.raises(budget.TooMuch):
        list(streams_in(b"\x1f\x8b\x08\xe0" * 100_000))


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["", " end"])
def test_brotli_that_stores_a_text_as_it_is_stays_brotli(charset, end):
    registry = SecretRegistry([("PLACEHOLDER_X", "Kq7ZpX2mWd")])
    for before in ("", "a", "so: "):
        body = brotli.compress(f"{before}Kq7ZpX2mWd{end}".encode(charset))
        plain = brotli.decompress(registry.hide_in(body))
        assert plain.decode(charset) == f"{before}PLACEHOLDER_X{end}"
