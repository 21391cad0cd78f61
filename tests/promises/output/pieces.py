"""Looks for secrets and for pieces of them, in forms worked out here and not by the package.

A piece is ten characters or more that stand in a row in the secret, as they are, escaped, or split
by colours, by the end of a line or by quotes.
"""

from __future__ import annotations

import base64
import html
import json
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import quoteattr

PIECE = 10
NEAR = 60

ESCAPES: list[Callable[[str], str]] = [
    str,
    lambda text: repr(text)[1:-1],
    lambda text: ascii(text)[1:-1],
    lambda text: repr(text.encode())[2:-1],
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: json.dumps(json.dumps(text))[3:-3],
    lambda text: json.dumps(repr(text)[1:-1])[1:-1],
    lambda text: repr(repr(text)[1:-1])[1:-1],
    lambda text: repr(json.dumps(text)[1:-1])[1:-1],
    lambda text: quote(text),
    lambda text: quote(text, safe=""),
    quote_plus,
    lambda text: quote(quote(text, safe=""), safe=""),
    html.escape,
    lambda text: html.escape(repr(text)[1:-1]),
    lambda text: html.escape(json.dumps(text)[1:-1]),
    lambda text: html.escape(html.escape(repr(text)[1:-1])),
    lambda text: html.escape(json.dumps(html.escape(repr(text)[1:-1]))[1:-1]),
    lambda text: quoteattr(text)[1:-1],
    # As TeamCity and GitHub write what stands in their lines.
    lambda text: re.sub(r"(['|\[\]])", r"|\1", text),
    lambda text: text.replace("%", "%25"),
]
COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\].*?(?:\x07|\x1b\\)")
WRAP = re.compile(r"\s*(?:\|n|%0A|\\n|\n)(?:E  +|[>+\-? \t│┃|╎])*")
LOOSE = re.compile(r"[\s'\"│┃]+")


def windows(text: str, size: int) -> set[str]:
    return {text[at : at + size] for at in range(len(text) - size + 1)}


def pieces_of(secret: str) -> set[str]:
    """All pieces of a secret, as each way of escaping writes them."""
    return {escape(piece) for piece in windows(secret, PIECE) for escape in ESCAPES}


def encoded_pieces_of(secret: str) -> set[str]:
    """Base64 of it, at each offset: 16 letters there are 12 of the secret."""
    found: set[str] = set()
    for start in range(3):
        encoded = base64.b64encode(b"\0" * start + secret.encode()).decode().rstrip("=")
        inner = encoded[4 if start else 0 : -2]
        for text in (inner, inner.replace("+", "-").replace("/", "_")):
            found |= windows(text, 16)
    return found


def loose(text: str) -> str:
    """A text without what a terminal or a printer puts into a value that is too long."""
    return LOOSE.sub("", WRAP.sub("", text))


class Needles:
    """Many short texts that are looked for at once."""

    def __init__(self, needles: Mapping[str, str]) -> None:
        self._by_start: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for needle, owner in needles.items():
            self._by_start[needle[:PIECE]].append((needle, owner))

    def found_in(self, text: str) -> Iterator[tuple[int, str]]:
        """Where a needle begins, and whose it is."""
        starts = self._by_start
        for at in range(len(text) - PIECE + 1):
            for needle, owner in starts.get(text[at : at + PIECE], ()):
                if text.startswith(needle, at):
                    yield at, owner


class Search:
    """Looks for all secrets of a run in its outputs; tells where which is, never what it is."""

    def __init__(self, secrets: Mapping[str, str], tests: Iterable[str] = ()) -> None:
        strict: dict[str, str] = {}
        loosely: dict[str, str] = {}
        for name, value in secrets.items():
            for needle in pieces_of(value) | encoded_pieces_of(value):
                strict.setdefault(needle, name)
            for needle in windows(loose(value), PIECE):
                loosely.setdefault(needle, name)
        self._strict, self._loosely = Needles(strict), Needles(loosely)
        longest = sorted(map(re.escape, tests), key=len, reverse=True)
        # Neither the module of that name nor a longer name.
        self._tests = re.compile(rf"(?:{'|'.join(longest)})(?![a-z]|_[a-z]|\.py)")

    def hits(self, text: str) -> Iterator[tuple[str, str]]:
        """Each secret that stands there, or a piece, once where it stands, and after which test."""
        plain = COLOUR.sub("", text)
        for read, needles in ((plain, self._strict), (loose(plain), self._loosely)):
            last: dict[str, int] = {}
            tests = Told(self._tests, read)
            for at, name in needles.found_in(read):
                if at > last.get(name, -NEAR - 1) + NEAR:
                    yield name, tests.before(at)
                last[name] = at


class Told:
    """Which test a text tells of, from its name on to that of the next."""

    def __init__(self, tests: re.Pattern[str], text: str) -> None:
        self._found = [(each.start(), each[0]) for each in tests.finditer(text)]

    def before(self, at: int) -> str:
        index = bisect(self._found, (at,))
        return self._found[index - 1][1] if index else "?"
