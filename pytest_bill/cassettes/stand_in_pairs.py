"""What a test sends itself where its cassette holds stand-ins, and gets back in the answers.

A recorded request holds stand-ins; the test that replays it may send them, read from an answer
that was recorded before, or values of its own, written in the test. Which own value goes with which
stand-in is seen when a request is paired with the recorded one. From then on the cassette knows
the own value in other requests, and gives it back in its answers: a test that creates a vendor and
compares the name in the answer passes as it did when it was recorded. No key is needed for that.
"""

from __future__ import annotations

import re

from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.by_value import ByValue
from pytest_bill.scrubbing.personal import Personal, replaced_answer
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.stand_ins import family_of, is_distinctive

_WORD = late_pattern(r"[^\W_]+")
_LAST_DIGITS = late_pattern(r"\d{4}(?=\D*$)")
_PART = "part"


class StandInPairs:
    """A test's own values and the stand-ins that they go with."""

    def __init__(self) -> None:
        self._of_fixtures: list[StandInPairs] = []
        self._stand_in_of: dict[tuple[str, str], str] = {}
        self._own_of: dict[tuple[str, str], str] = {}
        self.to_stand_ins, self.to_own = ByValue(), ByValue()

    def __repr__(self) -> str:
        return f"<StandInPairs: {len(self._own_of)}>"

    def __bool__(self) -> bool:
        return bool(self._own_of) or any(self._of_fixtures)

    def add_fixture_pairs(self, other: StandInPairs) -> None:
        """Know what a fixture knows that the test uses."""
        self._of_fixtures.append(other)
        self.to_stand_ins.then(other.to_stand_ins)
        self.to_own.then(other.to_own)

    def learn(self, sent: Personal, recorded: Personal) -> None:
        """Pair the data of a request with that of the recorded one."""
        if sent == recorded or len(sent) != len(recorded):  # a filter has taken some out
            return
        for (kind, own), (_, stand_in) in zip(sent, recorded, strict=True):
            if own == stand_in or self.stand_in_of(kind, own) == stand_in:
                continue
            of = family_of(kind)
            self._stand_in_of[of, own] = stand_in
            self._own_of[of, stand_in] = own
            if is_distinctive(kind, own):
                self.to_stand_ins.add(own, stand_in)
            if is_distinctive(kind, stand_in):
                self.to_own.add(stand_in, own)
            self._learn_parts(of, own, stand_in)

    def _learn_parts(self, of: str, own: str, stand_in: str) -> None:
        """The words of a name and the last digits of a number stand elsewhere on their own."""
        if of == "name":
            words, others = _WORD.findall(own), _WORD.findall(stand_in)
            if len(words) == len(others) > 1:
                for word, other in zip(words, others, strict=True):
                    self._own_of.setdefault((_PART, other), word)
        last = _LAST_DIGITS.search(own)
        other_last = _LAST_DIGITS.search(stand_in) if last is not None else None
        if last is not None and other_last is not None:
            self._own_of.setdefault((_PART, other_last.group(0)), last.group(0))

    def stand_in_of(self, kind: Kind, value: str) -> str:
        """The stand-in that goes with a value; the value itself where none does."""
        found = self._stand_in_of.get((family_of(kind), value))
        if found is not None:
            return found
        for each in self._of_fixtures:
            found = each.stand_in_of(kind, value)
            if found != value:
                return found
        return value

    def with_stand_ins(self, sent: Personal) -> Personal:
        """The data of a request as the cassette would hold it."""
        if not self:
            return sent
        return tuple((kind, self.stand_in_of(kind, value)) for kind, value in sent)

    def own_of(self, kind: Kind, stand_in: str) -> str:
        """The test's own value that goes with a stand-in; the stand-in where there is none."""
        of = family_of(kind)
        found = self._own_value(of, stand_in)
        if found is not None:
            return found
        if of == "name":
            words = {word: self._own_value(_PART, word) for word in _WORD.findall(stand_in)}
            if words and None not in words.values():
                return _WORD.sub(lambda match: words[match.group(0)] or "", stand_in)
        last = _LAST_DIGITS.search(stand_in)
        if last is not None and len(re.findall(r"\d", stand_in)) == len(last.group(0)):
            own = self._own_value(_PART, last.group(0))
            return stand_in if own is None else _LAST_DIGITS.sub(own, stand_in)
        return stand_in

    def _own_value(self, group: str, stand_in: str) -> str | None:
        found = self._own_of.get((group, stand_in))
        for each in self._of_fixtures:
            if found is not None:
                break
            found = each._own_value(group, stand_in)
        return found

    def restored(self, recorded: Interaction) -> Interaction:
        """A recorded interaction, its answer with the test's own values."""
        return replaced_answer(recorded, self.own_of, self.to_own)
