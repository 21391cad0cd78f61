"""Escapes that stand for characters: how each kind is written, decoded and quoted.

A new way to write characters is a ``Syntax`` here, in ``ALWAYS`` or in ``NOT_ASCII``.
"""

from __future__ import annotations

import html
import html.entities
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pytest_bill.scrubbing.search.utf8 import is_utf8

_FOR_EACH_BYTE, _FOR_EACH = 4, 64
_ASCII = bytes(range(128))
_PERCENT_SIGN = b"%"
# Blanks: before a line break in quoted-printable, and before base64 that is indented.
LETTERS_OF_ESCAPES = (
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%\\&#;=+/_-{}?\r\n\t "
)
Piece = tuple[int, int, int, int]
"""Start in the view; start and end in the data; bytes of data for each byte, 0 for all in one."""


@dataclass(frozen=True)
class Syntax:
    """One way to write characters as escapes.

    ``decode`` gives what a match stands for, and how many bytes of the match stand for each byte of
    that (0: they belong together). ``quote`` writes ASCII text into data of this syntax.
    """

    name: str
    marker: bytes  # empty: any byte that is not ASCII
    pattern: re.Pattern[bytes]
    decode: Callable[[re.Match[bytes]], tuple[bytes, int]]
    quote: Callable[[bytes], bytes] = lambda text: text
    lone: tuple[bytes, bytes] | None = None
    """The one byte, and what it stands for, that it means by itself beside percent escapes."""
    found_by: re.Pattern[bytes] | None = None
    """What is there wherever something is decoded, where that is found sooner than the pattern."""

    @property
    def sign(self) -> re.Pattern[bytes]:
        """What is there wherever something is decoded."""
        return self.found_by or self.pattern

    def cost(self, data: bytes) -> int:
        """What it takes to decode the data, in bytes that are looked at."""
        count = data.count(self.marker) if self.marker else len(data.translate(None, _ASCII))
        return _FOR_EACH_BYTE * len(data) + _FOR_EACH * count

    def decoded(self, data: bytes, pieces: list[Piece] | None = None) -> bytes | None:
        """The data with its escapes decoded; None where it has none.

        ``pieces`` takes where each stretch came from.
        """
        # Where all is UTF-8, no byte is astray.
        if self.marker not in data or (not self.marker and is_utf8(data)):
            return None
        if self.found_by is not None and self.found_by.search(data) is None:
            return None
        if pieces is None:
            if self.lone and _PERCENT_SIGN not in data:
                return data.replace(*self.lone)
            plain = self.pattern.sub(lambda match: self.decode(match)[0], data)
            return plain if plain != data else None
        out: list[bytes] = []
        size = position = 0
        for match in self.pattern.finditer(data):
            start, end = match.span()
            if start > position:
                out.append(data[position:start])
                pieces.append((size, position, start, 1))
                size += start - position
            plain, stride = self.decode(match)
            if plain:
                out.append(plain)
                pieces.append((size, start, end, stride))
                size += len(plain)
            position = end
        out.append(data[position:])
        pieces.append((size, position, len(data), 1))
        return b"".join(out)


# --- the syntaxes ----------------------------------------------------------------------------


def _utf8(code: int) -> bytes:
    if code > 0x10FFFF:
        return b"?"
    return chr(code).encode("utf-8", "surrogatepass")


def _pair(first: bytes, second: bytes) -> bytes:
    units = bytes.fromhex((first + second).decode())
    return units.decode("utf-16-be", "replace").encode("utf-8")


# Each pattern begins with its marker, which is found fast.
_PERCENT = (
    rb"%(?:(?P<run>[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2})*)"
    rb"|[uU](?P<high>[dD][89abAB][0-9a-fA-F]{2})%[uU](?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|[uU](?P<unit>[0-9a-fA-F]{4}))"
)


def _percent(match: re.Match[bytes]) -> tuple[bytes, int]:
    kind = match.lastgroup
    if kind == "run":
        return bytes.fromhex(match.group(0).replace(b"%", b"").decode()), 3
    if kind == "unit":
        return _utf8(int(match.group("unit"), 16)), 0
    if kind == "plus":
        return b" " * len(match.group(0)), 1
    return _pair(match.group("high"), match.group("low")), 0


_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def _percent_quoted(text: bytes) -> bytes:
    return b"".join(bytes((byte,)) if byte in _UNRESERVED else b"%%%02X" % byte for byte in text)


_BACKSLASH = (
    rb"\\(?:(?P<units>u00[0-7][0-9a-fA-F](?:\\u00[0-7][0-9a-fA-F])*)"
    rb"|u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|U(?P<long>[0-9a-fA-F]{8})"
    rb"|u(?P<unit>[0-9a-fA-F]{4})"
    rb"|[ux]\{(?P<braced>[0-9a-fA-F]{1,8})\}"
    rb"|(?P<bytes>x[0-9a-fA-F]{2}(?:\\x[0-9a-fA-F]{2})*)"
    rb"|(?P<octals>[0-3][0-7]{2}(?:\\[0-3][0-7]{2})*)"
    rb"|(?P<pairs>\\(?:\\\\)*)"
    rb"|(?P<line>\r?\n)"
    rb"|(?P<simple>.))"
)
_SIMPLE = dict(zip(b"bfnrtav", b"\b\f\n\r\t\a\v", strict=True))


def _backslash(match: re.Match[bytes]) -> tuple[bytes, int]:
    kind = match.lastgroup
    written = match.group(0)
    if kind == "simple":
        letter = match.group("simple")[0]
        return bytes((_SIMPLE.get(letter, letter),)), 0
    if kind == "pairs":
        return written[::2], 2
    if kind == "units":
        return bytes.fromhex(written.replace(b"\\u", b"").decode())[1::2], 6
    if kind == "bytes":
        return bytes.fromhex(written.replace(b"\\x", b"").decode()), 4
    if kind == "octals":
        return bytes(int(octal, 8) for octal in written[1:].split(b"\\")), 4
    if kind == "line":
        return b"", 0
    if kind == "low":
        return _pair(match.group("high"), match.group("low")), 0
    return _utf8(int(match.group(kind or 0), 16)), 0


_WITHOUT_SEMICOLON = sorted(
    (name for name in html.entities.html5 if not name.endswith(";")), key=len, reverse=True
)
_HTML = (
    rb"&(?:#[xX]0*(?P<hex>[0-9a-fA-F]{1,6});?"
    rb"|#0*(?P<decimal>[0-9]{1,7});?"
    rb"|(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)"
    rb"|(?P<legacy>" + "|".join(_WITHOUT_SEMICOLON).encode() + rb"))"
)


def _html(match: re.Match[bytes]) -> tuple[bytes, int]:
    kind = match.lastgroup
    if kind == "hex":
        return _utf8(int(match.group("hex"), 16)), 0
    if kind == "decimal":
        return _utf8(int(match.group("decimal"))), 0
    character = html.entities.html5.get(match.group(kind or 0).decode())
    return (match.group(0), 1) if character is None else (character.encode(), 0)


_QUOTED_PRINTABLE = rb"=(?:(?P<run>[0-9a-fA-F]{2}(?:=[0-9a-fA-F]{2})*)|[ \t]*\r?\n)"


def _quoted_printable(match: re.Match[bytes]) -> tuple[bytes, int]:
    if match.lastgroup == "run":
        return bytes.fromhex(match.group(0).replace(b"=", b"").decode()), 3
    return b"", 0


# After the sign of equality of a parameter, a value that begins with digits looks escaped.
_QUOTED_VALUE = (
    rb"(?P<name>(?:\A|[?&\n\x01\"'<>]|[;,][ ]?)[\w.\[\]-]{1,100}=(?=[0-9a-fA-F]{2}))|"
    + _QUOTED_PRINTABLE
)


def _quoted_value(match: re.Match[bytes]) -> tuple[bytes, int]:
    if match.lastgroup == "name":
        return match.group(0), 1
    return _quoted_printable(match)


# A word of a header, RFC 2047: =?utf-8?Q?Jos=C3=A9?=
_ENCODED_WORD = rb"=\?[\w-]{1,40}\?[qQ]\?(?P<text>[^?\s]*+)\?="


def _encoded_word(match: re.Match[bytes]) -> tuple[bytes, int]:
    text = match.group("text").replace(b"_", b" ")
    return re.sub(rb"=([0-9a-fA-F]{2})", lambda m: bytes.fromhex(m.group(1).decode()), text), 0


# Bytes that are not UTF-8, as the characters that Western encodings mean by them.
_STRAY = (
    rb"(?P<character>[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"
    rb"|[\x80-\xff]"
)
_NOT_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


def _stray(match: re.Match[bytes]) -> tuple[bytes, int]:
    byte = match.group(0)
    if match.lastgroup:
        return byte, 1
    return byte.decode("latin-1" if byte[0] in _NOT_CP1252 else "cp1252").encode(), 0


def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


def _backslash_quoted(text: bytes) -> bytes:
    return json.dumps(text.decode())[1:-1].encode()


def _html_quoted(text: bytes) -> bytes:
    escaped = html.escape(text.decode())
    return escaped.replace("\r", "&#13;").replace("\n", "&#10;").encode()


def _quoted_printable_quoted(text: bytes) -> bytes:
    return text.replace(b"=", b"=3D")


PERCENT = Syntax("percent", b"%", _compiled(_PERCENT), _percent, _percent_quoted)
FORM = Syntax(
    "form",
    b"+",
    _compiled(rb"(?P<plus>\++)|" + _PERCENT),
    _percent,
    _percent_quoted,
    lone=(b"+", b" "),
)
BACKSLASH = Syntax("backslash", b"\\", _compiled(_BACKSLASH), _backslash, _backslash_quoted)
HTML = Syntax("HTML", b"&", _compiled(_HTML), _html, _html_quoted)
QUOTED_PRINTABLE = Syntax(
    "quoted-printable",
    b"=",
    _compiled(_QUOTED_PRINTABLE),
    _quoted_printable,
    _quoted_printable_quoted,
)
QUOTED_VALUE = Syntax(
    "quoted-printable value",
    b"=",
    _compiled(_QUOTED_VALUE),
    _quoted_value,
    _quoted_printable_quoted,
    found_by=QUOTED_PRINTABLE.pattern,
)
ENCODED_WORD = Syntax("encoded word", b"=?", _compiled(_ENCODED_WORD), _encoded_word)
ALWAYS = (PERCENT, BACKSLASH, HTML, QUOTED_PRINTABLE, QUOTED_VALUE, ENCODED_WORD)
"""The syntaxes that any secret may be written in."""
# What escapes and base64 are written with; the lines of base64; what packed and wide text holds.
_MATTER = frozenset(LETTERS_OF_ESCAPES) - {ord(" ")} | {0, 0x1F} | frozenset(range(0x80, 0x100))


def signs_of(
    syntaxes: Sequence[Syntax], letters: frozenset[int]
) -> tuple[tuple[bytes, re.Pattern[bytes]], ...]:
    """The markers of syntaxes, and what is there wherever an escape matters to texts of letters.

    The code of a comma, or ``=20`` in ``?max=20``, stands for nothing that is in such a text, in an
    escape or in base64.
    """
    codes = _codes_of(letters | _MATTER)
    special = {
        b"%": _compiled(rb"%(?:[uU]|" + codes + rb")"),
        b"=": _compiled(rb"=(?:[ \t]*\r?\n|" + codes + rb")"),
    }
    signs = ((each.marker, special.get(each.marker, each.sign)) for each in syntaxes)
    return tuple(dict.fromkeys(signs))


def _codes_of(characters: frozenset[int]) -> bytes:
    """A pattern of the two hexadecimal digits of some bytes."""
    rows = []
    for high in range(16):
        low = [b"%x" % code for code in range(16) if 16 * high + code in characters]
        if low:
            digits = b"".join(low)
            rows.append(b"[%x%X][%s%s]" % (high, high, digits, digits.upper()))
    return b"(?:" + b"|".join(rows) + b")"


# A plus sign behind a line break, which may be an escape of its own.
_INDENTED = _compiled(rb"%(?:0[aA]|5[cC](?:n|u000[aA]|x0[aA]|012)|3[bB])\+")
INDENTED = replace(FORM, name="indentation", found_by=_INDENTED)
"""In a form, base64 is indented by plus signs, and its own are escaped."""
STRAY = Syntax("stray bytes", b"", _compiled(_STRAY), _stray)
CODE_POINT = Syntax(
    "code point",
    b"\\x",
    _compiled(rb"\\x(?P<code>[89a-fA-F][0-9a-fA-F])"),
    lambda match: (_utf8(int(match.group("code"), 16)), 0),
    _backslash_quoted,
)
NOT_ASCII = (STRAY, CODE_POINT)
"""The syntaxes that only matter to secrets with other characters than ASCII's.

``\\xe4`` is a byte in some languages and a character in others.
"""
