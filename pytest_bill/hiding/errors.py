"""Exceptions whose texts, notes and attributes hold no secret.

Reporting plugins take them from pytest's ``excinfo`` and write them by themselves. What was raised
has been handled by then: it is changed in place, with all that it came from and that it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any

from pytest_bill.hiding.values import Hide, hidden_value


def hide_in_error(error: BaseException, hide: Hide) -> None:
    """Hide in an exception, in its causes, and in those of a group."""
    seen: set[int] = set()
    found = [error]
    while found:
        each = found.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        _hide_in(each, hide)
        found += _related_errors(each)


def _related_errors(error: BaseException) -> Iterator[BaseException]:
    for other in (error.__cause__, error.__context__):
        if other is not None:
            yield other
    if isinstance(error, BaseExceptionGroup):
        yield from error.exceptions


def _hide_in(error: BaseException, hide: Hide) -> None:
    attributes = getattr(error, "__dict__", {})
    for name, value in list(attributes.items()):
        hidden = hidden_value(value, hide)
        if hidden is not value:
            attributes[name] = hidden
    fixed: dict[str, Any] = {}
    for name, slot in _slots(type(error)).items():
        try:
            value = slot.__get__(error)
        except AttributeError:
            continue  # it was never set
        hidden = hidden_value(value, hide)
        if hidden is value:
            continue
        try:
            # Round the class, which may forbid it.
            slot.__set__(error, hidden)
        except (AttributeError, TypeError):
            fixed[name] = property(_giving(hidden))
    _replace_in_class(error, fixed | _what_it_says(error, hide))


def _slots(kind: type[BaseException]) -> dict[str, Any]:
    """The attributes that are not in the ``__dict__``: ``args``, ``filename``, those of slots."""
    return {
        name: found
        for each in reversed(kind.__mro__)
        for name, found in vars(each).items()
        if isinstance(found, MemberDescriptorType | GetSetDescriptorType)
        and not name.startswith("__")
        and name != "exceptions"  # of a group; each is looked at by itself
    }


def _what_it_says(error: BaseException, hide: Hide) -> dict[str, Any]:
    """The texts that an exception makes by itself, of what was not found in its attributes."""
    texts: dict[str, Any] = {}
    for name, make in (("__str__", str), ("__repr__", repr)):
        try:
            said = make(error)
        except Exception:  # noqa: S112
            continue  # pytest says so
        hidden = hide(said)
        if hidden != said:
            texts[name] = _giving(hidden)
    return texts


def _replace_in_class(error: BaseException, members: dict[str, Any]) -> None:
    """Give one exception a class of its own, that looks like the one it had."""
    if not members:
        return
    kind = type(error)
    members |= {"__module__": kind.__module__, "__qualname__": kind.__qualname__}
    if "__slots__" in vars(kind):
        members["__slots__"] = ()
    with suppress(Exception):  # one of Python's own, which say nothing but their attributes
        error.__class__ = type(kind.__name__, (kind,), members)


def _giving(value: Any) -> Callable[[BaseException], Any]:
    return lambda _: value
