"""Encodings that must be undone as a whole: base64, packed streams, UTF-16 and UTF-32.

What is found in a container is replaced in its content, which is then encoded again, so that
whoever decodes it still can.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pytest_bill.packed import streams_in

_ALPHABET = rb"[A-Za-z0-9+/_-]"
_LINE_BREAK = rb"[ \t]*\r?\n[ \t]*(?!--)"
# Eleven characters hold the eight bytes of the shortest secret.
_BASE64 = re.compile(rb"%(c)s{11,}(?:%(n)s%(c)s+)*={0,2}" % {b"c": _ALPHABET, b"n": _LINE_BREAK})
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_TO_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_BETWEEN = b"\x01"

_WIDE = tuple(
    (re.compile(pattern, re.DOTALL), encoding)
    for pattern, encoding in (
        (rb"(?:[^\x00]\x00\x00\x00){8,}+", "utf-32-le"),
        (rb"(?:\x00\x00\x00[^\x00]){8,}+", "utf-32-be"),
        (rb"(?:[^\x00]\x00){8,}+", "utf-16-le"),
        (rb"(?:\x00[^\x00]){8,}+", "utf-16-be"),
    )
)
# Each begins with a zero, which is fast to find.
_SOME_WIDE = (
    re.compile(rb"\x00[^\x00]\x00[^\x00]\x00[^\x00]\x00"),
    re.compile(rb"\x00\x00\x00[^\x00]\x00\x00\x00"),
)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, repr=False)
class Container:
    """An encoded stretch of data; ``plain`` is None where it is too large to be searched."""

    start: int
    end: int
    plain: bytes | None
    encode: Callable[[bytes], bytes]


def containers_in(data: bytes) -> Iterator[Container]:
    """The packed streams and the wide texts in the data."""
    for stream in streams_in(data):
        yield Container(stream.start, stream.end, stream.plain, stream.pack)
    if b"\0" in data:
        yield from _wide_texts(data)
    elif not data.isascii():
        yield from _with_bom(data)


def _with_bom(data: bytes) -> Iterator[Container]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                plain = data.decode(encoding).encode("utf-8")
            except UnicodeError:
                continue
            yield Container(0, len(data), plain, _to_wide(encoding))


def _wide_texts(data: bytes) -> Iterator[Container]:
    yield from _with_bom(data)
    if not any(pattern.search(data) for pattern in _SOME_WIDE):
        return
    for pattern, encoding in _WIDE:
        for match in pattern.finditer(data):
            plain = match.group(0).decode(encoding).encode("utf-8")
            yield Container(*match.span(), plain, _to_wide(encoding))


def _to_wide(encoding: str) -> Callable[[bytes], bytes]:
    return lambda plain: plain.decode("utf-8", "replace").encode(encoding)


# --- base64 ----------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Run:
    """A stretch of base64's characters, perhaps over several lines."""

    start: int
    written: bytes

    @property
    def end(self) -> int:
        """Where it ends in the data."""
        return self.start + len(self.written)


def base64_runs(data: bytes) -> list[Run]:
    """Every stretch that may hold eight bytes in base64."""
    return [Run(match.start(), match.group(0)) for match in _BASE64.finditer(data)]


def all_decoded(runs: list[Run]) -> bytes:
    """What the runs may mean, from whichever of its first characters each begins, in one text."""
    decoded: list[bytes] = []
    for run in runs:
        compact = _compact(run.written)
        decoded += [_decoded(compact[skipped:]) for skipped in range(4)]
    return _BETWEEN.join(decoded)


def readings(run: Run) -> Iterator[Container]:
    """What a run may mean, the likeliest first: all of it, a part of a path, any alignment."""
    written, start = run.written, run.start
    parts = [(start, written)]
    lines = re.split(rb"([ \t]*\r?\n[ \t]*)", written)
    if len(lines) > 1:
        # The last line may be the text that follows.
        parts.append((start, b"".join(lines[:-2])))
    elif b"/" in written:
        position = start
        for part in written.split(b"/"):
            if len(part) >= 11:
                parts.append((position, part))
            position += len(part) + 1
    for position, part in parts:
        reading = _reading(position, part, 0)
        if _is_text(reading.plain or b"") and len(_compact(part)) % 4 != 1:
            yield reading
    for skipped in range(4):
        yield _reading(start, written, skipped)


def _reading(start: int, written: bytes, skipped: int) -> Container:
    compact = _compact(written)
    head, body = compact[:skipped], compact[skipped:]
    tail = body[-1:] if len(body) % 4 == 1 else b""
    breaks = re.search(rb"[ \t]*\r?\n[ \t]*", written)

    def encode(plain: bytes) -> bytes:
        encoded = base64.b64encode(plain)
        if not written.endswith(b"="):
            encoded = encoded.rstrip(b"=")
        if b"-" in written or b"_" in written:
            encoded = encoded.translate(_TO_URL_SAFE)
        encoded = head + encoded + tail
        if breaks is None:
            return encoded
        width = breaks.start()
        lines = [encoded[at : at + width] for at in range(0, len(encoded), width)]
        return breaks.group(0).join(lines)

    return Container(start, start + len(written), _decoded(body), encode)


def _compact(written: bytes) -> bytes:
    return written.translate(None, b" \t\r\n=")


def _decoded(compact: bytes) -> bytes:
    if len(compact) % 4 == 1:
        compact = compact[:-1]
    return binascii.a2b_base64(compact.translate(_TO_STANDARD) + b"=" * (-len(compact) % 4))


def _is_text(plain: bytes) -> bool:
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
