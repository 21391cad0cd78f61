"""The fields that a request or an answer carries, whatever format they come in."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from pytest_bill.interaction import Interaction
from pytest_bill.multipart import MEDIA_TYPE

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Content(NamedTuple):
    """What a body holds; ``why_not`` says why that cannot be told."""

    value: Any = None
    media_type: str = ""
    why_not: str = ""


def answer_in(interaction: Interaction) -> Content:
    """The answer's JSON; the body is unpacked before."""
    media_type = media_type_of(interaction.answer_content_type)
    return _json(interaction.answer_body, media_type, "its answer")


def request_in(interaction: Interaction) -> Content:
    """The fields of the request's body: JSON, or a form with JSON in the field ``data``."""
    media_type = media_type_of(interaction.content_type)
    if media_type == MEDIA_TYPE:
        return Content(media_type=media_type, why_not="its request is an upload")
    if media_type != FORM:
        return _json(interaction.body, media_type, "its request")
    fields: dict[str, Any] = dict(parse_qsl(interaction.body.decode("utf-8", "replace"), True))
    try:
        # https://developer.bill.com/v2/docs/api-request-format
        fields = {name: _field(name, value) for name, value in fields.items()}
    except ValueError:
        return Content(media_type=media_type, why_not="its field `data` is not JSON")
    return Content(fields, media_type)


def media_type_of(content_type: str) -> str:
    """What a ``Content-Type`` says without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def _field(name: str, value: str) -> Any:
    return json.loads(value) if name == "data" else value


def _json(body: bytes, media_type: str, whose: str) -> Content:
    # BILL's JSON is declared as such; a cassette of another tool may have lost the header.
    if media_type and "json" not in media_type:
        return Content(media_type=media_type, why_not=f"{whose} is {media_type}, not JSON")
    try:
        return Content(json.loads(body), JSON)
    except (ValueError, RecursionError):
        return Content(media_type=media_type, why_not=f"{whose} is not JSON")
