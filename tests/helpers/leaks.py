"""Finds secrets in what a run left behind, in forms worked out here and not by the package."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

import brotli

try:
    from compression import zstd
except ImportError:
    from backports import zstd

_PIECE = 9


def forms_of(value: str, *, pieces: bool = True) -> set[str]:
    """How a secret, or a piece of it, could show up."""
    in_json = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    texts = {value, *in_json}
    texts |= {ascii(text)[1:-1] for text in texts} | {repr(text)[1:-1] for text in texts}
    texts |= {repr(text.encode())[2:-1] for text in texts}
    texts |= {quote(value), quote(value, safe=""), quote_plus(value), html.escape(value)}
    texts |= {escape(value), quoteattr(value)[1:-1]}
    for start in range(3):
        encoded = base64.b64encode(b"\0" * start + value.encode()).decode()
        texts.add(encoded[4 if start else 0 : -4])
    if pieces:  # what a shortened text may leave of it
        texts |= {value[:_PIECE], value[-_PIECE:]}
    return {text for text in texts if len(text) >= _PIECE}


def leaks_in(texts: Mapping[str, str], secrets: Mapping[str, str]) -> list[str]:
    """Where which secret is, never what it is."""
    plain = {place: re.sub(r"\x1b\[[0-9;]*m", "", text) for place, text in texts.items()}
    return [
        f"{name} in {place}"
        for name, value in secrets.items()
        for place, text in plain.items()
        # Every mail address ends as others do.
        if any(form in text for form in forms_of(value, pieces="@" not in value))
    ]


def files_below(folder: Path, without: Iterable[str] = ()) -> dict[str, str]:
    """The text of every file below a folder, and its path as well: names are written, too."""
    left_out = set(without)
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        found[f"name of {name}"] = name
        if path.is_file() and name not in left_out:
            data = path.read_bytes()
            if data[:2] == b"\x1f\x8b":
                data = gzip.decompress(data)
            found[name] = data.decode("utf-8", "surrogateescape")
    return found


def bytes_of(value: str) -> list[bytes]:
    """A secret as it may stand in a body that is not packed."""
    return [value.encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")]


# Bytes to skip, and zlib's wbits: gzip, zlib, and both without their headers.
_WINDOWS = ((0, 31), (0, 15), (10, -15), (2, -15), (0, -15))


def what_comes_out(body: bytes) -> bytes:
    """All that a patient reader gets out of a body that is packed and perhaps broken."""
    out = body
    readers = [(skipped, zlib.decompressobj(window).decompress) for skipped, window in _WINDOWS]
    readers += [(0, brotli.Decompressor().process), (0, zstd.ZstdDecompressor().decompress)]
    for skipped, read in readers:
        for byte in body[skipped:]:
            try:
                out += read(bytes((byte,)))
            except (zlib.error, brotli.error, zstd.ZstdError, EOFError):
                break
    return out
