"""Fields as JSON Schema, for the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bill.sandbox.bodies import (
    NUMERAL,
    Anything,
    Boolean,
    Date,
    Field,
    Integer,
    Many,
    Number,
    Object,
    Text,
)


def of(field: Field, *, nullable: bool = False) -> dict[str, Any]:
    """The schema of a field; `nullable` where null counts as absent, as it does in bodies."""
    schema = _bare(field, nullable)
    if nullable and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def of_object(
    fields: Mapping[str, Field], *, nullable: bool = False, partial: bool = False
) -> dict[str, Any]:
    """The schema of an object with these fields; `partial` lets required ones be absent."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            name: of(field, nullable=nullable and not field.required)
            for name, field in fields.items()
        },
    }
    required = [name for name, field in fields.items() if field.required]
    if required and not partial:
        schema["required"] = required
    return schema


def _bare(field: Field, nullable: bool) -> dict[str, Any]:
    match field:
        case Text():
            schema: dict[str, Any] = {"type": "string"}
            if field.choices:
                schema["enum"] = sorted(field.choices)
            elif field.required and nullable:
                schema["minLength"] = 1
            if field.longest is not None:
                schema["maxLength"] = field.longest
            return schema
        case Number():
            number = _bounded("number", field.minimum, None)
            if field.numeral:
                return {"anyOf": [number, {"type": "string", "pattern": f"^{NUMERAL}$"}]}
            return number
        case Integer():
            return _bounded("integer", field.minimum, field.maximum)
        case Boolean():
            return {"type": "boolean"}
        case Date():
            return {"type": "string", "format": "date"}
        case Object():
            return of_object(field.fields, nullable=nullable)
        case Many():
            schema = {"type": "array", "items": of(field.item)}
            if field.required and nullable:
                schema["minItems"] = 1
            return schema
        case Anything():
            return {}


def _bounded(kind: str, minimum: float | None, maximum: float | None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": kind}
    if minimum is not None:
        schema["minimum"] = minimum
    if maximum is not None:
        schema["maximum"] = maximum
    return schema
