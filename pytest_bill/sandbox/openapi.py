"""The description of what the sandbox answers, as an OpenAPI document.

It is made of the same data that calls are routed and checked by, so it cannot say something else
than the sandbox does. It describes the sandbox, not BILL: BILL's own is at
https://developer.bill.com/reference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from pytest_bill import __version__
from pytest_bill.sandbox import schema
from pytest_bill.sandbox.bodies import Many, Object, Text
from pytest_bill.sandbox.errors import V2_PREFIX
from pytest_bill.sandbox.operations import Caller, Operation, Query

PATH = "/openapi.json"

_HEADERS = {
    Caller.ANYONE: (),
    Caller.ORGANIZATION: ("sessionId", "devKey"),
    Caller.PARTNER: ("sessionId", "appKey"),
    Caller.SPEND: ("apiToken",),
}

_PROBLEMS = schema.of(
    Many(
        Object(
            {
                name: Text(required=True)
                for name in ("timestamp", "code", "severity", "category", "message")
            }
        )
    )
)


def document(operations: Iterable[Operation]) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Local sandbox of pytest-bill (not BILL)",
            "version": __version__,
            "description": "What the local sandbox answers. Each operation links to BILL's page.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                header: {"type": "apiKey", "in": "header", "name": header}
                for header in ("sessionId", "devKey", "appKey", "apiToken")
            },
            "responses": {
                "refused": {
                    "description": "Refused: BILL's codes say why.",
                    "content": {"application/json": {"schema": _PROBLEMS}},
                }
            },
        },
    }


def _describe(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.area],
        "summary": operation.summary,
        "description": _description(operation),
        "externalDocs": {"url": operation.page_url},
        "parameters": [*_path_parameters(operation), *_query_parameters(operation.query)],
        "responses": {str(operation.status): _success(operation)},
    }
    if not operation.path.startswith(V2_PREFIX):
        described["responses"]["4XX"] = {"$ref": "#/components/responses/refused"}
    if headers := _HEADERS.get(operation.caller, ()):
        described["security"] = [{header: [] for header in headers}]
    if (body := _body(operation)) is not None:
        described["requestBody"] = {"required": True, "content": body}
    return described


def _description(operation: Operation) -> str:
    notes = [f"Headers: {operation.caller.value}."]
    if operation.trusted:
        notes.append("Needs an MFA-trusted session.")
    if operation.missing:
        notes.append(f"Not emulated: {operation.missing}")
    if operation.unsure:
        notes.append(f"Unsure: {operation.unsure}")
    return " ".join(notes)


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in operation.path_parameters
    ]


def _query_parameters(query: Collection[Query]) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "in": "query",
            "required": each.field.required,
            "schema": schema.of(each.field),
        }
        for each in query
    ]


def _body(operation: Operation) -> dict[str, Any] | None:
    if operation.upload:
        binary = {"type": "string", "format": "binary"}
        return {"application/octet-stream": {"schema": binary}}
    if operation.body is None:
        return None
    one = schema.of_object(operation.body, sent=True, partial=operation.partial)
    if operation.many:
        one = {"type": "array", "items": one, "minItems": 1, "maxItems": operation.many}
    return {"application/json": {"schema": one}}


def _success(operation: Operation) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done."}
    if operation.answer is not None:
        success["content"] = {operation.media_type: {"schema": schema.of(operation.answer)}}
    return success
