"""The index of a large cassette of which is known where equal match keys are; see ``kept_indexes``.

It reads the interactions that it is asked for. What it takes is compared before; where it finds
none, the whole index is asked, since it may know too little. So it is, too, where many were asked
for: reading each by itself takes longer than reading all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import overload

from pytest_bill.cassettes.index import Index, Sessions
from pytest_bill.cassettes.matching import Compared, Matcher, MatchKey
from pytest_bill.cassettes.stand_in_pairs import StandInPairs
from pytest_bill.interaction import Interaction

_FEW = 32
_PART = 16
"""Of so many, and of this part of all requests, each is read by itself; who asks for more mostly
asks for all, and to read all at once takes a fraction of the time."""


class PartialIndex(Index):
    """The recorded requests of a cassette by their match keys, each compared when it is needed."""

    is_partial = True

    def __init__(
        self,
        interactions: Sequence[Interaction],
        matcher: Matcher,
        stood_in: frozenset[str],
        numbers_of: Callable[[MatchKey], Sequence[int]],
        session_of: Callable[[int], str],
    ) -> None:
        """``numbers_of`` gives the requests that may have a match key: all that do, in order."""
        self._numbers_of, self._known_session_of = numbers_of, session_of
        self._whole = interactions, matcher, stood_in
        super().__init__(interactions, matcher, stood_in)

    def _fill(
        self, interactions: Sequence[Interaction], matcher: Matcher, stood_in: frozenset[str]
    ) -> None:
        self._compared: _Comparing = _Comparing(
            len(interactions), lambda number: matcher.compared(interactions[number], stood_in)
        )

    def compared(self, deciding: Hashable) -> Compared | None:
        """None: it is not known."""
        del deciding
        return None

    def _sessions_of(self, key: MatchKey) -> Sessions | None:
        sessions = self._waiting.get(key)
        if sessions is None:
            numbers = self._numbers_of(key)
            if not numbers:
                return None
            sessions = self._waiting[key] = Sessions()
            for number in numbers:
                sessions.add(self._known_session_of(number), number)
        return sessions

    def take(self, compared: Compared, pairs: StandInPairs) -> int | None:
        """As ``Index.take``; None also where the whole index is to be asked."""
        if self._asked_for_many():
            return None
        return self._checked(super().take(compared, pairs), compared)

    def take_first(self, compared: Compared, agrees: Callable[[int], bool]) -> int | None:
        """As ``Index.take_first``; None also where the whole index is to be asked."""
        if self._asked_for_many():
            return None
        return self._checked(super().take_first(compared, agrees), compared)

    def _asked_for_many(self) -> bool:
        return self._compared.known > _FEW + len(self._taken) // _PART

    def _checked(self, number: int | None, compared: Compared) -> int | None:
        """Nothing where what is known of it is not so."""
        if number is None:
            return None
        recorded = self._compared[number]
        if recorded.key == compared.key and recorded.session == self._known_session_of(number):
            return number
        self._taken[number] = False
        return None

    def whole(self) -> Index:
        """The index that knows all; the same requests are taken in it."""
        index = Index(*self._whole)
        index.go_on_from(self)
        return index


class _Comparing(Sequence[Compared]):
    """Recorded requests as they are compared, each when it is asked for."""

    def __init__(self, count: int, compare: Callable[[int], Compared]) -> None:
        self._count = count
        self._compare = compare
        self._known: dict[int, Compared] = {}

    @property
    def known(self) -> int:
        """How many were asked for."""
        return len(self._known)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> Compared: ...
    @overload
    def __getitem__(self, number: slice) -> list[Compared]: ...
    def __getitem__(self, number: int | slice) -> Compared | list[Compared]:
        if isinstance(number, slice):
            return [self[each] for each in range(self._count)[number]]
        if not 0 <= number < self._count:
            raise IndexError(number)
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._compare(number)
        return known
