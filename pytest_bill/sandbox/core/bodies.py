"""Reading request bodies: JSON objects and v2's forms, and the check of their fields.

A refused body is answered with one problem per refused field. Fields that BILL does not name are
dropped without a word; whether BILL refuses them is not documented.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from pytest_bill.sandbox.core import errors, multipart
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.records import Record

NUMBERS_END = 1e15
"""Beyond it, a dollar amount would lose its cents."""

NUMERAL = r"-?[0-9]{1,15}(\.[0-9]{1,15})?"
"""A number in a string, as BILL's own samples have some of their amounts."""

_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class Text:
    """A string; `choices` are the only values it may have, if there are any.

    A required one may be absent where the field called `unless` stands in its place. `pattern` is a
    regular expression that must be found in it.
    """

    required: bool = False
    choices: Collection[str] = ()
    longest: int | None = None
    unless: str = ""
    pattern: str = ""


@dataclass(frozen=True)
class Number:
    """A JSON number of at least `minimum`; beyond 15 digits, where cents get lost, it is none.

    With `text`, a string that holds a number counts as that number.
    """

    required: bool = False
    minimum: float | None = None
    text: bool = False


@dataclass(frozen=True)
class Integer:
    """A JSON number without a fraction, from `minimum` to `maximum`."""

    required: bool = False
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class Boolean:
    """true or false; `as_text` takes the strings "true" and "false" too."""

    required: bool = False
    as_text: bool = False


@dataclass(frozen=True)
class Date:
    """A string in the format yyyy-MM-dd; a null takes a `clearable` one away, as None.

    With `or_empty`, an empty string stands for no date.
    """

    required: bool = False
    clearable: bool = False
    or_empty: bool = False


@dataclass(frozen=True)
class Null:
    """No value: v2 answers null where v3 leaves a field out."""

    required: bool = False


@dataclass(frozen=True)
class Anything:
    """Any JSON value, unchecked."""

    required: bool = False


@dataclass(frozen=True)
class Object:
    """An object with its own fields; `others` keeps those that it does not name, unchecked.

    A problem with a field is told without the name of a `nameless` object.
    """

    fields: Mapping[str, Field]
    required: bool = False
    others: bool = False
    nameless: bool = False


@dataclass(frozen=True)
class Many:
    """A list whose items are all of one kind; a required one must not be empty."""

    item: Field
    required: bool = False


@dataclass(frozen=True)
class Either:
    """One of several kinds of value; only for answers, since a body could not be checked by it."""

    kinds: tuple[Field, ...]
    required: bool = False


Field = Text | Number | Integer | Boolean | Date | Null | Anything | Object | Many | Either

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
    return _object_in(await request.body())


async def json_list(request: Request) -> list[Any]:
    """The request's body as a JSON list; BDC_1122 for anything else."""
    body = _parsed(await request.body())
    if not isinstance(body, list):
        raise errors.unparsable_json()
    return body


def _object_in(content: bytes | str) -> Record:
    body = _parsed(content)
    if not isinstance(body, dict):
        raise errors.unparsable_json()
    return body


def _parsed(content: bytes | str) -> Any:
    try:
        body = json.loads(content)
        # Half a surrogate pair is JSON, but no text that could be answered; NaN is no JSON.
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise errors.unparsable_json() from None
    return body


async def form(request: Request) -> dict[str, str]:
    """The request's body as a form, the way v2 takes it; without the files in it."""
    content = await request.body()
    content_type = request.headers.get("content-type", "")
    if content_type.lower().startswith(multipart.MEDIA_TYPE):
        return {
            part.name: part.content.decode("utf-8", "replace")
            for part in multipart.parts(content_type, content)
            if not part.is_file
        }
    return dict(parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True))


def check(
    body: Record,
    fields: Mapping[str, Field],
    *,
    partial: bool = False,
    absent: Callable[[str], Problem] = errors.missing_data,
) -> Record:
    """The known fields of `body`; raises BillError with one problem per refused field.

    `partial` lets required fields of the outermost object be absent, as an update does; `absent`
    is the problem of those that are missing. A field that is null counts as absent.
    """
    problems: list[Problem] = []
    checked = _object(body, fields, "", partial, problems, absent)
    if problems:
        raise errors.bad_request(*problems)
    return checked


def check_form(given: Mapping[str, str], fields: Mapping[str, Field]) -> Record:
    """The known fields of a form, as `check` gives them; an `Object` is in it as JSON.

    BDC_1108 for a missing field: v2's forms have parameters.
    """
    texts = {
        name: field if isinstance(field, Text) else Text(required=field.required)
        for name, field in fields.items()
    }
    sent = {name: value for name, value in given.items() if value}
    checked = check(sent, texts, absent=errors.missing_parameter)
    for name, field in fields.items():
        if isinstance(field, Object) and name in checked:
            checked[name] = check(_object_in(checked[name]), field.fields)
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
    body: Record,
    fields: Mapping[str, Field],
    path: str,
    partial: bool,
    problems: list[Problem],
    absent: Callable[[str], Problem] = errors.missing_data,
) -> Record:
    checked: Record = {}
    for name, field in fields.items():
        value = body.get(name)
        if value is None and name in body and isinstance(field, Date) and field.clearable:
            checked[name] = None
            continue
        if value is None or (field.required and value in ("", [])):
            replaced = isinstance(field, Text) and field.unless and body.get(field.unless)
            if field.required and not replaced and not (partial and name not in body):
                problems.append(absent(path + name))
            continue
        checked[name] = _value(value, field, path + name, problems)
    return checked


def _value(value: Any, field: Field, name: str, problems: list[Problem]) -> Any:
    match field:
        case Object() if isinstance(value, dict):
            path = "" if field.nameless else f"{name}."
            checked = _object(value, field.fields, path, False, problems)
            return {**value, **checked} if field.others else checked
        case Many() if isinstance(value, list):
            return [
                _value(item, field.item, f"{name}[{index}]", problems)
                for index, item in enumerate(value)
            ]
        case Boolean() if isinstance(value, bool):
            return value
        case Number() if field.text and isinstance(value, str) and re.fullmatch(NUMERAL, value):
            return _value(float(value) if "." in value else int(value), field, name, problems)
        case Boolean() if field.as_text and isinstance(value, str):
            if value not in _BOOLEANS:
                problems.append(errors.invalid_value(name, value))
            return _BOOLEANS.get(value)
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
            if (
                (field.longest is not None and len(value) > field.longest)
                or (field.choices and value not in field.choices)
                or not re.search(field.pattern, value)
            ):
                problems.append(errors.invalid_value(name, value))
            return value
        case Date() if isinstance(value, str):
            if not (is_date(value) or (field.or_empty and value == "")):
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
