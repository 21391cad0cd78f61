"""Cookies as their headers write them: RFC 6265 and what it took over from RFC 2109 and 2965.

Several in one header, joined by commas; quoted; without a name; with ``$Version`` beside them. The
comma of ``Expires`` joins nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pytest_bill.patterns import late_pattern

Replace = Callable[[str], str]
"""Gives what goes into a header instead of a value."""

_ATTRIBUTES = frozenset(
    {"path", "domain", "expires", "max-age", "secure", "httponly", "samesite", "priority"}
    | {"partitioned", "version", "comment", "commenturl", "discard", "port"}
)
# What is quoted and not closed goes to the end.
_PIECE = late_pattern(r'(?:"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[^;,"])++|[;,]', re.DOTALL)
_WEEKDAY = late_pattern(r"(?i)\s*expires\s*=\s*\"?\s*[a-z]{3,9}\s*")


def in_header(value: str, of_cookie: Replace, of_rest: Replace) -> str:
    """The value of ``Cookie``, ``Set-Cookie`` or their second versions, cookies replaced."""
    out: list[str] = []
    is_first, before = True, ""
    for piece in _pieces(value):
        if piece in (";", ","):
            out.append(piece)
            is_first = is_first or (piece == "," and not _WEEKDAY.fullmatch(before))
        else:
            joins = out[-1:] == [","] and _WEEKDAY.fullmatch(before)
            out.append(of_rest(piece) if joins else _part(piece, is_first, of_cookie, of_rest))
            is_first, before = False, piece
    return "".join(out)


def _pieces(value: str) -> list[str]:
    return _PIECE.findall(value)


def _part(piece: str, is_first: bool, of_cookie: Replace, of_rest: Replace) -> str:
    name, equals, value = piece.partition("=")
    plain = name.strip().lower()
    if plain in _ATTRIBUTES or plain.startswith("$") or not piece.strip():
        return of_rest(piece)
    if not equals:
        # A flag that nobody knows, where it is not the cookie itself.
        return _around(name, of_cookie) if is_first else of_rest(piece)
    return of_rest(name) + equals + _around(value, of_cookie)


def _around(value: str, replace: Replace) -> str:
    """The value replaced, and the blanks and quotes around it left."""
    bare = value.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        bare = bare[1:-1]
    return value.replace(bare, replace(bare), 1) if bare else value
