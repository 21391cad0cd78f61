"""vcrpy's YAML, without vcrpy: importing that imports every HTTP client that is installed.

The same safe loader, with the few tags of Python that older cassettes hold, and the same dumper.
What vcrpy itself reads and writes is compared with this in the tests.
"""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from pytest_bill.cassettes import shape, times
from pytest_bill.cassettes.handed_over import as_bytes, as_text, one_of_each
from pytest_bill.interaction import Interaction

try:
    from yaml import CSafeDumper as _Dumper
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeDumper as _Dumper  # type: ignore[assignment]
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

FORMAT_VERSION = shape.VERSION
_MERGE = "tag:yaml.org,2002:merge"
_LONGEST_KEY = 80
_MOST_TIMES = 100
_ALWAYS = 2**20
OWN_FIELDS = ("answered_by", "content_encoding", "http_version", "recorded_at")
"""What stands in an interaction beside VCR's own: fields of ``Interaction``."""


class TwiceThere(ConstructorError):
    """A mapping has a key twice; ``context_mark`` is where it stands first."""


class _Loader(_SafeLoader):
    """Reads a cassette; what could run code is refused, and so are keys that are there twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Build a mapping; PyYAML takes the last one of equal keys."""
        if isinstance(node, yaml.MappingNode):
            first: dict[tuple[str, Any], Any] = {}
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                    there = first.setdefault((key.tag, key.value), key)
                    if there is not key:
                        what = f"{key.value[:_LONGEST_KEY]!r} stands twice in one mapping"
                        raise TwiceThere(None, there.start_mark, what, key.start_mark)
        return super().construct_mapping(node, deep)


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


def _construct_binary(loader: Any, node: Any) -> bytes:
    """What is in base64; PyYAML takes whatever looks a little like it."""
    try:
        written = str(loader.construct_scalar(node)).encode("ascii").translate(None, b" \t\n")
        return base64.b64decode(written, validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise ConstructorError(None, None, "!!binary is no base64", node.start_mark) from None


def _or_marked(construct: Any) -> Any:
    """As a constructor of PyYAML, but its errors say where."""

    def constructed(loader: Any, node: Any) -> Any:
        try:
            return construct(loader, node)
        except (ValueError, OverflowError):
            what = f"there is no such {node.tag.rpartition(':')[2]}: put it in quotes"
            raise ConstructorError(None, None, what, node.start_mark) from None

    return constructed


for _name in ("int", "float", "timestamp"):
    _tag_of = f"tag:yaml.org,2002:{_name}"
    _Loader.add_constructor(_tag_of, _or_marked(_SafeLoader.yaml_constructors[_tag_of]))
_Loader.add_constructor("tag:yaml.org,2002:binary", _construct_binary)
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
    return load_marked(text)[0]


def load_marked(text: str) -> tuple[Any, yaml.Node | None]:
    """As ``load``, with the tree of nodes, which know their lines."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
    finally:
        loader.dispose()
    if "*" in text and "&" in text and _written_out(data) > _MOST_TIMES * len(text) + _ALWAYS:
        raise ValueError("its aliases stand for more than a hundred times what it holds")
    return data, node


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
        shape.Misshapen: it is no cassette.
    """
    shape.check(data)
    return [interaction_from(each) for each in data["interactions"]]


def interaction_from(entry: Mapping[str, Any]) -> Interaction:
    """An interaction as it was loaded, and checked."""
    request, response = entry["request"], entry["response"]
    if "status_code" in response:  # as older vcrpy versions recorded httpx
        code, reason, body = response["status_code"], "", response["content"]
    else:
        code, reason = response["status"]["code"], response["status"]["message"] or ""
        # With aiohttp, vcrpy records no string for a redirect that was followed.
        body = response["body"].get("string")
    sent = request["headers"] or {}
    return Interaction(
        request["method"],
        request["uri"],
        one_of_each((name, _first_value(value)) for name, value in sent.items()),
        as_bytes(request["body"]),
        int(code),
        str(reason),
        {
            str(name): [
                as_text(value) for value in (values if isinstance(values, list) else [values])
            ]
            for name, values in (response["headers"] or {}).items()
        },
        as_bytes(body),
        **{name: _own_value(entry[name]) for name in OWN_FIELDS if entry.get(name)},
    )


def _own_value(value: Any) -> str:
    # What looks like a time is one in YAML; as other tools write it, it may have another offset.
    return times.written(value) if isinstance(value, datetime) else str(value)


def _first_value(value: Any) -> Any:
    return value[0] if isinstance(value, list | tuple) else value
