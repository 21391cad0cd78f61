"""Stand-ins: made-up values in the place of bank and personal data, of the same form.

Equal values get equal stand-ins, so that what belongs together in a cassette, and in all cassettes
recorded with one key, still does: the full number of an account and its masked form, a person's
first name and full name, the e-mail addresses of one company. Different values get different ones
as far as a form has room: no two values of a run share one, except the last four digits of phones
and names of a letter or two.

What is kept, and so can be read off a stand-in: length, case, where digits, letters and punctuation
are, words like "LLC" and "Street", the country of a phone number and an IBAN, a card's brand. What
clients validate still passes: card numbers (Luhn), routing numbers (ABA) and IBANs (mod 97) have
right check digits, a ZIP lies in its state.

Where there are values that nobody can own, stand-ins are among them: e-mail addresses below
example.com, .net and .org (RFC 2606); phone numbers 555-0100 to 555-0199 and the numbers that
Ofcom and Arcep keep for drama; routing numbers that begin with 80 (traveler's cheques); tax ids
that begin with 96 or 97, no prefix of an EIN, and are no SSN or ITIN either; card numbers whose
issuer is all zeros. So they are recognized anywhere, and never replaced again. All others are
recognized only where they are known to be stand-ins, since they were made here or come from a
cassette that says so: a mark in the value itself would be one that real values have by chance, and
those would go unreplaced.

The key
-------
Names, phones and account numbers are few: whoever has the key can try all and see which one gives a
stand-in. So the key is never written, neither into a cassette nor into its metadata, and nothing
can be computed from it that is. It must be one that the people who record share, or what they
record would not fit together; and that is nobody else's, or it would protect nothing. They already
share such a secret: the key or token of the credential (``BILL_DEV_KEY``, …), which they need to
record at all, is random and long, and is guarded anyway. The key is derived from the first one that
is set, so there is nothing to set up; the derivation is one-way. Whoever has several credentials
in some places and few in others, or changes them often, sets ``BILL_STAND_IN_KEY`` instead, at
least 16 characters. A different key costs nothing but the joins between old cassettes and new
ones: replay never needs the key, since requests are matched without regard to what stands in
these places (see ``cassettes.matching``). Where there is no such secret at all, nobody else
records, and the key is random.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.keyed_draw import KeyedDraw
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.stand_in_makers import FAMILY, IS_NOBODYS, MAKERS, STATES, pronounceable

SHORTEST_KEY = 16
"""Fewer characters could be tried one after the other."""

_TRIES = 64
_DISTINCTIVE = 8
_LONGEST_NUMBER = 4


def derived_key(secret: str) -> bytes:
    """The key for a team that shares this secret; the secret cannot be computed from it."""
    return hmac.digest(str.__str__(secret).encode(), b"pytest-bill stand-ins, version 1", "sha256")


_HIDEABLE = late_pattern(r"[^\W_]")


class StandIns:
    """Makes stand-ins with one key and remembers them. The repr shows neither."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._keyed = hmac.new(key, digestmod="sha256")
        self._made: dict[tuple[str, str], str] = {}
        self._taken: dict[tuple[str, str], str] = {}
        self._known: set[tuple[str, str]] = set()
        self._next: dict[str, dict[str, str]] = {}

    def __repr__(self) -> str:
        return f"<StandIns: {len(self._made)} made>"

    def of(self, kind: Kind, value: str) -> str:
        """The stand-in of a value; a value that is one already, or has nothing to hide, stays."""
        family = FAMILY[kind]
        made = self._made.get((family, value))
        if made is not None:
            return made
        if not _HIDEABLE.search(value) or self.is_stand_in(kind, value):
            return value
        made = value
        for attempt in range(_TRIES):
            made = MAKERS[family](self, value, KeyedDraw(self._keyed, family, value, attempt))
            if made != value and self._taken.get((family, made), value) == value:
                break
        self._made[family, value] = made
        self._taken.setdefault((family, made), value)
        return made

    def is_stand_in(self, kind: Kind, value: str) -> bool:
        """Whether a value is a stand-in, as far as that is sure."""
        family = FAMILY[kind]
        if (family, value) in self._known:
            return True
        if (family, value) in self._taken and _is_long(kind, value):
            return True
        nobodys = IS_NOBODYS.get(family)
        return nobodys is not None and nobodys(value)

    def remember(self, kind: Kind, stand_in: str) -> None:
        """Know a stand-in that was made before, as a cassette says."""
        self._known.add((FAMILY[kind], stand_in))

    def last_digits(self, digits: str) -> str:
        """Up to four digits for others, each for one only.

        The same ones for a full number as for its masked form, so that the two still match.
        """
        count = len(digits)
        every = self._following(
            f"{count} digits", lambda: [f"{number:0{count}}" for number in range(10**count)]
        )
        return every[digits]

    def number(self, digits: str) -> str | None:
        """A number of as many digits for another, each for one only; None where it is too long.

        Vendors and streets are numbered: of random numbers, two would soon have the same.
        """
        count = len(digits)
        if not 0 < count <= _LONGEST_NUMBER or digits[0] == "0":
            return None
        return self._following(
            f"number of {count}", lambda: list(map(str, range(10 ** (count - 1), 10**count)))
        )[digits]

    def state(self, state: str) -> str:
        """Another state of the United States."""
        return self._following("state", lambda: list(STATES))[state]

    def _following(self, name: str, values: Callable[[], list[str]]) -> dict[str, str]:
        """For each of a closed set of values, another one, for no two the same."""
        following = self._next.get(name)
        if following is None:
            # Sorted by a keyed hash, each is followed by its stand-in: one cycle through them all,
            # so that none stands for itself.
            every = values()
            every.sort(key=lambda each: hashlib.blake2b(each.encode(), key=self._key).digest())
            following = dict(zip(every, every[1:] + every[:1], strict=True))
            self._next[name] = following
        return following

    def word(self, word: str) -> str:
        """A pronounceable word with the length and case of another; the same whatever the case."""
        folded = word.casefold()
        # Folded, ß is two letters: Straße and Strasse are one word in two lengths.
        known = folded if len(folded) == len(word) else f"{folded} {len(word)}"
        made = self._made.get(("word", known))
        if made is None:
            for attempt in range(_TRIES):
                made = pronounceable(len(word), KeyedDraw(self._keyed, "word", folded, attempt))
                if made != folded and self._taken.get(("word", made), folded) == folded:
                    break
            assert made is not None
            self._made["word", known] = made
            self._taken.setdefault(("word", made), folded)
        if word == folded:
            return made
        return "".join(
            [new.upper() if old.isupper() else new for old, new in zip(word, made, strict=True)]
        )


def family_of(kind: Kind) -> str:
    """Kinds of one family share their stand-ins: all names, for one."""
    return FAMILY[kind]


_NEVER_BY_VALUE = frozenset({Kind.CITY, Kind.STATE, Kind.ZIP, Kind.EMAIL_DOMAIN, Kind.PAYMENT_LINK})


def is_distinctive(kind: Kind, value: str) -> bool:
    """Whether a value is worth looking for in other places: it would not stand there by chance."""
    if kind is Kind.EMAIL and "@" in value:
        return True
    return kind not in _NEVER_BY_VALUE and _is_long(kind, value)


def _is_long(kind: Kind, value: str) -> bool:
    """Whether a value is too long to be that of another by chance; masks do not count."""
    if kind is Kind.DATE_OF_BIRTH or len(value) < _DISTINCTIVE:
        return False
    return value[:_DISTINCTIVE].isalnum() or sum(map(str.isalnum, value)) >= _DISTINCTIVE
