"""The kinds of fields that bodies and answers have.

Each kind checks a value that was sent, describes itself as JSON Schema, and says how it is
answered and compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date
from typing import Any, Self

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.country_names import NAMES
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.records import Record

NUMBERS_END = 1e15
"""Beyond it, a dollar amount would lose its cents."""

NUMERAL = r"-?[0-9]{1,15}(\.[0-9]{1,15})?"
"""A number in a string, as BILL's own samples have some of their amounts."""

_BOOLEANS = {"true": True, "false": False}
_TRUE, _FALSE = {"true", "1"}, {"false", "0"}
_DATE = "yyyy-MM-dd"


# None of these is ever compared, and each method that `dataclass` makes takes time at each start.
@dataclass(frozen=True, eq=False)
class Field:
    """A kind of field. What is ``required`` must not be absent or empty in what is sent.

    ``wrong`` is what v3 says of one that is, where that is known to be other than usual.
    """

    required: bool = dataclass_field(default=False, kw_only=True)
    wrong: str = dataclass_field(default="", kw_only=True)

    @property
    def always_required(self) -> bool:
        """Whether it is required, whatever other fields there are."""
        return self.required

    def with_required(self, required: bool) -> Self:
        """The same kind, required or not."""
        return replace(self, required=required)

    def takes_null(self) -> bool:
        """Whether a null takes the value away; otherwise it counts as absent."""
        return False

    def is_replaced(self, _body: Record) -> bool:
        """Whether another field of the body stands in its place."""
        return False

    def check(self, value: Any, name: str, problems: list[Problem]) -> Any:
        """The value as it is kept. What is wrong with it is added to ``problems``."""
        raise NotImplementedError

    def bare_schema(self, sent: bool) -> dict[str, Any]:
        """The JSON Schema of a value that is not null."""
        raise NotImplementedError

    def schema(self, *, sent: bool = False) -> dict[str, Any]:
        """The JSON Schema of a field of an answer, or of a body that is ``sent``.

        In what is sent, null counts as absent, and what is required must not be empty.
        """
        schema = self.bare_schema(sent)
        if not sent or self.always_required:
            return schema
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
        if "anyOf" in schema:
            schema["anyOf"] = [*schema["anyOf"], {"type": "null"}]
        if "type" in schema:
            schema["type"] = [schema["type"], "null"]
        return schema

    def as_answered(self) -> Field:
        """The kind of what is answered: BILL leaves out what has no value."""
        return type(self)()

    def as_always_answered(self) -> Field:
        """The kind of what is answered where each field is there."""
        return type(self)(required=True)

    def comparable(self, value: Any) -> Any:
        """A value as what filters compare it as; ValueError for one that it cannot have."""
        return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, eq=False)
class Text(Field):
    """A string; ``choices`` are the only values it may have, if there are any.

    A required one may be absent where the field called ``unless`` stands in its place. ``pattern``
    is a regular expression that must be found in it.
    """

    choices: Collection[str] = ()
    longest: int | None = None
    unless: str = ""
    pattern: str = ""

    @property
    def always_required(self) -> bool:
        """Whether no other field can stand in its place."""
        return self.required and not self.unless

    def is_replaced(self, body: Record) -> bool:
        """Whether the field that may stand in its place is there."""
        return bool(self.unless and body.get(self.unless))

    def check(self, value: Any, name: str, problems: list[Problem]) -> Any:
        """The string."""
        if not isinstance(value, str):
            return _refuse_type(name, problems)
        if self.longest is not None and len(value) > self.longest:
            problems.append(errors.too_long(name, self.longest))
        elif (self.choices and value not in self.choices) or (
            self.pattern and not re.search(self.pattern, value)
        ):
            problems.append(errors.invalid_value(name, value))
        return value

    def bare_schema(self, sent: bool) -> dict[str, Any]:
        """A string with its choices or its length."""
        schema: dict[str, Any] = {"type": "string"}
        if self.choices:
            schema["enum"] = sorted(self.choices)
        elif self.always_required and sent:
            schema["minLength"] = 1
        if self.longest is not None:
            schema["maxLength"] = self.longest
        if self.pattern:
            schema["pattern"] = self.pattern
        return schema


@dataclass(frozen=True, eq=False)
class Number(Field):
    """A JSON number of at least ``minimum``; beyond 15 digits, where cents get lost, it is none.

    With ``text``, a string that holds a number counts as that number.
    """

    minimum: float | None = None
    text: bool = False

    def check(self, value: Any, name: str, problems: list[Problem]) -> Any:
        """The number, also of a string that may hold one."""
        if self.text and isinstance(value, str) and re.fullmatch(NUMERAL, value):
            value = float(value) if "." in value else int(value)
        if not _is_number(value):
            return _refuse_type(name, problems)
        if self.minimum is not None and value < self.minimum:
            problems.append(errors.invalid_value(name, value))
        return value

    def bare_schema(self, sent: bool) -> dict[str, Any]:
        """A number, or a string that holds one."""
        schema = _bounded("number", self.minimum, None)
        if sent:
            schema["exclusiveMaximum"] = NUMBERS_END
            schema.setdefault("exclusiveMinimum", -NUMBERS_END)
        if self.text:
            digits = NUMERAL if self.minimum is None else NUMERAL.removeprefix("-?")
            schema = {"anyOf": [schema, {"type": "string", "pattern": f"^{digits}$"}]}
        return schema

    def comparable(self, value: Any) -> Any:
        """The number that the value is or holds."""
        return _as_float(value)


@dataclass(frozen=True, eq=False)
class Integer(Field):
    """A JSON number without a fraction, from ``minimum`` to ``maximum``."""

    minimum: int | None = None
    maximum: int | None = None

    def check(self, value: Any, name: str, problems: list[Problem]) -> Any:
        """The number."""
        if not isinstance(value, int) or isinstance(value, bool):
            return _refuse_type(name, problems)
        low, high = self.minimum, self.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            problems.append(errors.invalid_value(name, value))
        return value

    def bare_schema(self, _sent: bool) -> dict[str, Any]:
        """An integer between its bounds."""
        return _bounded("integer", self.minimum, self.maximum)

    def comparable(self, value: Any) -> Any:
        """The number that the value is or holds."""
        return _as_float(value)


@dataclass(frozen=True, eq=False)
class Boolean(Field):
    """true or false; ``as_text`` takes the strings "true" and "false" too."""

    as_text: bool = False

    def check(self, value: Any, name: str, problems: list[Problem]) -> Any:
        """The boolean, also of a string that may stand for one."""
        if isinstance(value, bool):
            return value
        if not self.as_text or not isinstance(value, str):
            return _refuse_type(name, problems)
        if value not in _BOOLEANS:
            problems.append(errors.invalid_value(name, value))
        return _BOOLEANS.get(value)

    def bare_schema(self, _sent: bool) -> dict[str, Any]:
        """A boolean, or one of the strings that stand for one."""
        return {"enum": [True, False, "true", "false"]} if self.as_text else {"type": "boolean"}

    def comparable(self, value: Any) -> Any:
        """true, 1, false and 0 are booleans."""
        return truth(value)


@dataclass(frozen=True, eq=False)
class Date(Field):
    """A string in the format yyyy-MM-dd; a null takes a ``clearable`` one away, as None.

    With ``or_empty``, an empty string stands for no date.
    """

    clearable: bool = False
    or_empty: bool = False

    def takes_null(self) -> bool:
        """Whether it is clearable."""
        return self.clearable

    def check(self, value: Any, name: str, problems: list[Problem]) -> Any:
        """The date, as it was sent."""
        if not isinstance(value, str):
            return _refuse_type(name, problems)
        if not (is_date(value) or (self.or_empty and value == "")):
            problems.append(errors.invalid_value(name, value))
        return value

    def bare_schema(self, _sent: bool) -> dict[str, Any]:
        """A date, or an empty string where that may stand for none."""
        if self.or_empty:
            return {"type": "string", "pattern": r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"}
        return {"type": "string", "format": "date"}

    def comparable(self, value: Any) -> Any:
        """The day of a date, or of a time."""
        day = str(value)[: len(_DATE)]
        if not is_date(day):
            raise ValueError(value)
        return day


@dataclass(frozen=True, eq=False)
class Null(Field):
    """No value: v2 answers null where v3 leaves a field out."""

    def check(self, _value: Any, name: str, problems: list[Problem]) -> Any:
        """Nothing that can be sent."""
        return _refuse_type(name, problems)

    def bare_schema(self, _sent: bool) -> dict[str, Any]:
        """Null."""
        return {"type": "null"}


@dataclass(frozen=True, eq=False)
class Anything(Field):
    """Any JSON value, unchecked."""

    def check(self, value: Any, _name: str, _problems: list[Problem]) -> Any:
        """The value as it is."""
        return value

    def bare_schema(self, _sent: bool) -> dict[str, Any]:
        """Anything."""
        return {}


@dataclass(frozen=True, eq=False)
class Object(Field):
    """An object with its own fields; ``others`` keeps those that it does not name, unchecked.

    A problem with a field is told without the name of a ``nameless`` object. An object that is a
    kind of record says what the sandbox leaves out of it (``missing``) and what BILL's pages do not
    say of it (``unsure``): it holds for every operation that answers the object (see ``notes`` of
    the description).
    """

    fields: Mapping[str, Field]
    others: bool = False
    nameless: bool = False
    missing: str = ""
    unsure: str = ""

    def check(self, value: Any, name: str, problems: list[Problem]) -> Any:
        """The object with its known fields."""
        if not isinstance(value, dict):
            return _refuse_type(name, problems)
        checked = check_fields(value, self.fields, problems, "" if self.nameless else f"{name}.")
        return {**value, **checked} if self.others else checked

    def bare_schema(self, sent: bool) -> dict[str, Any]:
        """An object with its fields."""
        return object_schema(self.fields, sent=sent)

    def as_answered(self) -> Field:
        """None of the fields has to be there."""
        return Object(optional(self.fields), missing=self.missing, unsure=self.unsure)

    def as_always_answered(self) -> Field:
        """The object as it is."""
        return self.with_required(True)


@dataclass(frozen=True, eq=False)
class Many(Field):
    """A list whose items are all of one kind; a required one must not be empty."""

    item: Field

    def check(self, value: Any, name: str, problems: list[Problem]) -> Any:
        """The list, each item checked."""
        if not isinstance(value, list):
            return _refuse_type(name, problems)
        return [
            self.item.check(item, f"{name}[{index}]", problems) for index, item in enumerate(value)
        ]

    def bare_schema(self, sent: bool) -> dict[str, Any]:
        """An array of its items."""
        # A null in a list is no absent item but one of the wrong type.
        schema: dict[str, Any] = {"type": "array", "items": self.item.bare_schema(sent)}
        if self.required and sent:
            schema["minItems"] = 1
        return schema

    def as_answered(self) -> Field:
        """A list of what is answered."""
        return Many(self.item.as_answered())

    def as_always_answered(self) -> Field:
        """The list as it is."""
        return self.with_required(True)


@dataclass(frozen=True, eq=False)
class Either(Field):
    """One of several kinds of value; only for answers, since a body could not be checked by it."""

    kinds: tuple[Field, ...]

    def check(self, _value: Any, name: str, problems: list[Problem]) -> Any:
        """Nothing that can be sent."""
        return _refuse_type(name, problems)

    def bare_schema(self, _sent: bool) -> dict[str, Any]:
        """Any of the kinds."""
        return {"anyOf": [kind.schema() for kind in self.kinds]}

    def as_answered(self) -> Field:
        """The same kinds."""
        return self

    def as_always_answered(self) -> Field:
        """The same kinds."""
        return self.with_required(True)


ADDRESS: Mapping[str, Field] = {
    "line1": Text(required=True),
    "line2": Text(),
    "city": Text(required=True),
    "stateOrProvince": Text(),
    "zipOrPostalCode": Text(required=True),
    "country": Text(required=True, choices=NAMES),
}
"""The address of a vendor and of a partner's organization: BILL's pages show the same fields.

A country is a code of two letters; public clients report that BILL refuses any other text. How is
not documented; here as any other value that a field cannot have, by BDC_1119.
"""


def check_fields(
    body: Record,
    fields: Mapping[str, Field],
    problems: list[Problem],
    path: str = "",
    *,
    partial: bool = False,
    absent: Callable[[str, str], Problem] = errors.missing_data,
) -> Record:
    """The known fields of an object; what is wrong with them is added to ``problems``.

    ``path`` leads to the object, ``partial`` lets required fields be absent, ``absent`` makes the
    problem of a missing one, of its name and what v3 says of it. A field that is null counts as
    absent.
    """
    checked: Record = {}
    for name, field in fields.items():
        value = body.get(name)
        if value is None and name in body and field.takes_null():
            checked[name] = None
        elif value is None or (field.required and value in ("", [])):
            may_be_absent = field.is_replaced(body) or (partial and name not in body)
            if field.required and not may_be_absent:
                problems.append(absent(path + name, field.wrong or _wrong_with(value)))
        else:
            checked[name] = field.check(value, path + name, problems)
    return checked


def _wrong_with(value: Any) -> str:
    """What v3 says of a required field that is absent or empty."""
    if value is None:
        return errors.NOT_NULL
    return errors.NOT_BLANK if value == "" else errors.NOT_EMPTY


def optional(fields: Mapping[str, Field]) -> dict[str, Field]:
    """The fields as they are answered, none of them required."""
    return {name: each.as_answered() for name, each in fields.items()}


def object_schema(
    fields: Mapping[str, Field], *, sent: bool = False, partial: bool = False
) -> dict[str, Any]:
    """The JSON Schema of an object with these fields; ``partial`` lets required ones be absent."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: field.schema(sent=sent) for name, field in fields.items()},
    }
    required = [name for name, field in fields.items() if field.always_required]
    if required and not partial:
        schema["required"] = required
    return schema


def is_date(text: str) -> bool:
    """Whether ``text`` is a date in the format yyyy-MM-dd."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def truth(value: Any) -> bool:
    """Whether a value, or what stands for one in v2, is true; ValueError if it is neither."""
    text = str(value).lower()
    if text not in _TRUE | _FALSE:
        raise ValueError(value)
    return text in _TRUE


def _refuse_type(name: str, problems: list[Problem]) -> None:
    problems.append(errors.invalid_type(name))


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < NUMBERS_END


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, OverflowError):
        raise ValueError(value) from None


def _bounded(kind: str, minimum: float | None, maximum: float | None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": kind}
    if minimum is not None:
        schema["minimum"] = minimum
    if maximum is not None:
        schema["maximum"] = maximum
    return schema
