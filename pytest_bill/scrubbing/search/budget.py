"""How much one search may do, so that nothing takes long, whatever it is made of.

What is counted is work, not time: bytes that are looked at, over all depths, and bytes that come
out of packed ones. So the same data is always searched as far.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

MOST_UNPACKED = 64 * 2**20
"""Bytes that may come out of what is packed in one piece of data."""

UNSEARCHABLE = "PLACEHOLDER_UNSEARCHABLE"
"""Stands for what cannot be searched: packed bytes that grow beyond all measure."""

DEEPEST = 12
"""How many encodings that must be undone as a whole are looked into, one within another."""

_ALWAYS = 32 * 2**20
_TIMES = 128
_TIMES_UNPACKED = 16
_LONG = 256


class TooMuch(Exception):
    """Data cannot be searched within its budget."""


class Budget:
    """What is left of the work that data of some size may make."""

    def __init__(self, size: int) -> None:
        self._left = _ALWAYS + _TIMES * size
        self.most = self._new = MOST_UNPACKED
        self._searched: dict[bytes, int] = {}
        self.answers: dict[tuple[bytes, int, bool], str | None] | None = None
        """What was found in which data, how deep, for a search that looks at the same often."""

    def spend(self, size: int) -> None:
        """Look at so many bytes, once more or for the first time.

        Raises:
            TooMuch: that is more than it may be.
        """
        self._left -= size
        if self._left < 0:
            raise TooMuch

    def unpack(self, size: int) -> None:
        """Know that so many bytes came out of packed ones: they may be looked at, too.

        Raises:
            TooMuch: the same was unpacked too often.
        """
        new = min(size, self._new)
        self._new -= new
        self._left += _TIMES_UNPACKED * new
        self.spend(size)

    def new_in(self, words: list[bytes], depth: int) -> list[bytes]:
        """Those of the words that were not searched as deep already."""
        if not self._searched:
            return words
        return [
            word
            for word in words
            if len(word) < _LONG or self._searched.get(_digest(word), depth + 1) > depth
        ]

    def searched(self, words: list[bytes], depth: int) -> None:
        """Know that nothing is in the words; the short ones are as quickly searched again."""
        for word in words:
            if len(word) >= _LONG:
                self._searched[_digest(word)] = depth


def key_of(data: bytes) -> bytes:
    """What stands for the data where it would be kept only to be known again."""
    return data if len(data) < _LONG else _digest(data)


def _digest(word: bytes) -> bytes:
    return hashlib.blake2b(word, digest_size=16).digest()


class Level(NamedTuple):
    """How deep in nested encodings a search is, and what it may still do."""

    depth: int
    budget: Budget
    is_whole: bool = False
    """Whether the data is the whole of something, and may be packed without saying so."""

    def deeper(self) -> Level:
        """One level deeper."""
        return Level(self.depth + 1, self.budget)
