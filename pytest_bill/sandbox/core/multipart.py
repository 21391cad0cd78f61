"""Multipart forms, as v2 takes them where a file is uploaded
(https://developer.bill.com/v2/docs/upload-documents)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MEDIA_TYPE = "multipart/form-data"

_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_NAME = re.compile(rb'[; ]name="?([^";\r\n]*)"?', re.IGNORECASE)
_FILE_NAME = re.compile(rb"[; ]filename\*?=", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One part of a form."""

    name: str
    is_file: bool
    content: bytes = field(repr=False)


def parts_of(content_type: str, content: bytes) -> Iterator[Part]:
    """The parts of a form, in order; none of what is no multipart form."""
    boundary = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith(MEDIA_TYPE) or boundary is None:
        return
    delimiter = b"\r\n--" + boundary[1].strip().encode()
    # What comes before the first delimiter and after the last one are no parts.
    for chunk in (b"\r\n" + content).split(delimiter)[1:-1]:
        head, _, body = chunk.partition(b"\r\n\r\n")
        if name := _NAME.search(head):
            yield Part(name[1].decode("utf-8", "replace"), bool(_FILE_NAME.search(head)), body)
