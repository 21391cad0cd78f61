"""What clients hand over, and vcrpy records: bodies and headers in all the ways they may have."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from io import IOBase
from typing import Any


def one_of_each(pairs: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """The headers of a request, whose names differ in more than letter case."""
    spelled: dict[str, str] = {}
    headers: dict[str, str] = {}
    for name, value in pairs:
        first = spelled.setdefault(str(name).lower(), str(name))
        headers[first] = as_text(value)
    return headers


def as_bytes(body: Any) -> bytes:
    """Any body that a client may hand over, as bytes: text, bytes, a file, an iterable, None.

    A mapping is what vcrpy records of aiohttp's ``json=``.
    """
    if body is None:
        return b""
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    if isinstance(body, str):
        return body.encode("utf-8", "surrogateescape")
    if isinstance(body, IOBase) or hasattr(body, "read"):
        return as_bytes(body.read())
    if isinstance(body, Mapping):
        return json.dumps(body).encode()
    return b"".join(as_bytes(part) for part in body)


def as_text(value: Any) -> str:
    """A header's value as text: clients allow bytes, too."""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
