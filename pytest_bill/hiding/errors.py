"""Exceptions whose texts, notes and attributes hold no secret.

Reporting plugins take them from pytest's ``excinfo`` and write them by themselves. What was raised
has been handled by then: it is changed in place, with all that it came from and that it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any

from pytest_bill.hiding.values import hidden_value

Hide = Callable[[str], str]

_PYTHONS_OWN = frozenset({"args", "with_traceback", "exceptions"})


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
        found += _related(each)


def _related(error: BaseException) -> Iterator[BaseException]:
    for other in (error.__cause__, error.__context__):
        if other is not None:
            yield other
    if isinstance(error, BaseExceptionGroup):
        yield from error.exceptions


def _hide_in(error: BaseException, hide: Hide) -> None:
    with suppress(Exception):  # a class may forbid it; what it shows is looked at below
        hidden = hidden_value(tuple(error.args), hide)
        if hidden is not error.args:
            error.args = hidden
    attributes = getattr(error, "__dict__", {})
    for name, value in list(attributes.items()):
        hidden = hidden_value(value, hide)
        if hidden is not value:
            attributes[name] = hidden
    for name in _slots(type(error)):
        with suppress(Exception):
            value = getattr(error, name)
            hidden = hidden_value(value, hide)
            if hidden is not value:
                setattr(error, name, hidden)
    _hide_what_it_says(error, hide)


def _slots(kind: type[BaseException]) -> Iterator[str]:
    """The attributes that are not in the ``__dict__``: ``filename`` of an ``OSError``, for one."""
    for each in kind.__mro__:
        for name, found in vars(each).items():
            is_slot = isinstance(found, MemberDescriptorType | GetSetDescriptorType)
            if is_slot and not name.startswith("__") and name not in _PYTHONS_OWN:
                yield name


def _hide_what_it_says(error: BaseException, hide: Hide) -> None:
    """Hide in a text that the exception makes by itself, of what was not found above."""
    texts: dict[str, str] = {}
    for name, make in (("__str__", str), ("__repr__", repr)):
        try:
            said = make(error)
        except Exception:  # noqa: S112
            continue  # pytest says so
        hidden = hide(said)
        if hidden != said:
            texts[name] = hidden
    if not texts:
        return
    kind = type(error)
    namespace: dict[str, Any] = {name: _says(text) for name, text in texts.items()}
    namespace |= {"__module__": kind.__module__, "__qualname__": kind.__qualname__}
    with suppress(Exception):  # one of Python's own, which say nothing but the above
        error.__class__ = type(kind.__name__, (kind,), namespace)


def _says(text: str) -> Callable[[BaseException], str]:
    return lambda _: text
