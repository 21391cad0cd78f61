"""What a cassette has to hold, and where one does not: in words of the format, and by its place.

What vcrpy reads is read here, too: its own shape, that in which older versions recorded httpx, and
what people write by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from io import IOBase
from typing import Any

VERSION = 1
"""Of the format: vcrpy has had one since its own version 1."""
Key = str | int
_CUT_OFF = "it ends without its line 'version: 1': it was cut off, or somebody took that line out"
_BODY = "text, !!binary or null"
_PART_OF_BODY = (str, bytes, bytearray)


class Misshapen(ValueError):
    """A part of a cassette is not what it has to be; ``place`` are the keys that lead to it."""

    def __init__(
        self,
        place: tuple[Key, ...],
        what: str,
        *,
        is_cut_off: bool = False,
        is_later: bool = False,
    ) -> None:
        """``is_later``: it is of a later version of the format."""
        super().__init__(f"{_called(place)} {what}" if what[:3] != "it " else what)
        self.place = place
        self.is_cut_off = is_cut_off
        self.is_later = is_later


def check(data: Any) -> None:
    """Let data pass that is a cassette.

    Raises:
        Misshapen: it is none, one of another version of the format, or was cut off.
    """
    if isinstance(data, list) and data and isinstance(data[0], Mapping) and "request" in data[0]:
        raise Misshapen((), "it is of a vcrpy before 1.0, which later ones do not read")
    if not isinstance(data, Mapping):
        raise Misshapen((), f"it is {_kind(data)}, not a mapping with interactions")
    if "interactions" not in data:
        raise Misshapen((), "it has no interactions")
    # First: another version may have another shape.
    check_version(data)
    interactions = data["interactions"]
    _demand(("interactions",), interactions, list, "a list")
    for number, each in enumerate(interactions):
        check_interaction(each, ("interactions", number))
    check_metadata(data.get("metadata"))


def check_version(data: Mapping[Any, Any]) -> None:
    """Refuse another version of the format, and a file that ends before it says its own."""
    version = data.get("version")
    if version is None:
        raise Misshapen((), _CUT_OFF, is_cut_off=True)
    if isinstance(version, bool) or str(version) != str(VERSION):
        is_later = isinstance(version, int | float) and version > VERSION
        what = f"it says version {str(version)[:40]}, and version {VERSION} is read here"
        raise Misshapen(("version",), what, is_later=is_later)


def check_metadata(metadata: Any) -> None:
    """Refuse metadata that is none, or in which pytest-bill's own is not as it writes it."""
    place: tuple[Key, ...] = ("metadata",)
    if metadata is None:
        return
    _demand(place, metadata, Mapping, "a mapping")
    for name in ("pytest_bill", "stand_ins"):
        metadata, place = metadata.get(name), (*place, name)
        if metadata is None:
            return
        _demand(place, metadata, Mapping, "a mapping")
    if metadata.get("kinds") is not None:
        _demand((*place, "kinds"), metadata["kinds"], list, "a list")


def check_interaction(entry: Any, place: tuple[Key, ...]) -> None:
    """Refuse an interaction that is none."""
    _demand(place, entry, Mapping, "a mapping with request and response")
    request = _part(entry, "request", place)
    response = _part(entry, "response", place)
    _check_request(request, (*place, "request"))
    _check_response(response, (*place, "response"))
    for name in ("answered_by", "content_encoding", "http_version", "recorded_at"):
        if isinstance(entry.get(name), Mapping | list):
            raise Misshapen((*place, name), f"is {_kind(entry[name])}, and has to be text")


def _check_request(request: Mapping[Any, Any], place: tuple[Key, ...]) -> None:
    for name in ("method", "uri"):
        _demand((*place, name), _there(request, name, place), str, "text")
    from urllib.parse import urlparse

    try:
        urlparse(request["uri"])
    except ValueError:  # its words quote the URL
        raise Misshapen((*place, "uri"), "is no URL that can be taken apart") from None
    _check_headers(_there(request, "headers", place), (*place, "headers"), many=False)
    _check_body(_there(request, "body", place), (*place, "body"), may_be_json=True)


def _check_response(response: Mapping[Any, Any], place: tuple[Key, ...]) -> None:
    _check_headers(_there(response, "headers", place), (*place, "headers"), many=True)
    if "status_code" in response:  # as older vcrpy versions recorded httpx
        _check_code(response["status_code"], (*place, "status_code"))
        _check_body(_there(response, "content", place), (*place, "content"))
        return
    status = _part(response, "status", place)
    _check_code(_there(status, "code", (*place, "status")), (*place, "status", "code"))
    message = _there(status, "message", (*place, "status"))
    if isinstance(message, Mapping | list | bytes):
        raise Misshapen((*place, "status", "message"), f"is {_kind(message)}, and has to be text")
    body = _part(response, "body", place)
    # With aiohttp, vcrpy records no string for a redirect that was followed.
    if body and "string" not in body:
        raise Misshapen((*place, "body"), "has no string")
    _check_body(body.get("string"), (*place, "body", "string"))


def _check_code(code: Any, place: tuple[Key, ...]) -> None:
    is_code = str(code).isascii() and str(code).isdecimal() and 100 <= int(str(code)[:9]) <= 999
    if isinstance(code, bool) or not isinstance(code, int | str) or not is_code:
        shown = _kind(code) if isinstance(code, Mapping | list | bytes) else repr(code)[:40]
        raise Misshapen(place, f"is {shown}, and has to be an HTTP status such as 200")


def _check_headers(headers: Any, place: tuple[Key, ...], *, many: bool) -> None:
    if headers is None:
        return
    _demand(place, headers, Mapping, "a mapping of names and values")
    for name, values in headers.items():
        if isinstance(name, Mapping | list | tuple):
            raise Misshapen(place, f"has a name that is {_kind(name)}, and has to be text")
        if not isinstance(values, list | tuple):
            values = [values]
        elif not values and not many:
            raise Misshapen((*place, name), "has no value")
        for value in values:
            if isinstance(value, Mapping | list | tuple | set):
                raise Misshapen((*place, name), f"holds {_kind(value)}, and has to hold texts")


def _check_body(body: Any, place: tuple[Key, ...], *, may_be_json: bool = False) -> None:
    """``may_be_json``: what vcrpy records of aiohttp's ``json=`` is a mapping."""
    if body is None or isinstance(body, (*_PART_OF_BODY, IOBase)):
        return
    if may_be_json and isinstance(body, Mapping):
        try:
            json.dumps(body)
        except (TypeError, ValueError, RecursionError):
            raise Misshapen(place, "is a mapping that JSON cannot hold") from None
        return
    if isinstance(body, list | tuple) and all(isinstance(each, _PART_OF_BODY) for each in body):
        return
    hint = "" if isinstance(body, Mapping | list | tuple | set) else ": put it in quotes"
    raise Misshapen(place, f"is {_kind(body)}, and has to be {_BODY}{hint}")


def _part(of: Mapping[Any, Any], name: str, place: tuple[Key, ...]) -> Mapping[Any, Any]:
    part = _there(of, name, place)
    _demand((*place, name), part, Mapping, "a mapping")
    whole: Mapping[Any, Any] = part
    return whole


def _there(of: Mapping[Any, Any], name: str, place: tuple[Key, ...]) -> Any:
    if name not in of:
        raise Misshapen(place, f"has no {name}")
    return of[name]


def _demand(place: tuple[Key, ...], value: Any, kind: Any, what: str) -> None:
    if not isinstance(value, kind):
        raise Misshapen(place, f"is {_kind(value)}, and has to be {what}")


_KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "a truth value"),
    (int | float, "a number"),
    (str, "text"),
    (bytes, "!!binary"),
    (date, "a date"),
    (Mapping, "a mapping"),
    (list | tuple, "a list"),
    (set, "a set"),
)


def _kind(value: Any) -> str:
    """What YAML calls a value."""
    if value is None:
        return "empty"
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "something else")


def _called(place: tuple[Key, ...]) -> str:
    """A place in words: ``interaction 3, response.status.code``."""
    return ", ".join(_words_of(place))


def _words_of(place: tuple[Key, ...]) -> Iterator[str]:
    keys = list(place)
    if len(keys) > 1 and keys[0] == "interactions":
        yield f"interaction {int(keys[1]) + 1}"
        keys = keys[2:]
    if keys:
        yield ".".join(str(key)[:80] for key in keys)
