"""Values as they may be shown: with what is secret in them replaced.

A value is copied, never changed, and only where something is secret in it; what is nothing plain
is replaced by a ``HiddenObject``, which has its repr.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

Hide = Callable[[str], str]
"""Gives a text without secrets."""

_LISTS = (list, tuple, set, frozenset)


def hidden_value(value: Any, hide: Hide) -> Any:
    """A plain value (text, bytes, list, dict, …) with its texts hidden; itself if it has none."""
    if isinstance(value, str):
        hidden = hide(value)
        return value if hidden == value else hidden
    if isinstance(value, bytes | bytearray):
        text = bytes(value).decode("utf-8", "surrogateescape")
        hidden = hide(text)
        return value if hidden == text else hidden.encode("utf-8", "surrogateescape")
    if isinstance(value, dict) or type(value) in _LISTS:
        return _with_parts(value, lambda each: hidden_value(each, hide))
    return value


def hidden_object(value: Any, hide: Hide) -> Any:
    """As ``hidden_value``, for any object: numbers, records, mappings, own classes."""
    if value is None or isinstance(value, bool | str | bytes | bytearray):
        return hidden_value(value, hide)
    if type(value) is dict or type(value) in _LISTS:
        return _with_parts(value, lambda each: hidden_object(each, hide))
    try:
        text = repr(value)
    except Exception:
        return value  # whoever shows it finds out
    hidden = hide(text)
    # The repr of a mapping may say nothing of what is in it, and pytest compares it item by item.
    if hidden == text and not isinstance(value, Mapping):
        return value
    made = _record(value, hide)
    if made is not None:
        return made
    return value if hidden == text else HiddenObject(hidden)


class HiddenObject:
    """Stands for a value whose repr holds a secret."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _record(value: Any, hide: Hide) -> Any:
    """A record with its fields hidden: of the same class, so that it is compared field by field."""
    names = list(_field_names(value))
    if not names:
        return _of_mapping(value, hide) if isinstance(value, Mapping) else None
    try:
        made = object.__new__(type(value)) if not isinstance(value, tuple) else None
        shown = {name: hidden_object(getattr(value, name), hide) for name in names}
        if made is None:
            return tuple.__new__(type(value), [shown[name] for name in names])
        for name, each in shown.items():
            object.__setattr__(made, name, each)
    except Exception:
        return None
    return made


def _of_mapping(value: Mapping[Any, Any], hide: Hide) -> Any:
    plain = dict(value)
    shown = hidden_object(plain, hide)
    return value if shown is plain else shown


def _field_names(value: Any) -> Iterator[str]:
    """The fields of a dataclass, a named tuple or a class of attrs."""
    if is_dataclass(value):
        yield from (each.name for each in fields(value))
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        yield from value._fields
    else:
        yield from (each.name for each in getattr(type(value), "__attrs_attrs__", ()))


def _with_parts(value: Any, of_part: Callable[[Any], Any]) -> Any:
    """A list or dict with each of its parts replaced; itself where all stay the same."""
    if isinstance(value, dict):
        pairs = [(of_part(name), of_part(each)) for name, each in value.items()]
        old = value.items()
        same = all(a is k and b is v for (a, b), (k, v) in zip(pairs, old, strict=True))
        return value if same else dict(pairs)
    items = [of_part(each) for each in value]
    same = all(new is old for new, old in zip(items, value, strict=True))
    return value if same else type(value)(items)
