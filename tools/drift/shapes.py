"""Bodies as flat tables: from the path of a field, such as ``results[].name``, to its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ITEM = "[]"
"""What the path of a list's items ends with."""

_DEEPEST = 12
"""Levels. BILL's own files have schemas that contain themselves."""
_NULL = "null"
_TYPES = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): _NULL,
}
_PLACEHOLDERS = frozenset({"", "string"})
"""What examples have in the place of a text."""
_MARKS = "{}<>"


@dataclass(frozen=True)
class Part:
    """What is known of a field: nothing of its types if there are none."""

    types: frozenset[str] = frozenset()
    required: bool = False
    values: frozenset[str] = frozenset()
    """The only values that it may have; of an example, that which it has."""
    is_open: bool = False
    """What is below it is not described."""

    def joined(self, other: Part) -> Part:
        """What is known of a field that stands in two descriptions of the same thing."""
        return Part(
            self.types | other.types if self.types and other.types else frozenset(),
            self.required and other.required,
            self.values | other.values if self.values and other.values else frozenset(),
            self.is_open and other.is_open,
        )


Shape = Mapping[str, Part]
"""The parts of a body, by path; the whole body is that of the empty path."""


def of_example(value: Any) -> dict[str, Part]:
    """The shape of an example: each field that it has."""
    shape: dict[str, Part] = {}
    for path, part in _of_value(value, ""):
        shape[path] = part if path not in shape else _seen_again(shape[path], part)
    return shape


def _seen_again(first: Part, second: Part) -> Part:
    types = {first.types, second.types} - {frozenset()}
    return Part(
        frozenset().union(*types),
        values=first.values | second.values,
        is_open=first.is_open and second.is_open,
    )


def _of_value(value: Any, path: str) -> Iterator[tuple[str, Part]]:
    kind = _TYPES[type(value)]
    types = frozenset() if kind == _NULL else frozenset({kind})
    values = frozenset({value} if isinstance(value, str) and _is_told(value) else ())
    yield path, Part(types, values=values, is_open=value is None or value in ({}, []))
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _of_value(each, _below(path, name))
    elif isinstance(value, list):
        for each in value:
            yield from _of_value(each, path + ITEM)


def _is_told(text: str) -> bool:
    return text not in _PLACEHOLDERS and not any(mark in text for mark in _MARKS)


def of_schema(schema: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, Part]:
    """The shape of a JSON Schema; its references lead into the schemas of ``components``."""
    return dict(_Schemas(components).parts(schema, "", False, 0))


class _Schemas:
    def __init__(self, components: Mapping[str, Any]) -> None:
        self._components = components

    def parts(
        self, schema: Mapping[str, Any], path: str, required: bool, depth: int
    ) -> Iterator[tuple[str, Part]]:
        schema = self._whole(schema)
        alternatives = schema.get("anyOf") or schema.get("oneOf")
        if alternatives:
            yield from self._joined(alternatives, path, required, depth)
            return
        types = self._types(schema)
        properties: Mapping[str, Any] = schema.get("properties") or {}
        items: Mapping[str, Any] = schema.get("items") or {}
        is_open = depth >= _DEEPEST or not (properties or items)
        values = frozenset(each for each in schema.get("enum", ()) if isinstance(each, str))
        yield path, Part(types, required, values, is_open)
        if is_open:
            return
        if items:
            yield from self.parts(items, path + ITEM, False, depth + 1)
        needed = schema.get("required") or ()
        for name, each in properties.items():
            yield from self.parts(each, _below(path, name), name in needed, depth + 1)

    def _joined(
        self, alternatives: list[Mapping[str, Any]], path: str, required: bool, depth: int
    ) -> Iterator[tuple[str, Part]]:
        told = [
            dict(self.parts(each, path, required, depth + 1))
            for each in alternatives
            if each.get("type") != _NULL
        ]
        shape: dict[str, Part] = {}
        for each in told:
            for name, part in each.items():
                shape[name] = part if name not in shape else shape[name].joined(part)
        for name, part in shape.items():
            everywhere = all(name in each for each in told)
            yield name, part if everywhere else Part(part.types, False, part.values, part.is_open)

    def _whole(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema with what it refers to, and with all that it consists of."""
        seen: set[str] = set()
        while "$ref" in schema:
            name = str(schema["$ref"]).rpartition("/")[2]
            if name in seen:
                return {}
            seen.add(name)
            schema = self._components.get(name, {})
        if "allOf" not in schema:
            return schema
        whole: dict[str, Any] = {key: each for key, each in schema.items() if key != "allOf"}
        for part in map(self._whole, schema["allOf"]):
            properties = {**whole.get("properties", {}), **part.get("properties", {})}
            needed = [*whole.get("required", ()), *part.get("required", ())]
            whole = {**part, **whole, "properties": properties, "required": needed}
        return whole

    def _types(self, schema: Mapping[str, Any]) -> frozenset[str]:
        given = schema.get("type", ())
        named = {given} if isinstance(given, str) else set(given)
        if not named and "properties" in schema:
            named = {"object"}
        if not named:
            named = {_TYPES[type(each)] for each in schema.get("enum", ())}
        return frozenset("number" if each == "integer" else each for each in named - {_NULL})


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
