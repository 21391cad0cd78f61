"""What headers and bodies hold, as lines that people read.

JSON is indented, and written as it stands in the file otherwise: the same numbers, the same order,
a name that comes twice. Forms are fields, of binary data the size is told. All of it is escaped for
a terminal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from pytest_bill.multipart import MEDIA_TYPE, form_parts
from pytest_bill.printable import printable

_STEP = "  "
_CONTAINERS = ("{", "[")
_FORM = "form-urlencoded"
_DIGEST = 12


class Line(NamedTuple):
    """One line, and the value that it shows, as the file has it; none where it shows none."""

    text: str
    value: str = ""


class Content(NamedTuple):
    """What a body holds: ``JSON``, ``form``, ``text`` or ``binary``; and its lines."""

    kind: str
    lines: list[Line]


class _Number(str):
    """A number as it is written, or ``NaN`` and the like."""


class _Object(list[tuple[str, Any]]):
    """The pairs of an object, also those of one name."""


@lru_cache(maxsize=1)
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_Object,
        parse_int=_Number,
        parse_float=_Number,
        parse_constant=_Number,
    )


def content_of(body: bytes, content_type: str) -> Content | None:
    """The lines of a body, by its content and what is said of it; None of an empty one."""
    if not body:
        return None
    declared = content_type.lower()
    if declared.startswith(MEDIA_TYPE):
        parts = form_parts(content_type, body)
        if parts:
            return Content("form", [line for each in parts for line in _part(each.name, each)])
    text = _text(body, declared)
    if text is None:
        return Content("binary", [Line(binary(body, content_type))])
    if _FORM in declared:
        pairs = parse_qsl(text, keep_blank_values=True)
        if pairs:
            return Content("form", [line for pair in pairs for line in _field(*pair)])
    lines = json_lines(text.lstrip("\ufeff \t\r\n"), is_declared="json" in declared)
    if lines is not None:
        return Content("JSON", lines)
    return Content("text", [Line(printable(each), each) for each in text.splitlines()])


def json_lines(text: str, *, is_declared: bool = False) -> list[Line] | None:
    """The lines of JSON; None where a text is none. What is no container has to be declared."""
    if not (is_declared or text.startswith(_CONTAINERS)):
        return None
    lines: list[Line] = []
    try:
        _add(_decoder().decode(text), "", "", "", lines)
    except (ValueError, RecursionError):  # no JSON, or nested deeper than Python can follow
        return None
    return lines


def binary(body: bytes, content_type: str) -> str:
    """Tells of binary data what can be told; another content has another digest."""
    what = printable(content_type.partition(";")[0].strip()) or "an unknown type"
    digest = hashlib.sha256(body).hexdigest()[:_DIGEST]
    return f"({len(body):,} bytes of {what}, SHA-256 {digest}…)"


def _add(node: Any, indent: str, begin: str, end: str, lines: list[Line]) -> None:
    is_object = isinstance(node, _Object)
    if not (is_object or isinstance(node, list)):
        lines.append(_scalar(node, indent + begin, end))
        return
    opening, closing = "{}" if is_object else "[]"
    if not node:
        lines.append(Line(f"{indent}{begin}{opening}{closing}{end}"))
        return
    lines.append(Line(f"{indent}{begin}{opening}"))
    deeper, last = indent + _STEP, len(node) - 1
    for number, each in enumerate(node):
        comma = "," if number < last else ""
        if is_object:
            _add(each[1], deeper, f"{_quoted(each[0])}: ", comma, lines)
        else:
            _add(each, deeper, "", comma, lines)
    lines.append(Line(f"{indent}{closing}{end}"))


def _scalar(node: Any, begin: str, end: str) -> Line:
    if isinstance(node, _Number):
        return Line(f"{begin}{node}{end}", str(node))
    if isinstance(node, str):
        return Line(f"{begin}{_quoted(node)}{end}", node)
    return Line(f"{begin}{json.dumps(node)}{end}")


def _quoted(text: str) -> str:
    return printable(json.dumps(text, ensure_ascii=False))


def _field(name: str, value: str) -> Iterator[Line]:
    """A field of a form; JSON in it, as v2 has it, is indented."""
    lines = json_lines(value)
    if lines is None:
        yield Line(f"{printable(name)}: {printable(value)}", value)
        return
    yield Line(f"{printable(name)}: {lines[0].text}", lines[0].value)
    yield from lines[1:]


def _part(name: str, part: Any) -> Iterator[Line]:
    text = None if part.is_file else _text(part.content, "")
    if text is None:
        yield Line(f"{printable(name)}: {binary(part.content, '')}")
    else:
        yield from _field(name, text)


def _text(body: bytes, declared: str) -> str | None:
    """A body's text; None where it is binary."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1") if declared.startswith("text/") else None
    return None if "\0" in text else text
