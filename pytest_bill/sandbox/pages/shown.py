"""Headers and bodies as ``page.js`` shows them: ``pane`` takes what ``part`` gives."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from pytest_bill.printable import printable, printable_lines
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.pages.hiding import Hiding

LONGEST = 256 * 1024
"""So many characters of a body are shown."""

_INDENT = 2


def part(
    hiding: Hiding,
    headers: Iterable[tuple[str, str]],
    content_type: str,
    body: bytes,
    size: int | None = None,
) -> Record:
    """``headers``, and of a body its ``kind``, its ``size`` in bytes, and itself as text.

    ``size`` is that of one that was not kept. A body or a block that is cut has its whole
    ``length``, in characters.
    """
    shown: dict[str, str] = hiding.hidden(dict(headers))
    lines = "\n".join(printable(f"{name}: {value}") for name, value in shown.items())
    told: Record = {"headers": {"text": lines}, "size": len(body) if size is None else size}
    if not told["size"]:
        return told
    if not body:
        return {**told, "kind": "not kept", "body": {"text": "(too large to be kept)"}}
    kind, text = _text_of(hiding, content_type, body)
    block: Record = {"text": text[:LONGEST]}
    if len(text) > LONGEST:
        block["length"] = len(text)
    return {**told, "kind": kind, "body": block}


def _text_of(hiding: Hiding, content_type: str, body: bytes) -> tuple[str, str]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "binary", "(no text)"
    kind, value = _read(content_type.lower(), text)
    value = hiding.hidden(value)
    if kind == "text":
        return kind, printable_lines(value)
    return kind, printable_lines(json.dumps(value, indent=_INDENT, ensure_ascii=False))


def _read(content_type: str, text: str) -> tuple[str, Any]:
    try:
        if "form-urlencoded" in content_type:
            fields = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
            return "form", _as_fields(fields)
        if "json" in content_type:
            return "JSON", json.loads(text)
    except (ValueError, RecursionError):
        pass
    return "text", text


def _as_fields(fields: list[tuple[str, str]]) -> dict[str, Any]:
    """A form's fields; one that holds JSON, as v2's ``data`` does, is shown as what it holds."""
    shown: dict[str, Any] = {}
    for name, value in fields:
        held: Any = value
        if value[:1] in {"{", "["}:
            try:
                held = json.loads(value)
            except (ValueError, RecursionError):
                held = value
        shown[name] = [*_as_list(shown[name]), held] if name in shown else held
    return shown


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
