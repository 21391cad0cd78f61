"""Which value of a new recording stands where which one stood in the old recording."""

from __future__ import annotations

from collections.abc import Mapping


class Pairs:
    """Pairs of ids, of which each has one partner, and of dates, which may have several."""

    def __init__(self) -> None:
        self.old_of: dict[str, str] = {}
        """The old id of each new one; also of those that are the same."""
        self.dates: dict[str, set[str]] = {}
        """The old dates of each new one."""
        self.first_told: dict[str, int] = {}
        """The number of the interaction in which BILL told a new value first."""
        self._new_of: dict[str, str] = {}

    def learn(self, new: str, old: str) -> bool:
        """Pair two ids; false where one of them goes with another."""
        if self.old_of.setdefault(new, old) != old:
            return False
        if self._new_of.setdefault(old, new) != new:
            del self.old_of[new]
            return False
        return True

    def learn_date(self, new: str, old: str) -> None:
        """Pair two dates."""
        self.dates.setdefault(new, set()).add(old)

    def tell(self, new: str, number: int) -> None:
        """BILL told a new value in the interaction of that number."""
        self.first_told[new] = min(number, self.first_told.get(new, number))

    def explain(self, new: str, old: str, number: int) -> bool:
        """Whether BILL told a value, and the old one in its place, before that interaction."""
        if self.first_told.get(new, number) >= number:
            return False
        return self.old_of.get(new) == old or old in self.dates.get(new, ())

    def is_paired(self, old: str) -> bool:
        """Whether an old id has its partner."""
        return old in self._new_of

    def olds_of(self, new: str) -> set[str]:
        """The old values of a new one."""
        old = self.old_of.get(new)
        return self.dates.get(new, set()) | ({old} if old is not None else set())

    def one_to_one(self) -> Mapping[str, str]:
        """The old value of each new one that has exactly one which no other has."""
        olds = dict(self.old_of)
        for new, dates in self.dates.items():
            if len(dates) == 1:
                olds[new] = next(iter(dates))
        taken: dict[str, str] = {}
        shared = set()
        for new, old in olds.items():
            other = taken.setdefault(old, new)
            if other != new:
                shared |= {new, other}
        return {new: old for new, old in olds.items() if new not in shared}
