"""What differs between two requests, by matcher and by field, as messages show it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from os.path import commonprefix
from typing import Any, NamedTuple

_LONGEST = 160
_JSON = ("{", "[")
BOUNDARY = "boundary"
"""What stands for the boundary of a body where it is compared: clients draw a new one each time."""
RECORDED, NOW = "- ", "+ "
"""How lines begin that tell of a difference; what shows them in colour knows them by that."""
ABSENT = "(absent)"
"""What is shown of a field that one side has not; no value is shown so."""


class _Absent:
    def __repr__(self) -> str:
        return ABSENT


_ABSENT = _Absent()


class Difference(NamedTuple):
    """One part in which two requests differ."""

    part: str
    now: str
    recorded: str


def differences_in(part: str, now: Any, recorded: Any) -> list[Difference]:
    """How a part differs, by field where it has some; none where its fields are the same."""
    if part in ("query", "body"):
        return _field_differences(part, _as_fields(now), _as_fields(recorded))
    return [difference(part, *(_ABSENT if each is None else each for each in (now, recorded)))]


def difference(part: str, now: Any, recorded: Any) -> Difference:
    """How a part differs as a whole."""
    left, right = _as_text(now), _as_text(recorded)
    if left == right:  # 1 and "1"
        left, right = _as_json(now), _as_json(recorded)
    return Difference(part, *cut_alike(left, right))


def cut_alike(one: str, other: str, longest: int = _LONGEST) -> tuple[str, str]:
    """Two texts, cut so that what differs first is in them; at most so many characters each."""
    if len(one) <= longest and len(other) <= longest:
        return one, other
    same = len(commonprefix((one, other)))  # noqa: RUF071 - by characters, that is
    start = max(0, same - longest // 4)
    return _cut(one, start, longest), _cut(other, start, longest)


def _cut(text: str, start: int, longest: int) -> str:
    begin = "…" if start else ""
    rest = longest - len(begin)
    cut = text[start : start + rest]
    return begin + (cut if len(text) - start <= rest else cut[:-1] + "…")


@lru_cache(maxsize=4)
def _as_fields(value: Any) -> Mapping[str, Any]:
    """The fields of a query, a form or a JSON object, by their path (``vendor.address.city``)."""
    if not value:
        return {}
    fields: dict[str, Any] = {}
    if isinstance(value, tuple):
        pairs: dict[str, Any] = {}
        for name, item in value:
            pairs[name] = f"{pairs[name]}, {item}" if name in pairs else item
        for name, item in pairs.items():
            _add_fields(_json_in(item), name, fields)
        return fields
    try:
        data = json.loads(value)
    except (TypeError, ValueError):
        return _parts_of(value) or {"": value}
    _add_fields(data, "", fields)
    return fields


def _json_in(text: str) -> Any:
    """The JSON in a field, as v2 has it in its forms; else the text."""
    if text[:1] not in _JSON:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _parts_of(value: Any) -> dict[str, Any]:
    """The fields of a multipart form, as it is compared; nothing of what is none."""
    fields: dict[str, Any] = {}
    if isinstance(value, str) and value.startswith(f"--{BOUNDARY}"):
        from pytest_bill.multipart import MEDIA_TYPE, form_parts

        body = value.encode("utf-8", "surrogatepass")
        for part in form_parts(f"{MEDIA_TYPE}; boundary={BOUNDARY}", body):
            _add_fields(_json_in(part.content.decode("utf-8", "replace")), part.name, fields)
    return fields


def _add_fields(node: Any, path: str, fields: dict[str, Any]) -> None:
    if isinstance(node, dict) and node:
        for key, item in node.items():
            _add_fields(item, f"{path}.{key}" if path else str(key), fields)
    elif isinstance(node, list) and node:
        for index, item in enumerate(node):
            _add_fields(item, f"{path}[{index}]", fields)
    else:
        fields[path] = node


def _field_differences(
    part: str, now: Mapping[str, Any], recorded: Mapping[str, Any]
) -> list[Difference]:
    found = []
    for name in dict.fromkeys([*now, *recorded]):
        left, right = now.get(name, _ABSENT), recorded.get(name, _ABSENT)
        # In Python, True is 1 and 1 is 1.0.
        if left != right or type(left) is not type(right):
            found.append(difference(f"{part} {name}" if name else part, left, right))
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return _as_json(value) if value == ABSENT else value or "(none)"
    return _as_json(value)


def _as_json(value: Any) -> str:
    if value is _ABSENT:
        return ABSENT
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):  # bytes, or what a matcher of another kind gives
        return repr(value)
