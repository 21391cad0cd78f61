"""Our own rules for BILL: by place (names of headers, fields, parameters) and by form.

The names of places are those of ``scrubbing.secret_places`` and ``scrubbing.personal_places``, so
that what is scrubbed and what is found are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pytest_bill.checksums import is_aba_number, luhn_sum
from pytest_bill.patterns import late_pattern
from pytest_bill.scan import bill_names
from pytest_bill.scan.findings import Rule
from pytest_bill.scrubbing.personal_places import PERSONAL_PLACES, Kind
from pytest_bill.scrubbing.secret_places import COOKIE_HEADERS, SECRET_FIELDS, SECRET_HEADERS

_ROTATE = "Revoke it where it was issued, then run: pytest-bill scan --fix"
_FIX = "Run: pytest-bill scan --fix"
_BY_HAND = "Remove it by hand, or allow it with a baseline if it is made up."

_WHAT = {
    "BILL_DEV_KEY": "developer key",
    "BILL_SESSION_ID": "sessionId",
    "BILL_SPEND_API_TOKEN": "Spend & Expense API token",
    "BILL_PARTNER_APP_KEY": "partner app key",
    "BILL_CONSOLE_API_TOKEN": "Accountant Console API token",
    "BILL_REMEMBER_ME_ID": "rememberMeId",
    "BILL_TOKEN": "code or token",
    "BILL_USERNAME": "sign-in's user name",
    "AUTHORIZATION": "Authorization header",
    "CVV": "card's security code",
    "PIN": "PIN",
}
SIGNED_URL = Rule("signed-url", "signature of a download URL", _FIX, fix="URL_SIGNATURE")


def rule_of_place(placeholder: str) -> Rule:
    """The rule of a secret place, by the placeholder that scrubbing puts there."""
    if placeholder.startswith("URL_"):
        return SIGNED_URL
    what = _WHAT.get(placeholder, placeholder.removeprefix("BILL_").replace("_", " ").lower())
    return Rule(placeholder.lower().replace("_", "-"), what, _ROTATE, fix=placeholder)


COOKIE = Rule("cookie", "cookie", _FIX, fix="COOKIE")
USERINFO = Rule("userinfo", "user name and password in a URL", _ROTATE, fix="USERINFO")
BEARER = Rule("authorization", "Authorization header", _ROTATE, fix="AUTHORIZATION")
ACCOUNT = Rule("bank-account-number", "bank account number", _FIX, True)
ROUTING = Rule("routing-number", "bank routing number", _FIX, True)
CARD = Rule("card-number", "card number", _FIX, True)
TAX_ID = Rule("tax-id", "tax id", _FIX, True)
KNOWN = Rule("known-value", "value of a BILL variable", _ROTATE, fix="BILL_SECRET")
# Only its first line is found: whoever replaced that would leave the rest.
PRIVATE_KEY = Rule(
    "private-key", "private key", "Revoke it where it was issued, and remove it by hand."
)
UNREADABLE = Rule("unreadable-body", "compressed body that cannot be unpacked", _BY_HAND)
HIGH_ENTROPY = Rule("high-entropy", "random string", _BY_HAND, fix="SECRET")

RULE_OF_KIND = {
    Kind.ACCOUNT_NUMBER: ACCOUNT,
    Kind.ROUTING_NUMBER: ROUTING,
    Kind.CARD_NUMBER: CARD,
    Kind.TAX_ID: TAX_ID,
}
KIND_OF_RULE = {rule: kind for kind, rule in RULE_OF_KIND.items()}
"""The rules of bank and card data, for which there are stand-ins and not placeholders."""

_MONEY = {
    place.field.lower(): RULE_OF_KIND[place.kind]
    for place in PERSONAL_PLACES
    if place.kind in RULE_OF_KIND and "." not in place.field
}
# No names of BILL's, but what other texts call the same.
_MONEY |= {"iban": ACCOUNT, "bankaccountnumber": ACCOUNT, "creditcardnumber": CARD}

_SECRET = {name: rule_of_place(place) for name, place in SECRET_FIELDS.items()}
_BY_FIELD = _MONEY | _SECRET
_BY_HEADER = {name: rule_of_place(place) for name, place in SECRET_HEADERS.items()}
_BY_FIELD_OF_SIGN_IN = {"username": rule_of_place("BILL_USERNAME")}
# Variables of .env files and of code: the name of a field with a prefix.
_PREFIXES = ("bill", "sync", "console", "spend", "partner", "webhook", "x")
_BY_VARIABLE = {
    "synctokenvalue": rule_of_place("BILL_PASSWORD"),
    "consoletoken": rule_of_place("BILL_CONSOLE_API_TOKEN"),
    "synctoken": rule_of_place("BILL_PASSWORD"),
}


@lru_cache(maxsize=4096)  # the same in answer after answer
def by_field(name: str) -> Rule | None:
    """The rule of a JSON or form field."""
    return _BY_FIELD.get(name.lower()) or by_own_name(name)


@lru_cache(maxsize=4096)
def by_field_of_sign_in(name: str) -> Rule | None:
    """The rule of a field of a request that signs in.

    An organization's id stands in every cassette and opens nothing.
    """
    lowered = name.lower()
    return _BY_FIELD.get(lowered) or _BY_FIELD_OF_SIGN_IN.get(lowered) or by_own_name(name)


_OF_BILL_ALONE = {
    name: rule
    for name, rule in _BY_FIELD.items()
    if name not in {"token", "device", "deviceid", "machinename", "client_id", "pin"}
}


@lru_cache(maxsize=4096)
def by_field_elsewhere(name: str) -> Rule | None:
    """The rule of a field of another service's, whose ``token`` and ``device`` are its own."""
    lowered = name.lower()
    return _OF_BILL_ALONE.get(lowered) or (by_own_name(name) if "bill" in lowered else None)


def by_own_name(name: str) -> Rule | None:
    """The rule of a name that is BILL's own in any spelling: a variable, a header, a field."""
    place = bill_names.own_placeholder(name)
    return rule_of_place(place) if place else None


def by_shared_name(name: str) -> Rule | None:
    """The rule of a name that others have as well: it counts beside one of BILL's own."""
    place = bill_names.shared_placeholder(name)
    return rule_of_place(place) if place else None


def by_header(name: str) -> Rule | None:
    """The rule of a header other than the cookies'."""
    return _BY_HEADER.get(name.lower())


def is_cookie_header(name: str) -> bool:
    """Whether a header carries cookies."""
    return name.lower() in COOKIE_HEADERS


def by_any_name(name: str) -> Rule | None:
    """The rule of a name in a text of any kind: ``dev_key``, ``BILL_DEV_KEY``, ``X-DevKey``."""
    plain = name.lower().replace("_", "").replace("-", "")
    for _ in range(3):
        rule = _BY_FIELD.get(plain) or _BY_HEADER.get(plain) or _BY_VARIABLE.get(plain)
        if rule is not None:
            return rule
        prefix = next((each for each in _PREFIXES if plain.startswith(each)), "")
        if not prefix:
            return None
        plain = plain.removeprefix(prefix)
    return None


# Numbers that payment services publish for tests: https://docs.stripe.com/testing and
# https://developer.paypal.com/tools/sandbox/card-testing.
_TEST_CARDS = frozenset(
    {
        "378282246310005",
        "371449635398431",
        "30569309025904",
        "38520000023237",
        "3530111333300000",
        "3566002020360505",
        "4000056655665556",
        "4012888888881881",
        "4111111111111111",
        "4222222222222",
        "4242424242424242",
        "5105105105105100",
        "5454545454545454",
        "5555555555554444",
        "2223003122003222",
        "6011000990139424",
        "6011111111111117",
    }
)


def is_plausible(rule: Rule, value: str) -> bool:
    """Whether a value in a place of bank or card data could be it: a masked number is none."""
    plain = re.sub(r"[\s-]", "", value[:60])
    if rule is ROUTING:
        return is_routing_number(plain)
    if rule is CARD:
        return is_card_number(plain) and plain not in _TEST_CARDS
    if rule is TAX_ID:
        return sum(map(str.isdigit, plain)) >= 7 and plain.isalnum()
    return rule is not ACCOUNT or (sum(map(str.isdigit, plain)) >= 4 and plain.isalnum())


def is_routing_number(digits: str) -> bool:
    """Whether 9 digits are an ABA routing number: a Federal Reserve prefix and its checksum."""
    if not is_aba_number(digits):
        return False
    prefix = int(digits[:2])
    is_of_a_bank = prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80
    return is_of_a_bank and digits != "000000000"


_CARD_RANGES = late_pattern(
    r"4[0-9]{12}(?:[0-9]{3}){0,2}|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|"
    r"27[01][0-9]|2720)[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|"
    r"(?:6011|65[0-9]{2}|64[4-9][0-9])[0-9]{12}|35(?:2[89]|[3-8][0-9])[0-9]{12}|62[0-9]{14,17}"
)


def is_card_number(digits: str) -> bool:
    """Whether digits are a card number: a known issuer's range, its length, Luhn's checksum."""
    if not _CARD_RANGES.fullmatch(digits) or len(set(digits)) < 3:
        return False
    return luhn_sum(digits) % 10 == 0


_DIGITS = late_pattern(
    r"[2-6](?<![\w.-].)(?:[0-9]{12,18}|[0-9]{3}(?:[ -][0-9]{3,6}){2,4})(?![\w.])"
)
_PRIVATE_KEY = late_pattern(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")
_USERINFO = late_pattern(r"://([^\s/?#@:\"'<>{}*]{1,100}:[^\s/?#@\"'<>{}*]{1,100})@")
_BEARER = late_pattern(r"\b(?:[Bb]earer|[Bb]asic)\s{1,3}([A-Za-z0-9._~+/=-]{16,2000})")


def by_form(text: str) -> Iterator[tuple[Rule, str]]:
    """What a text holds that is secret by its form alone, wherever it stands."""
    for match in _DIGITS.finditer(text):
        if is_plausible(CARD, match.group(0)):
            yield CARD, match.group(0)
    if "PRIVATE KEY" in text:
        for match in _PRIVATE_KEY.finditer(text):
            yield PRIVATE_KEY, match.group(0)
    if "://" in text:
        for match in _USERINFO.finditer(text):
            yield USERINFO, match.group(1)
    for match in _BEARER.finditer(text):
        yield BEARER, match.group(1)


def may_hold_a_form(text: str) -> bool:
    """Whether ``by_form`` could find anything; for many texts at once."""
    return bool(
        _DIGITS.search(text)
        or ("://" in text and _USERINFO.search(text))
        or "PRIVATE KEY" in text
        or (("earer" in text or "asic" in text) and _BEARER.search(text))
    )
