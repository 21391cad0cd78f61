"""Small material in BILL's formats: facts of its pages; nothing is copied from its files."""

from __future__ import annotations

import json
from typing import Any


def collection(*requests: dict[str, Any], name: str = "BILL") -> str:
    """A Postman collection, its requests in a folder."""
    return json.dumps({"info": {"name": name}, "item": [{"name": "folder", "item": requests}]})


def request(
    method: str, path: str, sent: Any = None, answered: Any = None, **more: Any
) -> dict[str, Any]:
    """A request of a collection: the path as BILL's collection writes it."""
    base, _, rest = path.partition("}}/")
    made: dict[str, Any] = {
        "method": method,
        "url": {"raw": path, "host": [base + "}}"], "path": rest.split("/"), **more},
        "header": [{"key": "sessionId", "value": "{{session_id}}"}, {"key": "Accept"}],
    }
    if sent is not None:
        text = sent if isinstance(sent, str) else json.dumps(sent)
        made["body"] = {"mode": "raw", "raw": text}
    answer = {"code": 201 if method == "POST" else 200, "body": json.dumps(answered)}
    refused = {"code": 400, "body": '[{"code": "BDC_1109"}]'}
    saved = [refused] if answered is None else [refused, answer]
    return {"name": path, "request": made, "response": saved}


def document(
    path: str,
    method: str,
    sent: dict[str, Any] | None = None,
    answered: dict[str, Any] | None = None,
    *,
    server: str = "https://gateway.stage.bill.com/connect",
    schemas: dict[str, Any] | None = None,
    media: str = "application/json",
    **more: Any,
) -> dict[str, Any]:
    """An OpenAPI document of one operation."""
    operation: dict[str, Any] = {"operationId": "one", "responses": {}, **more}
    if sent is not None:
        operation["requestBody"] = {"content": {media: {"schema": sent}}}
    if answered is not None:
        content = {"application/json": {"schema": answered}}
        operation["responses"]["200"] = {"description": "", "content": content}
    return {
        "openapi": "3.0.1",
        "info": {"title": "BILL"},
        "servers": [{"url": server}],
        "paths": {path: {method: operation}},
        "components": {"schemas": schemas or {}},
    }


def an_object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """The schema of an object."""
    return {"type": "object", "properties": properties, "required": list(required)}


TEXT = {"type": "string"}
NUMBER = {"type": "number"}
