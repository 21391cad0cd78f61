"""Names that read as those of secrets, and the values that are secrets there: by rule, not by list.

A name is taken apart into its words, whatever their case and separators: ``session_id``,
``SESSION-ID``, ``x.session.id``, ``sessionID``, ``JSESSIONID``. What stands there is a secret if it
looks like one: ``tokenType`` and ``passwordExpired`` hold words, numbers, dates and flags.
The table of BILL's own names is ``pytest_bill.scrubbing.secret_places``.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.secret_places import SECRET_FIELDS, plain_name


class Reads(Enum):
    """How a name reads."""

    NOTHING = "as no secret's"
    PASSWORD = "as that of what a person chose"  # noqa: S105
    TOKEN = "as that of what a machine made"  # noqa: S105
    PERHAPS = "as that of what may be a secret, by the look of it"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NOUNS = {
    **dict.fromkeys(("password", "passwd", "passphrase", "passcode", "pwd"), "password"),
    **dict.fromkeys(("session", "sess", "sid"), "session"),
    **dict.fromkeys(("token", "jwt", "bearer", "csrf", "xsrf"), "token"),
    **dict.fromkeys(("signature", "sig", "hmac"), "signature"),
    **dict.fromkeys(("credential", "cred"), "credential"),
    **dict.fromkeys(("authorization", "authorisation", "auth"), "authorization"),
    "secret": "secret",
    "key": "key",
}
_KEYS = _set(
    "access account admin aes api app application auth client consumer customer deploy dev "
    "developer device encryption hmac host integration license master partner pass personal "
    "private project publishable rsa secret security server service session shared sign signing "
    "ssh storage subscription user webhook write"
)
"""What a key is of that is a secret."""
_NO_KEYS = _set(
    "business cache column entity external field foreign group i18n idempotency idempotent index "
    "item lookup map message natural object order partition primary property public record row "
    "sort sorting translation unique"
)
_NO_TOKENS = _set(
    "completion continuation continue count cursor input max min next num output page paging "
    "pagination prev previous prompt scroll total"
)
_PART_OF_IT = _set(
    "again base64 code confirm confirmation cookie current data encoded handle hash header hex id "
    "new old plain plaintext raw ref repeat salt string text ticket uuid value verify"
)
"""Words after the noun with which it is still the secret itself."""
_PIECES = (
    "authorization|authorisation|application|credential|passphrase|signature|developer|passcode|"
    "password|security|refresh|session|private|webhook|access|bearer|client|passwd|secret|signing|"
    "token|admin|login|oauth|partner|auth|csrf|xsrf|user|hash|hmac|code|sess|web|new|old|api|app|"
    "asp|dev|jwt|key|net|php|pwd|id|j|x"
)
_WORD = late_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_RUN_TOGETHER = late_pattern(rf"(?:{_PIECES})+s?")
_PIECE = late_pattern(_PIECES)
STEMS = tuple(b"auth bearer cred csrf hmac jwt key pass pwd secret sess sid sig token xsrf".split())
"""What is in each name that reads as a secret's, in lower case."""
_STEMS = tuple(stem.decode() for stem in STEMS)
_LONGEST_NAME = 80
_IN_TABLE = {plain_name(name): placeholder for name, placeholder in SECRET_FIELDS.items()}


def may_name(lowered: str) -> bool:
    """Whether a text in lower case may have such a name at all."""
    return any(stem in lowered for stem in _STEMS)


@lru_cache(maxsize=16384)
def reading_of(name: str) -> Reads:
    """How a name reads."""
    if len(name) > _LONGEST_NAME or not may_name(name.lower()) or "PLACEHOLDER" in name:
        return Reads.NOTHING
    words = _words(name)
    # The last noun says what it is: a session's token is a token.
    for at in reversed(range(len(words))):
        noun = _NOUNS.get(words[at])
        if noun is not None:
            return _reads(noun, words[:at], words[at + 1 :])
    return Reads.NOTHING


def _words(name: str) -> list[str]:
    words: list[str] = []
    for word in _WORD.findall(name):
        word = word.lower()
        pieces = _PIECE.findall(word) if _RUN_TOGETHER.fullmatch(word) else []
        whole = "".join(pieces) in (word, word.removesuffix("s"))
        words += pieces if whole and pieces else [_singular(word)]
    return words


def _singular(word: str) -> str:
    one = word.removesuffix("s")
    return one if one in _NOUNS else word


def _reads(noun: str, before: list[str], after: list[str]) -> Reads:
    if not _PART_OF_IT.issuperset(after):
        return Reads.NOTHING
    is_id = "id" in after
    if noun == "password":
        return Reads.NOTHING if is_id else Reads.PASSWORD
    if noun == "session":
        return Reads.TOKEN
    if noun == "key":
        return _key_reads(before[-1] if before else "", is_id)
    if noun == "token" and not _NO_TOKENS.isdisjoint(before):
        return Reads.NOTHING
    return Reads.PERHAPS if is_id else Reads.TOKEN


def _key_reads(of: str, is_id: bool) -> Reads:
    if is_id:
        return Reads.TOKEN if of == "access" else Reads.NOTHING
    if of in _NO_KEYS:
        return Reads.NOTHING
    return Reads.TOKEN if of in _KEYS else Reads.PERHAPS


@lru_cache(maxsize=4096)
def placeholder_of(name: str) -> str:
    """The placeholder, less its prefix, of what stands there; BILL's own where the name is."""
    of_table = _IN_TABLE.get(plain_name(name))
    if of_table is not None:
        return of_table
    return "_".join(word.upper() for word in _words(name) if word.isascii())[:40].strip("_")


# --- values ----------------------------------------------------------------------------------

SHORTEST = 8
_LONGEST = 16_384
_NO_SECRET = late_pattern(
    r"""(?ix)
    true | false | null | none | undefined | unknown | redacted | filtered | hidden | masked
    | [{<$%\[*(#] .* [}>%\])*#]            # {token}, <token>, ${TOKEN}, [FILTERED], ****
    | \$\w+ | your[-_ ].* | (.)\1*
    | \d{4}-\d\d-\d\d ([T\ ].*)? | \d{1,2}/\d{1,2}/\d{4} .*
    | [-+]?\d+[.,]\d+ | \d+(\.\d+){3}(:\d+)?
    | [a-z][a-z0-9+.-]*://.*               # links are looked at by themselves
    | [^@\s]+@[^@\s]+\.[a-z]+
    | ((hs|rs|es|ps|sha|aes|rsa|hmac|ecdsa|ed|md|oauth|tls|aws|v|version|with|cbc|gcm|pkcs)
       [-_/]?\d{0,5}[-_/]?)+
    | [0-9a-f]{2}(:[0-9a-f]{2})+ | \d{1,3}(,\d{3})+
    """,
    re.DOTALL,
)
_SENTENCE = late_pattern(
    r"(?i)\b(is|are|was|must|should|has|have|cannot|can|not|invalid|required|please|too|match|"
    r"least|contain|the|this|your|for)\b"
)
_EPOCH = late_pattern(r"[12]\d{9}|[12]\d{12}")
_UUID = late_pattern(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FEWEST_DIGITS = 12
_FEWEST_LETTERS = 16
_FEWEST_JUMBLED = 10
_SHORTEST_WORDS = 3.6
"""Letters: words are longer than this, on average."""
_CHUNK = late_pattern(r"[A-Z]?[a-z]+|[A-Z]+")
_NO_WORD = late_pattern(r"(?i)[bcdfghjklmnpqrstvwxz]{5}|q(?!u)|[jqxz]{2}|v[bcdfghjklmnpqrstwxz]{2}")
_SCHEME = late_pattern(r"(?i)(?:bearer|basic|digest|token|negotiate|apikey)\s+(\S+)")


def without_scheme(value: str) -> str:
    """The credential of an ``Authorization``'s value; any other value as it is."""
    found = _SCHEME.fullmatch(value.strip())
    return found[1] if found else value


def is_secret(how: Reads, value: str) -> bool:
    """Whether a value at a place that reads so is a secret, by its form."""
    if how is Reads.NOTHING or not SHORTEST <= len(value) <= _LONGEST:
        return False
    if "PLACEHOLDER_" in value or _NO_SECRET.fullmatch(value):
        return False
    if how is Reads.PASSWORD:
        is_sentence = " " in value and _SENTENCE.search(value)
        is_word = re.fullmatch(r"[A-Z_]+", value) and not _is_jumbled(value)
        return not is_sentence and not is_word
    return is_dense(value) if how is Reads.PERHAPS else _is_token(value)


def _is_token(value: str) -> bool:
    if not value.isprintable() or " " in value:
        return False
    has_letters = any(map(str.isalpha, value))
    if any(map(str.isdigit, value)):
        return has_letters or (len(value) >= _FEWEST_DIGITS and not _EPOCH.fullmatch(value))
    if value.isalpha() and (value.islower() or value.isupper()) and len(value) >= _FEWEST_LETTERS:
        return True
    return has_letters and _is_jumbled(value)


def _is_jumbled(value: str) -> bool:
    """Whether letters make no words: as capitals stand, or as consonants meet."""
    if len(value) < _FEWEST_JUMBLED:
        return False
    words = _CHUNK.findall(value)
    is_mixed = not (value.islower() or value.isupper())
    if is_mixed and sum(map(len, words)) < _SHORTEST_WORDS * len(words):
        return True
    return any(_NO_WORD.search(word) for word in words)


def is_dense(value: str) -> bool:
    """Whether a value has so much in it that no person and no counter made it."""
    if len(value) < 20 or not value.isascii() or " " in value or _UUID.fullmatch(value):
        return False
    if _NO_SECRET.fullmatch(value) or not any(map(str.isdigit, value)):
        return False
    is_hex = len(value) >= 32 and re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", value) is not None
    is_mixed = not (value.islower() or value.isupper() or value.isdigit())
    return (is_hex or is_mixed) and len(set(value)) >= min(10, len(value) // 3)
