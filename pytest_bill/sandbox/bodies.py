"""Reading request bodies: JSON objects and v2's forms, and the check of their fields.

A refused body is answered with one problem per refused field. Fields that BILL does not name are
dropped without a word; whether BILL refuses them is not documented.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.errors import Problem
from pytest_bill.sandbox.records import Record

NUMBERS_END = 1e15
"""Beyond it, a dollar amount would lose its cents."""

NUMERAL = r"-?\d{1,12}(\.\d{1,4})?"
"""A regular expression for a number that is written as a string."""


@dataclass(frozen=True)
class Text:
    """A string; `choices` are the only values it may have, if there are any."""

    required: bool = False
    choices: Collection[str] = ()
    longest: int | None = None


@dataclass(frozen=True)
class Number:
    """A JSON number of at least `minimum`; beyond 15 digits, where cents get lost, it is none.

    Where `numeral` is true, a string of digits counts as the number, as in some of BILL's samples.
    """

    required: bool = False
    minimum: float | None = None
    numeral: bool = False


@dataclass(frozen=True)
class Integer:
    """A JSON number without a fraction, from `minimum` to `maximum`."""

    required: bool = False
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class Boolean:
    """true or false."""

    required: bool = False


@dataclass(frozen=True)
class Date:
    """A string in the format yyyy-MM-dd; a null takes a `clearable` one away, as None."""

    required: bool = False
    clearable: bool = False


@dataclass(frozen=True)
class Anything:
    """Any JSON value, unchecked."""

    required: bool = False


@dataclass(frozen=True)
class Object:
    """An object with its own fields."""

    fields: Mapping[str, Field]
    required: bool = False


@dataclass(frozen=True)
class Many:
    """A list whose items are all of one kind; a required one must not be empty."""

    item: Field
    required: bool = False


Field = Text | Number | Integer | Boolean | Date | Anything | Object | Many

ADDRESS: Mapping[str, Field] = {
    "line1": Text(required=True),
    "line2": Text(),
    "city": Text(required=True),
    "stateOrProvince": Text(),
    "zipOrPostalCode": Text(required=True),
    "country": Text(required=True),
}
"""The address of a vendor and of a partner's organization: BILL's pages show the same fields."""


async def json_object(request: Request) -> Record:
    """The request's body as a JSON object; BDC_1122 for anything else."""
    body = await _json(request)
    if not isinstance(body, dict):
        raise errors.unparsable_json()
    return body


async def json_list(request: Request) -> list[Any]:
    """The request's body as a JSON list; BDC_1122 for anything else."""
    body = await _json(request)
    if not isinstance(body, list):
        raise errors.unparsable_json()
    return body


async def _json(request: Request) -> Any:
    try:
        body = json.loads(await request.body())
        # Half a surrogate pair is JSON, but no text that could be answered; NaN is no JSON.
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise errors.unparsable_json() from None
    return body


async def form(request: Request) -> dict[str, str]:
    """The request's body as a form, the way v2 takes it."""
    text = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True))


def check(body: Record, fields: Mapping[str, Field], *, partial: bool = False) -> Record:
    """The known fields of `body`; raises BillError with one problem per refused field.

    `partial` lets required fields of the outermost object be absent, as an update does. A field
    that is null counts as absent.
    """
    problems: list[Problem] = []
    checked = _object(body, fields, "", partial, problems)
    if problems:
        raise errors.bad_request(*problems)
    return checked


def check_many(
    items: list[Any], fields: Mapping[str, Field], most: int, *, partial: bool = False
) -> list[Record]:
    """The known fields of each item, as `check` gives them; BDC_1129 for none or too many."""
    if not 1 <= len(items) <= most:
        raise errors.bad_request(errors.invalid_parameter("size", len(items)))
    problems: list[Problem] = []
    checked: list[Record] = []
    for index, item in enumerate(items):
        if isinstance(item, dict):
            checked.append(_object(item, fields, f"[{index}].", partial, problems))
        else:
            problems.append(errors.invalid_type(f"[{index}]"))
    if problems:
        raise errors.bad_request(*problems)
    return checked


def _object(
    body: Record, fields: Mapping[str, Field], path: str, partial: bool, problems: list[Problem]
) -> Record:
    checked: Record = {}
    for name, field in fields.items():
        value = body.get(name)
        if value is None and name in body and isinstance(field, Date) and field.clearable:
            checked[name] = None
            continue
        if value is None or (field.required and value in ("", [])):
            if field.required and not (partial and name not in body):
                problems.append(errors.missing_data(path + name))
            continue
        checked[name] = _value(value, field, path + name, problems)
    return checked


def _value(value: Any, field: Field, name: str, problems: list[Problem]) -> Any:
    if isinstance(field, Number) and field.numeral and isinstance(value, str):
        value = float(value) if re.fullmatch(NUMERAL, value, re.ASCII) else value
    match field:
        case Object() if isinstance(value, dict):
            return _object(value, field.fields, f"{name}.", False, problems)
        case Many() if isinstance(value, list):
            return [
                _value(item, field.item, f"{name}[{index}]", problems)
                for index, item in enumerate(value)
            ]
        case Boolean() if isinstance(value, bool):
            return value
        case Number() if _is_number(value):
            if field.minimum is not None and value < field.minimum:
                problems.append(errors.invalid_value(name, value))
            return value
        case Integer() if isinstance(value, int) and not isinstance(value, bool):
            low, high = field.minimum, field.maximum
            if (low is not None and value < low) or (high is not None and value > high):
                problems.append(errors.invalid_value(name, value))
            return value
        case Anything():
            return value
        case Text() if isinstance(value, str):
            if (field.longest is not None and len(value) > field.longest) or (
                field.choices and value not in field.choices
            ):
                problems.append(errors.invalid_value(name, value))
            return value
        case Date() if isinstance(value, str):
            if not is_date(value):
                problems.append(errors.invalid_value(name, value))
            return value
        case _:
            problems.append(errors.invalid_type(name))
            return None


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < NUMBERS_END


def is_date(text: str) -> bool:
    """Whether `text` is a date in the format yyyy-MM-dd."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
