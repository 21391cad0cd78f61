"""Examples: for each operation a call that this sandbox takes, to be looked at, changed and sent.

It is made of the operation's own fields, with ids of records that the sandbox has, numbers that no
record has yet, and dates by the sandbox's clock. What fields alone do not tell stands in
``recipes``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from pytest_bill import multipart
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages.callers import may_call, owner_of
from pytest_bill.sandbox.pages.examples.known import Known
from pytest_bill.sandbox.pages.examples.recipes import (
    body_of,
    form_of,
    headers_of,
    query_of,
)
from pytest_bill.sandbox.pages.examples.values import Maker

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_BOUNDARY = "example-of-a-form"
_PDF = "%PDF-1.4\n%%EOF\n"
"""The smallest that starts as one: only its first bytes are looked at."""


@dataclass(frozen=True)
class Example:
    """A request, as ``/__sandbox__/send`` takes it."""

    credential: str
    """The name of the credential that it is sent with; empty for none."""
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    needs: tuple[str, ...]
    """The operations that have to be sent before, since there is no such record yet."""


def example_of(
    operation: Operation, state: SandboxState, credential: str | None = None, number: int = 1
) -> Example:
    """An example of the operation; ``number`` makes its numbers and names others than before.

    ``credential`` is one of those that may call it, by default the usual one.
    """
    by = may_call(operation)[0] if credential is None else credential
    known = Known(state, owner_of(state, by, operation), operation)
    known.choose_path()
    maker = Maker(number, state.clock.now().date(), known.id_of)
    path = operation.path
    for name, value in known.chosen.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    query = query_of(operation, known, maker)
    body, content_type = _body(operation, known, maker)
    headers = headers_of(operation, known, maker)
    if content_type:
        headers["Content-Type"] = content_type
    return Example(
        by, operation.method, path, urlencode(query), headers, body, tuple(known.needs)
    )


def _body(operation: Operation, known: Known, maker: Maker) -> tuple[str, str]:
    """The body and its content type; both are empty where there is none."""
    if operation.form is not None:
        form = form_of(operation, known, maker)
        if operation.upload:
            return _multipart(form), f"{multipart.MEDIA_TYPE}; boundary={_BOUNDARY}"
        return urlencode({name: _as_text(value) for name, value in form.items()}), _FORM
    if operation.upload:
        return _PDF, "application/pdf"
    if operation.body is None:
        return "", ""
    body = body_of(operation, known, maker)
    return json.dumps([body] if operation.many else body, indent=2, ensure_ascii=False), _JSON


def _multipart(form: dict[str, Any]) -> str:
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{_as_text(value)}'
        for name, value in form.items()
    ]
    parts.append(
        'Content-Disposition: form-data; name="file"; filename="example.pdf"\r\n'
        f"Content-Type: application/pdf\r\n\r\n{_PDF}"
    )
    written = "".join(f"--{_BOUNDARY}\r\n{each}\r\n" for each in parts)
    return f"{written}--{_BOUNDARY}--\r\n"


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
