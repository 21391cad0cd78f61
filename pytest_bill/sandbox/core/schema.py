"""Fields as JSON Schema, for the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bill.sandbox.core.bodies import (
    NUMBERS_END,
    NUMERAL,
    Anything,
    Boolean,
    Date,
    Either,
    Field,
    Integer,
    Many,
    Null,
    Number,
    Object,
    Text,
)


def of(field: Field, *, sent: bool = False) -> dict[str, Any]:
    """The schema of a field of an answer, or of a body that is `sent`.

    In what is sent, null counts as absent, and what is required must not be empty.
    """
    schema = _bare(field, sent)
    if not sent or _is_always_required(field):
        return schema
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    if "anyOf" in schema:
        schema["anyOf"] = [*schema["anyOf"], {"type": "null"}]
    if "type" in schema:
        schema["type"] = [schema["type"], "null"]
    return schema


def of_object(
    fields: Mapping[str, Field], *, sent: bool = False, partial: bool = False
) -> dict[str, Any]:
    """The schema of an object with these fields; `partial` lets required ones be absent."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: of(field, sent=sent) for name, field in fields.items()},
    }
    required = [name for name, field in fields.items() if _is_always_required(field)]
    if required and not partial:
        schema["required"] = required
    return schema


def _bare(field: Field, sent: bool) -> dict[str, Any]:
    schema: dict[str, Any]
    match field:
        case Text():
            schema = {"type": "string"}
            if field.choices:
                schema["enum"] = sorted(field.choices)
            elif _is_always_required(field) and sent:
                schema["minLength"] = 1
            if field.longest is not None:
                schema["maxLength"] = field.longest
            if field.pattern:
                schema["pattern"] = field.pattern
            return schema
        case Number():
            schema = _bounded("number", field.minimum, None)
            if sent:
                schema["exclusiveMaximum"] = NUMBERS_END
                schema.setdefault("exclusiveMinimum", -NUMBERS_END)
            if field.text:
                digits = NUMERAL if field.minimum is None else NUMERAL.removeprefix("-?")
                schema = {"anyOf": [schema, {"type": "string", "pattern": f"^{digits}$"}]}
            return schema
        case Integer():
            return _bounded("integer", field.minimum, field.maximum)
        case Boolean() if field.as_text:
            return {"enum": [True, False, "true", "false"]}
        case Boolean():
            return {"type": "boolean"}
        case Date(or_empty=True):
            return {"type": "string", "pattern": r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"}
        case Date():
            return {"type": "string", "format": "date"}
        case Null():
            return {"type": "null"}
        case Object():
            return of_object(field.fields, sent=sent)
        case Many():
            # A null in a list is no absent item but one of the wrong type.
            schema = {"type": "array", "items": _bare(field.item, sent)}
            if field.required and sent:
                schema["minItems"] = 1
            return schema
        case Either():
            return {"anyOf": [of(kind) for kind in field.kinds]}
        case Anything():
            return {}


def _is_always_required(field: Field) -> bool:
    return field.required and not (isinstance(field, Text) and field.unless)


def _bounded(kind: str, minimum: float | None, maximum: float | None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": kind}
    if minimum is not None:
        schema["minimum"] = minimum
    if maximum is not None:
        schema["maximum"] = maximum
    return schema
