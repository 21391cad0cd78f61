"""Base64: where it may stand in data, over one line or several, and what it may mean.

Nothing says where a run of its letters begins to be base64, nor which of its lines belong together:
each may be read in several ways, the likeliest first.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.search.budget import Budget, Level
from pytest_bill.scrubbing.search.containers import Container
from pytest_bill.scrubbing.search.packed import MAGIC, whole_deflate
from pytest_bill.scrubbing.search.utf8 import is_utf8

_ALPHABET = rb"[A-Za-z0-9+/_-]"
_LINE_BREAK = rb"[ \t]*\r?\n[ \t]*(?!--)"
# Eleven characters hold the eight bytes of the shortest secret.
_BASE64 = late_pattern(rb"%(c)s{11,}+={0,2}" % {b"c": _ALPHABET})
# Slower, so only where a line begins like base64.
_BASE64_LINES = late_pattern(
    rb"(?<!%(c)s)(?:%(c)s{11,}+(?:%(n)s%(c)s++)*+|%(c)s{1,10}+(?:%(n)s%(c)s++)++)={0,2}"
    % {b"c": _ALPHABET, b"n": _LINE_BREAK}
)
_LINE_BEGINS = late_pattern(rb"\n[ \t]*+%(c)s" % {b"c": _ALPHABET})
_LINE = late_pattern(rb"[^\s]{11,}")
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_TO_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_SHORTEST = 11
_SHORTEST_DEFLATED = 24
_MOST_SLASHES = 16
_BETWEEN = b"\x01"
_BETWEEN_CHARACTERS = b" \t\r\n="
_FILLED_BETWEEN = base64.b64encode(_BETWEEN * 3)
_FILL = (b"", b"BBB", b"BB", b"B")


@dataclass(frozen=True, repr=False)
class Run:
    """A stretch of base64's characters, perhaps over several lines.

    Over several, it may be one thing that was wrapped, or one thing a line.
    """

    start: int
    written: bytes
    lines: tuple[Run, ...] = ()
    """The lines that may hold eight bytes each, where there are several."""

    @property
    def end(self) -> int:
        """Where it ends in the data."""
        return self.start + len(self.written)


def base64_runs(data: bytes) -> list[Run]:
    """Every stretch that may hold eight bytes in base64."""
    pattern = _BASE64_LINES if _LINE_BEGINS.search(data) else _BASE64
    return [
        Run(
            match.start(),
            _without_separator(match.group(0), data, match.end()),
            tuple(_lines_of(match, data)) if b"\n" in match.group(0) else (),
        )
        for match in pattern.finditer(data)
    ]


def _lines_of(run: re.Match[bytes], data: bytes) -> Iterator[Run]:
    for match in _LINE.finditer(data, *run.span()):
        yield Run(match.start(), _without_separator(match.group(0), data, match.end()))


def splits_of(run: Run) -> list[tuple[Run, ...]]:
    """The things that a run may consist of, the likelier way to see it first."""
    if not run.lines:  # of one line, or of short ones
        return [(run,)]
    return [(run,), run.lines] if _is_wrapped(run) else [run.lines, (run,)]


def _is_wrapped(run: Run) -> bool:
    """Whether the lines are one thing, by what makes sense when decoded, else by their widths."""
    widths = [len(line) for line in run.written.split()]
    is_one = _makes_sense(run)
    is_each = len(widths) == len(run.lines) and all(map(_makes_sense, run.lines))
    if is_one != is_each:
        return is_one
    if is_each:
        begins_anew = any(_plain(line).startswith(MAGIC) for line in run.lines[1:])
        return not begins_anew and len(set(widths[:-1])) == 1 and widths[-1] <= widths[0]
    # Text in front of what is wrapped may make the first wider, text behind it the last.
    return len(set(widths[1:-1])) == 1 if len(widths) > 2 else widths[1] <= widths[0]


def _makes_sense(run: Run) -> bool:
    return len(_compact(run.written)) % 4 != 1 and _is_sensible(_plain(run))


def _plain(run: Run) -> bytes:
    return _decoded(_compact(run.written))


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


def _all_decoded(runs: Sequence[Run]) -> bytes:
    """What the runs may mean, from whichever of its first characters each begins, in one text.

    So each line is read by itself, too, wherever it begins in its run.
    """
    # All in one, because there may be a million short ones.
    stretches = [run.written for run in runs]
    written = _BETWEEN.join(stretches).translate(_TO_STANDARD, _BETWEEN_CHARACTERS)
    compact = [each for each in written.split(_BETWEEN) if len(each) >= _SHORTEST]
    decoded: list[bytes] = []
    for skipped in range(4):
        aligned = [each[skipped:] + _FILL[(len(each) - skipped) % 4] for each in compact]
        decoded.append(binascii.a2b_base64(_FILLED_BETWEEN.join(aligned)))
    return _BETWEEN.join(decoded)


def inflated_runs(words: Iterable[bytes], budget: Budget) -> bytes:
    """What comes out of those stretches of base64 that are raw deflate from first to last.

    Raises:
        TooMuch: it is more than may be unpacked.
    """
    found = [
        plain
        for word in words
        if len(word) >= _SHORTEST_DEFLATED
        and (plain := whole_deflate(_decoded(_compact(word)), budget))
    ]
    return b"".join(_BETWEEN + each for each in found)


def all_meant(runs: Sequence[Run], at: Level) -> bytes:
    """What the runs may mean, and what is packed in one by raw deflate.

    Raises:
        TooMuch: that is more than may be unpacked.
    """
    return _all_decoded(runs) + inflated_runs([run.written for run in runs], at.budget)


def readings_of(run: Run) -> Iterator[Container]:
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

    def encode(plain: bytes) -> bytes:
        encoded = base64.b64encode(plain)
        if not written.endswith(b"=") and len(body) % 4:
            encoded = encoded.rstrip(b"=")
        if b"-" in written or b"_" in written:
            encoded = encoded.translate(_TO_URL_SAFE)
        return _wrapped_like(written, head + encoded + tail)

    plain = _decoded(body)
    return Container(
        start,
        start + len(written),
        plain,
        encode,
        not skipped and _is_sensible(plain),
        is_whole=True,
    )


def _wrapped_like(written: bytes, encoded: bytes) -> bytes:
    """What is encoded over lines as wide as those of what was written before."""
    line_break = re.search(rb"[ \t]*\r?\n[ \t]*", written)
    if line_break is None:
        return encoded
    # The first may be narrower than the others, or wider, because of what stands in front of it.
    first, *others = [len(line) for line in written.split()]
    width = max(others) if len(others) > 1 else max(first, *others)
    lines = [encoded[at : at + width] for at in range(first, len(encoded), width)]
    return line_break.group(0).join([encoded[:first], *lines])


def _is_sensible(plain: bytes) -> bool:
    return is_utf8(plain) or plain.startswith(MAGIC) or b"\0" in plain


def _compact(written: bytes) -> bytes:
    return written.translate(None, _BETWEEN_CHARACTERS)


def _decoded(compact: bytes) -> bytes:
    if len(compact) % 4 == 1:
        compact = compact[:-1]
    return binascii.a2b_base64(compact.translate(_TO_STANDARD) + b"=" * (-len(compact) % 4))
