"""Which recorded requests are most like one that is not recorded, without comparing all in full.

First those that differ in one part, since nothing can be nearer: they are found by comparing whole
parts, and the first one that is found mostly ends the search. Only where there is none, an estimate
tells which few of all are worth comparing field by field.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterator, Sequence
from itertools import repeat
from operator import attrgetter, eq, ne
from typing import TYPE_CHECKING

from pytest_bill.cassettes.differences import Difference
from pytest_bill.cassettes.matching import Compared, Matcher, MatchKey

if TYPE_CHECKING:
    from pytest_bill.cassettes.index import Index

_TOGETHER = 64
_key_of = attrgetter("key")
_FEW, _MANY = 20, 64
_MOST_TEXT = 4_000_000
"""Characters of bodies that are looked at for one estimate: more would take too long."""
_WITH_FIELDS = ("query", "body")
_WITH_SEGMENTS = ("path", "uri")


def find(compared: Compared, index: Index, matcher: Matcher) -> tuple[int, list[Difference]] | None:
    """The recorded request with the fewest differences, by its number; None where none is there."""
    key = compared.key
    found: tuple[int, list[Difference]] | None = None
    for numbers, least in ((index.same_as(key), 0), (index.likely(key), 1)):
        for number in numbers:
            differences = matcher.differences_of(key, index.key_of(number))
            differences += matcher.session_difference(compared.session, index.session_of(number))
            if found is None or len(differences) < len(found[1]):
                found = number, differences
            if len(found[1]) <= least:  # none can be nearer
                break
    return found


def likely(key: MatchKey, recorded: Sequence[Compared], parts: Sequence[str]) -> Iterator[int]:
    """The numbers of the match keys that are most like one, which is not among them.

    Those in which one thing differs come first, of another path those whose path is most alike.
    ``parts`` are the names of what is in a key.
    """
    yield from _with_one_difference(key, recorded, parts)
    yield from _estimated(key, recorded)


def _with_one_difference(
    key: MatchKey, recorded: Sequence[Compared], parts: Sequence[str]
) -> Iterator[int]:
    """Those that differ in one part, and there in few fields or in one segment.

    Behind them those that differ in more segments of their path.
    """
    one_less, left = len(key) - 1, _most(key)
    elsewhere: tuple[int, int] | None = None
    looks = [_look_at(part, mine) for part, mine in zip(parts, key, strict=True)]
    for start in range(0, len(recorded), _TOGETHER):
        keys = map(_key_of, recorded[start : start + _TOGETHER])
        columns = [
            list(map(eq, column, repeat(mine)))
            for mine, column in zip(key, zip(*keys, strict=True), strict=True)
        ]
        for row, equal in enumerate(map(sum, zip(*columns, strict=True))):
            if equal != one_less:
                continue
            number = start + row
            place = next(each for each, column in enumerate(columns) if not column[row])
            differing = looks[place].differing_from(recorded[number].key[place])
            if differing == 1 and left:
                left -= looks[place].may_err
                yield number
            elif differing and (elsewhere is None or differing < elsewhere[0]):
                elsewhere = differing, number
    if elsewhere is not None:
        yield elsewhere[1]


class _Whole:
    """A part that is compared as a whole."""

    may_err = False

    def __init__(self, mine: Hashable) -> None:
        self.mine = mine

    def differing_from(self, theirs: Hashable) -> int:
        """How many pieces differ, at least one; 0 where they are certainly too many."""
        del theirs
        return 1


class _Segments(_Whole):
    """A path or a URL, by its segments."""

    def __init__(self, mine: str) -> None:
        super().__init__(mine)
        self._segments = mine.split("/")

    def differing_from(self, theirs: Hashable) -> int:
        """See there."""
        others = str(theirs).split("/")
        longer = abs(len(others) - len(self._segments))
        return longer + list(map(ne, self._segments, others)).count(True)


class _Pairs(_Whole):
    """A query or a form."""

    may_err = True

    def __init__(self, mine: tuple[Hashable, ...]) -> None:
        super().__init__(mine)
        self._pairs = frozenset(mine)

    def differing_from(self, theirs: Hashable) -> int:
        """See there; one pair of each side makes one field."""
        others = theirs if isinstance(theirs, tuple) else ()
        return int(len(self._pairs.symmetric_difference(others)) <= 2)


class _Text(_Whole):
    """A body: of JSON in which one field is another, all before or all behind it is the same."""

    may_err = True

    def __init__(self, mine: str) -> None:
        super().__init__(mine)
        middle = mine.find(", ", len(mine) // 2)
        middle = middle if middle >= 0 else len(mine) // 2
        self._begin, self._end = mine[:middle], mine[middle:]

    def differing_from(self, theirs: Hashable) -> int:
        """See there."""
        text = theirs if isinstance(theirs, str) else ""
        return int(text.startswith(self._begin) or text.endswith(self._end))


def _look_at(part: str, mine: Hashable) -> _Whole:
    if part in _WITH_SEGMENTS and isinstance(mine, str):
        return _Segments(mine)
    if part in _WITH_FIELDS:
        if isinstance(mine, tuple):
            return _Pairs(mine)
        if isinstance(mine, str):
            return _Text(mine)
    return _Whole(mine)


def _most(key: MatchKey) -> int:
    """So many are compared in full."""
    size = sum(len(part) for part in key if isinstance(part, str))
    return max(_FEW, min(_MANY, _MANY * 1_000 // max(1, size)))


def _estimated(key: MatchKey, recorded: Sequence[Compared]) -> list[int]:
    """The few that are most like it, in the order recorded; of large ones fewer."""
    count = _most(key)
    if len(recorded) <= count:
        return list(range(len(recorded)))
    estimated = _Estimate(key, _MOST_TEXT // len(recorded))
    distances = [(estimated(other.key), number) for number, other in enumerate(recorded)]
    return sorted(number for _, number in heapq.nsmallest(count, distances))


class _Estimate:
    """How many parts and fields of match keys differ from one, roughly and fast.

    Of long texts, such as JSON, what stands between commas is compared, in any order.
    """

    def __init__(self, key: MatchKey, most_text: int) -> None:
        self._key = key
        self._most_text = most_text
        self._pieces = [self._pieces_of(part) for part in key]

    def __call__(self, other: MatchKey) -> int:
        distance = 0
        for part, pieces, theirs in zip(self._key, self._pieces, other, strict=True):
            if part == theirs:
                continue
            if type(part) is type(theirs):
                others = self._pieces_of(theirs)
                differing = max(len(pieces), len(others)) - len(pieces & others)
                distance += differing or 1
            else:
                distance += 1
        return distance

    def _pieces_of(self, part: Hashable) -> frozenset[Hashable]:
        if isinstance(part, str):
            text = part[: self._most_text].replace("{", "").replace("}", "")
            return frozenset(text.split(", "))
        return frozenset(part if isinstance(part, tuple) else (part,))
