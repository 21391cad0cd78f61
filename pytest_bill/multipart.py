"""Multipart bodies taken apart, so that they can be put together again byte by byte.

Format: https://www.rfc-editor.org/rfc/rfc2046#section-5.1 and, of forms,
https://www.rfc-editor.org/rfc/rfc7578.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pytest_bill.patterns import late_pattern

MEDIA_TYPE = "multipart/form-data"

_BOUNDARY = late_pattern(r'boundary=(?:"([^"]+)"|([^";,\s]+))', re.IGNORECASE)
_NAME = late_pattern(rb'[; ]name="?([^";\r\n]*)', re.IGNORECASE)
_FILE_NAME = late_pattern(rb"[; ]filename\*?=", re.IGNORECASE)
_LINE_BREAK = b"\r\n"
_BLANK_LINE = b"\r\n\r\n"


@dataclass(frozen=True, repr=False)
class Part:
    """One part of a form, as it is written between two delimiters."""

    written: bytes

    @property
    def name(self) -> str:
        """The name of its field; empty where its head has none."""
        found = _NAME.search(self._head)
        return found[1].decode("utf-8", "replace") if found else ""

    @property
    def is_file(self) -> bool:
        """Whether its field is a file."""
        return _FILE_NAME.search(self._head) is not None

    @property
    def content(self) -> bytes:
        """What its field holds."""
        return self.written.partition(_BLANK_LINE)[2]

    @property
    def _head(self) -> bytes:
        return self.written.partition(_BLANK_LINE)[0]


@dataclass(frozen=True, repr=False)
class Multipart:
    """A body of several parts; before the first and after the last there may be other text."""

    delimiter: bytes
    before: bytes
    parts: tuple[Part, ...]
    after: bytes

    @property
    def is_whole(self) -> bool:
        """Whether its last delimiter says so."""
        return self.after.startswith(b"--")

    def joined(self, parts: Sequence[bytes]) -> bytes:
        """The body with these parts, each as it is written, in place of its own."""
        whole = self.delimiter.join([self.before, *parts, self.after])
        return whole[len(_LINE_BREAK) :]


def boundary_in(content_type: str) -> str | None:
    """The boundary that a ``Content-Type`` names."""
    found = _BOUNDARY.search(content_type)
    return (found[1] or found[2]).strip() if found else None


def multipart_in(content_type: str, body: bytes) -> Multipart | None:
    """The parts of a body; None where no boundary is named, or none is in it."""
    boundary = boundary_in(content_type)
    if not boundary:
        return None
    delimiter = _LINE_BREAK + b"--" + boundary.encode("latin-1", "replace")
    # The first delimiter may have no line before it.
    before, *parts = (_LINE_BREAK + body).split(delimiter)
    if not parts:
        return None
    return Multipart(delimiter, before, tuple(map(Part, parts[:-1])), parts[-1])


def form_parts(content_type: str, body: bytes) -> list[Part]:
    """The parts of a form that have a name; none of what is no multipart form."""
    found = multipart_in(content_type, body)
    if found is None or not content_type.lower().startswith(MEDIA_TYPE):
        return []
    return [part for part in found.parts if part.name]
