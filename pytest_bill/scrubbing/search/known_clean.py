"""What was seen to hold no secret in base64, so that it is decoded and searched once, not again.

Most of what may be base64 is none: names of fields and headers, ids, times. The same ones come
again in body after body.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Iterable, Iterator, Sequence

from pytest_bill.patterns import late_pattern

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_LETTERS_ONLY = bytes(65 if byte in _LETTERS else 32 for byte in range(256))
_SHORTEST = 8
_SHORTEST_PACKED = 10
"""Bytes: eight of one letter, packed by zlib."""
_LONGEST_KEPT = 256
_MOST_KEPT = 2**17
_BLOCK = 2**18
# No base64 goes on behind such a line.
_END_OF_LINES = late_pattern(rb"[^A-Za-z0-9+/_\s-]\s*\n")


class KnownClean:
    """Stretches of base64's letters that hold no secret in base64.

    Those over several lines are seen as one: whatever part of it is base64, it was decoded, too.
    """

    def __init__(self, shortest: int = _SHORTEST) -> None:
        """``shortest`` is the size of the shortest secret, in bytes."""
        letters = -(-4 * min(shortest, _SHORTEST_PACKED) // 3)
        self._shortest = b"A" * letters
        self._kept: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, words: Iterable[bytes]) -> None:
        """Know that these are clean."""
        for word in words:
            if len(self._kept) >= _MOST_KEPT:
                # What comes again is soon here again.
                self._kept = set()
            if len(word) <= _LONGEST_KEPT:
                self._kept.add(word)

    def others_in(self, data: bytes) -> list[bytes]:
        """The stretches in the data that may be base64 and are not known, each once."""
        if b"\n" not in data:
            return list(dict.fromkeys(self._others_in_block(data)))
        lines = (block.split(b"\n") for block in _blocks(data))
        blocks = (b"".join([line.strip() for line in each]) for each in lines)
        return list(dict.fromkeys(word for each in blocks for word in self._others_in_block(each)))

    def _others_in_block(self, block: bytes) -> list[bytes]:
        letters, shortest = block.translate(_LETTERS_ONLY), self._shortest
        kept = self._kept
        others: list[bytes] = []
        start = letters.find(shortest)
        while start >= 0:
            end = letters.find(b" ", start + len(shortest))
            if end < 0:
                end = len(block)
            word = block[start:end]
            if word not in kept:
                others.append(word)
            start = letters.find(shortest, end)
        return others


_BETWEEN = b"BBBB"
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


def decoded_words(words: Sequence[bytes]) -> bytes:
    """What the stretches may mean, from whichever of its first characters each begins."""
    written = (_BETWEEN.join(words) + _BETWEEN).translate(_TO_STANDARD)
    size = len(written)
    # From each of four characters on: so all begin once where four of theirs do.
    return _BETWEEN.join(
        (
            a2b_base64(written[: size - size % 4]),
            a2b_base64(written[1 : size - (size - 1) % 4]),
            a2b_base64(written[2 : size - (size - 2) % 4]),
            a2b_base64(written[3 : size - (size - 3) % 4]),
        )
    )


def _blocks(data: bytes) -> Iterator[bytes]:
    """The data in pieces that end where no base64 does."""
    start = 0
    while start < len(data):
        found = _END_OF_LINES.search(data, start + _BLOCK)
        end = found.end() if found is not None else len(data)
        yield data[start:end]
        start = end
