"""What is packed is read as text, whatever it is packed in."""

import base64
import gzip
import io
import zipfile
import zlib

import brotli
import pytest

from pytest_bill.scrubbing.packed_texts import may_hold_packed_texts, packed_texts_in
from pytest_bill.scrubbing.search.budget import Budget
from pytest_bill.scrubbing.secrets_by_name import secrets_in
from tests.helpers.hostile import raw_deflate

TEXT = '{"accessToken": "Zq83kd92mvPw71ncx"}'
SECRET = "Zq83kd92mvPw71ncx"


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", data)
    return out.getvalue()


WAYS = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "raw deflate": raw_deflate,
    "brotli": brotli.compress,
    "zip": zipped,
    "zip in zip": lambda data: zipped(zipped(data)),
    "gzip in a file": lambda data: b"\x00HEAD\xff" + gzip.compress(data) + b"\xffTAIL",
    "UTF-16": lambda data: data.decode().encode("utf-16"),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_read(way):
    data = WAYS[way](TEXT.encode())
    assert may_hold_packed_texts(data)
    assert TEXT in {each.lstrip("\ufeff") for each in packed_texts_in(data, Budget(len(data)))}


@pytest.mark.parametrize("way", [way for way in WAYS if way != "brotli"])
def test_what_is_named_is_found_in_base64_of_it(way):
    """Nobody puts brotli into base64: it has no magic bytes, and there is no telling."""
    encoded = base64.b64encode(WAYS[way](TEXT.encode())).decode()
    assert SECRET in {value for _, value in secrets_in(f'{{"file": "{encoded}"}}')}
    lines = "\r\n".join(encoded[at : at + 60] for at in range(0, len(encoded), 60))
    assert SECRET in {value for _, value in secrets_in(f"Content: x\r\n\r\n{lines}\r\n--XX--")}


def test_text_has_nothing_packed():
    assert not may_hold_packed_texts("ž is text".encode())
    assert not list(packed_texts_in("ž is text".encode(), Budget(9)))
