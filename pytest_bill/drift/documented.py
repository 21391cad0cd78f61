"""What BILL documents of an operation, and holding a shape against it.

BILL publishes no machine-readable description of all its operations. What is held against here is
the local sandbox's (``sandbox.description``), which was written from BILL's pages: it says as of
when, and names what it leaves out. It needs the extra ``sandbox``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from pytest_bill import environments
from pytest_bill.drift.operations import path_of
from pytest_bill.drift.shape import NULL, Shape, field_at, items_at
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.placeholders import find_placeholder
from pytest_bill.urls import split

Schema = Mapping[str, Any]

_PARAMETER = late_pattern(r"\\\{\w+\\\}")
_LEFT_OUT = "Not emulated: "
_UNSURE = " Unsure: "
_MOST_SHOWN = 12
_LONGEST_SHOWN = 40
_WORD = late_pattern(r"[\w. -]+")


class DifferenceKind(StrEnum):
    """How something differs from what is documented."""

    UNDOCUMENTED = "undocumented"
    MISSING = "missing"
    TYPE = "type"
    VALUE = "value"


class Difference(NamedTuple):
    """One place that differs from what is documented, and how many values do."""

    kind: DifferenceKind
    path: str
    what: str
    places: int


@dataclass(frozen=True)
class Documented:
    """One operation of BILL's, as it is described; ``name`` is as BILL's reference writes it."""

    name: str
    page: str
    described: Schema
    refused: Schema

    @property
    def is_v2(self) -> bool:
        """Whether it is one of the v2 API's, whose refusals come with HTTP 200."""
        return self.name.partition(" ")[2].startswith("/v2/")

    @property
    def is_spend(self) -> bool:
        """Whether it is one of Spend & Expense, whose refusals have no documented shape."""
        return self.name.partition(" ")[2].startswith("/v3/spend/")

    def answers(self, status: int) -> bool:
        """Whether the status is documented: the one of a success, or that of a refusal."""
        return str(status) in self._statuses or (400 <= status < 500 and not self.is_v2)

    @property
    def statuses(self) -> str:
        """Those that are documented, in words."""
        return ", ".join(self._statuses) + ("" if self.is_v2 else " and refusals (4xx)")

    @property
    def _statuses(self) -> list[str]:
        return [each for each in self.described["responses"] if each.isdigit()]

    def answer_schema(self, status: int) -> Schema | None:
        """What a JSON answer of this status looks like; None where it has no JSON."""
        if 400 <= status < 500 and not self.is_v2:
            return None if self.is_spend else self.refused
        return _json_of(self.described["responses"].get(str(status), {}))

    @property
    def has_answer(self) -> bool:
        """Whether a success has a body at all."""
        return any("content" in self.described["responses"][each] for each in self._statuses)

    @cached_property
    def request_bodies(self) -> Mapping[str, Any]:
        """What may be sent, by media type; empty where no body is documented."""
        content: Mapping[str, Any] = self.described.get("requestBody", {}).get("content", {})
        return content

    @cached_property
    def query(self) -> dict[str, Schema]:
        """The parameters of the query, by name."""
        parameters = self.described["parameters"]
        return {each["name"]: each for each in parameters if each["in"] == "query"}

    def leaves_out(self, name: str) -> bool:
        """Whether the description names a field among those that it does not have."""
        text: str = self.described.get("description", "")
        left_out = text.partition(_LEFT_OUT)[2].partition(_UNSURE)[0]
        return re.search(rf"\b{re.escape(name)}\b", left_out) is not None


class Description:
    """All operations that are described, and as of when."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """``document`` is OpenAPI, as ``sandbox.description`` makes it."""
        self.as_of = date.fromisoformat(document["info"]["x-bill-as-of"])
        self._literal: dict[tuple[str, str], Documented] = {}
        self._patterns: list[tuple[str, re.Pattern[str], Documented]] = []
        refused = _json_of(document["components"]["responses"]["refused"]) or {}
        for path, members in document["paths"].items():
            for method, described in members.items():
                name = f"{method.upper()} {path_of(path)}"
                page = described["externalDocs"]["url"]
                known = Documented(name, page, described, refused)
                if "{" not in path:
                    self._literal[method.upper(), path] = known
                else:
                    pattern = _PARAMETER.sub("[^/]+", re.escape(path))
                    self._patterns.append((method.upper(), re.compile(pattern), known))

    def __len__(self) -> int:
        return len(self._literal) + len(self._patterns)

    def operation(self, method: str, url: str) -> Documented | None:
        """The operation that a recorded request asks for."""
        path, method = split(url).path, method.upper()
        found = self._literal.get((method, path))
        if found is not None:
            return found
        matching = (
            known
            for verb, pattern, known in self._patterns
            if verb == method and pattern.fullmatch(path)
        )
        # Of /bills/{id} and /{area}/bulk the one with fewer parameters.
        return min(matching, key=lambda each: each.name.count("{"), default=None)

    def age(self, today: date) -> str:
        """As of when it is, and how long ago that was."""
        months = (today.year - self.as_of.year) * 12 + today.month - self.as_of.month
        ago = {0: "this month", 1: "1 month ago"}.get(months, f"{months} months ago")
        return f"as of {self.as_of:%B %Y}" + (f", {ago}" if months >= 0 else "")


def sandbox_url(url: str) -> str | None:
    """A recorded URL at BILL's sandbox, whichever BILL it is of; None where it is no BILL's."""
    moved = environments.PRODUCTION.moved_to(environments.SANDBOX, url)
    return moved if environments.SANDBOX.owns(moved) else None


def _json_of(response: Mapping[str, Any]) -> Schema | None:
    content = response.get("content", {}).get("application/json")
    return None if content is None else content["schema"]


def held(shape: Shape, schema: Schema, *, sent: bool = False) -> Iterator[Difference]:
    """What differs from what is documented, place by place.

    Of several documented forms (v2's success and refusal) all fields of each may be there, and only
    what all have must. A null counts as an absent field. Placeholders stand for any value.
    """
    yield from _held(shape, [schema], "", sent=sent)


def _held(
    shape: Shape, schemas: Sequence[Schema], path: str, *, sent: bool
) -> Iterator[Difference]:
    forms = [form for schema in schemas for form in _forms(schema)]
    if not forms or any(not form for form in forms):  # anything may stand here
        return
    allowed = {each for form in forms for each in _types_in(form)}
    yield from _types(shape, allowed, path)
    yield from _words(shape, forms, path)
    yield from _fields(shape, forms, path, sent=sent)
    if shape.items is not None:
        items = [form["items"] for form in forms if "items" in form]
        yield from _held(shape.items, items, items_at(path), sent=sent)


def _forms(schema: Schema) -> Iterator[Schema]:
    if "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from _forms(each)
    else:
        yield schema


def _types_in(form: Schema) -> set[str]:
    given = form.get("type", ())
    types = {given} if isinstance(given, str) else set(given)
    for each in form.get("enum", ()) if not types else ():
        types.add("boolean" if isinstance(each, bool) else "string")
    return types | ({"integer"} if "number" in types else set())


def _types(shape: Shape, allowed: set[str], path: str) -> Iterator[Difference]:
    for found, count in sorted(shape.types.items()):
        if found in allowed or found == NULL:
            continue
        if found == "string":
            count -= sum(n for text, n in shape.texts.items() if find_placeholder(text))
        if count:
            documented = "|".join(sorted(allowed - {NULL}))
            told = f"is {found}, documented is {documented}"
            yield Difference(DifferenceKind.TYPE, path, told, count)


def _words(shape: Shape, forms: Sequence[Schema], path: str) -> Iterator[Difference]:
    of_texts = [form for form in forms if "string" in _types_in(form)]
    if not of_texts or not all("enum" in form for form in of_texts):
        return
    known = {each for form in of_texts for each in form["enum"] if isinstance(each, str)}
    for text, count in sorted(shape.texts.items()):
        if text not in known and not find_placeholder(text):
            told = f"has the value {_shown(text)}, {_documented(known)}"
            yield Difference(DifferenceKind.VALUE, path, told, count)


def _shown(text: str) -> str:
    """A value, where it may be a word."""
    if len(text) <= _LONGEST_SHOWN and _WORD.fullmatch(text):
        return text
    return f"of {len(text)} characters" if text else "of no characters"


def _documented(known: set[str]) -> str:
    words = sorted(known)
    more = f" and {len(words) - _MOST_SHOWN} more" if len(words) > _MOST_SHOWN else ""
    return f"documented: {', '.join(words[:_MOST_SHOWN])}{more}"


def _fields(
    shape: Shape, forms: Sequence[Schema], path: str, *, sent: bool
) -> Iterator[Difference]:
    objects = [form for form in forms if "object" in _types_in(form)]
    if not shape.types["object"] or not objects:
        return
    known: dict[str, list[Schema]] = {}
    for form in objects:
        for name, schema in form.get("properties", {}).items():
            known.setdefault(name, []).append(schema)
    if any(not form.get("properties") for form in objects):
        return  # its fields are not documented at all
    for name, of_field in shape.fields.items():
        if name in known:
            yield from _held(of_field, known[name], field_at(path, name), sent=sent)
        else:
            place = field_at(path, name)
            yield Difference(
                DifferenceKind.UNDOCUMENTED, place, "is not documented", of_field.count
            )
    required = set.intersection(*(set(form.get("required", ())) for form in objects))
    for name in sorted(required):
        there = shape.fields.get(name, Shape())
        missing = shape.types["object"] - (there.count - there.types[NULL])
        if missing and not _may_be_null(known[name]):
            why = "is required" if sent else "is documented as always there"
            told = f"is missing, and {why}"
            yield Difference(DifferenceKind.MISSING, field_at(path, name), told, missing)


def _may_be_null(schemas: Sequence[Schema]) -> bool:
    forms = [form for schema in schemas for form in _forms(schema)]
    return any(not form or NULL in _types_in(form) for form in forms)
