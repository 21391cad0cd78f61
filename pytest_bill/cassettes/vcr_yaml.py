"""vcrpy's YAML, without vcrpy: importing that imports every HTTP client that is installed.

The same safe loader, with the few tags of Python that older cassettes hold, and the same dumper.
What vcrpy itself reads and writes is compared with this in the tests.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import IOBase
from typing import Any

import yaml

from pytest_bill.cassettes import times
from pytest_bill.interaction import Interaction

try:
    from yaml import CSafeDumper as _Dumper
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeDumper as _Dumper  # type: ignore[assignment]
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

FORMAT_VERSION = 1
_MOST_TIMES = 100
_ALWAYS = 2**20
OWN_FIELDS = ("answered_by", "content_encoding", "http_version", "recorded_at")
"""What stands in an interaction beside VCR's own: fields of ``Interaction``."""


class _Loader(_SafeLoader):
    """Reads a cassette; what could run code is refused."""


def _construct_file(loader: Any, node: Any) -> io.BytesIO:
    state = loader.construct_mapping(node, deep=True).get("state") or (b"",)
    content = state[0] if state else b""
    return io.BytesIO(content.encode() if isinstance(content, str) else content or b"")


def _construct_pieces(loader: Any, node: Any) -> list[Any]:
    arguments: Any = loader.construct_mapping(node, deep=True).get("args") or ([],)
    return list(arguments[0]) if arguments else []


def _construct_text(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


def _construct_tuple(loader: Any, node: Any) -> tuple[Any, ...]:
    return tuple(loader.construct_sequence(node))


_TAG = "tag:yaml.org,2002:python/"
_Loader.add_constructor(_TAG + "str", _construct_text)
_Loader.add_constructor(_TAG + "unicode", _construct_text)
_Loader.add_constructor(_TAG + "tuple", _construct_tuple)
_Loader.add_constructor(_TAG + "object/new:_io.BytesIO", _construct_file)
_Loader.add_constructor(_TAG + "object/apply:builtins.iter", _construct_pieces)


def load(text: str) -> Any:
    """What a YAML text holds.

    Raises:
        yaml.YAMLError: it is none, or holds what a cassette may not hold.
        ValueError: its aliases stand for far more than it holds, or for themselves.
    """
    data = yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe one)
    if "*" in text and "&" in text and _written_out(data) > _MOST_TIMES * len(text) + _ALWAYS:
        raise ValueError("its aliases stand for more than a hundred times what it holds")
    return data


def _written_out(data: Any) -> int:
    """Characters and items of data in which each alias is written out, in one pass over it."""
    sizes: dict[int, int] = {}
    begun: set[int] = set()
    todo = [data]
    while todo:
        each = todo[-1]
        if id(each) in sizes:
            todo.pop()
            continue
        parts = _parts_of(each)
        missing = [part for part in parts if id(part) not in sizes]
        if missing:
            if id(each) in begun:
                raise ValueError("an alias stands for itself")
            begun.add(id(each))
            todo += missing
            continue
        own = len(each) if isinstance(each, str | bytes) else 1
        sizes[id(each)] = own + sum(sizes[id(part)] for part in parts)
        begun.discard(id(each))
        todo.pop()
    return sizes[id(data)]


def _parts_of(data: Any) -> list[Any]:
    if isinstance(data, Mapping):
        return [*data.keys(), *data.values()]
    return list(data) if isinstance(data, list | tuple | set) else []


def dump(data: Any) -> str:
    """The text that vcrpy's serializer gives for data."""
    return str(yaml.dump(data, Dumper=_Dumper))


def interactions_in(data: Any) -> list[Interaction]:
    """The interactions of a cassette that was loaded.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: it is no cassette, or one of vcrpy before
            its first version.
    """
    if isinstance(data, list) and data and "request" in data[0]:
        raise ValueError("it is of an older version of VCR")
    return [_interaction_from(each) for each in data["interactions"]]


def _interaction_from(entry: Mapping[str, Any]) -> Interaction:
    request, response = entry["request"], entry["response"]
    if "status_code" in response:  # as older vcrpy versions recorded httpx
        code, reason = response["status_code"], ""
        headers, body = response["headers"], response["content"]
    else:
        code, reason = response["status"]["code"], response["status"]["message"] or ""
        # With aiohttp, vcrpy records no string for a redirect that was followed.
        headers, body = response["headers"], response["body"].get("string")
    sent = request["headers"] or {}
    return Interaction(
        request["method"],
        _checked_url(request["uri"]),
        one_of_each((name, _first_value(value)) for name, value in sent.items()),
        as_bytes(request["body"]),
        int(code),
        reason,
        {
            str(name): [
                as_text(value) for value in (values if isinstance(values, list) else [values])
            ]
            for name, values in headers.items()
        },
        as_bytes(body),
        **{name: _own_value(entry[name]) for name in OWN_FIELDS if entry.get(name)},
    )


def _own_value(value: Any) -> str:
    # What looks like a time is one in YAML; as other tools write it, it may have another offset.
    return times.written(value) if isinstance(value, datetime) else str(value)


def _checked_url(url: str) -> str:
    from urllib.parse import urlparse

    urlparse(url)
    return url


def _first_value(value: Any) -> Any:
    return value[0] if isinstance(value, list | tuple) else value


def one_of_each(pairs: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """The headers of a request, whose names differ in more than letter case."""
    spelled: dict[str, str] = {}
    headers: dict[str, str] = {}
    for name, value in pairs:
        first = spelled.setdefault(str(name).lower(), str(name))
        headers[first] = as_text(value)
    return headers


def as_bytes(body: Any) -> bytes:
    """Any body that a client may hand over, as bytes: text, bytes, a file, an iterable, None.

    A mapping is what vcrpy records of aiohttp's ``json=``.
    """
    if body is None:
        return b""
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    if isinstance(body, str):
        return body.encode("utf-8", "surrogateescape")
    if isinstance(body, IOBase) or hasattr(body, "read"):
        return as_bytes(body.read())
    if isinstance(body, Mapping):
        return json.dumps(body).encode()
    return b"".join(as_bytes(part) for part in body)


def as_text(value: Any) -> str:
    """A header's value as text: clients allow bytes, too."""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
