"""Where a secret was found and by which rule; never what it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, NamedTuple

from pytest_bill.patterns import late_pattern
from pytest_bill.scan.false_positives import is_generated, is_id


@dataclass(frozen=True)
class Rule:
    """What one kind of finding means and what to do about it.

    ``guessable`` values have so few possibilities that even a hash would give them away. ``fix``
    names the placeholder that ``--fix`` puts there; where it is empty, only a person can mend it.
    """

    id: str
    what: str
    advice: str
    guessable: bool = False
    fix: str = ""


@dataclass(frozen=True)
class Origin:
    """An interaction of a cassette, by its number from 1, or a whole file (number 0)."""

    number: int = 0
    method: str = ""
    url_path: str = field(default="", repr=False)


WHOLE_FILE = Origin()


class Spot(NamedTuple):
    """One value in a file, and where it stands. ``rule`` is that of a known secret place."""

    origin: Origin
    line: int
    part: str
    path: Any
    name: str
    rule: Rule | None
    value: str

    def __repr__(self) -> str:
        return f"<Spot in line {self.line}>"


class Hit(NamedTuple):
    """A secret that a rule found in a spot. It holds the value: for use inside only."""

    spot: Spot
    rule: Rule
    value: str

    def __repr__(self) -> str:
        return f"<Hit {self.rule.id}>"


@dataclass(frozen=True, order=True)
class Finding:
    """What reports may hold of a hit. ``interaction`` and ``line`` are 0 where there is none."""

    file: str
    interaction: int
    line: int
    field: str
    rule: str
    what: str
    advice: str
    method: str = ""
    path: str = ""
    length: int = 0
    fingerprint: str = ""

    def as_dict(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return asdict(self)

    @property
    def where(self) -> str:
        """Interaction and field, or line and field, in words."""
        if self.interaction:
            return f"interaction {self.interaction} ({self.method} {self.path}), {self.field}"
        return self.field

    @property
    def place(self) -> str:
        """A hash of the rule and the place, the same in every run and whatever the value."""
        parts = (self.rule, self.file, str(self.interaction), self.field)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


_FINGERPRINT_DIGITS = 5
_SHORTEST = 8


def fingerprint(value: str, rule: Rule, salt: bytes) -> str:
    """A value's mark for telling it from others: 20 bits of a keyed hash.

    So few that nobody gets the value back by trying: of a million values tried, one has the mark by
    chance. A guessable value (a routing number, a short one) has no mark.
    """
    if rule.guessable or len(value) < _SHORTEST:
        return ""
    digest = hashlib.blake2b(value.encode("utf-8", "surrogatepass"), key=salt[:64]).hexdigest()
    return digest[:_FINGERPRINT_DIGITS]


_TOKEN = late_pattern(r"[^\s/.$?&=\[\]]+")
_MOST_PARTS = 200
"""Names with a secret inside are rare: so many of a file's secrets are looked for in them."""


def findings_of_hits(hits: Iterable[Hit], file: str, salt: bytes) -> list[Finding]:
    """The findings of one file, sorted; what their places hold of a secret is masked."""
    hits = list(hits)
    secret = {hit.value for hit in hits if len(hit.value) > 3}
    parts = sorted(secret, key=len)[:_MOST_PARTS]

    @cache
    def masked_token(token: str) -> str:
        hidden = token in secret or any(value in token for value in parts)
        return "***" if hidden else _printable(token)

    def masked(text: str) -> str:
        return _TOKEN.sub(lambda match: masked_token(match.group(0)), text)

    found = {
        Finding(
            file,
            hit.spot.origin.number,
            hit.spot.line,
            masked(f"{hit.spot.part} {rendered_path(hit.spot.path)}".strip()),
            hit.rule.id,
            hit.rule.what,
            hit.rule.advice,
            hit.spot.origin.method,
            masked(hit.spot.origin.url_path),
            len(hit.value),
            fingerprint(hit.value, hit.rule, salt),
        )
        for hit in hits
    }
    return sorted(found)


_LONGEST_TOKEN = 64


def _printable(token: str) -> str:
    if len(token) >= 16 and is_generated(token) and not is_id(token):
        return "***"
    # Whatever else a key holds: a terminal's control sequences are not for the terminal.
    token = "".join(character if character.isprintable() else "?" for character in token)
    return token if len(token) <= _LONGEST_TOKEN else token[:_LONGEST_TOKEN] + "…"


def rendered_path(path: Any) -> str:
    """A chain of ``(parent, key)`` as a JSON path (``$.vendor.accounts[0].number``), text as is."""
    keys = []
    while isinstance(path, tuple):
        path, key = path
        keys.append(f"[{key}]" if isinstance(key, int) else f".{key}")
    return f"{path}{''.join(reversed(keys))}"
