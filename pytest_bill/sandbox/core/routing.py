"""Which path is answered by what.

A part of a path that is written out goes before a parameter, whichever was added first: of
``/vendors/options`` and ``/vendors/{vendorId}`` the first answers ``/vendors/options``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from pytest_bill.sandbox.core.http import Request, Response

Endpoint = Callable[[Request], Awaitable[Response]]
"""What answers a request."""


@dataclass(frozen=True, eq=False)
class Route:
    """A path, parameters in braces, and what answers the ``methods`` there; GET goes for HEAD."""

    path: str
    endpoint: Endpoint
    methods: tuple[str, ...] = ("GET",)
    name: str = ""
    """What is told of it; by default the endpoint's own name."""

    @property
    def told(self) -> str:
        """What it is called."""
        return self.name or self.endpoint.__name__


class _Place:
    """What is known of a beginning of a path."""

    __slots__ = ("below", "names", "parameter", "route")

    def __init__(self) -> None:
        self.below: dict[str, _Place] = {}
        self.parameter: _Place | None = None
        self.route: Route | None = None
        self.names: tuple[str, ...] = ()


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._plain: dict[tuple[str, str], Route] = {}
        """Those without a parameter: most requests need no search."""
        self._trees: dict[str, _Place] = {}
        for route in routes:
            for method in route.methods:
                self._add(method, route)
                if method == "GET":
                    self._add("HEAD", route)

    def find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
        """The route and the path's parameters; None where there is none."""
        plain = self._plain.get((method, path))
        if plain is not None:
            return plain, {}
        values: list[str] = []
        tree = self._trees.get(method)
        place = None if tree is None else _search(tree, path.split("/"), 0, values)
        if place is None or place.route is None:
            return None
        return place.route, dict(zip(place.names, values, strict=True))

    def _add(self, method: str, route: Route) -> None:
        if "{" not in route.path:
            self._plain.setdefault((method, route.path), route)
            return
        place = self._trees.setdefault(method, _Place())
        names: list[str] = []
        for part in route.path.split("/"):
            if part.startswith("{"):
                names.append(part[1:-1])
                place.parameter = place.parameter or _Place()
                place = place.parameter
            else:
                place = place.below.setdefault(part, _Place())
        if place.route is None:
            place.route, place.names = route, tuple(names)


def _search(place: _Place, parts: list[str], index: int, values: list[str]) -> _Place | None:
    """The place of a path; ``values`` are then those of its parameters."""
    if index == len(parts):
        return place if place.route is not None else None
    part = parts[index]
    below = place.below.get(part)
    if below is not None and (found := _search(below, parts, index + 1, values)) is not None:
        return found
    if place.parameter is not None and part:
        values.append(part)
        if (found := _search(place.parameter, parts, index + 1, values)) is not None:
            return found
        values.pop()
    return None
