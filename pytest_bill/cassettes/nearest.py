"""Which recorded requests are most like one that is not recorded, without comparing all in full.

First come those of the same method and path. Of them, those that differ in one part are found by
comparing whole parts, and the first one that is found mostly ends the search; only where there is
none, an estimate tells which few of all are worth comparing field by field. Where nothing of that
path is recorded, it is the one whose path is most alike, and what else it holds does not matter.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterator, Sequence
from itertools import chain, repeat
from operator import attrgetter, eq
from typing import TYPE_CHECKING, NamedTuple

from pytest_bill.cassettes.differences import Difference
from pytest_bill.cassettes.matching import Compared, Matcher, MatchKey
from pytest_bill.patterns import late_pattern

if TYPE_CHECKING:
    from pytest_bill.cassettes.index import Index

_TOGETHER = 64
_key_of = attrgetter("key")
_FEW, _MANY = 20, 64
_MOST_TEXT = 4_000_000
"""Characters of bodies that are looked at for one estimate: more would take too long."""
_WITH_FIELDS = ("query", "body")
_WITH_SEGMENTS = ("path", "uri")
_A_PAIR_EACH = 2
_ID = late_pattern(r"^(?!v\d+$).*\d")
"""A digit, but not that of an API's version."""


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


def likely(
    key: MatchKey, recorded: Sequence[Compared], parts: Sequence[str], same: Sequence[int]
) -> Iterator[int]:
    """The numbers of the match keys that are most like one, which is not among them.

    Those in which one thing differs come first. ``parts`` are the names of what is in a key,
    ``same`` the numbers of those of the same method and path.
    """
    if not same:
        yield from Operation(key, parts).most_alike_in(recorded)
        return
    of_same = recorded if len(same) == len(recorded) else [recorded[number] for number in same]
    for number in _with_one_difference(key, of_same, parts):
        yield same[number]
    for number in _estimated(key, of_same):  # only now: it looks at all of them
        yield same[number]


class _Unlike(NamedTuple):
    """How much a method and a path are unlike others: the least is the nearest."""

    is_another_path: bool
    is_another_method: bool
    segments: int


_LEAST_UNLIKE = _Unlike(False, False, 1)


class Operation:
    """The method and the path of a match key, as far as they are in it."""

    def __init__(self, key: MatchKey, parts: Sequence[str]) -> None:
        """``parts`` are the names of what is in a key."""
        self._method = parts.index("method") if "method" in parts else None
        self._path = next((parts.index(each) for each in _WITH_SEGMENTS if each in parts), None)
        self._is_uri = self._path is not None and parts[self._path] == "uri"
        self._key = key
        self._segments = self._path_of(key).split("/")

    def is_of(self, other: MatchKey) -> bool:
        """Whether another key is of the same method and path."""
        is_method = self._method is None or other[self._method] == self._key[self._method]
        return is_method and self._path_of(other) == self._path_of(self._key)

    def same_in(self, recorded: Sequence[Compared]) -> Sequence[int]:
        """The numbers of those of the same method and path."""
        method, path = self._method, self._path
        if method is None or path is None or self._is_uri:
            return [number for number, each in enumerate(recorded) if self.is_of(each.key)]
        mine, here = self._key[method], self._key[path]
        return [
            number
            for number, each in enumerate(recorded)
            if each.key[path] == here and each.key[method] == mine
        ]

    def most_alike_in(self, recorded: Sequence[Compared]) -> Iterator[int]:
        """The number of the one whose path is most alike, if there is any.

        That of the same path but for ids comes first, before all with the same method.
        """
        best: tuple[_Unlike, int] | None = None
        seen: set[Hashable] = set()
        for number, each in enumerate(recorded):
            method = each.key[self._method] if self._method is not None else None
            path = self._path_of(each.key)
            if (method, path) in seen:
                continue
            seen.add((method, path))
            unlike = self._unlike(method, path)
            if best is None or unlike < best[0]:
                best = unlike, number
                if unlike == _LEAST_UNLIKE:
                    break
        if best is not None:
            yield best[1]

    def _path_of(self, key: MatchKey) -> str:
        if self._path is None:
            return ""
        path = str(key[self._path])
        return path.partition("?")[0] if self._is_uri else path

    def _unlike(self, method: Hashable, path: str) -> _Unlike:
        segments = path.split("/")
        differing = [
            pair for pair in zip(self._segments, segments, strict=False) if pair[0] != pair[1]
        ]
        longer = abs(len(segments) - len(self._segments))
        is_same_but_for_ids = not longer and all(map(_may_be_id, chain.from_iterable(differing)))
        is_method = self._method is None or method == self._key[self._method]
        return _Unlike(not is_same_but_for_ids, not is_method, longer + len(differing))


def _may_be_id(segment: str) -> bool:
    """Whether a segment of a path may say which record it is, and not what is asked."""
    return _ID.search(segment) is not None


def _with_one_difference(
    key: MatchKey, recorded: Sequence[Compared], parts: Sequence[str]
) -> Iterator[int]:
    """Those that differ in one part, and there in few fields."""
    one_less, left = len(key) - 1, _most(key)
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
            if left and looks[place].may_be_one(recorded[number].key[place]):
                left -= looks[place].may_err
                yield number


class _Whole:
    """A part that is compared as a whole."""

    may_err = False

    def __init__(self, mine: Hashable) -> None:
        self.mine = mine

    def may_be_one(self, theirs: Hashable) -> bool:
        """Whether it may be one field in which they differ; False where it is certainly more."""
        del theirs
        return True


class _Pairs(_Whole):
    """A query or a form."""

    may_err = True

    def __init__(self, mine: tuple[Hashable, ...]) -> None:
        super().__init__(mine)
        self._pairs = frozenset(mine)

    def may_be_one(self, theirs: Hashable) -> bool:
        """See there; one pair of each side makes one field."""
        others = theirs if isinstance(theirs, tuple) else ()
        return len(self._pairs.symmetric_difference(others)) <= _A_PAIR_EACH


class _Text(_Whole):
    """A body: of JSON in which one field is another, all before or all behind it is the same."""

    may_err = True

    def __init__(self, mine: str) -> None:
        super().__init__(mine)
        middle = mine.find(", ", len(mine) // 2)
        middle = middle if middle >= 0 else len(mine) // 2
        self._begin, self._end = mine[:middle], mine[middle:]

    def may_be_one(self, theirs: Hashable) -> bool:
        """See there."""
        text = theirs if isinstance(theirs, str) else ""
        return text.startswith(self._begin) or text.endswith(self._end)


def _look_at(part: str, mine: Hashable) -> _Whole:
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
