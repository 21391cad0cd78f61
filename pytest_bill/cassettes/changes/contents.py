"""What a body or a URL holds, as data that can be walked through: JSON, forms, parts, text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from pytest_bill.cassettes.changes.values import is_epoch, is_id_name, words_in
from pytest_bill.interaction import Interaction
from pytest_bill.multipart import MEDIA_TYPE, boundary_in, form_parts
from pytest_bill.urls import split

_JSON = ("{", "[")
_BOUNDARY = "boundary"


class Target(NamedTuple):
    """A URL taken apart, its escapes undone."""

    host: str
    path: str
    query: dict[str, Any]


def target_of(url: str) -> Target:
    """The parts of a URL."""
    parts = split(url)
    host = f"{parts.scheme}://{parts.netloc}"
    query = _fields(parse_qsl(parts.query, keep_blank_values=True))
    return Target(host, unquote(parts.path), query)


def sent_content(interaction: Interaction) -> Any:
    """What a request's body holds; None where it has none."""
    return _content(interaction.body, _named(interaction.headers, "content-type"))


def answered_content(interaction: Interaction) -> Any:
    """What an answer's body holds; None where it has none."""
    headers = {name: values[0] for name, values in interaction.answer_headers.items() if values}
    return _content(interaction.answer_body, _named(headers, "content-type"))


def parsed(text: str) -> Any:
    """The JSON in a text, where that is all of it; else the text."""
    if text.startswith(_JSON):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _named(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")


def _content(body: bytes, content_type: str) -> Any:
    if not body:
        return None
    declared = content_type.lower()
    if declared.startswith(MEDIA_TYPE):
        parts = form_parts(content_type, body)
        return _fields((part.name, _text(part.content)) for part in parts)
    text = _text(body)
    if isinstance(text, bytes):
        return text
    if "form-urlencoded" in declared:
        return _fields(parse_qsl(text, keep_blank_values=True))
    return parsed(text.lstrip("\ufeff \t\r\n"))


def _fields(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Fields by name; those that come several times are a list."""
    fields: dict[str, list[Any]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return {name: each if len(each) > 1 else each[0] for name, each in fields.items()}


def _text(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def header_text(name: str, value: str) -> str:
    """A header's value as it is compared: clients draw a new boundary for each request."""
    boundary = boundary_in(value) if name.lower() == "content-type" else None
    return value.replace(boundary, _BOUNDARY) if boundary else value


def leaves(node: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """The values in data, each with the name of its field."""
    waiting = [(name, node)]
    while waiting:
        name, node = waiting.pop()
        if isinstance(node, str):
            data = parsed(node)
            if data is node:
                yield name, node
            else:
                waiting.append((name, data))
        elif isinstance(node, dict):
            waiting.extend(node.items())
        elif isinstance(node, list):
            waiting.extend((name, each) for each in node)
        else:
            yield name, node


def words_of(node: Any) -> Iterator[tuple[str, str]]:
    """The words, dates and numbered ids in data, each with the name of its field."""
    for name, value in leaves(node):
        if isinstance(value, str):
            yield from ((name, word) for word in words_in(value))
        elif is_id_name(name) and isinstance(value, int) and not is_epoch(value):
            yield name, str(value)


def sent_words(interaction: Interaction) -> Iterator[tuple[str, str]]:
    """The words in a request, by the name of their field; none in a path."""
    target = target_of(interaction.url)
    yield from words_of(target.path)
    yield from words_of(target.query)
    yield from words_of(sent_content(interaction))
