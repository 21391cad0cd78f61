"""What user code can see of errors, types, logs and warnings, as JSON can hold it."""

from __future__ import annotations

import gc
import hashlib
import logging
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Seen = dict[str, Any]

_QUIET = ("hpack", "asyncio")
"""Loggers whose debugging says nothing of the traffic."""
_LONGEST_CHAIN = 8


def type_of(value: object) -> str:
    return name_of(type(value))


def name_of(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def error_of(error: BaseException, depth: int = 0) -> Seen:
    """Its classes, text, attributes, and the errors that it came from."""
    seen: Seen = {
        "type": name_of(type(error)),
        "mro": [each.__name__ for each in type(error).__mro__],
        "text": str(error),
        "args": [type_of(each) for each in error.args],
    }
    for name in ("reason", "errno", "status", "message", "partial", "expected", "host"):
        if hasattr(error, name):
            value = getattr(error, name)
            seen[name] = value if isinstance(value, int | str | bytes) else type_of(value)
    for name in ("request", "response"):
        seen[name] = _attribute(error, name)
    if depth < _LONGEST_CHAIN:
        for name, cause in (("cause", error.__cause__), ("context", error.__context__)):
            # What stands behind `from None` is shown to nobody.
            hidden = name == "context" and (error.__suppress_context__ or error.__cause__)
            if cause is not None and not hidden:
                seen[name] = error_of(cause, depth + 1)
    return seen


def _attribute(error: BaseException, name: str) -> str | None:
    try:
        value = getattr(error, name, None)
    except RuntimeError as refused:  # httpx, where it was not set
        return f"{type(refused).__name__}: {refused}"
    return None if value is None else type_of(value)


def tried(action: Any, *arguments: Any, **options: Any) -> Any:
    """What a call gives, or the error that it raises."""
    try:
        return action(*arguments, **options)
    except Exception as error:
        return {"error": error_of(error)}


def attributes(owner: Any, *names: str) -> Seen:
    """Attributes by name, or the error that asking for one raises."""
    return {name: tried(getattr, owner, name) for name in names}


async def tried_async(awaitable: Any) -> Any:
    """What an awaitable gives, or the error that it raises."""
    try:
        return await awaitable
    except Exception as error:
        return {"error": error_of(error)}


def cookies_in(jar: Any) -> list[list[Any]]:
    """The cookies of an ``http.cookiejar``, in its order."""
    return [[each.name, each.value, each.domain, each.path, each.secure] for each in jar]


class _Records(logging.Handler):
    def __init__(self, kept: list[Any]) -> None:
        super().__init__(logging.DEBUG)
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] not in _QUIET or record.levelno > logging.INFO:
            self._kept.append([record.name, record.levelname, record.getMessage()])


@contextmanager
def notes(seen: Seen) -> Iterator[None]:
    """What is logged, warned of and reported as unraisable within the block.

    Nothing is collected meanwhile but at the end: so it does not depend on chance what was left
    open and is warned of.
    """
    logs: list[Any] = []
    unraisable: list[Any] = []
    handler, root = _Records(logs), logging.getLogger()
    level, hook = root.level, sys.unraisablehook
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    sys.unraisablehook = lambda raised: unraisable.append(name_of(raised.exc_type))
    gc.disable()
    # What was there before is not searched for garbage again and again.
    gc.freeze()
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield
            gc.collect()
    finally:
        gc.enable()
        sys.unraisablehook = hook
        root.setLevel(level)
        root.removeHandler(handler)
    seen["logs"] = logs
    seen["warnings"] = sorted([each.category.__name__, str(each.message)] for each in warned)
    seen["unraisable"] = unraisable


def jsonable(value: Any, number: Callable[[int], int | str]) -> Any:
    """The value as JSON can hold it: bytes as Python writes them, of other objects the type.

    ``number`` replaces numbers.
    """
    if type(value) is int:
        return number(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return _short(str.__str__(value))
    if isinstance(value, bytes | bytearray | memoryview):
        return _short(repr(bytes(value)))
    if isinstance(value, dict):
        return {str(name): jsonable(each, number) for name, each in value.items()}
    if isinstance(value, list | tuple) and len(value) > _LONGEST:
        return _short(repr(value))
    if isinstance(value, list | tuple):
        return [jsonable(each, number) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(jsonable(each, number) for each in value)
    return f"<{type_of(value)}>"


_LONGEST = 2000
_BOUNDARY = re.compile(r"\b[0-9a-f]{32}\b")


def _short(text: str) -> str:
    """A text that is too long to be looked at, by its beginning and its digest."""
    if len(text) <= _LONGEST:
        return text
    same = _BOUNDARY.sub("(boundary)", text).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(same).hexdigest()[:16]
    return f"{text[:100]}… ({len(text)} characters, {digest})"
