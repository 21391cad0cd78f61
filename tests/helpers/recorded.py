"""Interactions as cassettes hold them, for tests of what is done with these."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction

JSON = "application/json"
SIGNED_IN = {
    "devKey": "PLACEHOLDER_BILL_DEV_KEY",
    "sessionId": "PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID",
}


def recorded(
    method: str,
    path: str,
    answer: Any = None,
    *,
    status: int = 200,
    body: Any = None,
    headers: Mapping[str, str] = SIGNED_IN,
    content_type: str = JSON,
) -> Interaction:
    """A recorded interaction; bodies are JSON, bytes as they are, None for no body."""
    sent = {**headers}
    if body is not None:
        sent["Content-Type"] = JSON
    answered = {"content-type": [content_type]} if answer is not None else {}
    return Interaction(
        method,
        path if "://" in path else SANDBOX.resolve(path),
        sent,
        _as_bytes(body),
        status=status,
        answer_headers=answered,
        answer_body=_as_bytes(answer),
    )


def form(path: str, data: Any, answer: Any, **fields: str) -> Interaction:
    """A form of v2 with its ``data``, signed in with the developer key."""
    sent = {**SIGNED_IN, **fields, "data": json.dumps(data)}
    return Interaction(
        "POST",
        SANDBOX.resolve(path),
        {"Content-Type": "application/x-www-form-urlencoded"},
        urlencode(sent).encode(),
        status=200,
        answer_headers={"content-type": [JSON]},
        answer_body=_as_bytes(answer),
    )


def done(data: Any) -> dict[str, Any]:
    """The envelope of v2 around what it answers."""
    return {"response_status": 0, "response_message": "Success", "response_data": data}


def refused(code: str) -> dict[str, Any]:
    """The envelope of v2 around a refusal."""
    told = {"error_code": code, "error_message": "No."}
    return {"response_status": 1, "response_message": "Error", "response_data": told}


def _as_bytes(content: Any) -> bytes:
    if content is None:
        return b""
    return content if isinstance(content, bytes) else json.dumps(content).encode()
