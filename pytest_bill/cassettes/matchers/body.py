"""Compares bodies: by what they hold with ``body``, byte by byte with ``raw_body``."""

from __future__ import annotations

import json
from collections.abc import Hashable
from urllib.parse import parse_qsl

from pytest_bill.cassettes.matchers.compared_request import ComparedRequest, canonical_json


def body(request: ComparedRequest) -> Hashable:
    """JSON and forms by what they hold, all else as text."""
    content = request.content
    data, content_type = content.bytes, content.content_type
    if not data:
        return ""
    canonical = content.canonical
    if canonical is not None:
        return canonical
    if "form-urlencoded" in content_type:
        pairs = parse_qsl(data.decode("latin-1"), keep_blank_values=True)
        return tuple(sorted((name, _form_value(value)) for name, value in pairs)) or ""
    if "boundary=" in content_type:
        from pytest_bill.cassettes.differences import BOUNDARY
        from pytest_bill.multipart import boundary_in

        boundary = boundary_in(request.header("content-type") or "")
        data = data.replace(boundary.encode(), BOUNDARY.encode()) if boundary else data
    return data.decode("utf-8", "backslashreplace")


def _form_value(value: str) -> str:
    """A form's value; that of the v2 API's ``data`` field is JSON."""
    if not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return canonical_json(json.loads(value)) or value
    except (ValueError, RecursionError):
        return value


def raw_body(request: ComparedRequest) -> bytes:
    """The bytes, secrets replaced."""
    return request.content.bytes
