"""Fields in words, as the reference shows them: what a value is, and what it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_bill.sandbox.core.country_names import NAMES
from pytest_bill.sandbox.core.fields import (
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
from pytest_bill.sandbox.core.international import CURRENCIES

_FEW = 8
"""So many choices stand in a line; more of them are folded."""
_KINDS: Mapping[type[Field], str] = {
    Text: "text",
    Number: "number",
    Integer: "integer",
    Boolean: "true or false",
    Date: "date, yyyy-MM-dd",
    Null: "null",
    Anything: "any JSON",
    Object: "object",
}


@dataclass(frozen=True)
class Told:
    """A field in words."""

    name: str
    kind: str
    limits: str
    required: str
    """Empty for one that may be absent."""
    choices: tuple[str, ...]
    few: bool
    """The choices are few enough to stand in a line."""
    fields: tuple[Told, ...]
    """Those of an object, or of the objects of a list."""


def told(fields: Mapping[str, Field], *, sent: bool, partial: bool = False) -> tuple[Told, ...]:
    """The fields of an object that is ``sent``, or answered; of a ``partial`` one none has to be
    there."""
    return tuple(_told(name, each, sent, partial) for name, each in fields.items())


def answered(field: Field | None) -> tuple[str, tuple[Told, ...]]:
    """What an answer is, and the fields in it; of v2's envelopes that of a success."""
    if field is None:
        return "an empty body", ()
    if isinstance(field, Either):
        return answered(field.kinds[0])
    return _kind(field), _within(field, sent=False)


def _told(name: str, field: Field, sent: bool, partial: bool) -> Told:
    choices = _choices(field)
    return Told(
        name,
        _kind(field),
        _limits(field, sent),
        _required(field, partial) if sent else "",
        choices,
        len(choices) <= _FEW,
        _within(field, sent),
    )


def _required(field: Field, partial: bool) -> str:
    if not field.required or partial:
        return ""
    unless = getattr(field, "unless", "")
    return f"unless {unless} is there" if unless else "required"


def _kind(field: Field) -> str:
    if isinstance(field, Many):
        return f"list: {_kind(field.item)}"
    if isinstance(field, Either):
        return " or ".join(dict.fromkeys(_kind(each) for each in field.kinds))
    return _KINDS.get(type(field), type(field).__name__.lower())


def _limits(field: Field, sent: bool) -> str:
    match field:
        case Many():
            return _limits(field.item, sent)
        case Text():
            return _those(
                (field.longest is not None, f"at most {field.longest} characters"),
                (bool(field.pattern), f"matches {field.pattern}"),
                (field.choices is NAMES, "a country, in two letters"),
                (field.choices is CURRENCIES, "a currency, in three letters"),
            )
        case Number():
            return _those(
                (field.minimum is not None, f"at least {field.minimum}"),
                (field.text, "a text may hold it"),
            )
        case Integer():
            return _those(
                (field.minimum is not None, f"at least {field.minimum}"),
                (field.maximum is not None, f"at most {field.maximum}"),
            )
        case Boolean():
            return _those((field.as_text, "a text may hold it"))
        case Date():
            return _those(
                (field.clearable and sent, "null takes it away"),
                (field.or_empty and sent, "may be empty"),
            )
        case _:
            return ""


def _those(*said: tuple[bool, str]) -> str:
    """The texts of what holds."""
    return ", ".join(text for holds, text in said if holds)


def _choices(field: Field) -> tuple[str, ...]:
    if isinstance(field, Many):
        return _choices(field.item)
    choices = getattr(field, "choices", ())
    return tuple(map(str, choices if isinstance(choices, list | tuple) else sorted(choices)))


def _within(field: Field, sent: bool) -> tuple[Told, ...]:
    if isinstance(field, Many):
        return _within(field.item, sent)
    if isinstance(field, Object):
        return told(field.fields, sent=sent)
    if isinstance(field, Either):
        return next(filter(None, (_within(each, sent) for each in field.kinds)), ())
    return ()
