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
import re
import string
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, repeat

from pytest_bill.checksums import IBAN, aba_check_digit, iban_check_digits, is_aba_number, luhn_sum
from pytest_bill.scrubbing.places import Kind

SHORTEST_KEY = 16
"""Fewer characters could be tried one after the other."""

_TRIES = 64
_DISTINCTIVE = 8
_LONGEST_NUMBER = 4


def derived_key(secret: str) -> bytes:
    """The key for a team that shares this secret; the secret cannot be told from it."""
    return hmac.digest(str.__str__(secret).encode(), b"pytest-bill stand-ins, version 1", "sha256")


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
        family = _FAMILY[kind]
        made = self._made.get((family, value))
        if made is not None:
            return made
        if not _HIDEABLE.search(value) or self.is_stand_in(kind, value):
            return value
        made = value
        for attempt in range(_TRIES):
            made = _MAKERS[family](self, value, _Draw(self._keyed, family, value, attempt))
            if made != value and self._taken.get((family, made), value) == value:
                break
        self._made[family, value] = made
        self._taken.setdefault((family, made), value)
        return made

    def is_stand_in(self, kind: Kind, value: str) -> bool:
        """Whether a value is a stand-in, as far as that can be told without a doubt."""
        family = _FAMILY[kind]
        if (family, value) in self._known:
            return True
        if (family, value) in self._taken and _is_long(kind, value):
            return True
        nobodys = _NOBODYS.get(family)
        return nobodys is not None and nobodys(value)

    def remember(self, kind: Kind, stand_in: str) -> None:
        """Know a stand-in that was made before, as a cassette says."""
        self._known.add((_FAMILY[kind], stand_in))

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
                made = _pronounceable(len(word), _Draw(self._keyed, "word", folded, attempt))
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


class _Draw:
    """Numbers that depend on the key and a value alone."""

    def __init__(self, keyed: hmac.HMAC, family: str, value: str, attempt: int) -> None:
        self.is_first = attempt == 0
        self._numbers = _drawn(keyed, f"{family}\0{attempt}\0{value}", len(value) + 32)

    def below(self, end: int) -> int:
        """A number from 0 up to, not including, ``end``."""
        return next(self._numbers, 0) % end

    def one_of(self, choices: str) -> str:
        """One character of several."""
        return choices[self.below(len(choices))]

    def digits(self, count: int) -> str:
        """Some digits."""
        return self.some_of([string.digits] * count)

    def some_of(self, choices: Sequence[str]) -> str:
        """One character of each."""
        numbers = chain(self._numbers, repeat(0))
        return "".join(
            [each[number % len(each)] for each, number in zip(choices, numbers, strict=False)]
        )


def _drawn(keyed: hmac.HMAC, message: str, count: int) -> Iterator[int]:
    # A name of known words needs none, and most values need few.
    seeded = keyed.copy()
    seeded.update(message.encode("utf-8", "surrogatepass"))
    stream = hashlib.shake_256(seeded.digest())
    yield from struct.unpack(f">{_AT_FIRST}Q", stream.digest(8 * _AT_FIRST))
    yield from struct.unpack(f">{count}Q", stream.digest(8 * count))[_AT_FIRST:]


_AT_FIRST = 17
"""Numbers of 64 bits that one step of SHAKE-256 gives."""


def family(kind: Kind) -> str:
    """Kinds of one family share their stand-ins: all names, for one."""
    return _FAMILY[kind]


def distinctive(kind: Kind, value: str) -> bool:
    """Whether a value is worth looking for in other places: it would not stand there by chance."""
    if kind is Kind.EMAIL and "@" in value:
        return True
    return kind not in _NEVER_BY_VALUE and _is_long(kind, value)


def _is_long(kind: Kind, value: str) -> bool:
    """Whether a value is too long to be that of another by chance; masks do not count."""
    if kind is Kind.DATE_OF_BIRTH or len(value) < _DISTINCTIVE:
        return False
    return value[:_DISTINCTIVE].isalnum() or sum(map(str.isalnum, value)) >= _DISTINCTIVE


_NEVER_BY_VALUE = frozenset({Kind.CITY, Kind.STATE, Kind.ZIP, Kind.EMAIL_DOMAIN, Kind.PAYMENT_LINK})


# --- how each family of values is made -------------------------------------------------------


def _fill(template: str, digits: str) -> str:
    """A text with its digits replaced by others, in order."""
    if template.isdecimal() and len(template) == len(digits):
        return digits
    following = iter(digits)
    return "".join([next(following) if old.isdecimal() else old for old in template])


def _digits_of(value: str) -> str:
    digits = "".join(filter(str.isdecimal, value))
    return digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)


def _same_pattern(value: str, draw: _Draw) -> str:
    """Digits for digits and letters for letters; everything else stays."""
    if value.isdecimal():
        return draw.digits(len(value))
    made = []
    for old in value:
        if old.isdecimal():
            made.append(draw.one_of(string.digits))
        elif old.isupper():
            made.append(draw.one_of(string.ascii_uppercase))
        elif old.isalpha():
            made.append(draw.one_of(string.ascii_lowercase))
        else:
            made.append(old)
    return "".join(made)


_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnprstvwz"


def _pronounceable(length: int, draw: _Draw) -> str:
    kinds = (_CONSONANTS, _VOWELS) if draw.below(4) else (_VOWELS, _CONSONANTS)
    return draw.some_of((kinds * length)[:length])


_WORD = re.compile(r"[^\W\d_]+")
_OF_NAMES = (
    "inc incorporated llc llp lp ltd limited corp corporation co company plc gmbh ag sa bv "
    "the of and for jr sr dr mr mrs ms"
)
_OF_STREETS = (
    "street st avenue ave road rd boulevard blvd drive dr lane ln way court ct place pl square sq "
    "highway hwy suite ste apartment apt unit floor fl room rm po box north south east west "
    "n s e w ne nw se sw"
)
_KEPT_WORDS = frozenset(f"{_OF_NAMES} {_OF_STREETS}".split())


def _words(stand_ins: StandIns, value: str, draw: _Draw) -> str:
    def word(match: re.Match[str]) -> str:
        old = match.group(0)
        return old if old.casefold() in _KEPT_WORDS else stand_ins.word(old)

    made = _WORD.sub(word, value)
    digits = _digits_of(value)
    number = stand_ins.number(digits) if draw.is_first else None
    return _fill(made, number or _like_number(digits, draw))


def _like_number(digits: str, draw: _Draw) -> str:
    """As many digits; the first is not zero where it was not."""
    made = draw.digits(len(digits))
    if digits and digits[0] != "0" and made[0] == "0":
        made = draw.one_of("123456789") + made[1:]
    return made


def _email(stand_ins: StandIns, value: str, draw: _Draw) -> str:
    local, at, domain = value.rpartition("@")
    if not at:
        return _words(stand_ins, value, draw)
    return _words(stand_ins, local, draw) + "@" + stand_ins.of(Kind.EMAIL_DOMAIN, domain)


def _domain(_: StandIns, value: str, draw: _Draw) -> str:
    ending = value.rpartition(".")[2].lower()
    ending = f".example.{ending if ending in ('net', 'org') else 'com'}"
    # Shorter than six letters, two companies would soon share one.
    return _pronounceable(max(6, len(value) - len(ending)), draw) + ending


def _is_nobodys_domain(value: str) -> bool:
    return re.search(r"(^|[@.])(example\.(com|net|org)|example|test|invalid)$", value) is not None


def _phone(stand_ins: StandIns, value: str, draw: _Draw) -> str:
    digits = _digits_of(value)
    international = value.lstrip().startswith("+")
    if not digits:
        return _same_pattern(value, draw)
    if len(digits) <= 4:
        return _fill(value, stand_ins.last_digits(digits))
    if len(digits) == 10 and not international:
        return _fill(value, _north_american(draw))
    if len(digits) == 11 and digits[0] == "1":
        return _fill(value, "1" + _north_american(draw))
    if international:
        for country, (length, drama, free) in _DRAMA.items():
            if digits.startswith(country) and len(digits) == length:
                return _fill(value, country + drama + draw.digits(free))
        return _fill(value, digits[:2] + draw.digits(len(digits) - 2))
    return _fill(value, _like_number(digits, draw))


def _north_american(draw: _Draw) -> str:
    area = draw.one_of("23456789") + draw.one_of("02345678") + draw.one_of("023456789")
    return area + "55501" + draw.digits(2)


_DRAMA = {
    # Digits in all, what follows the country, and how many digits are free.
    "44": (12, "7700900", 3),
    "33": (11, "19900", 4),
}


def _is_nobodys_phone(value: str) -> bool:
    digits = _digits_of(value)
    if re.fullmatch(r"1?\d{3}55501\d\d", digits):
        return True
    return any(
        len(digits) == length and digits.startswith(country + drama)
        for country, (length, drama, _) in _DRAMA.items()
    )


def _account_number(stand_ins: StandIns, value: str, draw: _Draw) -> str:
    compact = value.replace(" ", "")
    if re.fullmatch(IBAN, compact):
        return _spaced_as(value, _iban(compact, draw))
    digits = _digits_of(value)
    if not digits:
        return _same_pattern(value, draw)
    made = _same_pattern(value, draw)
    beginning = _like_number(digits[:-4], draw)
    return _fill(made, beginning + stand_ins.last_digits(digits[-4:]))


def _iban(value: str, draw: _Draw) -> str:
    country, account = value[:2], _same_pattern(value[4:], draw)
    return f"{country}{iban_check_digits(country, account)}{account}"


def _spaced_as(template: str, text: str) -> str:
    following = iter(text)
    return "".join(old if old == " " else next(following) for old in template)


def _routing_number(stand_ins: StandIns, value: str, draw: _Draw) -> str:
    digits = _digits_of(value)
    if len(digits) == 9:
        made = "80" + draw.digits(6)
        return _fill(value, made + aba_check_digit(made))
    if re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", value):  # a BIC, which names a country
        return _same_pattern(value[:4], draw) + value[4:6] + _same_pattern(value[6:], draw)
    if 0 < len(digits) <= 4:
        return _fill(value, stand_ins.last_digits(digits))
    return _same_pattern(value, draw)


def _is_nobodys_routing_number(value: str) -> bool:
    digits = _digits_of(value)
    return digits.startswith("80") and is_aba_number(digits)


def _card_number(stand_ins: StandIns, value: str, draw: _Draw) -> str:
    digits = _digits_of(value)
    if len(digits) < 12:
        return _account_number(stand_ins, value, draw)
    # The digits that tell the brand, and no bank.
    brand = (digits[:4] if digits.startswith("6011") else digits[:2]).ljust(6, "0")
    last = stand_ins.last_digits(digits[-4:])
    middle = draw.digits(len(digits) - 11)
    for check in string.digits:
        made = brand + middle + check + last
        if luhn_sum(made) % 10 == 0:
            break
    return _fill(value, made)


def _is_nobodys_card(value: str) -> bool:
    digits = _digits_of(value)
    return (
        len(digits) >= 12
        and digits[2:6] in ("0000", "1100")
        and (digits[2:6] == "0000" or digits.startswith("6011"))
        and luhn_sum(digits) % 10 == 0
    )


def _tax_id(stand_ins: StandIns, value: str, draw: _Draw) -> str:
    digits = _digits_of(value)
    if len(digits) == 9 and not _WORD.search(value):
        beginning = "9" + draw.one_of("67") + draw.one_of(string.digits)
        beginning += draw.one_of("01234") + draw.one_of(string.digits)
        return _fill(value, beginning + stand_ins.last_digits(digits[-4:]))
    return _account_number(stand_ins, value, draw)


def _is_nobodys_tax_id(value: str) -> bool:
    return re.fullmatch(r"9[67]\d[0-4]\d{5}", _digits_of(value)) is not None


def _state(stand_ins: StandIns, value: str, draw: _Draw) -> str:
    if value.upper() in STATES:
        return stand_ins.state(value.upper()) if value.isupper() else value
    if value in _PROVINCES:
        return _PROVINCES[draw.below(len(_PROVINCES))]
    return _words(stand_ins, value, draw)


def _zip(stand_ins: StandIns, value: str, draw: _Draw) -> str:
    if re.fullmatch(r"\d{5}(-?\d{4})?", value):
        area = int(value[:3])
        for state, (first, last) in STATES.items():
            if first <= area <= last:
                first, last = STATES[stand_ins.state(state)]
                made = f"{first + draw.below(last - first + 1):03}"
                return _fill(value, made + draw.digits(len(_digits_of(value)) - 3))
    return _same_pattern(value, draw)


# The first three digits of each state's ZIPs (https://pe.usps.com/text/dmm300/L002.htm), the one
# range of them where there are several.
_STATE_ZIPS = (
    "AL 350-369 AK 995-999 AZ 850-865 AR 716-729 CA 900-961 CO 800-816 CT 060-069 DE 197-199 "
    "DC 200-205 FL 320-349 GA 300-319 HI 967-968 ID 832-838 IL 600-629 IN 460-479 IA 500-528 "
    "KS 660-679 KY 400-427 LA 700-714 ME 039-049 MD 206-219 MA 010-027 MI 480-499 MN 550-567 "
    "MS 386-397 MO 630-658 MT 590-599 NE 680-693 NV 889-898 NH 030-038 NJ 070-089 NM 870-884 "
    "NY 100-149 NC 270-289 ND 580-588 OH 430-459 OK 730-749 OR 970-979 PA 150-196 RI 028-029 "
    "SC 290-299 SD 570-577 TN 370-385 TX 750-799 UT 840-847 VT 050-059 VA 220-246 WA 980-994 "
    "WV 247-268 WI 530-549 WY 820-831"
)
STATES = {
    state: (int(first), int(last))
    for state, first, last in re.findall(r"([A-Z]+) (\d+)-(\d+)", _STATE_ZIPS)
}
_PROVINCES = ("AB", "BC", "MB", "NB", "NL", "NS", "ON", "PE", "QC", "SK")

_FIRST_BIRTHDAY = date(1940, 1, 1).toordinal()
_BIRTHDAYS = date(2001, 1, 1).toordinal() - _FIRST_BIRTHDAY
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def _date_of_birth(_: StandIns, value: str, draw: _Draw) -> str:
    born = date.fromordinal(_FIRST_BIRTHDAY + draw.below(_BIRTHDAYS))
    if _ISO_DATE.match(value):
        return _ISO_DATE.sub(f"{born:%Y-%m-%d}", value, count=1)
    if _US_DATE.match(value):
        return _US_DATE.sub(f"{born:%m/%d/%Y}", value, count=1)
    if re.fullmatch(r"\d{8}", value):
        return f"{born:%Y%m%d}"
    return _same_pattern(value, draw)


def _payment_link(_: StandIns, value: str, draw: _Draw) -> str:
    # Host and folders stay, and the names of query parameters.
    return _HIDDEN_IN_LINK.sub(lambda match: _same_pattern(match.group(0), draw), value)


_HIDDEN_IN_LINK = re.compile(
    r"(?<!//)(?<=/)[^/?#=&]+(?=[?#]|$)|(?<==)[^&#]+|(?<=#).+|^[^/]+$", re.DOTALL
)


_HIDEABLE = re.compile(r"[^\W_]")

# Kinds of one family share their stand-ins.
_FAMILY: dict[Kind, str] = {kind: kind.value for kind in Kind} | {
    Kind.PERSON_NAME: "name",
    Kind.ORGANIZATION_NAME: "name",
    Kind.STREET: "name",
    Kind.CITY: "name",
}

_MAKERS: dict[str, Callable[[StandIns, str, _Draw], str]] = {
    "name": _words,
    Kind.EMAIL.value: _email,
    Kind.EMAIL_DOMAIN.value: _domain,
    Kind.PHONE.value: _phone,
    Kind.ACCOUNT_NUMBER.value: _account_number,
    Kind.ROUTING_NUMBER.value: _routing_number,
    Kind.CARD_NUMBER.value: _card_number,
    Kind.TAX_ID.value: _tax_id,
    Kind.STATE.value: _state,
    Kind.ZIP.value: _zip,
    Kind.DATE_OF_BIRTH.value: _date_of_birth,
    Kind.PAYMENT_LINK.value: _payment_link,
}

_NOBODYS: dict[str, Callable[[str], bool]] = {
    Kind.EMAIL.value: _is_nobodys_domain,
    Kind.EMAIL_DOMAIN.value: _is_nobodys_domain,
    Kind.PHONE.value: _is_nobodys_phone,
    Kind.ROUTING_NUMBER.value: _is_nobodys_routing_number,
    Kind.CARD_NUMBER.value: _is_nobodys_card,
    Kind.TAX_ID.value: _is_nobodys_tax_id,
}


class ByValue:
    """Finds values in running text and replaces them. The time depends on the text, not on them.

    A value is found as whole words only: no number within a longer one, no name within a word.
    Threads may look for values while one adds some.
    """

    def __init__(self, replacements: Iterable[tuple[str, str]] = ()) -> None:
        self._replacement_of: dict[str, str] = {}
        # The lengths of the values that begin with a word, longest first.
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._first_words: set[bytes] = set()
        self._then: list[ByValue] = []
        self._without: set[str] = set()  # texts that hold none of the values
        for value, replacement in replacements:
            self.add(value, replacement)

    def __bool__(self) -> bool:
        return bool(self._replacement_of) or any(self._then)

    def then(self, other: ByValue) -> None:
        """Replace afterwards what the other does."""
        self._then.append(other)

    def add(self, value: str, replacement: str) -> None:
        """Replace a value from now on."""
        first = _ALPHANUMERIC.match(value)
        # One that begins with punctuation is found in its own places only.
        if first is None or value == replacement:
            return
        word, length = first.group(), len(value)
        lengths = self._lengths.get(word, ())
        self._replacement_of[value] = replacement
        if length not in lengths:
            self._lengths[word] = tuple(sorted((*lengths, length), reverse=True))
            self._first_words.add(word.encode("utf-8", "surrogatepass"))
        # Last, because another thread may be looking for the values before this one.
        self._without = set()

    def may_be_in(self, text: str, *, is_plain: bool = False) -> bool:
        """Whether a word that a value begins with is in a text, which may be encoded.

        A plain text is not encoded: there the word stands by itself.
        """
        if is_plain or len(self._lengths) >= _FEW:
            found = self._has_a_first_word(text)
        else:
            found = any(first in text for first in tuple(self._lengths))
        return found or any(each.may_be_in(text, is_plain=is_plain) for each in self._then)

    def replaced(self, text: str) -> str:
        """The text with every value replaced."""
        if len(text) >= _DISTINCTIVE:
            if self._lengths:
                text = self._replaced_once(text)
            for each in self._then:
                text = each.replaced(text)
        return text

    def _has_a_first_word(self, text: str) -> bool:
        if text.isascii():
            # Ten times as fast as the expression.
            words = text.encode().translate(_NOTHING_BUT_ALPHANUMERIC).split()
            return not self._first_words.isdisjoint(words)
        return not self._lengths.keys().isdisjoint(_ALPHANUMERIC.findall(text))

    def _replaced_once(self, text: str) -> str:
        # Headers and the names of states are the same in interaction after interaction.
        without = self._without
        if text in without:
            return text
        replaced = self._replaced_here(text) if self._has_a_first_word(text) else text
        if replaced is text and len(text) <= _LONGEST_KEPT:
            if len(without) >= _MOST_KEPT:
                without.clear()
            without.add(text)
        return replaced

    def _replaced_here(self, text: str) -> str:
        done, made = 0, []
        for word in _ALPHANUMERIC.finditer(text):
            lengths = self._lengths.get(word.group())
            here = word.start()
            if lengths is None or here < done:
                continue
            for length in lengths:
                end = here + length
                value = text[here:end]
                replacement = self._replacement_of.get(value)
                if replacement is None or (value[-1].isalnum() and text[end : end + 1].isalnum()):
                    continue
                made += [text[done:here], replacement]
                done = end
                break
        return "".join([*made, text[done:]]) if made else text


_ALPHANUMERIC = re.compile(r"[^\W_]+")
_NOTHING_BUT_ALPHANUMERIC = bytes(
    byte if chr(byte).isalnum() and byte < 128 else ord(" ") for byte in range(256)
)
_FEW = 32
_LONGEST_KEPT = 256
_MOST_KEPT = 2**14
