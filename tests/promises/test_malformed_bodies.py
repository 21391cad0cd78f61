"""Bodies that are not what they say: recorded scrubbed or refused, never recorded raw.

Each goes through a recorder to a file, which is searched by means of its own.
"""

from __future__ import annotations

import base64
import gzip
import json
import random
import zlib
from dataclasses import replace

import brotli
import pytest
import requests
import urllib3
import yaml

from pytest_bill.clients.base import served_by
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import CassetteError
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from tests.helpers.hostile import raw_deflate
from tests.helpers.leaks import bytes_of, what_comes_out

try:
    from compression import zstd
except ImportError:
    from backports import zstd

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
SECRET = "Kq7ZpX2mWdRt94bVh"
PLACEHOLDER = "PLACEHOLDER_BILL_PASSWORD"
NOISE = random.Random(5).randbytes(3000).hex()
JSON = json.dumps({"note": f"so: {SECRET}", "noise": NOISE, "again": SECRET}).encode()


@pytest.fixture
def record(recorder, use, tmp_path):
    """Record a body as answer and as request; give what stands on the disk, None if refused."""

    def record(body: bytes, *, is_asked: bool = True, **headers: str) -> list[bytes] | None:
        headers = {name.replace("_", "-"): value for name, value in headers.items() if value}
        asked = (
            Interaction("POST", URL, headers, body)
            if is_asked
            else Interaction("GET", URL, {}, b"")
        )
        lists = {name: [value] for name, value in headers.items()}
        answered = replace(asked, status=200, answer_headers=lists, answer_body=body)
        it = recorder(registry=SecretRegistry([(PLACEHOLDER, SECRET)]))
        path = use().path
        path.unlink(missing_ok=True)
        try:
            with it.using(use()):
                it.serve(asked, lambda: answered)
        except CassetteError as error:
            refusal = str(error)
        else:
            refusal = ""
        if refusal:
            assert "cannot be searched" in refusal
            assert SECRET not in refusal
            assert not list(tmp_path.rglob("*.yaml*"))
            return None
        written = path.read_bytes()
        (interaction,) = yaml.load(written, yaml.CSafeLoader)["interactions"]
        bodies = [interaction["response"]["body"]["string"], interaction["request"]["body"] or ""]
        return [each.encode() if isinstance(each, str) else each for each in bodies] + [written]

    return record


def holds_secret(data: bytes) -> bool:
    return any(form in data for form in bytes_of(SECRET))


# --- broken streams --------------------------------------------------------------------------


def zstd_in_blocks(data: bytes) -> bytes:
    """Nothing comes out of a block that was cut off: the secret is in one that was not."""
    packer = zstd.ZstdCompressor()
    return packer.compress(data[:100], packer.FLUSH_BLOCK) + packer.compress(
        data[100:], packer.FLUSH_FRAME
    )


PACKS = {
    "gzip": (gzip.compress, "gzip"),
    "zlib": (zlib.compress, "deflate"),
    "raw deflate": (raw_deflate, "deflate"),
    "brotli": (brotli.compress, "br"),
    "zstd": (zstd_in_blocks, "zstd"),
}


def flipped(data: bytes, at: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes((data[at] ^ 0x55,)) + data[at + 1 :]


BREAKINGS = {
    "whole": lambda packed: packed,
    "cut off in the middle": lambda packed: packed[: len(packed) // 2],
    "without its last byte": lambda packed: packed[:-1],
    "without its end": lambda packed: packed[:-9],
    "without its first byte": lambda packed: packed[1:],
    "another checksum": lambda packed: flipped(packed, -6),
    "another last byte": lambda packed: flipped(packed, -1),
    "another first byte": lambda packed: flipped(packed, 0),
    "another flag": lambda packed: flipped(packed, 3),
    "another byte in its middle": lambda packed: flipped(packed, len(packed) // 2),
    "junk in front": lambda packed: b"\xff\xfejunk" + packed,
    "junk behind": lambda packed: packed + b"\xff\xfejunk",
    "the secret in clear behind": lambda packed: packed + SECRET.encode(),
    "one more, cut off": lambda packed: packed + packed[:-20],
    "twice packed, cut off": lambda packed: gzip.compress(packed)[:-12],
}


@pytest.mark.parametrize("kind", PACKS)
@pytest.mark.parametrize("breaking", BREAKINGS)
@pytest.mark.sampled(6)
def test_a_broken_stream(record, kind, breaking):
    pack, name = PACKS[kind]
    broken = BREAKINGS[breaking](pack(JSON))
    for encoding in (name, "", "gzip", "br", "zstd", "unheard-of", f"{name}, gzip"):
        for body in record(broken, Content_Encoding=encoding) or ():
            assert not holds_secret(what_comes_out(body)), encoding


def test_the_search_finds_the_secret_in_what_was_not_scrubbed():
    """Or the test above could not fail."""
    for pack, _ in PACKS.values():
        for breaking in ("whole", "cut off in the middle", "another checksum", "junk behind"):
            assert holds_secret(what_comes_out(BREAKINGS[breaking](pack(JSON))))


def test_a_broken_answer_on_the_wire(recorder, use, server):
    """What a client gives up on is not recorded, or scrubbed."""
    bill = server()
    for kind, breaking in ((kind, breaking) for kind in PACKS for breaking in BREAKINGS):
        pack, name = PACKS[kind]
        path = use(name=f"{kind}-{breaking}.yaml").path
        bill.default = (200, {"Content-Encoding": name}, BREAKINGS[breaking](pack(JSON)))
        it = recorder(at_origin(bill.origin, "local"), SecretRegistry([(PLACEHOLDER, SECRET)]))
        try:
            with it.using(use(name=path.name)), served_by(it):
                requests.get(f"{bill.origin}/connect/v3/vendors", timeout=5)
        except (requests.RequestException, urllib3.exceptions.HTTPError, CassetteError):
            assert not path.exists()
            continue
        assert not holds_secret(what_comes_out(path.read_bytes()))


def unpacked_by_a_client(packed: bytes, kind: str) -> bytes:
    """What comes out in one go, for bodies that are too large for a patient reader."""
    if kind == "brotli":
        return brotli.Decompressor().process(packed)
    if kind == "zstd":
        return zstd.ZstdDecompressor().decompress(packed)
    window = {"gzip": 31, "zlib": 15, "raw deflate": -15}[kind]
    return zlib.decompressobj(window).decompress(packed)


# --- invalid JSON ----------------------------------------------------------------------------

TEXT = f'{{"a": ["so: {SECRET}"], "sessionId": "{SECRET}"}}'
NOT_JSON = {
    "cut off in the secret's string": TEXT[: TEXT.index(SECRET) + len(SECRET)],
    "cut off": TEXT[:-1],
    "a comma too many": TEXT[:-1] + ",}",
    "single quotes": TEXT.replace('"', "'"),
    "no quotes": TEXT.replace('"', ""),
    "a key twice": TEXT[:-1] + TEXT.replace("{", ", "),
    "a raw line break in a string": TEXT.replace("so: ", "so:\n"),
    "a lone surrogate": TEXT.replace("so: ", "\\ud83d"),
    "an escape that is none": TEXT.replace("so: ", "\\x \\u12 \\"),
    "a comment": TEXT.replace(": [", ": /* a */ ["),
    "NaN": TEXT.replace("so", "so").replace('"a": [', '"n": NaN, "a": ['),
    "two texts": TEXT * 2,
    "a prefix against hijacking": ")]}',\n" + TEXT,
    "too deep": "[" * 20_000 + TEXT,
    "a NUL": "\0" + TEXT,
    "all escaped": "{" + "".join(f"\\u{ord(letter):04x}" for letter in TEXT),
    "HTML": f"<html>{TEXT}",
    "nothing but the secret": SECRET,
    "nothing but its half": f'"{SECRET}',
}


@pytest.mark.parametrize("kind", NOT_JSON)
def test_invalid_json(record, kind):
    for charset in ("utf-8", "utf-16", "utf-32-be"):
        written = record(NOT_JSON[kind].encode(charset), Content_Type="application/json")
        assert written is not None
        for body in written:
            assert not holds_secret(body)
            assert not holds_secret(body.replace(b"\0", b""))
            assert "\\u004b\\u0071" not in body.decode("latin-1").replace("\0", "")
        assert PLACEHOLDER in written[0].replace(b"\0", b"").decode("latin-1")


# --- wrong charset ---------------------------------------------------------------------------

AWKWARD = "p\u00e4ss-w\u00f6rd \u00a3 Kq7Zp"
CHARSETS = ("utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
DECLARED = (*CHARSETS, "ascii", "nonsense", "cp037", "utf-7", "idna", "base64", "\u00fc", "")


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("secret", [SECRET, AWKWARD], ids=["ASCII", "not ASCII"])
def test_a_wrong_charset(recorder, use, charset, secret):
    body = json.dumps({"a": f"so: {secret}"}, ensure_ascii=False).encode(charset)
    for declared in DECLARED:
        content_type = f"application/json; charset={declared}"
        asked = Interaction("POST", URL, {"Content-Type": content_type}, body)
        lists = {"Content-Type": [content_type]}
        answered = replace(asked, status=200, answer_headers=lists, answer_body=body)
        it = recorder(registry=SecretRegistry([(PLACEHOLDER, secret)]))
        use().path.unlink(missing_ok=True)
        with it.using(use()):
            it.serve(asked, lambda answered=answered: answered)
        (found,) = yaml.load(use().path.read_bytes(), yaml.CSafeLoader)["interactions"]
        for content in (found["request"]["body"], found["response"]["body"]["string"]):
            written = content.encode() if isinstance(content, str) else content
            assert json.loads(written.decode(charset)) == {"a": f"so: {PLACEHOLDER}"}, declared


# --- as large as is recorded -------------------------------------------------------------------

SIZE = 32_000_000
"""Nearly all that is recorded: see ``unrecorded.MOST_BODY``."""


def mixed(size: int) -> bytes:
    """Bytes of all kinds: of the kind that packs, and of the kind that does not."""
    row = json.dumps({"id": "00501ABCD", "note": "some words", "amount": 12.5}).encode()
    random_bytes = random.Random(7).randbytes(size // 4)
    return (row * (size // 4 * 3 // len(row)) + random_bytes)[:size]


LARGE = {
    "binary": lambda: mixed(SIZE) + SECRET.encode(),
    "invalid JSON": lambda: b'{"a": [' + b'"some words", ' * (SIZE // 14) + SECRET.encode(),
    "UTF-16": lambda: ("some words, " * (SIZE // 24) + SECRET).encode("utf-16"),
    "base64": lambda: base64.b64encode(mixed(SIZE * 3 // 4) + SECRET.encode()),
    "base64, wrapped": lambda: base64.encodebytes(mixed(SIZE * 3 // 4) + SECRET.encode()),
    "percent": lambda: b"%41%5c=%0a+" * (SIZE // 11) + SECRET.replace("K", "%4b").encode(),
    "backslashes": lambda: b"\\" * SIZE + SECRET.encode(),
    "quotes": lambda: b'"' * SIZE + SECRET.encode(),
    "lines": lambda: b"some-words\n" * (SIZE // 11) + SECRET.encode(),
}


NOTHING_BUT_ESCAPES = ("percent", "backslashes")
"""They may mean too much: it is refused with words, in a time that is linear in the size."""


@pytest.mark.nightly
@pytest.mark.parametrize("kind", LARGE)
def test_a_large_body(record, kind):
    body = LARGE[kind]()
    assert len(body) > SIZE * 0.99
    written = record(body, is_asked=False, Content_Type="application/json")
    if kind in NOTHING_BUT_ESCAPES:
        assert written is None
        return
    assert written is not None
    answer, *_ = written
    assert not holds_secret(written[-1])
    plain = base64.b64decode(answer) if "base64" in kind else answer
    assert not holds_secret(plain)
    assert PLACEHOLDER.encode("utf-16-le" if kind == "UTF-16" else "ascii") in plain


@pytest.mark.nightly
@pytest.mark.parametrize("kind", PACKS)
@pytest.mark.parametrize(
    ("breaking", "is_declared"), [("whole", True), ("without its last byte", False)]
)
def test_a_large_body_when_unpacked(record, kind, breaking, is_declared):
    pack, name = PACKS[kind]
    if kind == "brotli":
        pack = lambda data: brotli.compress(data, quality=1)  # noqa: E731
    packed = BREAKINGS[breaking](pack(SECRET.encode() + mixed(SIZE) + SECRET.encode()))
    written = record(packed, is_asked=False, Content_Encoding=name if is_declared else "")
    assert written is not None
    for each in written:
        assert not holds_secret(each)
    if is_declared:
        assert written[0].startswith(PLACEHOLDER.encode())
        assert written[0].endswith(PLACEHOLDER.encode())
    else:
        assert not holds_secret(unpacked_by_a_client(written[0], kind))
