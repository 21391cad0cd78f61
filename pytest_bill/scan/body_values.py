"""Taking texts apart into named values: JSON, forms, multipart, links, base64, plain text.

Each text is walked once and nesting is bounded, so the work grows linearly with the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from pytest_bill.patterns import late_pattern
from pytest_bill.scan.false_positives import decoded_base64
from pytest_bill.scan.findings import Rule

Lookup = Callable[[str], Rule | None]
"""Gives the rule of a secret place by its name, or None for any other name."""

_DEEPEST = 6
_SHORTEST_NUMBER = 4
SHORTEST_SECRET = 8
"""Shorter values are secrets in a secret's place only: no form has fewer, nor has a detector."""
_SHORTEST_CODED = 10
"""Shorter texts hold no JSON, links or base64 that could hide a secret."""


class BodyValue(NamedTuple):
    """One value: where it stands (see ``findings.rendered``), its name, and its place's rule."""

    path: Any
    name: str
    rule: Rule | None
    value: str

    def __repr__(self) -> str:
        return "<BodyValue>"


_BROKEN = object()


def values_of_body(text: str, content_type: str, lookup: Lookup) -> Iterable[BodyValue]:
    """The values of a body, whatever it is made of, that could be secrets."""
    stripped = text.lstrip("\ufeff \t\r\n")
    if stripped[:1] in ("{", "[", '"'):
        data = _json(stripped)
        if data is not _BROKEN:
            return _of_json(data, "$", "", None, lookup, 0)
        lines = stripped.splitlines()
        parsed = [_json(line) for line in lines if line.strip()]
        if len(parsed) > 1 and all(isinstance(each, dict | list) for each in parsed):
            return chain.from_iterable(
                _of_json(each, ("$", number), "", None, lookup, 0)
                for number, each in enumerate(parsed)
            )
    elif "multipart/" in content_type and "\n" in text:
        return _of_multipart(text, lookup)
    elif "form-urlencoded" in content_type:
        return values_of_pairs(stripped, "", lookup)
    return values_within(stripped, "", lookup, 0)


_LINK = late_pattern(r"[?&]([^\s?#\"'<>\\]{3,4000})")


def values_of_text(path: Any, name: str, text: str, lookup: Lookup) -> Iterator[BodyValue]:
    """A text that is no structure: itself, its links, the values that stand behind names in it."""
    yield BodyValue(path, name, None, text)
    if "?" in text and "=" in text:
        yield from _of_links(text, path, lookup)
        text = _LINK.sub(" ", text)
    for found in assignments(text):
        rule = lookup(found.name)
        if rule is not None:
            yield BodyValue((path, found.name), found.name, rule, found.value)


def values_of_pairs(text: str, path: Any, lookup: Lookup, depth: int = 0) -> Iterator[BodyValue]:
    """The pairs of a form or a query; v2's ``data`` holds JSON."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True)
    except ValueError:
        pairs = []
    if not pairs:
        yield BodyValue(path, "", None, text)
    for name, value in pairs:
        # A name may hold brackets and dots of its own.
        here = (path, name) if path else name
        yield from values_of_string(value, here, name.lower(), lookup(name), lookup, depth + 1)


LONGEST_NAME = 40
LONGEST_PLAIN = 40
"""A longer text may hold names with values behind them."""


def _of_json(
    data: Any,
    path: Any,
    name: str,
    rule: Rule | None,
    lookup: Lookup,
    depth: int,
) -> Iterator[BodyValue]:
    waiting = [(data, path, name, rule)]
    while waiting:
        node, path, name, rule = waiting.pop()
        if isinstance(node, str):
            if len(node) < _SHORTEST_CODED and "%" not in node:
                yield BodyValue(path, name, rule, node)
            else:
                yield from values_of_string(node, path, name, rule, lookup, depth)
        elif isinstance(node, dict):
            for key, value in reversed(node.items()):
                # Whatever lies below the name of a secret is secret.
                its_rule = lookup(key) or rule
                if its_rule is not None or not _is_short(value):
                    waiting.append((value, (path, key), key.lower(), its_rule))
                if len(key) > LONGEST_NAME:
                    waiting.append((key, (path, "(a key)"), "", None))
        elif isinstance(node, list):
            for index, item in reversed([*enumerate(node)]):
                if rule is not None or not _is_short(item):
                    waiting.append((item, (path, index), name, rule))
        elif node is not None and not isinstance(node, bool):
            yield BodyValue(path, name, rule, str(node))


def _is_short(value: Any) -> bool:
    """Whether a value is too short for a secret, whatever it may be."""
    if isinstance(value, dict | list):
        return False
    return value is None or len(value if isinstance(value, str) else str(value)) < SHORTEST_SECRET


def values_of_string(
    text: str, path: Any, name: str, rule: Rule | None, lookup: Lookup, depth: int
) -> Iterator[BodyValue]:
    """A text in a body, or what it holds where it is encoded."""
    if depth < _DEEPEST and rule is None and len(text) >= _SHORTEST_NUMBER:
        if text[0] in '{[" \n' and text.lstrip()[:1] in ("{", "[", '"'):
            data = _json(text)
            if isinstance(data, dict | list | str):
                yield from _of_json(data, path, name, rule, lookup, depth + 1)
                return
        if "=" in text and "?" in text:
            yield from values_of_text(path, name, text, lookup)
            return
        if "%" in text and (plain := unquote(text)) != text:
            yield from values_of_string(plain, path, name, rule, lookup, depth + 1)
            return
        plain64 = decoded_base64(text)
        if plain64 is not None:
            yield BodyValue(path, name, rule, text)
            yield from values_within(plain64, (path, "(base64)"), lookup, depth + 1)
            return
        if len(text) > LONGEST_PLAIN and (":" in text or "=" in text):
            yield from values_of_text(path, name, text, lookup)
            return
    yield BodyValue(path, name, rule, text)


_FORM = late_pattern(r"[\w.%+\[\]-]{1,60}=[^\s&]{0,100000}(?:&[\w.%+\[\]-]{1,60}=[^\s&]*)*\s*\Z")


def values_within(text: str, path: Any, lookup: Lookup, depth: int = 1) -> Iterator[BodyValue]:
    """The values of a text that stood encoded in another value."""
    if text.lstrip()[:1] in ("{", "["):
        data = _json(text)
        if data is not _BROKEN:
            yield from _of_json(data, path, "", None, lookup, depth)
            return
    plain = decoded_base64(text) if depth < _DEEPEST else None
    if plain is not None:
        yield from values_within(plain, (path, "(base64)"), lookup, depth + 1)
        return
    if _FORM.match(text):
        yield from values_of_pairs(text, path, lookup, depth)
        return
    yield from values_of_text(path, "", text, lookup)


def _of_links(text: str, path: Any, lookup: Lookup) -> Iterator[BodyValue]:
    for match in _LINK.finditer(text):
        for each in values_of_pairs(match.group(1), (path, "(link)"), lookup, _DEEPEST):
            if each.rule is not None:
                yield each


def _of_multipart(text: str, lookup: Lookup) -> Iterator[BodyValue]:
    for number, part in enumerate(re.split(r"^--", text, flags=re.MULTILINE)):
        head, separator, value = part.replace("\r\n", "\n").partition("\n\n")
        named = re.search(r'\bname="([^"\n]{1,200})"', head[:2000])
        if separator:
            name = named.group(1) if named else f"part {number}"
            value = value.removesuffix("\n")
            yield from values_of_string(value, name, name.lower(), lookup(name), lookup, 1)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _BROKEN


class Assignment(NamedTuple):
    """``name = value`` in a text; ``quoted`` says whether the value stood in quotes."""

    name: str
    value: str
    start: int
    quoted: bool

    def __repr__(self) -> str:
        return f"<Assignment at {self.start}>"


# Each part is bounded, so no text makes it slow; a value may hold further names.
_ASSIGNMENT = late_pattern(
    r"""(?<![\w-])(?P<name>[A-Za-z][\w-]{2,39})\\?["']?\]?\s{0,3}(?:[:=>]|:=|=>)\s{0,3}"""
    r"""(?=\\?["'](?P<quoted>[^"'\n\\]{1,400})|(?P<bare>[^\s"'<>&,;{}()\[\]\\]{1,400}))"""
)


def assignments(text: str) -> Iterator[Assignment]:
    """What stands behind names: JSON in pieces, headers, variables, parameters, XML elements."""
    for match in _ASSIGNMENT.finditer(text):
        quoted = match.group("quoted")
        value = match.group("bare") if quoted is None else quoted
        yield Assignment(match.group("name"), value, match.start(), quoted is not None)
