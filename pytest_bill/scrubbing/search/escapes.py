"""Escapes that stand for characters, and views of data in which they are decoded.

A view knows where each of its bytes came from, so that what is found in it can be replaced in the
data itself. Views are made only where an escape is there at all. All works on bytes: a text is
looked at as UTF-8.
"""

from __future__ import annotations

import html
import html.entities
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

_SMALL = 64 * 1024
_SMALL_BINARY = 512
_FOR_EACH_BYTE, _FOR_EACH = 4, 64
_ASCII = bytes(range(128))
_GAP = b"\x01"
"""Stands between stretches of a view that are far apart in the data."""

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
        if self.marker not in data or (not self.marker and is_text(data)):
            return None
        if self.found_by is not None and self.found_by.search(data) is None:
            return None
        if pieces is None:
            if self.lone and PERCENT.marker not in data:
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


class Stretches:
    """The stretches of data around escapes that may be a text of some letters, one after another.

    Where an escape stands between other bytes, no secret is written with it.
    """

    def __init__(self, letters: bytes, begins: Sequence[bytes], reach: int) -> None:
        """``begins`` are the bytes that escapes begin with."""
        self._reach = reach
        self._letters = bytes(sorted({*letters, *_OF_ESCAPES}))
        first = b"".join(map(re.escape, begins))
        letter = b"[%s]" % re.escape(self._letters)
        self._from_escape = _compiled(b"[%s]%s*+" % (first, letter))
        self._escape = _compiled(b"[%s]" % first)
        self._any = _compiled(b"%s{%d,}+" % (letter, _SHORTEST))
        self._shown = bytes(byte in self._letters for byte in range(256))

    def may_be_in(self, data: bytes) -> bool:
        """Whether some letters stand together, as many as the shortest secret has."""
        return b"\1" * _SHORTEST in data.translate(self._shown)

    def decoded(self, data: bytes, pieces: list[Piece] | None = None) -> bytes:
        """The stretches with a gap between them; ``pieces`` takes where each came from."""
        out: list[bytes] = []
        size = position = 0
        for start, end in self._spans(data):
            if start > position:
                out.append(_GAP)
                size += 1
            out.append(data[start:end])
            if pieces is not None:
                pieces.append((size, start, end, 1))
            size += end - start
            position = end
        return b"".join(out)

    def _spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        if not is_text(data):
            # In binary data stretches are rarer than what looks like an escape.
            for match in self._any.finditer(data):
                if self._escape.search(data, *match.span()):
                    yield match.span()
            return
        position = 0
        for match in self._from_escape.finditer(data):
            start, end = match.span()
            before = data[max(position, start - self._reach) : start]
            start -= len(before) - len(before.rstrip(self._letters))
            if end - start >= _SHORTEST:
                yield start, end
                position = end

    def quote(self, text: bytes) -> bytes:
        """A stretch is written as it is."""
        return text


_SHORTEST = 8
# Blanks: before a line break in quoted-printable, and before base64 that is indented.
_OF_ESCAPES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%\\&#;=+/_-{}?\r\n\t "


@dataclass(repr=False)
class View:
    """Data, or data with the escapes of one more syntax decoded."""

    data: bytes
    parent: View | None = None
    syntax: Syntax | Stretches | None = None
    _pieces: list[Piece] = field(default_factory=list)

    @property
    def root(self) -> View:
        """The data itself."""
        return self if self.parent is None else self.parent.root

    @property
    def is_form(self) -> bool:
        """Whether plus signs were read as spaces."""
        return self._times(FORM) > 0

    @property
    def times_quoted(self) -> int:
        """How often it was read as quoted-printable."""
        return self._times(QUOTED_PRINTABLE) + self._times(QUOTED_VALUE)

    def _times(self, syntax: Syntax) -> int:
        before = self.parent._times(syntax) if self.parent is not None else 0
        return before + (self.syntax is syntax)

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the view stands in the data."""
        if self.parent is None or self.syntax is None:
            return start, end
        if not self._pieces:
            self.syntax.decoded(self.parent.data, self._pieces)
        return self.parent.source(self._locate(start)[0], self._locate(end - 1)[1])

    def quote(self, text: bytes) -> bytes:
        """An ASCII text as it is written into the data at a place of this view."""
        view: View | None = self
        while view is not None and view.syntax is not None:
            text = view.syntax.quote(text)
            view = view.parent
        return text

    def _locate(self, position: int) -> tuple[int, int]:
        index = bisect_right(self._pieces, position, key=lambda piece: piece[0]) - 1
        begins, start, end, stride = self._pieces[max(index, 0)]
        if not stride:
            return start, end
        start += (position - begins) * stride
        return start, start + stride


def views_of(
    data: bytes,
    syntaxes: Sequence[Syntax],
    stretches: Stretches,
    spend: Callable[[int], None] = lambda _: None,
) -> Iterator[View]:
    """The data, and every view of it that decoding gives, in any order and nested.

    Escapes in large or binary data are looked for in ``stretches`` only. ``spend`` is told what
    each decoding costs, before, and may raise.
    """
    root = View(data)
    yield root
    views = [root]
    seen = {data}
    for _ in range(_DEEPEST):
        found: list[View] = []
        for view in views:
            narrowed = _narrowed(view, stretches)
            pairs = [(narrowed, syntax) for syntax in syntaxes if syntax.marker in narrowed.data]
            if _INDENTED.search(narrowed.data):
                # First, because what base64 holds is not looked for in any other form.
                pairs.insert(0, (narrowed, INDENTED))
            for parent, syntax in pairs:
                spend(syntax.cost(parent.data))
                decoded = syntax.decoded(parent.data)
                if decoded is not None and decoded not in seen:
                    seen.add(decoded)
                    new = View(decoded, parent, syntax)
                    found.append(new)
                    yield new
        if not found:
            return
        views = found


def _narrowed(view: View, stretches: Stretches) -> View:
    """The stretches of the data, and of what is binary where escapes in it were decoded."""
    size = len(view.data)
    is_large = size > _SMALL and view.parent is None
    if is_large or (size > _SMALL_BINARY and not is_text(view.data)):
        return View(stretches.decoded(view.data), view, stretches)
    return view


_DEEPEST = 6


def is_text(data: bytes) -> bool:
    """Whether data is UTF-8."""
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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


def _percent_quoted(text: bytes) -> bytes:
    return b"".join(bytes((byte,)) if byte in _UNRESERVED else b"%%%02X" % byte for byte in text)


_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

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


def _stray(match: re.Match[bytes]) -> tuple[bytes, int]:
    byte = match.group(0)
    if match.lastgroup:
        return byte, 1
    return byte.decode("latin-1" if byte[0] in _NOT_CP1252 else "cp1252").encode(), 0


_NOT_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


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


# What escapes and base64 are written with; the lines of base64; what packed and wide text holds.
_MATTER = frozenset(_OF_ESCAPES) - {ord(" ")} | {0, 0x1F} | frozenset(range(0x80, 0x100))

# A plus sign behind a line break, which may be an escape of its own.
_INDENTED = _compiled(rb"%(?:0[aA]|5[cC](?:n|u000[aA]|x0[aA]|012)|3[bB])\+")
INDENTED = replace(FORM, name="indentation")
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
