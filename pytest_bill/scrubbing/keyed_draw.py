"""Drawing characters and numbers that depend on a key and a value alone."""

from __future__ import annotations

import hashlib
import hmac
import string
import struct
from collections.abc import Iterator, Sequence
from itertools import chain, repeat

_AT_FIRST = 17
"""Numbers of 64 bits that one step of SHAKE-256 gives."""


class KeyedDraw:
    """Numbers that depend on the key and a value alone."""

    def __init__(self, keyed: hmac.HMAC, family: str, value: str, attempt: int) -> None:
        self.is_first = attempt == 0
        self._numbers = _drawn(keyed, f"{family}\0{attempt}\0{value}", len(value) + 32)

    def below(self, end: int) -> int:
        """A number from 0 up to, not including, ``end``."""
        return next(self._numbers, 0) % end

    def one_of(self, choices: str) -> str:
        """One character of several."""
        return choices[self.below(len(choices))]

    def digits(self, count: int) -> str:
        """Some digits."""
        return self.some_of([string.digits] * count)

    def some_of(self, choices: Sequence[str]) -> str:
        """One character of each."""
        numbers = chain(self._numbers, repeat(0))
        return "".join(
            [each[number % len(each)] for each, number in zip(choices, numbers, strict=False)]
        )


def _drawn(keyed: hmac.HMAC, message: str, count: int) -> Iterator[int]:
    # A name of known words needs none, and most values need few.
    seeded = keyed.copy()
    seeded.update(message.encode("utf-8", "surrogatepass"))
    stream = hashlib.shake_256(seeded.digest())
    yield from struct.unpack(f">{_AT_FIRST}Q", stream.digest(8 * _AT_FIRST))
    yield from struct.unpack(f">{count}Q", stream.digest(8 * count))[_AT_FIRST:]
