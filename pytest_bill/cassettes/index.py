"""The recorded requests of a cassette by their match keys: which is next, which is nearest."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from operator import itemgetter

from pytest_bill.cassettes.matchers.session import are_different
from pytest_bill.cassettes.matching import Compared, Matcher, MatchKey
from pytest_bill.cassettes.stand_in_pairs import StandInPairs
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import Personal

_TOGETHER = 256
"""So many requests are searched for secrets in one go."""


class Index:
    """The recorded requests of a cassette by their match keys, each to be taken once.

    A lookup is one dict access. It is not safe to take from several threads at once.
    """

    is_partial = False
    """Whether there may be requests that it does not find."""

    def __init__(
        self, interactions: Sequence[Interaction], matcher: Matcher, stood_in: frozenset[str]
    ) -> None:
        self._compared: Sequence[Compared] = ()
        self._compared_of: dict[Hashable, Compared] = {}
        self._waiting: dict[MatchKey, Sessions] = {}
        self._parts = matcher.parts
        self._compares_sessions = matcher.compares_sessions
        self._taken = bytearray(len(interactions))
        self._put_back: list[tuple[int, Compared]] = []
        self._last_operation: tuple[MatchKey, Sequence[int]] | None = None
        self._fill(interactions, matcher, stood_in)

    def _fill(
        self, interactions: Sequence[Interaction], matcher: Matcher, stood_in: frozenset[str]
    ) -> None:
        all_compared: list[Compared] = []
        matcher.know_places_of(interactions)
        for index, interaction in enumerate(interactions):
            if index % _TOGETHER == 0:
                matcher.search_urls_of(interactions[index : index + _TOGETHER])
            deciding = matcher.deciding(interaction)
            compared = self._compared_of.get(deciding)
            if compared is None:
                compared = self._compared_of[deciding] = matcher.compared(interaction, stood_in)
            else:
                compared = matcher.as_asked(compared, interaction)
            all_compared.append(compared)
            waiting = self._waiting.get(compared.key)
            if waiting is None:
                waiting = self._waiting[compared.key] = Sessions()
            waiting.add(compared.session, index)
        self._compared = all_compared

    def _sessions_of(self, key: MatchKey) -> Sessions | None:
        return self._waiting.get(key)

    def compared(self, deciding: Hashable) -> Compared | None:
        """How the very same request was compared, for ``as_asked``; None without one."""
        return self._compared_of.get(deciding)

    def personal_data(self, index: int) -> Personal:
        """The data that the key of a recorded request leaves open."""
        return self._compared[index].personal

    def take(self, compared: Compared, pairs: StandInPairs) -> int | None:
        """The first request of this key that waits and has the same data, else the first.

        The data is the same where it is, or what the test's own values go with.
        """
        sessions = self._sessions_of(compared.key)
        if sessions is None:
            return None
        if self._put_back and (index := self._taken_again(compared)) is not None:
            return index
        if sessions.are_all_of(compared.session):  # as mostly
            index = self._next_of(sessions.all, compared, pairs)
            return None if index is None else self._mark_taken(index)
        for waiting in sessions.for_session(compared.session, strict=self._compares_sessions):
            index = self._next_of(waiting, compared, pairs)
            if index is not None:
                return self._mark_taken(index)
        return None

    def _next_of(self, waiting: _Waiting, compared: Compared, pairs: StandInPairs) -> int | None:
        if compared.personal and len(waiting.indexes) > 1:
            for index in waiting.with_data(pairs.with_stand_ins(compared.personal), self._compared):
                if not self._taken[index]:
                    return index
        for index in waiting.in_order():
            if not self._taken[index]:
                return index
        return None

    def take_first(self, compared: Compared, agrees: Callable[[int], bool]) -> int | None:
        """The first request of this key that waits and agrees."""
        if self._put_back and (index := self._taken_again(compared)) is not None:
            return index
        sessions = self._sessions_of(compared.key)
        for index in sessions.all.indexes if sessions is not None else ():
            if not self._taken[index] and agrees(index):
                return self._mark_taken(index)
        return None

    def put_back(self, index: int, compared: Compared) -> None:
        """Let what was taken for a request be the next that is taken for it."""
        self._put_back.append((index, compared))

    def _taken_again(self, compared: Compared) -> int | None:
        for place, (index, asked) in enumerate(self._put_back):
            if asked.key == compared.key and asked.session == compared.session:
                del self._put_back[place]
                return index
        return None

    def is_taken(self, index: int) -> bool:
        """Whether a request was taken."""
        return bool(self._taken[index])

    def take_this(self, index: int) -> int:
        """Take a request of which is known that it is the one."""
        return self._mark_taken(index)

    def _mark_taken(self, index: int) -> int:
        self._taken[index] = True
        return index

    def take_again(self, numbers: Iterable[int]) -> None:
        """Take what was played before."""
        for number in numbers:
            if number < len(self._taken):
                self._taken[number] = True

    def go_on_from(self, other: Index) -> None:
        """Take what was taken in another index of the same requests."""
        self._taken, self._put_back = other._taken, other._put_back

    def whole(self) -> Index:
        """The index that finds all."""
        return self

    def untaken(self) -> list[int]:
        """The requests that were not taken, in the order recorded."""
        if 0 not in self._taken:  # as mostly
            return []
        return [index for index, is_taken in enumerate(self._taken) if not is_taken]

    def key_of(self, index: int) -> MatchKey:
        """The match key of a recorded request."""
        return self._compared[index].key

    def session_of(self, index: int) -> str:
        """Which session made a recorded request."""
        return self._compared[index].session

    def same_as(self, key: MatchKey) -> Sequence[int]:
        """The requests of this match key, in the order recorded, taken or not."""
        sessions = self._sessions_of(key)
        return sessions.all.indexes if sessions is not None else ()

    def likely(self, key: MatchKey) -> Iterator[int]:
        """The requests whose match keys are most like this one; see ``nearest``."""
        from pytest_bill.cassettes import nearest

        return nearest.likely(key, self._compared, self._parts, self.of_operation(key))

    def of_operation(self, key: MatchKey) -> Sequence[int]:
        """The requests of the same method and path, as far as these are compared."""
        if self._last_operation is None or self._last_operation[0] is not key:
            from pytest_bill.cassettes.nearest import Operation

            same = Operation(key, self._parts).same_in(self._compared)
            self._last_operation = key, same
        return self._last_operation[1]

    def same_or_secret(self, key: MatchKey, places: Sequence[int]) -> Sequence[int]:
        """Those of them that are the same at these places of the key, or had a secret in clear."""
        numbers = self.of_operation(key)
        if not places:
            return numbers
        compared, at = self._compared, itemgetter(*places)
        mine = at(key)
        return [
            each for each in numbers if compared[each].had_secret or at(compared[each].key) == mine
        ]


class Sessions:
    """The recorded requests of one match key, by the session that made them: mostly one."""

    __slots__ = ("_by_session", "_only", "all")

    def __init__(self) -> None:
        self.all = _Waiting()
        self._only = ""
        self._by_session: dict[str, _Waiting] | None = None

    def add(self, session: str, index: int) -> None:
        """One more request."""
        indexes = self.all.indexes
        if not indexes:
            self._only = session
        elif self._by_session is None and session != self._only:
            first = _Waiting()
            first.indexes.extend(indexes)
            self._by_session = {self._only: first}
        indexes.append(index)
        if self._by_session is not None:
            self._by_session.setdefault(session, _Waiting()).indexes.append(index)

    def are_all_of(self, session: str) -> bool:
        """Whether a session may be answered from all of them alike."""
        return not session or (self._by_session is None and session == self._only)

    def for_session(self, session: str, *, strict: bool) -> Iterator[_Waiting]:
        """Those that a session may be answered from, its own first."""
        by_session = self._by_session or {self._only: self.all}
        own = by_session.get(session)
        if own is not None:
            yield own
        for other, waiting in by_session.items():
            if other != session and not (strict and are_different(session, other)):
                yield waiting


class _Waiting:
    """The recorded requests of one match key, in order."""

    __slots__ = ("_by_personal", "_next", "indexes")

    def __init__(self) -> None:
        self.indexes: list[int] = []
        self._next = 0
        self._by_personal: dict[Personal, Iterator[int]] | None = None

    def in_order(self) -> Iterator[int]:
        """All that were not given before; who stops takes what was given last."""
        while self._next < len(self.indexes):
            self._next += 1
            yield self.indexes[self._next - 1]

    def with_data(self, personal: Personal, compared: Sequence[Compared]) -> Iterator[int]:
        """As ``in_order``, those with the same data."""
        if self._by_personal is None:
            by_personal: dict[Personal, list[int]] = {}
            for index in self.indexes:
                by_personal.setdefault(compared[index].personal, []).append(index)
            self._by_personal = {data: iter(indexes) for data, indexes in by_personal.items()}
        return self._by_personal.get(personal, iter(()))
