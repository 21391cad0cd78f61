"""Texts in UTF-16 and UTF-32 within bytes, wherever they begin and whatever stands around them.

ASCII in a text, and escapes are ASCII, shows by the zeros that these encodings put beside it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from pytest_bill.patterns import late_pattern

_MANY_ZEROS = late_pattern(rb"\x00{4,}")
# Each begins with a zero, which is fast to find.
_SOME_16 = late_pattern(rb"\x00[^\x00]\x00[^\x00]\x00")
_SOME_32 = late_pattern(rb"\x00\x00\x00[^\x00]\x00\x00\x00")
_ZONE_16 = late_pattern(rb"\x00(?:[^\x00]{0,64}+\x00){2,}+")
_ZONE_32 = late_pattern(rb"\x00{8,}")
_AROUND = 64
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BOM_BYTES = tuple(bom for bom, _ in _BOMS)

WideText = tuple[int, int, str]
"""Start, end, and the encoding that the bytes between may be read in."""


def may_hold_wide_texts(data: bytes) -> bool:
    """Whether there may be such a text."""
    if b"\0" in data and (_SOME_16.search(data) or _SOME_32.search(data)):
        return True
    return data.startswith(_BOM_BYTES)


def wide_texts_in(data: bytes) -> Iterator[WideText]:
    """What may be a text in UTF-16 or UTF-32; the same bytes may be given in several readings."""
    if data.isascii() and b"\0" not in data:
        return
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            width = int(encoding[4:6]) // 8
            yield 0, len(data) - len(data) % width, encoding
    if _SOME_16.search(data):
        for start, end in _without_zeros(data):
            yield from _readings(data, start, end, 2, _ZONE_16)
    if _SOME_32.search(data):
        for start, end in _without_zeros(data):
            yield from _readings(data, start, end, 4, _ZONE_32)


def _without_zeros(data: bytes) -> Iterator[tuple[int, int]]:
    """The stretches between long runs of zeros, with one character's zeros at both ends."""
    position = 0
    for match in _MANY_ZEROS.finditer(data):
        if match.start() > position:
            yield max(position - 3, 0), match.start() + 3
        position = match.end()
    if position < len(data):
        yield max(position - 3, 0), len(data)


def _readings(
    data: bytes, start: int, end: int, width: int, zone: re.Pattern[bytes]
) -> Iterator[WideText]:
    bits = width * 8
    for offset in range(width):
        # The highest byte of each character, if characters begin or end here.
        highest = data[start + offset : end : width]
        for match in zone.finditer(highest):
            first = max(match.start() - _AROUND, 0)
            last = min(match.end() + _AROUND, len(highest))
            at = start + offset + width * first
            size = width * (last - first)
            for begins, encoding in ((at - width + 1, f"utf-{bits}-le"), (at, f"utf-{bits}-be")):
                begins = begins + width if begins < start else begins
                ends = begins + size
                while ends > end:
                    ends -= width
                if ends > begins:
                    yield begins, ends, encoding
