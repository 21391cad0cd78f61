"""Whether what stands at one of BILL's own names is a value: not a reference, a type or prose."""

from __future__ import annotations

import re
from itertools import pairwise

from pytest_bill.patterns import late_pattern
from pytest_bill.scan import bill_names
from pytest_bill.scan.false_positives import (
    decoded_base64,
    is_generated,
    is_no_secret,
    word_set,
    words_of,
)
from pytest_bill.scan.findings import Rule

_CHOSEN_BY_PEOPLE = frozenset({"bill-password", "bill-username", "bill-secret"})

# What a value says of itself: the names of credentials, fillers, and that it is made up. A value
# of such words alone opens nothing, or everyone can guess it.
_OF_NAMES = word_set(
    "bill billcom developer dev key keys session sessions id ids token tokens api app "
    "application partner console accountant spend expense sync password passwords passwd pwd "
    "pass passphrase secret secrets user username name login email org organization company "
    "value values credential credentials auth authorization header headers bearer basic "
    "remember me mfa device machine client webhook security code access refresh stage staging "
    "sandbox production prod header field variable env environment"
)
_FILLERS = word_set(
    "a an the my your our their his her its some any this that here there of for in to from "
    "with by on at as is are be was it not no non and or only put set insert enter add paste "
    "replace use get goes x y z"
)
_MADE_UP = word_set(
    "test tests testing fake dummy example examples sample samples mock mocked stub placeholder "
    "changeme change redacted removed filtered scrubbed masked hidden sanitized todo tbd fixme "
    "xxx xxxx foo bar baz qux abc xyz lorem ipsum invalid valid wrong bad good expired stale "
    "fresh other another different same first second third last one two three unknown missing "
    "required optional empty unset none null undefined real local demo made up omitted deleted "
    "revoked rotated new old never always before after recorded replayed more less all none "
    "given sign s ours mine"
)
_TYPES = word_set(
    "string str text int integer number bool boolean object any bytes uuid hex secretstr "
    "optional char varchar byte array list float double"
)
_SAYS_NOTHING = _OF_NAMES | _FILLERS | _MADE_UP | _TYPES
_NAMED_IN_PROSE = word_set(
    "key token session id password login developer credential credentials header user string "
    "value variable sign signs"
)

_REFERENCE = late_pattern(
    r"\$\{\{.{0,300}?\}\}|\{\{.{0,300}?\}\}|\$\{[^{}]{0,200}\}|\$\([^()]{0,300}\)?|"
    r"\$[A-Z_][A-Z0-9_]*\b|\$[a-z_]+(?:[A-Z][a-z]+)*\b(?!\d)|\$env:\w+|\$\d|"
    r"%\(\w+\)[sdr]|%[sdrvq]\b|%[A-Za-z_]+%|\#\{[^{}]{0,200}\}|@\{[^{}]{0,100}\}|<%.{0,200}?%>|"
    r"\{[\w.!:\[\]()'\"]{0,100}\}|\{[A-Za-z_][\w.]*(?:[\[(][^{}]*)?\Z"
)
"""What another program puts a value for: a shell, a template, a format."""
_KEPT_ELSEWHERE = late_pattern(
    r"(?:op|vault|a?ws?sm|secretref|env|file|sm|keyring|ref\+\w+|gcpsm|azurekv|doppler)"
    r"(?:://|:)[\w/.\#@:-]+|arn:aws[\w-]*:\S+|projects/[\w-]+/secrets/\S+|ENC[\[(].*|"
    r"\{cipher\}.*|@Microsoft\.KeyVault.*|/(?:run|var|etc|home|mnt)/\S+|https?://\S+|"
    r"!(?:Ref|Sub|GetAtt|ImportValue|Join|Select|FindInMap|vault|env\w*|secret|reference|include)\b"
    r".*|\*[A-Za-z][A-Za-z_-]*\d?|resolve:\S+|\.{1,3}|--\w[\w-]*|-\w|(?:secrets|vars|env)\.\w+|"
    r"<[A-Za-z][^<>]{0,80}>|`[^`]{0,200}`|\[[a-z][a-z _-]{1,40}\]",
    re.DOTALL | re.IGNORECASE,
)
"""Where a value is kept, or that somebody is to put it there."""
_EXPRESSION = late_pattern(
    r"[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)+[;,)\]}]*|"
    r"(?:new\s|await\s|lambda\b|function\b)?\s*[A-Za-z_$][\w$.:]*\s?[(\[{].*|"
    r"[A-Za-z_$][\w$]*(?:\.[\w$]+)*\s*[;)]+|\(.*\)\s*=>.*"
)
_IDENTIFIER = late_pattern(r"[A-Za-z_]+[A-Za-z0-9_]*")
_PATTERN = late_pattern(r"\\[wWdDsS][+*{)\]]|\.[*+][?)]|\[\^|\(\?[:P<]|\(\.\+")
"""An expression that looks for the values, as redactors have."""
_MANY_WORDS = late_pattern(r"\S\s+\S")
_SURE = late_pattern(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}(?:[0-9a-f]{8}|[0-9a-f]{32})?", re.I
)
_SHORTEST_KEY = 4
"""No key, token or id is shorter; passwords are."""


def is_secret_value(rule: Rule, value: str) -> bool:
    """Whether a literal at a name of BILL's is a secret, whatever its form."""
    value = value.strip()
    if is_no_secret(value) or _KEPT_ELSEWHERE.fullmatch(value):
        return False
    if bill_names.is_credential_name(value) or _PATTERN.search(value):
        return False
    rest = _REFERENCE.sub("", value)
    if rest != value and not looks_chosen(rest):
        return False
    value = rest
    of_people = rule.id in _CHOSEN_BY_PEOPLE
    if says_nothing(value, 2 if of_people else 4):
        return False
    if not of_people and (len(value) < _SHORTEST_KEY or is_typed_in_a_row(value)):
        return False
    inner = decoded_base64(value)
    return inner is None or is_secret_value(rule, inner.strip())


def is_machine_made(value: str) -> bool:
    """Whether a value is no code: made by a machine, as a token, a UUID or a digest is."""
    return bool(_SURE.fullmatch(value)) or is_generated(value)


_DIGIT_OR_SIGN = late_pattern(r"[0-9!@#$%^&*?+~]")
_NO_PASSWORD = late_pattern(r"[|<>(){}\[\]\\/]|\w:\w|://|@\w+\.\w")


def looks_chosen(value: str) -> bool:
    """Whether a value is made as people make passwords, of letters and digits or signs."""
    return (
        len(value) >= 8
        and not _MANY_WORDS.search(value)
        and any(map(str.isalpha, value))
        and bool(_DIGIT_OR_SIGN.search(value))
        and not _NO_PASSWORD.search(value)
    )


def is_expression(value: str) -> bool:
    """Whether a bare value is code: ``answer.json()``, ``config.key``, ``make_key(3)``."""
    return _EXPRESSION.fullmatch(value) is not None


def is_identifier(value: str) -> bool:
    """Whether a bare value may be a name of code."""
    return _IDENTIFIER.fullmatch(value.rstrip(";,)")) is not None


def is_prose(value: str) -> bool:
    """Whether a value is several words about a credential: a description of the place."""
    if not _MANY_WORDS.search(value):
        return False
    return not _NAMED_IN_PROSE.isdisjoint(words_of(value)) or value.rstrip().endswith((".", ":"))


def has_many_words(value: str) -> bool:
    """Whether there is space within a value."""
    return _MANY_WORDS.search(value) is not None


def says_nothing(value: str, digits: int) -> bool:
    """Whether a value only says what it stands for or that it is made up; with so many digits."""
    said = words_of(value)
    if not said or not value.isascii() or not any(map(str.isalpha, value)):
        return False
    return all(
        word in _SAYS_NOTHING
        or (word.isdecimal() and (len(word) <= digits or "0123456789" in word))
        for word in said
    )


_WRITTEN_OUT = late_pattern(r"(?:dead|beef|cafe|babe|feed|face|f00d|c0de|c0ffee)+", re.IGNORECASE)
_FROM_MANUALS = frozenset(
    {"123e4567e89b12d3a456426614174000", "550e8400e29b41d4a716446655440000"}
    | {"f81d4fae7dec11d0a76500a0c91e6bf6", "6ba7b8109dad11d180b400c04fd430c8"}
)
"""The UUIDs of RFC 4122, RFC 9562 and of what cites them."""


def is_typed_in_a_row(value: str) -> bool:
    """Whether a value was typed as a row: ``0123456789abcdef``, ``1111-1111``, ``deadbeef``."""
    plain = "".join(filter(str.isalnum, value[:80].lower()))
    if "0123456789" in plain or plain in _FROM_MANUALS or _WRITTEN_OUT.fullmatch(plain):
        return True
    steps = [abs(ord(a) - ord(b)) for a, b in pairwise(plain)]
    return len(plain) >= _SHORTEST_KEY and sum(step <= 1 for step in steps) >= 0.75 * len(steps)
