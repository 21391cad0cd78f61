"""A new recording with old ids and dates, so that it differs from the old one in little else."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pytest_bill.cassettes.cassette import with_length
from pytest_bill.cassettes.changes.comparison import Comparison, Partner
from pytest_bill.cassettes.changes.stand_in_partners import StandInPartners
from pytest_bill.cassettes.changes.values import has_time, taken_apart
from pytest_bill.cassettes.store import Recording
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.by_value import ByValue
from pytest_bill.scrubbing.personal import replaced
from pytest_bill.scrubbing.personal_places import Kind

_SHORTEST = 8  # of what is found by value


def is_translatable(word: str) -> bool:
    """Whether a word can be replaced wherever it stands: it would not stand there by chance."""
    if len(word) < _SHORTEST:
        return False
    pieces = taken_apart(word).pieces
    # Days are no names: a bill may be due on the day on which it was made.
    return has_time(word) or not (pieces and pieces[0].is_date)


@dataclass(frozen=True)
class Translation:
    """The old value of some words of a new recording; ``clashes`` are those that it cannot have."""

    old_of: Mapping[str, str]
    clashes: frozenset[str] = frozenset()

    @classmethod
    def without_clashes(
        cls,
        shared: Mapping[str, str],
        own: Mapping[str, str],
        words: AbstractSet[str],
        raw: AbstractSet[str],
    ) -> Translation:
        """The most of it that gives no two words of a recording the same value.

        ``shared`` is the same in all cassettes; ``raw`` are words that have to stay as they are.
        """
        new_of = {old: new for new, old in own.items()}
        taken: dict[str, str] = {}
        clashes = set()
        for new, old in shared.items():
            clashes |= {new, taken[old]} if old in taken else set()
            taken[old] = new
        new_of |= taken
        old_of = {new: old for old, new in new_of.items()}
        for word in words - old_of.keys():
            if word not in new_of:
                continue
            if word in raw or has_time(word):
                clashes |= _let_go(word, old_of, new_of, shared)
            else:
                # Of a seed's ids, a new record may have one that another record had before. It gets
                # the one that nobody has then.
                old_of[word] = _end_of_chain(word, new_of)
        return cls(old_of, frozenset(clashes))

    def of(
        self,
        old: Recording | None,
        new: Recording,
        comparison: Comparison | None,
        stand_ins: StandInPartners,
    ) -> Recording:
        """The new recording, translated; what is as before in it is the old one's to the letter."""
        if old is None and not self.old_of and not stand_ins:
            return new
        by_value = ByValue(self.old_of.items())
        partners = {each.new: each for each in comparison.partners} if comparison else {}
        interactions = []
        for number, interaction in enumerate(new.interactions):
            partner = partners.get(number)
            before = old.interactions[partner.old] if old is not None and partner else None
            if partner is not None and before is not None and self._gives(partner):
                interactions.append(before)
            else:
                interactions.append(self._translated(interaction, by_value, stand_ins))
        return Recording(interactions, new.metadata)

    def _gives(self, partner: Partner) -> bool:
        """Whether a new interaction would be the old one, but for noise."""
        if partner.changes:
            return False
        return all(self.old_of.get(new, new) == old for new, old in partner.met)

    def _translated(
        self, interaction: Interaction, by_value: ByValue, stand_ins: StandInPartners
    ) -> Interaction:
        if stand_ins:
            interaction = stand_ins.replaced(interaction)

        def in_place(_: Kind, value: str) -> str:
            return by_value.replaced(value)

        made = replaced(interaction, in_place, by_value)
        return with_length(made, interaction)


def _end_of_chain(word: str, new_of: Mapping[str, str]) -> str:
    while word in new_of:
        word = new_of[word]
    return word


def _let_go(
    word: str, old_of: dict[str, str], new_of: Mapping[str, str], shared: Mapping[str, str]
) -> set[str]:
    """Take away what leads to a word, and what leads to that; the shared words among it."""
    clashes = set()
    while word in new_of:
        word = new_of[word]
        if old_of.pop(word, None) is None:
            break
        clashes |= {word} & shared.keys()
    return clashes
