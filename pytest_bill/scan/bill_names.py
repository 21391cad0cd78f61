"""Which names in a text are BILL's own: variables, headers and fields, in any spelling.

A name with ``bill`` in it that ends as a credential's does, and the names that BILL alone has, are
own ones: what stands there is a secret whatever it looks like. Shared names (``password``) are
others' as well; they count beside BILL's own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.secret_places import BY_PLAIN_NAME

_WORD = late_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_NO_ENDS = frozenset({"device", "machinename"})
"""Names of BILL's that are too common for the end of a variable's."""
_ENDS = {
    **{
        name: placeholder
        for name, placeholder in BY_PLAIN_NAME.items()
        if placeholder.startswith("BILL_") and name not in _NO_ENDS
    },
    "passwd": "BILL_PASSWORD",
    "passphrase": "BILL_PASSWORD",
    "pwd": "BILL_PASSWORD",
    "pass": "BILL_PASSWORD",
    "synctoken": "BILL_PASSWORD",
    "developerkey": "BILL_DEV_KEY",
    "apikey": "BILL_DEV_KEY",
    "consoletoken": "BILL_CONSOLE_API_TOKEN",
    "spendtoken": "BILL_SPEND_API_TOKEN",
    "webhooksecret": "BILL_WEBHOOK_SECURITY_KEY",
    "webhookkey": "BILL_WEBHOOK_SECURITY_KEY",
    "standinkey": "BILL_STAND_IN_KEY",
    "adminemail": "BILL_USERNAME",
    "synctokenname": "BILL_USERNAME",
    "secret": "BILL_SECRET",
}
"""How the name of a credential's variable ends, without what is between its words."""

_BILLS = frozenset({"bill", "billcom"})
_AFTER = frozenset(
    {"prod", "production", "stage", "staging", "sandbox", "test", "testing", "qa", "ci", "local"}
    | {"old", "new", "value", "default", "raw", "plain", "b64", "base64", "env", "dev"}
)
"""What variables have behind their name: the environment, the form of the value."""
_BEFORE = frozenset({"x", "sync", "console", "spend", "partner", "http", "my", "sandbox", "stage"})
_NO_SECRET = frozenset({"page", "next", "csrf", "xsrf", "idempotency"})

_FIELDS = frozenset(
    {"devkey", "sessionid", "apitoken", "appkey", "consoleapitoken", "remembermeid", "mfaid"}
    | {"developerkey"}
)
_SHARED = frozenset(
    {"password", "passwd", "username", "deviceid", "clientid", "clientsecret", "accesstoken"}
    | {"refreshtoken", "securitykey"}
)

_STEMS = (
    *("bill", "devkey", "developerkey", "sessionid", "apitoken", "appkey", "rememberme", "mfaid"),
    *("password", "passwd", "username", "deviceid", "clientid", "clientsecret", "accesstoken"),
    *("refreshtoken", "securitykey"),
)
"""What each own and shared name holds, without what separates its words."""
_SPOKEN = ("dev key", "developer key")
_FIRST_WORDS = (
    *("developer", "device", "dev", "session", "api", "app", "remember", "mfa", "user", "client"),
    *("access", "refresh", "security"),
)


def stems_in(lowered: str) -> re.Pattern[str] | None:
    """What finds the stems of names in a text in lower case; None where there are none."""
    plain = lowered.replace("_", "").replace("-", "")
    stems = [stem for stem in _STEMS if stem in plain]
    spoken = [stem for stem in _SPOKEN if stem in lowered]
    return _any_of((*map(_separable, stems), *spoken)) if stems or spoken else None


@lru_cache(maxsize=256)
def _any_of(stems: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(stems))


@lru_cache(maxsize=64)
def _separable(stem: str) -> str:
    """An expression for a stem, its words separated or not: ``dev[_-]?key``."""
    first = next((word for word in _FIRST_WORDS if stem.startswith(word)), "")
    return f"{first}[_-]?{stem.removeprefix(first)}" if first not in ("", stem) else stem


@lru_cache(maxsize=4096)
def own_placeholder(name: str) -> str:
    """The placeholder of a name that is BILL's own, empty for any other: ``X-DevKey``, ``dev_key``.

    All variables of the credentials count, the user's and the organization's too.
    """
    words = _words(name)
    if _NO_SECRET.intersection(words):
        return ""
    bills = [number for number, word in enumerate(words) if word in _BILLS]
    if bills:
        return _by_end(words[bills[-1] + 1 :])
    while words and words[0] in _BEFORE and "".join(words) not in _FIELDS:
        words = words[1:]
    plain = "".join(words)
    if plain not in _FIELDS:
        plain = plain.removeprefix("bill") if plain.startswith("bill") else ""
    return _by_end([plain])


@lru_cache(maxsize=4096)
def shared_placeholder(name: str) -> str:
    """The placeholder of a name that sign-ins have and others as well, empty for any other."""
    plain = "".join(_words(name))
    return _by_end([plain]) if plain in _SHARED else ""


_NAME = late_pattern(r"[A-Za-z][A-Za-z_-]{2,60}")


@lru_cache(maxsize=4096)
def is_credential_name(value: str) -> bool:
    """Whether a value is itself the name of a credential, as where names are listed or mapped."""
    last = value.rpartition(".")[2]
    if not _NAME.fullmatch(last):
        return False
    if own_placeholder(last) or shared_placeholder(last) or last.lower() in _ENDS:
        return True
    return last.isupper() and "_" in last and bool(_by_end(_words(last)))


def _words(name: str) -> list[str]:
    """The words of a name in lower case, less what variables have behind it."""
    words = [word.lower() for word in _WORD.findall(name)]
    while len(words) > 1 and (words[-1] in _AFTER or words[-1].isdecimal()):
        words.pop()
    return words


def _by_end(words: list[str]) -> str:
    """The placeholder of the longest end of these words that is a credential's."""
    ends = ("".join(words[start:]) for start in range(len(words)))
    return next((_ENDS[end] for end in ends if end in _ENDS), "")
