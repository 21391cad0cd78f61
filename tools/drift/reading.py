"""Reads material, whatever its format, from a file or an address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import yaml

from tools.drift import filters, index, openapi, postman
from tools.drift.described import Material

FORMATS = "a Postman collection, an OpenAPI file, a page of the documentation (.md) or llms.txt"
_SECONDS = 30
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```json\n(.*?)^```", re.DOTALL | re.MULTILINE)


class Unreadable(Exception):
    """Something is no material; the message says what, and what to do."""


def read(place: str, *, with_pages: bool = False) -> list[Material]:
    """What a file or an address has, and with it the pages that an ``llms.txt`` lists.

    Raises:
        Unreadable: it cannot be had, or is of no known format.
    """
    text = _text(place)
    try:
        found = _material(text)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = f"is not made as its format says ({type(error).__name__}: {error})"
        raise Unreadable(f"{place} {reason}.\nGive {FORMATS}.") from None
    if found is None:
        raise Unreadable(_no_format(place, text))
    if not found.pages or not with_pages:
        return [found]
    return [found, *_joined(_pages(index.addresses(text)))]


def _text(place: str) -> str:
    if "://" in place:
        return _asked(place)
    path = Path(place)
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Unreadable(f"{place} is not there.\nGive a file or an address: {FORMATS}.") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise Unreadable(f"{place} cannot be read: {reason}.\nGive {FORMATS}.") from None


def _asked(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        raise Unreadable(f"{address} is no address of http or https.\nGive {FORMATS}.")
    save = "Save it with a browser, and give the file."
    try:
        response = httpx.get(address, follow_redirects=True, timeout=_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = str(error).rstrip(".") or type(error).__name__
        raise Unreadable(f"{address} cannot be asked: {reason}.\n{save}") from None
    if not response.is_success:
        raise Unreadable(f"{address} answers HTTP {response.status_code}.\n{save}")
    return response.text


def _material(text: str) -> Material | None:
    content = _content(text)
    if openapi.is_document(content):
        return openapi.read(content)
    if postman.is_collection(content):
        return postman.read(content)
    documents = [each for each in map(_json, _FENCED.findall(text)) if openapi.is_document(each)]
    if documents:
        (joined,) = _joined(openapi.read(each) for each in documents)
        return joined
    return _page_of_filters(text) or index.read(text)


def _page_of_filters(text: str) -> Material | None:
    found = filters.read(text)
    title = _TITLE.search(text)
    name = f"{title[1] if title else 'unnamed'} (filters)"
    return Material(name, filters=found) if found else None


def _content(text: str) -> Any:
    content = _json(text)
    if content is None and re.search(r"^openapi:", text, re.MULTILINE):
        try:
            return yaml.safe_load(text)
        except yaml.YAMLError:
            return None
    return content


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _no_format(place: str, text: str) -> str:
    if not text.strip():
        reason = "is empty"
    elif _json(text) is not None:
        reason = "is JSON, but neither a Postman collection nor an OpenAPI document"
    elif text.lstrip().startswith(("{", "[")):
        try:
            json.loads(text)
        except ValueError as error:
            reason = f"is no JSON ({error})"
    else:
        reason = "has neither an OpenAPI document, nor filters, nor links to pages of a reference"
    return f"{place} {reason}.\nGive {FORMATS}."


def _pages(addresses: list[str]) -> Iterator[Material]:
    """The OpenAPI documents of pages; those without one are no operations."""
    for address in addresses:
        found = _material(_asked(address))
        if found is not None and found.operations:
            yield found


def _joined(materials: Iterator[Material] | list[Material]) -> list[Material]:
    """Material of the same title as one."""
    joined: dict[str, Material] = {}
    for each in materials:
        first = joined.get(each.title, Material(each.title))
        joined[each.title] = replace(first, operations=(*first.operations, *each.operations))
    return list(joined.values())
