"""How a stand-in of each kind of personal data is made: one function a family of kinds.

A new kind is a function here and a row in ``MAKERS``, and in ``IS_NOBODYS`` where there are values
of it that nobody can own.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from pytest_bill.checksums import IBAN, aba_check_digit, iban_check_digits, is_aba_number, luhn_sum
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.keyed_draw import KeyedDraw
from pytest_bill.scrubbing.personal_places import Kind

if TYPE_CHECKING:
    from pytest_bill.scrubbing.stand_ins import StandIns


def _fill(template: str, digits: str) -> str:
    """A text with its digits replaced by others, in order."""
    if template.isdecimal() and len(template) == len(digits):
        return digits
    following = iter(digits)
    return "".join([next(following) if old.isdecimal() else old for old in template])


def _digits_of(value: str) -> str:
    digits = "".join(filter(str.isdecimal, value))
    return digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)


def _same_pattern(value: str, draw: KeyedDraw) -> str:
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


def pronounceable(length: int, draw: KeyedDraw) -> str:
    """A word of consonants and vowels in turn."""
    kinds = (_CONSONANTS, _VOWELS) if draw.below(4) else (_VOWELS, _CONSONANTS)
    return draw.some_of((kinds * length)[:length])


_WORD = late_pattern(r"[^\W\d_]+")
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


def _words(stand_ins: StandIns, value: str, draw: KeyedDraw) -> str:
    def word(match: re.Match[str]) -> str:
        old = match.group(0)
        return old if old.casefold() in _KEPT_WORDS else stand_ins.word(old)

    made = _WORD.sub(word, value)
    digits = _digits_of(value)
    number = stand_ins.number(digits) if draw.is_first else None
    return _fill(made, number or _like_number(digits, draw))


def _like_number(digits: str, draw: KeyedDraw) -> str:
    """As many digits; the first is not zero where it was not."""
    made = draw.digits(len(digits))
    if digits and digits[0] != "0" and made[0] == "0":
        made = draw.one_of("123456789") + made[1:]
    return made


def _email(stand_ins: StandIns, value: str, draw: KeyedDraw) -> str:
    local, at, domain = value.rpartition("@")
    if not at:
        return _words(stand_ins, value, draw)
    return _words(stand_ins, local, draw) + "@" + stand_ins.of(Kind.EMAIL_DOMAIN, domain)


def _domain(_: StandIns, value: str, draw: KeyedDraw) -> str:
    ending = value.rpartition(".")[2].lower()
    ending = f".example.{ending if ending in ('net', 'org') else 'com'}"
    # Shorter than six letters, two companies would soon share one.
    return pronounceable(max(6, len(value) - len(ending)), draw) + ending


def _is_nobodys_domain(value: str) -> bool:
    return re.search(r"(^|[@.])(example\.(com|net|org)|example|test|invalid)$", value) is not None


_DRAMA = {
    # Digits in all, what follows the country, and how many digits are free.
    "44": (12, "7700900", 3),
    "33": (11, "19900", 4),
}


def _phone(stand_ins: StandIns, value: str, draw: KeyedDraw) -> str:
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


def _north_american(draw: KeyedDraw) -> str:
    area = draw.one_of("23456789") + draw.one_of("02345678") + draw.one_of("023456789")
    return area + "55501" + draw.digits(2)


def _is_nobodys_phone(value: str) -> bool:
    digits = _digits_of(value)
    if re.fullmatch(r"1?\d{3}55501\d\d", digits):
        return True
    return any(
        len(digits) == length and digits.startswith(country + drama)
        for country, (length, drama, _) in _DRAMA.items()
    )


def _account_number(stand_ins: StandIns, value: str, draw: KeyedDraw) -> str:
    compact = value.replace(" ", "")
    if re.fullmatch(IBAN, compact):
        return _spaced_as(value, _iban(compact, draw))
    digits = _digits_of(value)
    if not digits:
        return _same_pattern(value, draw)
    made = _same_pattern(value, draw)
    beginning = _like_number(digits[:-4], draw)
    return _fill(made, beginning + stand_ins.last_digits(digits[-4:]))


def _iban(value: str, draw: KeyedDraw) -> str:
    country, account = value[:2], _same_pattern(value[4:], draw)
    return f"{country}{iban_check_digits(country, account)}{account}"


def _spaced_as(template: str, text: str) -> str:
    following = iter(text)
    return "".join(old if old == " " else next(following) for old in template)


def _routing_number(stand_ins: StandIns, value: str, draw: KeyedDraw) -> str:
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


def _card_number(stand_ins: StandIns, value: str, draw: KeyedDraw) -> str:
    digits = _digits_of(value)
    if len(digits) < 12:
        return _account_number(stand_ins, value, draw)
    # The digits of the brand, and of no bank.
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


def _tax_id(stand_ins: StandIns, value: str, draw: KeyedDraw) -> str:
    digits = _digits_of(value)
    if len(digits) == 9 and not _WORD.search(value):
        beginning = "9" + draw.one_of("67") + draw.one_of(string.digits)
        beginning += draw.one_of("01234") + draw.one_of(string.digits)
        return _fill(value, beginning + stand_ins.last_digits(digits[-4:]))
    return _account_number(stand_ins, value, draw)


def _is_nobodys_tax_id(value: str) -> bool:
    return re.fullmatch(r"9[67]\d[0-4]\d{5}", _digits_of(value)) is not None


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


def _state(stand_ins: StandIns, value: str, draw: KeyedDraw) -> str:
    if value.upper() in STATES:
        return stand_ins.state(value.upper()) if value.isupper() else value
    if value in _PROVINCES:
        return _PROVINCES[draw.below(len(_PROVINCES))]
    return _words(stand_ins, value, draw)


def _zip(stand_ins: StandIns, value: str, draw: KeyedDraw) -> str:
    if re.fullmatch(r"\d{5}(-?\d{4})?", value):
        area = int(value[:3])
        for state, (first, last) in STATES.items():
            if first <= area <= last:
                first, last = STATES[stand_ins.state(state)]
                made = f"{first + draw.below(last - first + 1):03}"
                return _fill(value, made + draw.digits(len(_digits_of(value)) - 3))
    return _same_pattern(value, draw)


_FIRST_BIRTHDAY = date(1940, 1, 1).toordinal()
_BIRTHDAYS = date(2001, 1, 1).toordinal() - _FIRST_BIRTHDAY
_ISO_DATE = late_pattern(r"(\d{4})-(\d{2})-(\d{2})")
_US_DATE = late_pattern(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def _date_of_birth(_: StandIns, value: str, draw: KeyedDraw) -> str:
    born = date.fromordinal(_FIRST_BIRTHDAY + draw.below(_BIRTHDAYS))
    if _ISO_DATE.match(value):
        return _ISO_DATE.sub(f"{born:%Y-%m-%d}", value, count=1)
    if _US_DATE.match(value):
        return _US_DATE.sub(f"{born:%m/%d/%Y}", value, count=1)
    if re.fullmatch(r"\d{8}", value):
        return f"{born:%Y%m%d}"
    return _same_pattern(value, draw)


_HIDDEN_IN_LINK = late_pattern(
    r"(?<!//)(?<=/)[^/?#=&]+(?=[?#]|$)|(?<==)[^&#]+|(?<=#).+|^[^/]+$", re.DOTALL
)


def _payment_link(_: StandIns, value: str, draw: KeyedDraw) -> str:
    # Host and folders stay, and the names of query parameters.
    return _HIDDEN_IN_LINK.sub(lambda match: _same_pattern(match.group(0), draw), value)


# Kinds of one family share their stand-ins.
FAMILY: dict[Kind, str] = {kind: kind.value for kind in Kind} | {
    Kind.PERSON_NAME: "name",
    Kind.ORGANIZATION_NAME: "name",
    Kind.STREET: "name",
    Kind.CITY: "name",
}
MAKERS: dict[str, Callable[[StandIns, str, KeyedDraw], str]] = {
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
IS_NOBODYS: dict[str, Callable[[str], bool]] = {
    Kind.EMAIL.value: _is_nobodys_domain,
    Kind.EMAIL_DOMAIN.value: _is_nobodys_domain,
    Kind.PHONE.value: _is_nobodys_phone,
    Kind.ROUTING_NUMBER.value: _is_nobodys_routing_number,
    Kind.CARD_NUMBER.value: _is_nobodys_card,
    Kind.TAX_ID.value: _is_nobodys_tax_id,
}
