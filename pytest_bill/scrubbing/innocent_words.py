"""What was seen to hold no secret in base64, so that it is decoded and searched once, not again.

Most of what may be base64 is none: names of fields and headers, ids, times. The same ones come
again in body after body.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator, Sequence

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_ONLY_LETTERS = bytes(byte if byte in _LETTERS else 32 for byte in range(256))
_SHORTEST = 11
"""Letters of base64 that hold the eight bytes of the shortest secret."""
_LONGEST_KEPT = 256
_MOST_KEPT = 2**17
_BLOCK = 2**18
# No base64 goes on behind such a line.
_END_OF_LINES = re.compile(rb"[^A-Za-z0-9+/_\s-]\s*\n")


class InnocentWords:
    """Stretches of base64's letters that hold no secret in base64.

    Those over several lines are seen as one: whatever part of it is base64, it was decoded, too.
    """

    def __init__(self) -> None:
        self._kept: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, words: Iterable[bytes]) -> None:
        """Know that these are innocent."""
        for word in words:
            if len(self._kept) >= _MOST_KEPT:
                # What comes again is soon here again.
                self._kept = set()
            if len(word) <= _LONGEST_KEPT:
                self._kept.add(word)

    def others_in(self, data: bytes) -> list[bytes]:
        """The stretches in the data that may be base64 and are not known, each once."""
        blocks: Iterable[bytes] = (data,)
        if b"\n" in data:
            lines = (block.split(b"\n") for block in _blocks(data))
            blocks = (b"".join([line.strip() for line in each]) for each in lines)
        kept = self._kept
        others: dict[bytes, None] = {}
        for block in blocks:
            words = block.translate(_ONLY_LETTERS).split()
            new = [word for word in words if len(word) >= _SHORTEST and word not in kept]
            others.update(dict.fromkeys(new))
        return list(others)


def decoded(words: Sequence[bytes]) -> bytes:
    """What the stretches may mean, from whichever of its first characters each begins."""
    written = _BETWEEN.join([*words, b""]).translate(_TO_STANDARD)
    # From each of four characters on: so all begin once where four of theirs do.
    return _BETWEEN.join(
        binascii.a2b_base64(written[skipped : len(written) - (len(written) - skipped) % 4])
        for skipped in range(4)
    )


_BETWEEN = b"BBBB"
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


def _blocks(data: bytes) -> Iterator[bytes]:
    """The data in pieces that end where no base64 does."""
    start = 0
    while start < len(data):
        found = _END_OF_LINES.search(data, start + _BLOCK)
        end = found.end() if found is not None else len(data)
        yield data[start:end]
        start = end
