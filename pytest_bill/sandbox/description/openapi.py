"""The description of what the sandbox answers, as an OpenAPI document.

It is made of the same data that calls are routed and checked by, so it cannot say something else
than the sandbox does. It describes the sandbox, not BILL: BILL's own is at
https://developer.bill.com/reference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from pytest_bill import __version__, multipart
from pytest_bill.sandbox.core.errors import V2_PREFIX
from pytest_bill.sandbox.core.fields import Either, Field, Many, Null, Object, Text, object_schema
from pytest_bill.sandbox.core.http import FORM_TYPE
from pytest_bill.sandbox.core.operations import Caller, Header, Operation, Query
from pytest_bill.sandbox.description.notes import notes_of

PATH = "/openapi.json"

BILL_AS_OF = "2026-11-01"
"""When BILL's pages were read that the sandbox was written from, as those of its index were."""

_ORGANIZATION = ("sessionId", "devKey")
_PARTNER = ("sessionId", "appKey")
_SPEND = ("apiToken",)
_TOKEN = ("accessToken",)
_HEADERS: Mapping[Caller, Sequence[tuple[str, ...]]] = {
    Caller.ORGANIZATION: (_ORGANIZATION, _TOKEN),
    Caller.PARTNER: (_PARTNER,),
    Caller.PARTNER_IN_ORGANIZATION: (_PARTNER,),
    Caller.SIGNED_IN: (_ORGANIZATION, _PARTNER, _TOKEN),
    Caller.SPEND: (_SPEND, _TOKEN),
    Caller.SUBSCRIBER: (_ORGANIZATION, _PARTNER, _SPEND),
}
"""How a caller shows who it is, alternatives one after the other; those left out do not."""

_PROBLEMS = Many(
    Object(
        {
            **{name: Text(required=True) for name in ("timestamp", "severity", "category")},
            "code": Either((Text(), Null()), required=True),
            "message": Text(required=True),
            "params": Object({}),
            "detail": Text(),
        }
    )
).schema()


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
            "x-bill-as-of": BILL_AS_OF,
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                header: {"type": "apiKey", "in": "header", "name": header}
                for header in ("sessionId", "devKey", "appKey", "apiToken")
            }
            | {"accessToken": {"type": "http", "scheme": "bearer"}},
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
        "parameters": [
            *_path_parameters(operation),
            *_parameters("query", operation.query),
            *_parameters("header", operation.headers),
        ],
        "responses": {str(operation.status): _success(operation)},
    }
    if operation.refusal is not None:
        content = {"application/json": {"schema": operation.refusal.schema()}}
        described["responses"]["4XX"] = {"description": "Refused.", "content": content}
    elif not operation.path.startswith(V2_PREFIX):
        described["responses"]["4XX"] = {"$ref": "#/components/responses/refused"}
    if alternatives := _HEADERS.get(operation.caller, ()):
        described["security"] = [{header: [] for header in headers} for headers in alternatives]
    if (body := _body(operation)) is not None:
        described["requestBody"] = {"required": True, "content": body}
    return described


def _description(operation: Operation) -> str:
    notes = [f"Credentials: {operation.caller.value}."]
    if operation.trusted:
        notes.append("Needs an MFA-trusted session, where MFA is required.")
    known = notes_of(operation)
    if known.missing:
        notes.append(f"Not emulated: {' '.join(known.missing)}")
    if known.unsure:
        notes.append(f"Unsure: {' '.join(known.unsure)}")
    return " ".join(notes)


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in operation.path_parameters
    ]


def _parameters(place: str, parameters: Collection[Query | Header]) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "in": place,
            "required": each.field.required,
            "schema": each.field.schema(),
        }
        for each in parameters
    ]


def _body(operation: Operation) -> dict[str, Any] | None:
    binary = {"type": "string", "format": "binary"}
    if operation.form is not None:
        described = _form(operation.form)
        if operation.upload:
            described["schema"]["properties"]["file"] = binary
            described["schema"]["required"].append("file")
        return {multipart.MEDIA_TYPE if operation.upload else FORM_TYPE: described}
    if operation.upload:
        return {"application/octet-stream": {"schema": binary}}
    if operation.body is None:
        return None
    one = object_schema(operation.body, sent=True, partial=operation.partial)
    if operation.many:
        one = {"type": "array", "items": one, "minItems": 1, "maxItems": operation.many}
    return {"application/json": {"schema": one}}


def _form(fields: Mapping[str, Field]) -> dict[str, Any]:
    as_json = {
        name: {"contentType": "application/json"}
        for name, field in fields.items()
        if not isinstance(field, Text)
    }
    described: dict[str, Any] = {"schema": object_schema(fields)}
    for name in as_json:
        described["schema"]["properties"][name] = fields[name].schema(sent=True)
    if as_json:
        described["encoding"] = as_json
    return described


def _success(operation: Operation) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done."}
    if operation.answer is not None:
        success["content"] = {operation.media_type: {"schema": operation.answer.schema()}}
    return success
