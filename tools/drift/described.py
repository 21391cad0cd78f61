"""An operation as somebody describes it: BILL's material, or the sandbox itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tools.drift.filters import Filter
from tools.drift.shapes import Shape

_PARAMETER = re.compile(r"\{\{\w+\}\}|\{\w+\}|:\w+")
_PREFIX = "/connect/"
_V2 = "/api/v2/"
_EVENTS = "connect-events"
_GROUPS = frozenset({"spend", "partner", "classifications", "funding-accounts", "attachments"})
"""First parts of paths that have another one for each kind of records."""


@dataclass(frozen=True, order=True)
class Key:
    """A method, and a path with ``{}`` for each parameter: BILL's material disagrees on names."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def resource(self) -> str:
        """What it is about: a path's first part below its product, or an entity of v2."""
        if self.path.startswith(_V2):
            return _V2 + "*/" + self.path.rpartition("/")[2]
        if not self.path.startswith("/"):
            return self.path
        parts = self.path.split("/")[1:]
        deep = len(parts) > 1 and parts[1] in _GROUPS
        return "/" + "/".join(parts[: 3 if deep or parts[0] == _EVENTS else 2])


@dataclass(frozen=True)
class Described:
    """One operation."""

    key: Key
    name: str
    """Its operationId, or the title of its request."""
    is_example: bool
    """Its bodies are examples, which need not have all that there is."""
    headers: frozenset[str] = frozenset()
    query: frozenset[str] = frozenset()
    sent: Shape | None = None
    """The body that it takes, None if there is none that is described."""
    answered: Shape | None = None
    """What a success answers, None if that is not described."""
    status: int = 0
    """The HTTP status of a success, 0 if that is not described."""
    refused: Shape | None = None
    """What a bad request answers (HTTP 400), None if that is not described."""
    unread: str = ""
    """Which part of it could not be read, and why."""


@dataclass(frozen=True)
class Material:
    """What was read from one place."""

    title: str
    operations: tuple[Described, ...] = ()
    pages: frozenset[str] = field(default_factory=frozenset)
    """The names of the pages of a reference that it lists."""
    filters: tuple[Filter, ...] = ()
    """By which fields lists can be filtered."""

    @property
    def fields(self) -> int:
        """How many fields of bodies it describes."""
        return sum(len(each.sent or ()) + len(each.answered or ()) for each in self.operations)


def key_of(method: str, path: str) -> Key:
    """The key of a path as somebody writes it, with or without a host and what stands before."""
    path = urlsplit(path).path if "://" in path else path.partition("?")[0]
    path = _PARAMETER.sub("{}", path)
    if path.startswith(_PREFIX):
        path = path.removeprefix(_PREFIX.rstrip("/"))
    return Key(method.upper(), path.rstrip("/"))


def matching(key: Key, known: Iterable[Key]) -> Key | None:
    """The one of ``known`` that is meant: an example may have an id where there is a parameter."""
    parts = key.path.split("/")
    fitting = [
        each for each in known if each.method == key.method and _fits(parts, each.path.split("/"))
    ]
    return min(fitting, key=lambda each: each.path.count("{}"), default=None)


def _fits(parts: list[str], pattern: list[str]) -> bool:
    return len(parts) == len(pattern) and all(
        ours == theirs or ours == "{}" for theirs, ours in zip(parts, pattern, strict=True)
    )
