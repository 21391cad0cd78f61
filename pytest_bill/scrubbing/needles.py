"""Looking for many strings of bytes at once: the time depends on the data, not on how many.

A run knows a dozen secrets, or ten thousand: each cookie that BILL hands out is one. A few are
looked for one by one. Of many, the first eight pieces of a needle are kept, each from one byte
later than the one before, as numbers; data is read as numbers of the same size, one after another.
Wherever the needle stands in it, one of its pieces is among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_FEW = 32
_SIZES = (8, 4)
"""Bytes of a piece. A needle has twice as many, less one."""


class Needles:
    """Strings of bytes that are looked for in data; more may be added at any time."""

    def __init__(self, needles: Iterable[bytes] = ()) -> None:
        self._all: dict[bytes, None] = {}
        self._one_by_one: list[bytes] = []
        self._indexes = [_Index(size) for size in _SIZES]
        for needle in needles:
            self.add(needle)

    def __len__(self) -> int:
        return len(self._all)

    def add(self, needle: bytes) -> None:
        """Look for this one from now on, too."""
        if needle in self._all:
            return
        self._all[needle] = None
        if len(self._all) <= _FEW:
            self._one_by_one.append(needle)
        elif len(self._all) == _FEW + 1:
            self._one_by_one = [each for each in self._all if not self._is_indexed(each)]
        elif not self._is_indexed(needle):
            self._one_by_one.append(needle)

    def _is_indexed(self, needle: bytes) -> bool:
        return any(index.takes(needle) for index in self._indexes)

    def may_be_in(self, data: bytes) -> bool:
        """Whether some of them stand in the data, or something like one."""
        for needle in self._one_by_one:
            if needle in data:
                return True
        if len(self._all) > _FEW:
            return any(index.may_be_in(data) for index in self._indexes)
        return False

    def found_in(self, data: bytes) -> list[bytes]:
        """Those that stand in the data."""
        found = [needle for needle in self._one_by_one if needle in data]
        for index in self._indexes:
            found += index.found_in(data)
        return found


class _Index:
    """Needles by their pieces of one size."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._needles: set[bytes] = set()
        self._pieces: set[int] = set()
        # Where in a needle a piece may stand, and how long that needle is.
        self._of_piece: dict[int, tuple[tuple[int, int], ...]] = {}

    def takes(self, needle: bytes) -> bool:
        if len(needle) < 2 * self._size - 1:
            return False
        self._needles.add(needle)
        for offset in range(self._size):
            (piece,) = _pieces(needle[offset : offset + self._size], self._size)
            places = self._of_piece.get(piece, ())
            if (offset, len(needle)) not in places:
                self._of_piece[piece] = (*places, (offset, len(needle)))
            self._pieces.add(piece)
        return True

    def may_be_in(self, data: bytes) -> bool:
        return bool(self._needles) and not self._pieces.isdisjoint(_pieces(data, self._size))

    def found_in(self, data: bytes) -> list[bytes]:
        if not self.may_be_in(data):
            return []
        return list(dict.fromkeys(self._in_places(data)))

    def _in_places(self, data: bytes) -> Iterator[bytes]:
        for number, piece in enumerate(_pieces(data, self._size)):
            for offset, length in self._of_piece.get(piece, ()):
                start = number * self._size - offset
                written = data[start : start + length] if start >= 0 else b""
                if written in self._needles:
                    yield written


def _pieces(data: bytes, size: int) -> memoryview[int]:
    """The data as numbers; what is left at its end is too short for one."""
    whole = memoryview(data)[: len(data) // size * size]
    return whole.cast("Q") if size == 8 else whole.cast("I")
