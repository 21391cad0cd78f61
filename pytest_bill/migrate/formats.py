"""Other recorders' files: vcrpy's YAML and JSON, cassetter's YAML and TOML."""

from __future__ import annotations

import binascii
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from pytest_bill import real_files
from pytest_bill.cassettes import store, times, vcr_yaml
from pytest_bill.cassettes.damaged import Damaged
from pytest_bill.cassettes.decoding import readable
from pytest_bill.exceptions import CassetteError
from pytest_bill.interaction import Interaction

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

_OTHER_TRAFFIC = ("grpc_interactions", "ws_interactions")
_BODY_TYPES = ("none", "json", "text", "binary")


_SCALARS = (
    ("null", r"~|null|Null|NULL|", ("~", "n", "N", "")),
    ("bool", r"true|True|TRUE|false|False|FALSE", tuple("tTfF")),
    ("int", r"[-+]?[0-9]+|0x[0-9a-fA-F]+", tuple("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", tuple("-+.0123456789")),
)


@cache
def _yaml_1_2() -> Any:
    """Reads scalars as YAML 1.2 does, which cassetter writes: no dates, and NO is a text.

    Source: https://yaml.org/spec/1.2.2/#103-core-schema.
    """

    class Loader(_SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {}
    for name, form, firsts in _SCALARS:
        tag = f"tag:yaml.org,2002:{name}"
        Loader.add_implicit_resolver(tag, re.compile(rf"(?:{form})\Z"), list(firsts))
    Loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: _whole_number(node.value))
    Loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: float(node.value))
    return Loader


def _whole_number(written: str) -> int:
    return int(written, 16) if "x" in written else int(written)


class Unreadable(Exception):
    """Why a file cannot be read, in words that hold nothing of it."""


class Held(NamedTuple):
    """What a file holds; ``is_plain`` says that it is YAML as this plugin reads it."""

    interactions: Sequence[Interaction]
    is_plain: bool
    is_cassetters: bool = False
    left_out: int = 0
    """So many exchanges that are no HTTP requests."""


def read(path: Path) -> Held:
    """The interactions of a file, with their bodies unpacked.

    Raises:
        Unreadable: it is no cassette.
    """
    try:
        raw = real_files.read_bytes(path, store.MOST_BYTES)
    except OSError as error:
        raise Unreadable(error.strerror or type(error).__name__) from None
    try:
        if path.suffix == ".toml":
            return _of_cassetter(tomllib.loads(raw.decode()))
        data = _of_another_shape(raw)
        if data is not None:
            return _of_cassetter(data)
        recording = store.parsed(raw)
        interactions = list(map(readable, recording.interactions)) if recording is not None else []
    except Damaged as error:
        raise Unreadable(error.told_of("it").splitlines()[0]) from None
    except CassetteError as error:
        raise Unreadable(str(error).splitlines()[0]) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"it has not the form of a cassette ({type(error).__name__})") from None
    is_json = raw.lstrip()[:1] == b"{"
    return Held(interactions, not is_json)


def _of_another_shape(raw: bytes) -> Mapping[str, Any] | None:
    """What a YAML file of cassetter's holds: a body has a type there. None for all others."""
    if b"\n      type: " not in raw and b"grpc_interactions" not in raw:
        return None
    try:
        if b"&" in raw and b"*" in raw:
            vcr_yaml.load(raw.decode())  # refuses aliases that stand for far more than the file
        data = yaml.load(raw.decode(), Loader=_yaml_1_2())  # noqa: S506
    except (yaml.YAMLError, ValueError):
        return None
    if not isinstance(data, Mapping):
        return None
    requests = [
        each.get("request") for each in data.get("interactions") or () if isinstance(each, Mapping)
    ]
    bodies = [each.get("body") for each in requests if isinstance(each, Mapping)]
    is_so = any(isinstance(each, Mapping) and each.get("type") in _BODY_TYPES for each in bodies)
    return data if is_so or any(data.get(name) for name in _OTHER_TRAFFIC) else None


def _of_cassetter(data: Mapping[str, Any]) -> Held:
    """cassetter sorts what it writes by URL: what was asked first has the earlier time."""
    entries = sorted(data.get("interactions") or (), key=lambda each: str(each["recorded_at"]))
    left_out = sum(len(data.get(name) or ()) for name in _OTHER_TRAFFIC)
    interactions = [readable(_interaction(each)) for each in entries]
    return Held(interactions, is_plain=False, is_cassetters=True, left_out=left_out)


def _interaction(entry: Mapping[str, Any]) -> Interaction:
    request, response = entry["request"], entry["response"]
    body, sent = _body(request), dict(request.get("headers") or {})
    answer, headers = _body(response), dict(response.get("headers") or {})
    if _type_of(response) != "binary":  # it was unpacked when it was recorded
        headers = {n: each for n, each in headers.items() if n.lower() != "content-encoding"}
    status = int(response["status"])
    known = status in HTTPStatus.__members__.values()
    return Interaction(
        str(request["method"]),
        str(request["uri"]),
        {str(name): ", ".join(map(str, values)) for name, values in sent.items()},
        body,
        status,
        HTTPStatus(status).phrase if known else "",
        {str(name): list(map(str, values)) for name, values in headers.items()},
        answer,
        recorded_at=_time(entry["recorded_at"]),
    )


def _time(given: str) -> str:
    return times.written(datetime.fromisoformat(given))


def _type_of(part: Mapping[str, Any]) -> str:
    body = part.get("body")
    return str(body["type"] if isinstance(body, Mapping) else part.get("body_type", "none"))


def _body(part: Mapping[str, Any]) -> bytes:
    """A body: in YAML a mapping with the very JSON, in TOML two rows with its text."""
    kind, body = _type_of(part), part.get("body")
    content = body.get("content") if isinstance(body, Mapping) else part.get("body_content")
    if kind == "none" or (content is None and kind != "json"):
        return b""
    if kind == "binary":
        return binascii.unhexlify(str(content))
    if kind == "json" and isinstance(body, Mapping):
        return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    return str(content).encode()
