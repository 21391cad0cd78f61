"""Bank and personal data of interactions: found by place, and by value where it stands elsewhere.

What is done with it is the caller's: stand-ins when recording, "anything of its kind" when
matching, the test's own values in answers that are replayed. This module knows nothing of pytest
and nothing of cassette files. It comes after the scrubber: placeholders are left alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlunsplit

from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.did_you_mean import did_you_mean
from pytest_bill.exceptions import SettingsError
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.by_value import ByValue
from pytest_bill.scrubbing.personal_places import CHOICES, Kind, PersonalFields, personal_fields
from pytest_bill.scrubbing.placeholders import is_placeholder
from pytest_bill.scrubbing.stand_ins import is_distinctive
from pytest_bill.urls import split

ByPlace = Callable[[Kind, str], str]
"""Gives what goes into a place of that kind instead of the value there."""
Personal = tuple[tuple[Kind, str], ...]
"""The data in the places of a request or an answer, in an order that equal ones share."""


@dataclass(frozen=True)
class StandInChoice:
    """Which kinds of data a run replaces by stand-ins when it records.

    All, unless ``bill_config`` says otherwise. From the local sandbox only what ``bill_config``
    asks for by name or with ``True``: its data is made up, stand-ins for it would protect nobody,
    and its cassettes stay as readable as the tests.
    """

    kinds: frozenset[str] = frozenset(CHOICES)

    @classmethod
    def from_config(cls, given: Any, *, made_up: bool = False) -> StandInChoice:
        """The choice of ``bill_config["stand_ins"]``; ``made_up`` for data of the local sandbox.

        Raises:
            SettingsError: it is none, or names a kind that does not exist.
        """
        usual = frozenset() if made_up else frozenset(CHOICES)
        if given is None:
            return cls(usual)
        if isinstance(given, bool):
            return cls(frozenset(CHOICES) if given else frozenset())
        if not isinstance(given, Mapping) or not all(
            isinstance(wanted, bool) for wanted in given.values()
        ):
            raise SettingsError(
                "The bill_config fixture has stand_ins that are neither True, False nor a dict of "
                'these.\nWrite it as {"stand_ins": {"organization_name": False}}, with some of: '
                f"{', '.join(CHOICES)}."
            )
        unknown = [str(name) for name in given if name not in CHOICES]
        if unknown:
            hint = did_you_mean(unknown[0], CHOICES)
            raise SettingsError(
                f"The bill_config fixture has stand_ins for {', '.join(unknown)}, which is no kind "
                f"of data.\n{hint}Use some of: {', '.join(CHOICES)}."
            )
        wanted = {name for name, is_wanted in given.items() if is_wanted}
        return cls(usual - set(given) | wanted)

    def __bool__(self) -> bool:
        return bool(self.kinds)

    def __contains__(self, kind: Kind) -> bool:
        return kind.choice in self.kinds

    @property
    def fingerprint(self) -> str:
        """Tells two choices apart. It says nothing of the key."""
        return hashlib.sha256(" ".join(sorted(self.kinds)).encode()).hexdigest()[:12]


def walk_of(url: str, by_place: ByPlace, by_value: ByValue) -> Walk:
    """A way through the places of the requests to a URL and of their answers."""
    return Walk(personal_fields(url), by_place, by_value)


def replaced(interaction: Interaction, by_place: ByPlace, by_value: ByValue) -> Interaction:
    """The interaction with the data of its request and of its answer replaced."""
    walk = walk_of(interaction.url, by_place, by_value)
    return replace(
        interaction,
        url=walk.url(interaction.url),
        body=walk.request_body(interaction),
        answer_headers=walk.answer_headers(interaction),
        answer_body=walk.answer_body(interaction),
    )


def replaced_answer(interaction: Interaction, by_place: ByPlace, by_value: ByValue) -> Interaction:
    """The interaction with the data of its answer replaced; the request stays as it is."""
    walk = walk_of(interaction.url, by_place, by_value)
    headers, body = walk.answer_headers(interaction), walk.answer_body(interaction)
    if body is interaction.answer_body and headers is interaction.answer_headers:
        return interaction
    return replace(interaction, answer_headers=headers, answer_body=body)


_NOTHING = ByValue()
_LONGEST_KEPT = 2**16
_JSON = frozenset("{[")


def found_in(interactions: Iterable[Interaction]) -> dict[tuple[Kind, str], None]:
    """All data that stands in its places in some interactions, in order, each once."""
    found: dict[tuple[Kind, str], None] = {}
    for interaction in interactions:
        found.update(dict.fromkeys(data_of_request(interaction)))
        found.update(dict.fromkeys(data_of_answer(interaction)))
    return found


def data_of_request(interaction: Interaction) -> Personal:
    """The data in the places of a request, each as often as it stands there."""
    fields, body = personal_fields(interaction.url), interaction.body
    in_url: Personal = ()
    if "?" in interaction.url:
        in_url = _data_seen(fields, lambda walk: walk.url(interaction.url))
    return in_url + _data_in_body(fields, body, interaction.content_type) if body else in_url


def data_of_answer(interaction: Interaction) -> Personal:
    """The data in the places of an answer, each as often as it stands there."""
    body = interaction.answer_body
    if not body:
        return ()
    return _data_in_body(personal_fields(interaction.url), body, interaction.answer_content_type)


def _data_in_body(fields: PersonalFields, body: bytes, content_type: str) -> Personal:
    """While it is recorded, a body is asked for several times."""
    look = _data_in_short_body if len(body) <= _LONGEST_KEPT else _data_in_short_body.__wrapped__
    return look(fields, body, content_type)


@lru_cache(maxsize=64)
def _data_in_short_body(fields: PersonalFields, body: bytes, content_type: str) -> Personal:
    if "json" in content_type and "multipart/" not in content_type:
        with suppress(ValueError):
            return tuple(_Look(fields).at(json.loads(body.decode("utf-8")), None, ""))
    return _data_seen(fields, lambda walk: walk.body(body, content_type))


class _Look:
    """Goes the way of ``Walk`` through JSON, and only looks: in half the time."""

    def __init__(self, fields: PersonalFields) -> None:
        self._fields = fields
        self._found: list[tuple[Kind, str]] = []

    def at(self, node: Any, kind: Kind | None, parent: str) -> list[tuple[Kind, str]]:
        """All data in its places there."""
        self._node(node, kind, parent)
        return self._found

    def _node(self, node: Any, kind: Kind | None, parent: str) -> None:
        if isinstance(node, str):
            self._string(node, kind)
        elif isinstance(node, dict):
            self._object(node, parent)
        elif isinstance(node, list):
            for item in node:
                self._node(item, kind, parent)
        elif kind is not None and isinstance(node, int) and not isinstance(node, bool):
            self._found.append((kind, str(node)))

    def _object(self, node: dict[str, Any], parent: str) -> None:
        for name, kind, inner in self._fields.of_object(tuple(node), parent):
            value = node[name]
            if kind is None and name == "value":
                named = node.get("field")
                kind = self._fields.kind_of_path(named) if isinstance(named, str) else None
            if isinstance(value, str):
                if kind is not None or value[:1] in _JSON:
                    self._string(value, kind)
            elif value is not None:
                self._node(value, kind, inner)

    def _string(self, value: str, kind: Kind | None) -> None:
        if kind is not None:
            if value and not (value.startswith(PLACEHOLDER_PREFIX) and is_placeholder(value)):
                self._found.append((kind, value))
        elif value[:1] in _JSON:
            try:
                data = json.loads(value)
            except ValueError:
                Walk(self._fields, self._keep, _NOTHING).json(value)
            else:
                self._node(data, None, "")

    def _keep(self, kind: Kind, value: str) -> str:
        self._found.append((kind, value))
        return value


def _data_seen(fields: PersonalFields, look: Callable[[Walk], object]) -> Personal:
    found: list[tuple[Kind, str]] = []

    def keep(kind: Kind, value: str) -> str:
        found.append((kind, value))
        return value

    look(Walk(fields, keep, _NOTHING))
    return tuple(found)


def by_value_of(replacements: Iterable[tuple[Kind, str, str]]) -> ByValue:
    """Replaces by value what is distinctive enough."""
    return ByValue((old, new) for kind, old, new in replacements if is_distinctive(kind, old))


_SPACED = late_pattern(r'"\s*:\s')
_MULTIPART_FIELD = late_pattern(
    r'(?P<head>content-disposition:[^\r\n]*\bname="(?P<name>[^"\r\n]+)"(?:\r?\n[^\r\n]+)*\r?\n\r?\n)'
    r"(?P<value>.+?)(?=\r?\n--|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_JSON_FIELD = late_pattern(r'(?P<head>"(?P<name>[^"\\]+)"\s*:\s*")(?P<value>(?:[^"\\]|\\.)+)')
_FORM = late_pattern(r"[\w.%+-]+=[^\s&]*(&[\w.%+-]+=[^\s&]*)*")
# https://developer.bill.com/docs/search-op-with-lists: field:operator:value, with commas between.
_FILTER = late_pattern(
    r'(?P<head>(?:^|,)\s*(?P<name>[\w.]+):(?P<operator>\w+):)(?P<value>"[^"]*"|[^,]*)'
)


class Walk:
    """One way through the places of an interaction, always in the same order."""

    def __init__(self, fields: PersonalFields, by_place: ByPlace, by_value: ByValue) -> None:
        self._fields = fields
        self._by_place = by_place
        self._by_value = by_value
        self._has_values = bool(by_value)

    def url(self, url: str) -> str:
        """The URL with its data replaced."""
        parts = split(url)
        path, query = parts.path, parts.query
        if query:
            pairs = parse_qsl(query, keep_blank_values=True)
            made = self._pairs(pairs)
            if made != pairs:
                query = urlencode(made)
        if self._by_value:
            plain = unquote(path, errors="surrogateescape")
            found = self._by_value.replaced(plain)
            if found != plain:
                path = quote(found, safe="/!$&'()*+,:;=@~", errors="surrogateescape")
        if path == parts.path and query == parts.query:
            return url
        return urlunsplit(parts._replace(path=path, query=query))

    def data(self, data: Any) -> Any:
        """Parsed JSON with its data replaced, in a copy."""
        return self._node(data, None, "")

    def request_body(self, interaction: Interaction) -> bytes:
        """The body of the interaction's request with its data replaced."""
        body = interaction.body
        return self.body(body, interaction.content_type) if body else body

    def answer_headers(self, interaction: Interaction) -> Mapping[str, list[str]]:
        """The headers of the interaction's answer with the data in them replaced."""
        headers, by_value = interaction.answer_headers, self._by_value
        values = chain.from_iterable(headers.values())
        if not self._has_values or not by_value.may_be_in("\n".join(values), is_plain=True):
            return headers
        return {name: list(map(by_value.replaced, each)) for name, each in headers.items()}

    def answer_body(self, interaction: Interaction) -> bytes:
        """The body of the interaction's answer with its data replaced."""
        body = interaction.answer_body
        return self.body(body, interaction.answer_content_type) if body else body

    def body(self, body: bytes, content_type: str) -> bytes:
        """The body with its data replaced; the content type in lower case."""
        if not body:
            return body
        # Beside the fields of a form there may be files in it.
        of_bytes = "surrogateescape" if "multipart/" in content_type else "strict"
        try:
            text = body.decode("utf-8", of_bytes)
        except UnicodeDecodeError:
            return body  # a file
        made = self._text(text, content_type)
        if made == text:
            return body
        return made.encode("utf-8", of_bytes if of_bytes != "strict" else "surrogatepass")

    def _text(self, text: str, content_type: str) -> str:
        if "json" in content_type or text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            return self.json(text)
        if "form-urlencoded" in content_type or (not content_type and _FORM.fullmatch(text)):
            pairs = parse_qsl(text, keep_blank_values=True)
            made = self._pairs(pairs)
            return urlencode(made) if made != pairs else text
        if "multipart/" in content_type:
            return _MULTIPART_FIELD.sub(self._part, text)
        return self._by_value.replaced(text)

    def json(self, text: str) -> str:
        """The text of JSON with its data replaced."""
        try:
            data = json.loads(text)
        except ValueError:
            # One object a line, cut off, with a byte order mark: by the names alone.
            return self._by_value.replaced(_JSON_FIELD.sub(self._piece, text))
        made = self._node(data, None, "")
        if made == data:
            return text
        return _encoder(ensure_ascii="\\u" in text, spaced=bool(_SPACED.search(text))).encode(made)

    def _node(self, node: Any, kind: Kind | None, parent: str) -> Any:
        if isinstance(node, str):
            return self._string(node, kind)
        if isinstance(node, dict):
            return self._object(node, parent)
        if isinstance(node, list):
            return [self._node(item, kind, parent) for item in node]
        if kind is not None and isinstance(node, int) and not isinstance(node, bool):
            made = self._value(kind, str(node))
            return int(made) if made.isdecimal() else made
        return node

    def _object(self, node: dict[str, Any], parent: str) -> dict[str, Any]:
        # {"field": "email", "op": "=", "value": …}, as v2's lists are filtered.
        named = node.get("field")
        made = dict(node)
        for name, kind, inner in self._fields.of_object(tuple(node), parent):
            value = node[name]
            if kind is None and name == "value" and isinstance(named, str):
                kind = self._fields.kind_of_path(named)
            if isinstance(value, str):
                if kind is not None or self._has_values or value[:1] in _JSON:
                    made[name] = self._string(value, kind)
            elif value is not None:
                made[name] = self._node(value, kind, inner)
        return made

    def _string(self, value: str, kind: Kind | None) -> str:
        if kind is not None:
            return self._value(kind, value)
        if value[:1] in _JSON:
            return self.json(value)
        return self._by_value.replaced(value) if self._has_values else value

    def _pairs(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        made = list(pairs)
        for place in sorted(range(len(pairs)), key=lambda at: pairs[at][0]):
            name, value = pairs[place]
            made[place] = (name, self._named(name, value))
        return made

    def _named(self, name: str, value: str) -> str:
        """The value of a query parameter, of a form's field or of a part."""
        kind = self._fields.kind(name)
        if kind is not None:
            return self._value(kind, value)
        if name == "filters":
            return _FILTER.sub(self._filter, value)
        if value.startswith(("{", "[")):  # the v2 API's data={json}
            return self.json(value)
        return self._by_value.replaced(value)

    def _filter(self, match: re.Match[str]) -> str:
        kind = self._fields.kind_of_path(match.group("name"))
        value, quotes = match.group("value"), ""
        if len(value) > 1 and value[0] == value[-1] == '"':
            value, quotes = value[1:-1], '"'
        if kind is None:
            made = self._by_value.replaced(value)
        elif match.group("operator") in ("in", "nin"):
            made = ",".join(self._value(kind, each) for each in value.split(","))
        else:
            made = self._value(kind, value)
        return match.group("head") + quotes + made + quotes

    def _part(self, match: re.Match[str]) -> str:
        return match.group("head") + self._named(match.group("name"), match.group("value"))

    def _piece(self, match: re.Match[str]) -> str:
        kind = self._fields.kind_anywhere(match.group("name"))
        value = match.group("value")
        return match.group("head") + (value if kind is None else self._value(kind, value))

    def _value(self, kind: Kind, value: str) -> str:
        if not value or (value.startswith(PLACEHOLDER_PREFIX) and is_placeholder(value)):
            return value
        return self._by_place(kind, value)


@lru_cache
def _encoder(*, ensure_ascii: bool, spaced: bool) -> json.JSONEncoder:
    separators = (", ", ": ") if spaced else (",", ":")
    return json.JSONEncoder(ensure_ascii=ensure_ascii, separators=separators)
