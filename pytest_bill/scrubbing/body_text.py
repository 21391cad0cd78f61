"""A body as text, in the encoding that gives exactly the same body again."""

from __future__ import annotations

import codecs

from pytest_bill.patterns import late_pattern

_CHARSET = late_pattern(r'charset="?([\w.:-]+)')


def as_text(body: bytes, content_type: str) -> tuple[str, str]:
    """A body as text and the encoding that gives exactly the same body again."""
    charset = _CHARSET.search(content_type)
    declared = [charset.group(1)] if charset else []
    for encoding in [*_wide_encodings(body), "utf-8", *declared]:
        try:
            text = body.decode(encoding)
            # There is one way to write a text in UTF-8.
            if encoding == "utf-8" or text.encode(encoding) == body:
                return text, encoding
        except (UnicodeError, LookupError, ValueError):
            continue
    # Latin-1 maps every byte to one character and back: binary survives, text is searched.
    return body.decode("latin-1"), "latin-1"


LIKE_ASCII = frozenset({"utf-8", "latin-1", "iso-8859-1", "windows-1252", "us-ascii"})
"""In these encodings the escapes of a text are the same bytes, so the body is searched as it is."""


def _wide_encodings(body: bytes) -> list[str]:
    if b"\0" not in body[:4] and body[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return []
    if body.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ["utf-32-le" if body.startswith(codecs.BOM_UTF32_LE) else "utf-32-be"]
    if body.startswith(codecs.BOM_UTF16_LE):
        return ["utf-16-le"]
    if body.startswith(codecs.BOM_UTF16_BE):
        return ["utf-16-be"]
    # A text that begins with a character of ASCII shows its encoding by its zeros.
    zeros = [index for index, byte in enumerate(body[:4]) if not byte]
    by_zeros: dict[tuple[int, ...], str] = {(1, 3): "utf-16-le", (0, 2): "utf-16-be"}
    by_zeros |= {(1, 2, 3): "utf-32-le", (0, 1, 2): "utf-32-be"}
    found = by_zeros.get(tuple(zeros))
    return [found] if found else []
