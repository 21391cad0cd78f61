"""Reading request bodies: JSON objects and v2's forms, and the check of their fields.

A refused body is answered with one problem per refused field. Fields that BILL does not name are
dropped without a word; whether BILL refuses them is not documented.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from pytest_bill import multipart
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.fields import Field, Object, Text, check_fields
from pytest_bill.sandbox.core.http import ENCODER, Request
from pytest_bill.sandbox.core.records import Record


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
        ENCODER.encode(body).encode()
    except (ValueError, RecursionError):
        raise errors.unparsable_json() from None
    return body


async def form_fields(request: Request) -> dict[str, str]:
    """The request's body as a form, the way v2 takes it; without the files in it."""
    content = await request.body()
    content_type = request.headers.get("content-type", "")
    if content_type.lower().startswith(multipart.MEDIA_TYPE):
        return {
            part.name: part.content.decode("utf-8", "replace")
            for part in multipart.form_parts(content_type, content)
            if not part.is_file
        }
    return dict(parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True))


def check_body(
    body: Record,
    fields: Mapping[str, Field],
    *,
    partial: bool = False,
    absent: Callable[[str, str], Problem] = errors.missing_data,
) -> Record:
    """The known fields of ``body``; raises BillError with one problem per refused field.

    ``partial`` lets required fields of the outermost object be absent, as an update does;
    ``absent`` is the problem of those that are missing. A field that is null counts as absent.
    """
    problems: list[Problem] = []
    checked = check_fields(body, fields, problems, partial=partial, absent=absent)
    if problems:
        raise errors.bad_request(*problems)
    return checked


def check_form(given: Mapping[str, str], fields: Mapping[str, Field]) -> Record:
    """The known fields of a form, as ``check_body`` gives them; an ``Object`` is in it as JSON.

    BDC_1108 for a missing field: v2's forms have parameters.
    """
    texts = {
        name: field if isinstance(field, Text) else Text(required=field.required)
        for name, field in fields.items()
    }
    sent = {name: value for name, value in given.items() if value}
    checked = check_body(sent, texts, absent=lambda name, _: errors.missing_parameter(name))
    for name, field in fields.items():
        if isinstance(field, Object) and name in checked:
            checked[name] = check_body(_object_in(checked[name]), field.fields)
    return checked


def check_many(
    items: list[Any], fields: Mapping[str, Field], most: int, *, partial: bool = False
) -> list[Record]:
    """The known fields of each item, by ``check_body``; BDC_1129 for none or too many."""
    if not 1 <= len(items) <= most:
        raise errors.bad_request(errors.invalid_parameter("size", len(items)))
    problems: list[Problem] = []
    checked: list[Record] = []
    for index, item in enumerate(items):
        if isinstance(item, dict):
            checked.append(check_fields(item, fields, problems, f"[{index}].", partial=partial))
        else:
            problems.append(errors.invalid_type(f"[{index}]"))
    if problems:
        raise errors.bad_request(*problems)
    return checked
