"""The stand-ins that the user of a cassette was shown while it was recorded, and what is real.

From what was shown, parts may be sent back: a word of a name, the local part or the domain of an
e-mail address, the last four digits of a number. The real value of each is known, too. None of it
is ever written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.by_value import ByValue
from pytest_bill.scrubbing.personal import Personal
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.stand_ins import family_of, is_distinctive

_WORD = late_pattern(r"[^\W_]+")
_DIGIT = late_pattern(r"\d")
_LAST_DIGITS = late_pattern(r"\d{4}(?=\D*$)")
_OF_WORDS = frozenset({family_of(Kind.PERSON_NAME), family_of(Kind.EMAIL)})
_OF_DIGITS = frozenset({Kind.ACCOUNT_NUMBER, Kind.CARD_NUMBER, Kind.TAX_ID, Kind.PHONE})
_LONG_WORD = 6
"""Letters of a word that is known again among words of a test's own."""


class ShownStandIns:
    """What a cassette's recording made of BILL's values, and the way back."""

    def __init__(self) -> None:
        self.made: dict[tuple[Kind, str], str] = {}
        """Real values and what was recorded for them."""
        self.seen: dict[tuple[Kind, str], None] = {}
        """Real values that the user was shown stand-ins for."""
        self.to_stand_ins, self.to_real = ByValue(), ByValue()
        self._of_fixtures: list[ShownStandIns] = []
        self._real_of: dict[tuple[str, str], str] = {}
        self._words: dict[str, str] = {}
        self._last_digits: dict[str, str] = {}
        self._anywhere: dict[str, tuple[Kind, str]] = {}

    def __repr__(self) -> str:
        return f"<ShownStandIns: {len(self._real_of)}>"

    def __bool__(self) -> bool:
        return bool(self._real_of) or any(self._of_fixtures)

    def add_fixture(self, other: ShownStandIns) -> None:
        """Know what a fixture was shown that the user of this cassette uses."""
        self._of_fixtures.append(other)
        self.to_stand_ins.then(other.to_stand_ins)
        self.to_real.then(other.to_real)

    def with_fixtures(self) -> Iterator[ShownStandIns]:
        """This one, and those of the fixtures."""
        yield self
        for each in self._of_fixtures:
            yield from each.with_fixtures()

    def add(self, kind: Kind, real: str, stand_in: str) -> None:
        """Record this stand-in for a value, in its places and where it stands by chance."""
        self.made[kind, real] = stand_in
        if is_distinctive(kind, real):
            self.to_stand_ins.add(real, stand_in)

    def stand_in_of(self, kind: Kind, real: str) -> str | None:
        """What was recorded for a value, here or for a fixture."""
        found = (each.made.get((kind, real)) for each in self.with_fixtures())
        return next((each for each in found if each is not None), None)

    def learn(self, real: Personal, shown: Personal) -> None:
        """Pair the data of an answer of BILL's with what was shown instead."""
        if len(real) != len(shown):
            return
        for (kind, value), (_, stand_in) in zip(real, shown, strict=True):
            if value != stand_in:
                self.seen[kind, value] = None
                self._learn_one(kind, value, stand_in)

    def _learn_one(self, kind: Kind, real: str, stand_in: str) -> None:
        self._real_of[family_of(kind), stand_in] = real
        self._find_anywhere(kind, real, stand_in)
        local, other_local = real, stand_in
        if kind is Kind.EMAIL and "@" in real and "@" in stand_in:
            local, _, domain = real.rpartition("@")
            other_local, _, other_domain = stand_in.rpartition("@")
            self._real_of[family_of(Kind.EMAIL_DOMAIN), other_domain] = domain
            self._find_anywhere(Kind.PERSON_NAME, local, other_local)
        if family_of(kind) in _OF_WORDS:
            self._learn_words(local, other_local)
        last, other_last = _LAST_DIGITS.search(real), _LAST_DIGITS.search(stand_in)
        if kind in _OF_DIGITS and last is not None and other_last is not None:
            self._last_digits[other_last.group()] = last.group()

    def _learn_words(self, real: str, stand_in: str) -> None:
        words, others = _WORD.findall(real), _WORD.findall(stand_in)
        if len(words) == len(others):
            for word, other in zip(words, others, strict=True):
                self._words[other.casefold()] = word
                self._find_anywhere(Kind.PERSON_NAME, word, other)

    def _find_anywhere(self, kind: Kind, real: str, stand_in: str) -> None:
        if real != stand_in and is_distinctive(kind, stand_in) and is_distinctive(kind, real):
            self.to_real.add(stand_in, real)
            self._anywhere[stand_in] = kind, real

    def found_anywhere(self, text: str) -> Iterator[tuple[Kind, str, str]]:
        """The real values, and their stand-ins, that may have been replaced in a running text."""
        for each in self.with_fixtures():
            for stand_in, (kind, real) in each._anywhere.items():
                if stand_in in text:
                    yield kind, real, stand_in

    def whole(self, kind: Kind, value: str) -> str | None:
        """The real value that a stand-in was shown for; None where it was for none."""
        for each in self.with_fixtures():
            found = each._real_of.get((family_of(kind), value))
            if found is not None:
                return found
        # A user name may be an e-mail address that was shown as such.
        for each in self.with_fixtures():
            if value in each._anywhere:
                return each._anywhere[value][1]
        return None

    def by_parts(self, kind: Kind, value: str) -> str:
        """The value with what is real for the parts of stand-ins in it."""
        if family_of(kind) in _OF_WORDS:
            local, at, domain = value.rpartition("@")
            if not at:
                return self._real_words(value)
            real = self.whole(Kind.EMAIL_DOMAIN, domain)
            return value if real is None else f"{self._real_words(local)}@{real}"
        last = _LAST_DIGITS.search(value) if kind in _OF_DIGITS else None
        if last is not None and len(_DIGIT.findall(value)) == len(last.group()):
            for each in self.with_fixtures():
                found = each._last_digits.get(last.group())
                if found is not None:
                    return _LAST_DIGITS.sub(found, value)
        return value

    def _real_words(self, text: str) -> str:
        known = {word: self._real_word(word) for word in _WORD.findall(text)}
        are_all_known = None not in known.values()

        def real(match: re.Match[str]) -> str:
            word = match.group()
            found = known[word] if are_all_known or len(word) >= _LONG_WORD else None
            return word if found is None else found

        return _WORD.sub(real, text)

    def _real_word(self, word: str) -> str | None:
        for each in self.with_fixtures():
            found = each._words.get(word.casefold())
            if found is not None:
                return _in_case_of(word, found)
        return None


def _in_case_of(template: str, word: str) -> str:
    """A word in the case of another: stand-ins have that of what they stand for."""
    if len(template) != len(word):
        return word.upper() if template.isupper() else word
    return "".join(
        [
            new.upper() if old.isupper() else new.lower()
            for old, new in zip(template, word, strict=True)
        ]
    )
