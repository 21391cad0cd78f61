"""Encodings that must be undone as a whole: base64, packed streams, UTF-16 and UTF-32.

What is found in a container is replaced in its content, which is then encoded again, so that
whoever decodes it still can.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from pytest_bill.scrubbing.packed import MAGIC, may_hold_streams, streams_in
from pytest_bill.scrubbing.wide_text import may_hold_wide_texts, wide_texts_in

_ALPHABET = rb"[A-Za-z0-9+/_-]"
_LINE_BREAK = rb"[ \t]*\r?\n[ \t]*(?!--)"
# Eleven characters hold the eight bytes of the shortest secret.
_BASE64 = re.compile(rb"%(c)s{11,}(?:%(n)s%(c)s+)*={0,2}" % {b"c": _ALPHABET, b"n": _LINE_BREAK})
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_TO_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_SHORTEST = 11
_MOST_SLASHES = 16
_BETWEEN = b"\x01"
_BETWEEN_CHARACTERS = b" \t\r\n="
_FILLED_BETWEEN = base64.b64encode(_BETWEEN * 3)
_FILL = (b"", b"BBB", b"BB", b"B")


@dataclass(frozen=True, repr=False)
class Container:
    """An encoded stretch of data; ``plain`` is None where it is too large to be searched."""

    start: int
    end: int
    plain: bytes | None
    encode: Callable[[bytes], bytes]
    is_likely: bool = True
    """Whether the content makes sense as a whole, not only where something was found in it."""


def containers_in(data: bytes) -> Iterator[Container]:
    """The packed streams and the wide texts in the data."""
    for stream in streams_in(data):
        yield Container(stream.start, stream.end, stream.plain, stream.pack)
    for start, end, encoding in wide_texts_in(data):
        plain = data[start:end].decode(encoding, "replace").encode("utf-8")
        yield Container(start, end, plain, _to_wide(encoding))


def may_hold_containers(data: bytes) -> bool:
    """Whether there may be a packed stream or a wide text in the data."""
    return may_hold_streams(data) or may_hold_wide_texts(data)


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
    return [run for match in _BASE64.finditer(data) for run in _runs_of(match, data)]


def _runs_of(match: re.Match[bytes], data: bytes) -> Iterator[Run]:
    written = _without_separator(match.group(0), data, match.end())
    if _is_wrapped(written):
        yield Run(match.start(), written)
        return
    # One thing a line, not one thing over all of them.
    for line in re.finditer(rb"[^\s]{11,}", written):
        yield Run(match.start() + line.start(), line.group(0))


def _is_wrapped(written: bytes) -> bool:
    """Whether all lines but the first and the last are of one width.

    Text in front of what is wrapped may make the first wider, text behind it the last.
    """
    widths = [len(line) for line in written.split()]
    if len(widths) == 2:
        return widths[1] <= widths[0]
    return len(set(widths[1:-1])) <= 1


def _without_separator(written: bytes, data: bytes, end: int) -> bytes:
    """A run without the signs of equality that are none of its padding, as in ``name=value``."""
    if not written.endswith(b"="):
        return written
    bare = written.rstrip(b"=")
    needed = -len(_compact(bare)) % 4
    signs = len(written) - len(bare)
    if needed > signs or needed > 2:
        needed = 0
    if needed == signs == 1 and end < len(data) and data[end] in _LETTERS:
        needed = 0
    return bare + b"=" * needed


def all_decoded(runs: list[Run]) -> bytes:
    """What the runs may mean, from whichever of its first characters each begins, in one text."""
    # All in one, because there may be a million short ones.
    written = _BETWEEN.join([run.written for run in runs])
    compact = written.translate(_TO_STANDARD, _BETWEEN_CHARACTERS).split(_BETWEEN)
    decoded: list[bytes] = []
    for skipped in range(4):
        aligned = [each[skipped:] + _FILL[(len(each) - skipped) % 4] for each in compact]
        decoded.append(binascii.a2b_base64(_FILLED_BETWEEN.join(aligned)))
    return _BETWEEN.join(decoded)


def readings(run: Run) -> Iterator[Container]:
    """What a run may mean, the likeliest first: all of it, a part of a path, any alignment."""
    written, start = run.written, run.start
    parts = [(start, written)]
    lines = re.split(rb"([ \t]*\r?\n[ \t]*)", written)
    if len(lines) > 1:
        # The last line may be the text that follows.
        parts.append((start, b"".join(lines[:-2])))
    else:
        # In a path: all that follows a slash, or what stands between two.
        slashes = [match.end() for match in re.finditer(b"/", written)]
        parts += [(start + at, written[at:]) for at in slashes[:_MOST_SLASHES]]
        for first, last in pairwise([0, *slashes, len(written) + 1]):
            if slashes and last - first > _SHORTEST:
                parts.append((start + first, written[first : last - 1]))
    for position, part in parts:
        reading = _reading(position, part, 0)
        if reading.is_likely and len(_compact(part)) % 4 != 1:
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
        if not written.endswith(b"=") and len(body) % 4:
            encoded = encoded.rstrip(b"=")
        if b"-" in written or b"_" in written:
            encoded = encoded.translate(_TO_URL_SAFE)
        encoded = head + encoded + tail
        if breaks is None:
            return encoded
        width = breaks.start()
        lines = [encoded[at : at + width] for at in range(0, len(encoded), width)]
        return breaks.group(0).join(lines)

    plain = _decoded(body)
    is_likely = not skipped and (_is_text(plain) or plain.startswith(MAGIC) or b"\0" in plain)
    return Container(start, start + len(written), plain, encode, is_likely)


def _compact(written: bytes) -> bytes:
    return written.translate(None, _BETWEEN_CHARACTERS)


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
