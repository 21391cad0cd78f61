"""Data with its escapes decoded, and where each piece of that came from.

So what is found in a view can be replaced in the data itself. Views are made only where an escape
is there at all. All works on bytes: a text is looked at as UTF-8.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pytest_bill.scrubbing.search.escapes import (
    FORM,
    INDENTED,
    LETTERS_OF_ESCAPES,
    QUOTED_PRINTABLE,
    QUOTED_VALUE,
    Piece,
    Syntax,
)
from pytest_bill.scrubbing.search.utf8 import is_utf8

_DEEPEST = 6
"""So many escapes within each other are decoded."""
_SMALL = 64 * 1024
_SMALL_BINARY = 512
_SHORTEST = 8
"""Bytes of the shortest secret."""
_GAP = b"\x01"
"""Stands between stretches of a view that are far apart in the data."""


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


class Stretches:
    """The stretches of data around escapes that may be a text of some letters, one after another.

    Where an escape stands between other bytes, no secret is written with it.
    """

    def __init__(self, letters: bytes, begins: Sequence[bytes], reach: int) -> None:
        """``begins`` are the bytes that escapes begin with."""
        self._reach = reach
        self._letters = bytes(sorted({*letters, *LETTERS_OF_ESCAPES}))
        first = b"".join(map(re.escape, begins))
        letter = b"[%s]" % re.escape(self._letters)
        self._from_escape = re.compile(b"[%s]%s*+" % (first, letter), re.DOTALL)
        self._escape = re.compile(b"[%s]" % first, re.DOTALL)
        self._any = re.compile(b"%s{%d,}+" % (letter, _SHORTEST), re.DOTALL)
        self._is_letter = bytes(byte in self._letters for byte in range(256))

    def may_be_in(self, data: bytes) -> bool:
        """Whether some letters stand together, as many as the shortest secret has."""
        return b"\1" * _SHORTEST in data.translate(self._is_letter)

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
        if not is_utf8(data):
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


def views_of(
    data: bytes,
    syntaxes: Sequence[Syntax],
    stretches: Stretches,
    spend: Callable[[int], None] = lambda _: None,
) -> Iterator[View]:
    """The data, and every view of it that decoding gives, in any order and nested.

    Escapes in large or binary data are looked for in ``stretches`` only. ``spend`` is given what
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
            if INDENTED.sign.search(narrowed.data):
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
    if is_large or (size > _SMALL_BINARY and not is_utf8(view.data)):
        return View(stretches.decoded(view.data), view, stretches)
    return view
