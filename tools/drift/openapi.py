"""OpenAPI documents (version 3): BILL's files, pages of its reference, and the sandbox's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from tools.drift.described import Described, Material, key_of
from tools.drift.shapes import Shape, of_schema

_METHODS = ("get", "post", "put", "patch", "delete")
_BAD_REQUESTS = ("400", "4XX")
_BODIES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data", "*/*")
"""The media types of bodies that have fields."""


def is_document(content: Any) -> bool:
    """Whether it is an OpenAPI document."""
    return isinstance(content, dict) and "openapi" in content and "paths" in content


def read(content: Mapping[str, Any]) -> Material:
    """What it describes."""
    title = str(content.get("info", {}).get("title", "unnamed"))
    return Material(f"{title} (OpenAPI)", tuple(_operations(content)))


def _operations(content: Mapping[str, Any]) -> Iterator[Described]:
    servers = content.get("servers") or [{}]
    base = urlsplit(servers[0].get("url", "")).path.rstrip("/")
    components = content.get("components") or {}
    schemas = components.get("schemas") or {}
    schemes = components.get("securitySchemes") or {}
    for path, item in content["paths"].items():
        for method in _METHODS:
            if method not in item:
                continue
            operation = item[method]
            shared = item.get("parameters") or []
            parameters = [*shared, *(operation.get("parameters") or [])]
            status, success = _success(operation.get("responses") or {}, components)
            named = {
                place: frozenset(each["name"] for each in parameters if each.get("in") == place)
                for place in ("header", "query")
            }
            yield Described(
                key_of(method, base + path),
                str(operation.get("operationId", "")),
                is_example=False,
                headers=named["header"] | _credentials(operation, content, schemes),
                query=named["query"],
                sent=_body(operation.get("requestBody") or {}, schemas),
                answered=_body(success, schemas),
                refused=_body(_refusal(operation.get("responses") or {}, components), schemas),
                status=status,
            )


def _credentials(
    operation: Mapping[str, Any], content: Mapping[str, Any], schemes: Mapping[str, Any]
) -> frozenset[str]:
    """The headers that a caller is known by, of all ways that there are."""
    ways = operation.get("security", content.get("security")) or []
    found = {name: schemes.get(name) or {} for way in ways for name in way}
    return frozenset(
        "Authorization" if scheme.get("type") in {"http", "oauth2"} else scheme.get("name", name)
        for name, scheme in found.items()
    )


def _success(
    responses: Mapping[str, Any], components: Mapping[str, Any]
) -> tuple[int, Mapping[str, Any]]:
    for code, response in sorted(responses.items()):
        if str(code).startswith("2") and str(code).isdecimal():
            return int(code), _whole(response, components)
    return 0, {}


def _refusal(responses: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(
        (responses[each] for each in _BAD_REQUESTS if each in responses), {}
    )
    return _whole(found, components)


def _whole(response: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(response.get("$ref", "")).rpartition("/")[2]
    whole: Mapping[str, Any] = (components.get("responses") or {}).get(name, response)
    return whole


def _body(described: Mapping[str, Any], schemas: Mapping[str, Any]) -> Shape | None:
    content = described.get("content") or {}
    media = next((content[each] for each in _BODIES if each in content), None)
    return None if media is None else of_schema(media.get("schema") or {}, schemas)
