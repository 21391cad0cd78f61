"""Reading the metadata of a cassette where it is plain: names and texts, as ours mostly is.

All else is for a YAML parser, which takes longer to import than a small cassette takes to play.
"""

from __future__ import annotations

from typing import Any

from pytest_bill.cassettes.plain_scalars import is_text
from pytest_bill.patterns import late_pattern

_INDENT = 2
_DEEPEST = 4 * _INDENT
_PLAIN = r"[A-Za-z0-9](?:[\w .,;/()'+-]*[\w.)/])?"
_ENTRY = late_pattern(rf"( +)([a-z][a-z_]*):(?: ({_PLAIN}))?")
_ITEM = late_pattern(rf"( +)- ({_PLAIN})")


class _NotPlain(Exception):
    """It is not as simple as what is read here."""


def read_metadata(tail: str) -> dict[str, Any] | None:
    """The metadata in what stands behind a cassette's interactions; None where it is not plain.

    A YAML parser reads the same.
    """
    lines = tail.split("\n")
    if lines[0] != "metadata:":
        return None
    try:
        metadata, end = _mapping(lines, 1, _INDENT)
    except _NotPlain:
        return None
    return metadata if end < len(lines) and lines[end] == "version: 1" else None


def _mapping(lines: list[str], start: int, indent: int) -> tuple[dict[str, Any], int]:
    """The mapping that begins in a line, and the line behind it."""
    read: dict[str, Any] = {}
    at = start
    while at < len(lines):
        found = _ENTRY.fullmatch(lines[at])
        if found is None or len(found[1]) != indent:
            break
        name, value = found[2], found[3]
        if name in read or not is_text(name) or indent > _DEEPEST:
            raise _NotPlain
        at += 1
        if value is not None:
            read[name] = _text(value)
        elif at < len(lines) and _ITEM.fullmatch(lines[at]):
            # PyYAML writes a list no deeper than the name that it belongs to.
            read[name], at = _list(lines, at, indent)
        else:
            read[name], at = _mapping(lines, at, indent + _INDENT)
    if not read:
        raise _NotPlain
    return read, at


def _list(lines: list[str], start: int, indent: int) -> tuple[list[str], int]:
    read: list[str] = []
    at = start
    while at < len(lines):
        found = _ITEM.fullmatch(lines[at])
        if found is None or len(found[1]) != indent:
            break
        read.append(_text(found[2]))
        at += 1
    if not read:
        raise _NotPlain
    return read, at


def _text(written: str) -> str:
    if not is_text(written):
        raise _NotPlain
    return written
