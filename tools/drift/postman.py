"""Postman collections (version 2): requests, and the answers that are saved with them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tools.drift.described import Described, Material, key_of
from tools.drift.shapes import Shape, of_example

_BASES = {"{{webhookBaseUrl}}": "/connect-events"}
"""What the variables of BILL's collection stand for that do not hold a host alone."""
_OF_EVERY_REQUEST = frozenset({"accept", "content-type", "content-length", "user-agent"})
_BARE_VARIABLE = re.compile(r"(?<=[:\[,])(\s*)\{\{(\w+)\}\}(?=\s*[,}\]])")
_BAD_REQUEST = 400
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")


def is_collection(content: Any) -> bool:
    """Whether it is a collection."""
    return isinstance(content, dict) and isinstance(content.get("item"), list)


def read(content: Mapping[str, Any]) -> Material:
    """What it describes."""
    title = str(content.get("info", {}).get("name", "unnamed"))
    requests = tuple(_described(each) for each in _requests(content["item"]))
    return Material(f"{title} (Postman collection)", requests)


def _requests(items: list[Any]) -> Iterator[Mapping[str, Any]]:
    for each in items:
        if "item" in each:
            yield from _requests(each["item"])
        elif isinstance(each.get("request"), dict):
            yield each


def _described(item: Mapping[str, Any]) -> Described:
    request = item["request"]
    url = request.get("url", "")
    query = [] if isinstance(url, str) else url.get("query") or []
    headers = {str(each.get("key")) for each in request.get("header") or []}
    body = request.get("body") or {}
    sent, unread = _sent(body)
    saved = item.get("response") or []
    answers = [each for each in saved if 200 <= each.get("code", 0) < 300]
    return Described(
        key_of(str(request.get("method", "GET")), _path(url)),
        str(item.get("name", "")),
        is_example=True,
        headers=frozenset(each for each in headers if each.lower() not in _OF_EVERY_REQUEST),
        query=frozenset(str(each.get("key")) for each in query),
        sent=sent,
        answered=_answer(answers),
        status=answers[0]["code"] if answers else 0,
        refused=_answer([each for each in saved if each.get("code") == _BAD_REQUEST]),
        unread=unread,
    )


def _answer(saved: list[Mapping[str, Any]]) -> Shape | None:
    """What the first of the answers has."""
    value = next((_json(each.get("body") or "") for each in saved), None)
    return None if value is None else of_example(value)


def _path(url: str | Mapping[str, Any]) -> str:
    """The path below the host, which is a variable, or is written out."""
    if isinstance(url, str):
        host, _, path = url.partition("}}") if url.startswith("{{") else ("", "", url)
        return _BASES.get(host + "}}", "") + path
    given = url.get("host") or ""
    host = given if isinstance(given, str) else ".".join(given)
    parts = url.get("path") or []
    path = "/" + (parts.lstrip("/") if isinstance(parts, str) else "/".join(map(str, parts)))
    return _BASES.get(host, "") + path


def _sent(body: Mapping[str, Any]) -> tuple[Shape | None, str]:
    match body.get("mode"):
        case "raw":
            text = body.get("raw") or ""
            value = _json(text)
            if value is None and text.strip():
                return None, "its example body is not JSON"
            return (None if value is None else of_example(value)), ""
        case "urlencoded" | "formdata" as mode:
            fields = {str(each.get("key")): _field(each) for each in body.get(mode) or []}
            return of_example(fields), ""
    return None, ""


def _field(pair: Mapping[str, Any]) -> Any:
    """The value of a form's field; v2 has JSON in some."""
    value = pair.get("value") or ""
    found = _json(value) if value.startswith(("{", "[")) else None
    return value if found is None else found


def _json(text: str) -> Any:
    """What a body says, None if nothing; some of BILL's examples are not quite JSON."""
    for each in (text, _LAST_COMMA.sub("", _BARE_VARIABLE.sub(r'\1"{{\2}}"', text))):
        try:
            return json.loads(each)
        except ValueError:
            continue
    return None
