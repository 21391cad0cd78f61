"""Looking for many strings of bytes at once: the time depends on the data, not on how many.

A run knows a dozen secrets, or ten thousand: each cookie that BILL hands out is one. A few are
looked for one by one. Of many, the first eight pieces of a literal are kept, each from one byte
later than the one before, as numbers; data is read as numbers of the same size, one after another.
Wherever the literal stands in it, one of its pieces is among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_FEW = 32
_SIZES = (8, 4)
"""Bytes of a piece. A literal has twice as many, less one."""


class Literals:
    """Strings of bytes that are looked for in data; more may be added at any time."""

    def __init__(self, literals: Iterable[bytes] = ()) -> None:
        self._all: dict[bytes, None] = {}
        self._one_by_one: list[bytes] = []
        self._indexes = [_Index(size) for size in _SIZES]
        for literal in literals:
            self.add(literal)

    def __len__(self) -> int:
        return len(self._all)

    def add(self, literal: bytes) -> None:
        """Look for this one from now on, too."""
        if literal in self._all:
            return
        self._all[literal] = None
        if len(self._all) <= _FEW:
            self._one_by_one.append(literal)
        elif len(self._all) == _FEW + 1:
            self._one_by_one = [each for each in self._all if not self._is_indexed(each)]
        elif not self._is_indexed(literal):
            self._one_by_one.append(literal)

    def _is_indexed(self, literal: bytes) -> bool:
        return any(index.takes(literal) for index in self._indexes)

    def may_be_in(self, data: bytes) -> bool:
        """Whether some of them stand in the data, or something like one."""
        for literal in self._one_by_one:
            if literal in data:
                return True
        if len(self._all) > _FEW:
            return any(index.may_be_in(data) for index in self._indexes)
        return False

    def found_in(self, data: bytes) -> list[bytes]:
        """Those that stand in the data."""
        found = [literal for literal in self._one_by_one if literal in data]
        for index in self._indexes:
            found += index.found_in(data)
        return found


class _Index:
    """Literals by their pieces of one size."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._literals: set[bytes] = set()
        self._pieces: set[int] = set()
        # Where in a literal a piece may stand, and how long that literal is.
        self._of_piece: dict[int, tuple[tuple[int, int], ...]] = {}

    def takes(self, literal: bytes) -> bool:
        if len(literal) < 2 * self._size - 1:
            return False
        self._literals.add(literal)
        for offset in range(self._size):
            (piece,) = _pieces(literal[offset : offset + self._size], self._size)
            places = self._of_piece.get(piece, ())
            if (offset, len(literal)) not in places:
                self._of_piece[piece] = (*places, (offset, len(literal)))
            self._pieces.add(piece)
        return True

    def may_be_in(self, data: bytes) -> bool:
        return bool(self._literals) and not self._pieces.isdisjoint(_pieces(data, self._size))

    def found_in(self, data: bytes) -> list[bytes]:
        if not self.may_be_in(data):
            return []
        return list(dict.fromkeys(self._in_places(data)))

    def _in_places(self, data: bytes) -> Iterator[bytes]:
        for number, piece in enumerate(_pieces(data, self._size)):
            for offset, length in self._of_piece.get(piece, ()):
                start = number * self._size - offset
                written = data[start : start + length] if start >= 0 else b""
                if written in self._literals:
                    yield written


def _pieces(data: bytes, size: int) -> memoryview[int]:
    """The data as numbers; what is left at its end is too short for one."""
    whole = memoryview(data)[: len(data) // size * size]
    return whole.cast("Q") if size == 8 else whole.cast("I")
