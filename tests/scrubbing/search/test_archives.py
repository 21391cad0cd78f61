"""Secrets in zip archives: found wherever they stand, replaced so that the archive opens again."""

import base64
import gzip
import io
import json
import zipfile
import zlib

import pytest

from pytest_bill.scrubbing.search.archives import all_rewritten, rewritten_archive
from pytest_bill.scrubbing.search.budget import Budget
from pytest_bill.scrubbing.search.search import UNSEARCHABLE, Search
from tests.helpers import hostile

SECRET, PLACEHOLDER = "Kq7ZpX2mWdRt94bVh", "PLACEHOLDER_X"
ROWS = b"".join(b"<row>%d</row>" % n for n in range(500))
SHEET = b"<sheet><c>%s</c>" + ROWS + b"</sheet>"
DEFLATED, STORED = zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED


@pytest.fixture
def it() -> Search:
    return Search({SECRET: PLACEHOLDER})


class Streamed(io.RawIOBase):
    """Written as to a socket: sizes and checksums stand behind each member."""

    def __init__(self) -> None:
        self.all = b""

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.all += bytes(data)
        return len(data)


def archive(members, method=DEFLATED, *, streamed=False, zip64=False, comment=b"") -> bytes:
    out = Streamed() if streamed else io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            info.compress_type = STORED if name == "mimetype" else method
            info.external_attr = 0o640 << 16
            with made.open(info, "w", force_zip64=zip64) as file:
                file.write(content)
        made.comment = comment
    return out.all if streamed else out.getvalue()


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        assert made.testzip() is None
        return {each.filename: made.read(each) for each in made.infolist()}


WORKBOOK = {
    "mimetype": b"application/epub+zip",
    "xl/workbook.xml": b"<workbook/>",
    "xl/sheet1.xml": SHEET % SECRET.encode(),
    "xl/": b"",
    "docProps/app.xml": b"<app>%s</app>" % SECRET.encode(),
}
CLEAN = {
    name: each.replace(SECRET.encode(), PLACEHOLDER.encode()) for name, each in WORKBOOK.items()
}


@pytest.mark.parametrize("method", [DEFLATED, STORED], ids=["deflated", "stored"])
@pytest.mark.parametrize("how", ["", "streamed", "zip64"])
@pytest.mark.parametrize(
    ("before", "after"), [(b"", b""), (b"#!/bin/sh\n", b""), (b"--b\r\n\xff", b"\r\n--b--")]
)
def test_a_secret_in_a_member_is_replaced_and_the_archive_opens_again(
    it, method, how, before, after
):
    made = archive(WORKBOOK, method, streamed=how == "streamed", zip64=how == "zip64")
    data = before + made + after
    assert it.find(data) == PLACEHOLDER
    hidden = it.replace(data)
    assert it.find(hidden) is None
    assert hidden.startswith(before)
    assert hidden.endswith(after)
    inner = hidden[len(before) : len(hidden) - len(after)]
    assert contents(inner) == CLEAN
    old, new = (zipfile.ZipFile(io.BytesIO(each)).infolist() for each in (made, inner))
    assert [
        (each.filename, each.compress_type, each.date_time, each.external_attr) for each in new
    ] == [(each.filename, each.compress_type, each.date_time, each.external_attr) for each in old]


def test_offsets_that_count_what_stands_in_front(it):
    out = io.BytesIO()
    out.write(b"#!/usr/bin/env python\n")
    with zipfile.ZipFile(out, "w", DEFLATED) as made:
        made.writestr("__main__.py", b"x = 1\n" * 50 + b"key = '%s'" % SECRET.encode())
    hidden = it.replace(out.getvalue())
    assert hidden.startswith(b"#!/usr/bin/env python\n")
    (entry,) = zipfile.ZipFile(io.BytesIO(hidden)).infolist()
    assert hidden.startswith(b"PK\3\4", entry.header_offset)
    assert contents(hidden)["__main__.py"].endswith(b"key = '%s'" % PLACEHOLDER.encode())


def test_names_and_comments(it):
    made = archive({f"of {SECRET}.txt": b"a" * 99}, comment=f"by {SECRET}".encode())
    hidden = it.replace(made)
    assert it.find(hidden) is None
    assert contents(hidden) == {f"of {PLACEHOLDER}.txt": b"a" * 99}
    assert zipfile.ZipFile(io.BytesIO(hidden)).comment == f"by {PLACEHOLDER}".encode()


@pytest.mark.parametrize(
    "encode",
    [
        base64.b64encode,
        gzip.compress,
        lambda data: json.dumps({"file": base64.b64encode(data).decode()}).encode(),
        lambda data: archive({"inner.zip": data}),
        lambda data: archive({"inner.zip": data}, STORED),
    ],
    ids=["base64", "gzip", "base64 in JSON", "zip", "zip that stores"],
)
def test_archives_within_other_encodings(it, encode):
    data = encode(archive(WORKBOOK))
    assert it.find(data) == PLACEHOLDER
    hidden = it.replace(data)
    assert it.find(hidden) is None
    if hidden.startswith(b"PK"):
        assert contents(contents(hidden)["inner.zip"]) == CLEAN
    elif hidden.startswith(b"\x1f\x8b"):
        assert contents(gzip.decompress(hidden)) == CLEAN
    else:
        text = json.loads(hidden)["file"] if hidden.startswith(b"{") else hidden
        assert contents(base64.b64decode(text)) == CLEAN


def test_text_in_other_encodings_within_members(it):
    data = archive({"a.txt": SECRET.encode("utf-16"), "b.xml": b"&#75;" + SECRET[1:].encode()})
    assert contents(it.replace(data)) == {
        "a.txt": PLACEHOLDER.encode("utf-16"),
        "b.xml": PLACEHOLDER.encode(),
    }


@pytest.mark.parametrize("cut", [1, 30, 200, 600])
def test_an_archive_that_is_cut_off_keeps_no_secret(it, cut):
    data = archive(WORKBOOK)[:-cut]
    hidden = it.replace(data)
    assert it.find(hidden) is None
    out = [hidden]
    for at in range(len(hidden)):
        if hidden.startswith(b"PK\3\4", at):
            name = int.from_bytes(hidden[at + 26 : at + 28], "little")
            reader = zlib.decompressobj(-15)
            try:
                out.append(reader.decompress(hidden[at + 30 + name :]))
            except zlib.error:
                continue
    assert not any(SECRET.encode() in each for each in out)


def test_an_archive_without_a_secret_stays_as_it_is(it):
    data = archive(CLEAN, streamed=True)
    assert it.replace(data) is data


def test_two_members_of_one_name(it, recwarn):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for content in (b"one", SECRET.encode()):
            made.writestr("a", content)
            made.NameToInfo.clear()
    with zipfile.ZipFile(io.BytesIO(it.replace(out.getvalue()))) as read:
        assert [read.read(each) for each in read.infolist()] == [b"one", PLACEHOLDER.encode()]
    assert not recwarn.list


def test_what_is_encrypted_stays_as_it_is_and_what_nobody_here_can_unpack_is_refused(it):
    data = archive({"a.txt": b"a" * 99})
    encrypted = bytearray(data)
    encrypted[6] |= 1
    assert it.find(bytes(encrypted)) is None
    packed = bytearray(data)
    packed[8] = 98  # PPMd
    assert it.find(bytes(packed)) == UNSEARCHABLE


def test_tables_at_the_end_of_no_archive_are_looked_at_within_the_budget():
    data = hostile.KINDS["ends of zips"](60_000)
    assert list(all_rewritten(data, bytes, Budget(len(data)))) == []


@pytest.mark.parametrize("data", [b"", b"PK\5\6" + bytes(9), b"PK\3\4" + bytes(40)])
def test_what_is_no_archive_is_not_rewritten(data):
    assert rewritten_archive(data, lambda part: part, Budget(0)) is None


def test_a_pdf_whose_streams_are_deflated(it):
    stream = zlib.compress(b"BT (so: %s) Tj ET" % SECRET.encode())
    pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Filter/FlateDecode>>\nstream\n"
    for packed in (stream, b"H\x89" + stream[2:]):
        data = pdf + packed + b"\nendstream\nendobj\n%%EOF"
        assert it.find(data) == PLACEHOLDER
        hidden = it.replace(data)
        assert zlib.decompress(hidden[len(pdf) :].partition(b"\nendstream")[0]).startswith(
            b"BT (so: %s)" % PLACEHOLDER.encode()
        )
