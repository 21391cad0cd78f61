"""Writing the text of a cassette: the very text that vcrpy's YAML serializer gives, but faster.

Of a cassette's values, most are short words that come again and again, and JSON on one line. How
PyYAML writes those is worked out here; every other value is given to PyYAML, at the place where it
will stand, since its line folding depends on the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pytest_bill.cassettes import faults_in_file, vcr_yaml
from pytest_bill.cassettes.plain_scalars import is_text
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern

# Where a value at a place begins, and where it goes on after a line break.
_COLUMNS = {
    "body": (10, 6),
    "method": (12, 6),
    "uri": (9, 6),
    "-": (8, 8),
    "string": (14, 8),
    "message": (15, 8),
}
# Of a longer name, PyYAML makes a complex key.
_LONGEST_NAME = 100
_JSON = frozenset('{["')
_ON_ONE_LINE = late_pattern(r"[\x20-\x7e]*[\x21-\x7e]")
_LONE_SPACE = late_pattern(r"(?<! ) (?! )")
_BEGINNING = "- '-':\n"
_AROUND: dict[str, tuple[Callable[[str | bytes], Any], str]] = {
    "body": (lambda value: {"body": value}, "    body: "),
    "method": (lambda value: {"method": value}, "    method: "),
    "uri": (lambda value: {"uri": value}, "    uri: "),
    "-": (lambda value: {"headers": {"a": [value]}}, "    headers:\n      a:\n      - "),
    "string": (lambda value: {"body": {"string": value}}, "    body:\n      string: "),
    "message": (lambda value: {"status": {"message": value}}, "    status:\n      message: "),
}
_WIDTH = 80
_PLAIN = late_pattern(r"[A-Za-z0-9/](?:[A-Za-z0-9 ,;=/+.()_&?%~$!@*-]|:(?! ))*+(?<![ :])")


def write(interactions: Iterable[Interaction], metadata: Mapping[str, Any]) -> str:
    """The text of a cassette that holds these."""
    answered, metadata = faults_in_file.parted(interactions, metadata)
    writing = _Writing()
    entries = "".join(map(writing.entry, answered))
    ending: dict[str, Any] = {"version": vcr_yaml.FORMAT_VERSION}
    if metadata:
        ending["metadata"] = metadata
    tail: str = vcr_yaml.dump(ending)
    return f"interactions:\n{entries}{tail}" if entries else f"interactions: []\n{tail}"


class _Writing:
    """Writes the interactions of one text; a value that comes again is worked out once."""

    def __init__(self) -> None:
        self._written: dict[tuple[str, str], str] = {}

    def entry(self, interaction: Interaction) -> str:
        headers = {name: [value] for name, value in interaction.headers.items()}
        own_fields = [(name, getattr(interaction, name)) for name in vcr_yaml.OWN_FIELDS]
        own_lines = "".join(f"{name}: {value}\n  " for name, value in own_fields if value)
        return (
            f"- {own_lines}request:\n"
            f"    body: {self._body('body', interaction.body) if interaction.body else 'null'}\n"
            f"{self._headers(headers)}"
            f"    method: {self._value('method', interaction.method)}\n"
            f"    uri: {self._value('uri', interaction.url)}\n"
            "  response:\n"
            "    body:\n"
            f"      string: {self._body('string', interaction.answer_body)}\n"
            f"{self._headers(interaction.answer_headers)}"
            "    status:\n"
            f"      code: {interaction.status}\n"
            f"      message: {self._value('message', interaction.reason)}\n"
        )

    def _headers(self, headers: Mapping[str, list[str]]) -> str:
        if not headers:
            return "    headers: {}\n"
        lines = ["    headers:\n"]
        for name in sorted(headers):
            values = headers[name]
            if not values or not self._is_plain_name(name):
                plain = {name: list(values) for name, values in headers.items()}
                return _by_yaml({"headers": plain}, "") + "\n"
            lines.append(f"      {name}:\n")
            lines += [f"      - {self._value('-', value)}\n" for value in values]
        return "".join(lines)

    def _is_plain_name(self, name: str) -> bool:
        return len(name) <= _LONGEST_NAME and "?" not in name and self._value("-", name) == name

    def _body(self, place: str, body: bytes) -> str:
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return _value_by_yaml(place, body)
        if text[:1] in _JSON and _ON_ONE_LINE.fullmatch(text):
            return _quoted_text(text, *_COLUMNS[place])
        return _plain_value(place, text) or _value_by_yaml(place, text)

    def _value(self, place: str, value: str) -> str:
        written = self._written.get((place, value))
        if written is None:
            written = _plain_value(place, value) or _value_by_yaml(place, value)
            self._written[place, value] = written
        return written


def _plain_value(place: str, value: str) -> str:
    """A value that needs no second line and no escapes; nothing where that is not plain to see."""
    begin, _ = _COLUMNS[place]
    fits = begin + len(value) <= _WIDTH or " " not in value
    if not fits or not _PLAIN.fullmatch(value):
        return ""
    # Quoted where it would be read as a number, a date, a truth value.
    return value if is_text(value) else f"'{value}'"


def _quoted_text(text: str, begin: int, indent: int) -> str:
    """A text in single quotes, broken at the first lone space behind the width."""
    text = text.replace("'", "''")
    lines = []
    start, column = 0, begin + 1
    while (space := _LONE_SPACE.search(text, start + max(0, _WIDTH + 1 - column))) is not None:
        lines.append(text[start : space.start()])
        start, column = space.end(), indent
    lines.append(text[start:])
    return "'" + ("\n" + " " * indent).join(lines) + "'"


def _value_by_yaml(place: str, value: str | bytes) -> str:
    around, before = _AROUND[place]
    return _by_yaml(around(value), before)


def _by_yaml(request: Any, before: str) -> str:
    """What PyYAML writes for a part of an interaction, behind what stands before it there."""
    text: str = vcr_yaml.dump([{"-": request}])
    return text[len(_BEGINNING) + len(before) : -1]
