"""Bodies made to be slow: each kind at any size, for tests that count the work they make."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import quote

try:
    from compression import zstd
except ImportError:
    from backports import zstd


def b64(data: bytes) -> bytes:
    """In base64."""
    return base64.b64encode(data)


def noise(size: int, seed: int = 1) -> bytes:
    """Random bytes, the same each time."""
    return random.Random(seed).randbytes(size)


def raw_deflate(data: bytes) -> bytes:
    """Deflate without a header."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def _filled(unit: bytes, size: int) -> bytes:
    return (unit * (size // len(unit) + 1))[:size]


def _nested(encode: Callable[[bytes], bytes], size: int, most: int, seed: bytes = b"") -> bytes:
    """Encoded again and again, until it is too large or deep enough."""
    data = seed or noise(64).hex().encode()
    for _ in range(most):
        grown = encode(data)
        if len(grown) > size:
            break
        data = grown
    return _filled(data + b"\n", size)


def _deep(encode: Callable[[bytes], bytes], size: int, depth: int) -> bytes:
    """As deep as is said, whatever it begins with, of about the size that is said."""
    seed = noise(16).hex().encode()
    once = len(_times(encode, seed * 4, depth)) / 4
    count = max(1, int(size / max(once, 1)))
    return _times(encode, seed * count, depth)


def _times(encode: Callable[[bytes], bytes], data: bytes, times: int) -> bytes:
    for _ in range(times):
        data = encode(data)
    return data


def _in_json(data: bytes) -> bytes:
    return json.dumps({"data": b64(data).decode()}).encode()


def _percent(data: bytes) -> bytes:
    return data.replace(b"%", b"%25")


def _alternating(data: bytes) -> bytes:
    return json.dumps(html.escape(quote(data.decode()))).encode()


def _members(member: bytes, size: int) -> bytes:
    return member * max(1, size // len(member))


def _zip(names: int, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for number in range(names):
            archive.writestr(zipfile.ZipInfo(f"m{number}"), content, method)
    return out.getvalue()


def _overlapping(size: int) -> bytes:
    """Many names for one member, as in Fifield's bomb."""
    kernel = raw_deflate(bytes(1_000_000))
    crc = zlib.crc32(bytes(1_000_000))
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(kernel), 1_000_000, 1, 0)
    local += b"m" + kernel
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, len(kernel), 1_000_000, 1,
        0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    count = min(65_000, max(1, (size - len(local)) // (len(entry) + 1)))
    directory = (entry + b"m") * count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(local), 0)
    return local + directory + end


def _yaml(body: str) -> bytes:
    return body.encode()


KINDS: dict[str, Callable[[int], bytes]] = {
    "gzip members, empty": lambda size: _members(gzip.compress(b"", mtime=0), size),
    "gzip members, of a byte": lambda size: _members(gzip.compress(b"a", mtime=0), size),
    "gzip members, of noise": lambda size: _members(gzip.compress(noise(40), mtime=0), size),
    "zlib streams": lambda size: _members(zlib.compress(b"ab"), size),
    "zstd frames": lambda size: _members(zstd.compress(b"abc"), size),
    "zstd frames, empty": lambda size: _members(zstd.compress(b""), size),
    "gzip in gzip": lambda size: _times(
        lambda data: gzip.compress(data, 9, mtime=0), noise(size), 100
    ),
    "stored gzip in gzip": lambda size: _times(
        lambda data: gzip.compress(data, 0, mtime=0), noise(size), 100
    ),
    "gzip bomb": lambda size: gzip.compress(bytes(size * 1000)),
    "gzip bomb of text": lambda size: gzip.compress(_filled(b"caf\\u00e9 %20 ", size * 200)),
    "zstd bomb": lambda size: _members(zstd.compress(bytes(2**24)), size),
    "flat zip bomb": lambda size: _zip(max(1, size // 20_000), bytes(20_000_000)),
    "overlapping zip": _overlapping,
    "zip with many members": lambda size: _zip(max(1, size // 110), b"ab"),
    "zip with many stored": lambda size: _zip(max(1, size // 110), b"ab", zipfile.ZIP_STORED),
    "zip in zip": lambda size: _times(lambda data: _zip(1, data), noise(size), 40),
    "stored zip in zip": lambda size: _times(
        lambda data: _zip(1, data, zipfile.ZIP_STORED), noise(size), 100
    ),
    "starts of zips": lambda size: _filled(b"PK\3\4", size),
    "ends of zips": lambda size: _filled(b"PK\5\6" + bytes(18), size),
    "base64 to 30": lambda size: _deep(b64, size, 30 if size > 400_000 else 24),
    "base64 of base64": lambda size: _nested(b64, size, 99),
    "base64 of base64 in lines": lambda size: _deep(base64.encodebytes, size, 20),
    "base64 in JSON": lambda size: _deep(_in_json, size, 12),
    "base64 of gzip": lambda size: _deep(lambda data: b64(gzip.compress(data)), size, 12),
    "UTF-16 in base64": lambda size: _deep(lambda d: b64(d.decode().encode("utf-16")), size, 8),
    "UTF-16 of base64": lambda size: b64(noise(size * 3 // 8)).decode().encode("utf-16"),
    "UTF-32 of escapes": lambda size: _filled(b"%41\\x41", size // 4).decode().encode("utf-32"),
    "percent to 30": lambda size: _filled(_times(_percent, b"%41", 30), size),
    "percent of many": lambda size: _filled(quote(noise(64).decode("latin-1")).encode(), size),
    "alternating escapes": lambda size: _filled(_times(_alternating, b"a%\"'&\\=", 5), size),
    "all kinds of escapes": lambda size: _filled(b"%255C\\u0026amp;=3D25&#37;5c%26%23x3D;", size),
    "escapes of escapes": lambda size: _filled(b"%5Cx25%26amp;%3D3D\\x255C&#x5c;x3d", size),
    "starts of zlib": lambda size: _filled(b"\x78\x9c", size),
    "starts of zlib and noise": lambda size: _filled(b"\x78\x9c" + noise(9), size),
    "starts of zlib streams": lambda size: _filled(
        b"\x78\x9c" + raw_deflate(b"a" * 300)[:-1], size
    ),
    "starts of gzip": lambda size: _filled(b"\x1f\x8b\x08", size),
    "starts of gzip and noise": lambda size: _filled(b"\x1f\x8b\x08" + noise(30), size),
    "starts of gzip with a name": lambda size: _filled(b"\x1f\x8b\x08\x08aaaaaaaaa", size),
    "starts of gzip with more": lambda size: _filled(
        b"\x1f\x8b\x08\x04" + bytes(6) + b"\xff\xff", size
    ),
    "starts of zstd": lambda size: _filled(b"\x28\xb5\x2f\xfd", size),
    "starts of zstd and noise": lambda size: _filled(b"\x28\xb5\x2f\xfd" + noise(30), size),
    "=3D": lambda size: _filled(b"=3D", size),
    "&amp;": lambda size: _filled(b"&amp;", size),
    "&": lambda size: _filled(b"&", size),
    "%25": lambda size: _filled(b"%25", size),
    "%": lambda size: _filled(b"%", size),
    "backslashes": lambda size: _filled(b"\\", size),
    "pluses": lambda size: _filled(b"+", size),
    "equals and lines": lambda size: _filled(b"=\r\n", size),
    "encoded words": lambda size: _filled(b"=?a?Q?", size),
    "names before values": lambda size: _filled(b"?a=", size),
    "one letter": lambda size: _filled(b"a", size),
    "blanks": lambda size: _filled(b" ", size),
    "lines": lambda size: _filled(b"\n", size),
    "blanks and lines": lambda size: _filled(b" " * 99 + b"\n", size),
    "letters in lines": lambda size: _filled(b"a\n", size),
    "eleven letters in lines": lambda size: _filled(b"abcdefghijk\n  ", size),
    "slashes": lambda size: _filled(b"/", size),
    "paths": lambda size: _filled(b"/abcdefghijkl", size),
    "dashes": lambda size: _filled(b"--\n", size),
    "zeros": lambda size: bytes(size),
    "zeros and letters": lambda size: _filled(b"a\0", size),
    "zeros and many letters": lambda size: _filled(b"a\0" * 70 + b"\xff\xff", size),
    "noise": noise,
    "noise like deflate": lambda size: raw_deflate(noise(size)),
    "noise in hexadecimal": lambda size: noise(size // 2).hex().encode(),
    "noise in base64": lambda size: b64(noise(size * 3 // 4)),
    "deep JSON": lambda size: b"[" * (size // 2) + b"]" * (size // 2),
    "deep objects": lambda size: b'{"a":' * (size // 6) + b"1" + b"}" * (size // 6),
    "deep JSON that breaks": lambda size: _filled(b'{"password":', size),
    "JSON in JSON": lambda size: _deep(
        lambda data: json.dumps({"data": data.decode()}).encode(), size, 12
    ),
    "many names": lambda size: _filled(b'"password": "a", ', size),
    "links": lambda size: _filled(b"?a=b&signature=", size),
    "one link": lambda size: b"https://h/?a=" + _filled(b"b", size),
    "a form": lambda size: _filled(b"a=b&", size),
    "a form of names": lambda size: _filled(b"a.b+%", size),
    "quotes": lambda size: _filled(b'"', size),
    "quotes and backslashes": lambda size: _filled(b'"\\', size),
    "nearly a secret": lambda size: _filled(b"Kq7ZpX2mWdRt94bV-", size),
    "many nearly": lambda size: _filled(b"Kq7ZpX2m Kq7ZpX2mWdRt Kq7ZpX2mWdRt94b%56", size),
    "assignments": lambda size: _filled(b"password=", size),
    "colons": lambda size: _filled(b"a:", size),
    "digits": lambda size: _filled(b"4111", size),
    "emails": lambda size: _filled(b"a@b.", size),
    "userinfo": lambda size: _filled(b"://a:", size),
    "brotli-like": lambda size: _filled(b"\x1b\x03\x00\xf8", size),
    "multipart": lambda size: _filled(b"--b\r\nname=\"a\"\r\n\r\n", size),
    "PDF": lambda size: _filled(
        b"stream\r\n" + zlib.compress(noise(50)) + b"\r\nendstream", size
    ),
}  # fmt: skip
"""How to make data of each kind, of about so many bytes."""
