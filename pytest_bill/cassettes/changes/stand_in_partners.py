"""Which stand-in of a new recording stands where which one stood in the old recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.by_value import ByValue
from pytest_bill.scrubbing.personal import replaced, walk_of
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.stand_ins import family_of, is_distinctive

_NOTHING = ByValue()
_Data = tuple[Kind, str]


class StandInPartners:
    """The old stand-in of each new one, for the kinds of which both recordings hold stand-ins."""

    def __init__(self, kinds: frozenset[str] = frozenset()) -> None:
        self._kinds = kinds
        self._old_of: dict[tuple[str, str], str] = {}
        self._new_of: dict[tuple[str, str], str] = {}
        self._found: dict[_Data, str] = {}
        self._by_value = ByValue()

    def __bool__(self) -> bool:
        return bool(self._found)

    def learn(self, old: Interaction, new: Interaction) -> bool:
        """Pair the data of two interactions; whether there is anything to replace in the new."""
        if not self._kinds:
            return False
        before, now = self._data_in(old), self._data_in(new)
        if [kind for kind, _ in before] == [kind for kind, _ in now]:
            for (kind, stand_in), (_, other) in zip(before, now, strict=True):
                self._pair(kind, other, stand_in)
        return bool(self._found)

    def _pair(self, kind: Kind, new: str, old: str) -> None:
        family = family_of(kind)
        if self._old_of.setdefault((family, new), old) != old:
            return
        if self._new_of.setdefault((family, old), new) == new and new != old:
            self._found[kind, new] = old
            if is_distinctive(kind, new):
                self._by_value.add(new, old)

    def old_of(self, kind: Kind, value: str) -> str:
        """The old stand-in of a new one; the value itself where there is none."""
        old = self._old_of.get((family_of(kind), value), value)
        return old if self._new_of.get((family_of(kind), old)) == value else value

    def replaced(self, new: Interaction) -> Interaction:
        """A new interaction with the old stand-ins."""
        return replaced(new, self.old_of, self._by_value)

    def items(self) -> Iterable[tuple[_Data, str]]:
        """Each new stand-in with its kind, and the old one."""
        return self._found.items()

    def add(self, others: Iterable[tuple[_Data, str]]) -> None:
        """Know what other cassettes of the run know, where this one knows nothing."""
        for (kind, new), old in others:
            family = family_of(kind)
            is_new = (family, new) not in self._old_of and (family, old) not in self._new_of
            if kind.choice in self._kinds and is_new:
                self._pair(kind, new, old)

    def _data_in(self, interaction: Interaction) -> list[_Data]:
        return list(_walked(interaction, self._kinds))


def _walked(interaction: Interaction, kinds: frozenset[str]) -> Iterator[_Data]:
    found: list[_Data] = []

    def keep(kind: Kind, value: str) -> str:
        if kind.choice in kinds:
            found.append((kind, value))
        return value

    walk = walk_of(interaction.url, keep, _NOTHING)
    walk.url(interaction.url)
    walk.request_body(interaction)
    walk.answer_body(interaction)
    yield from found
