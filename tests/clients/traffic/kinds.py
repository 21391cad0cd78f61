"""The kinds of traffic of one client, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.clients.traffic.place import Place

EVERYWHERE = frozenset({"other", "recorded", "replayed"})
OTHER = frozenset({"other"})
"""What BILL is never asked so: websockets, an address where nobody listens, …"""
SENT = frozenset({"other", "recorded"})
"""What depends on sending, and so has no meaning where nothing is sent."""

Make = Callable[[Place], Any]
"""Makes the traffic and gives what was seen, or the coroutine that gives it."""


@dataclass(frozen=True)
class Kind:
    """One kind of traffic; ``runs`` are those in which it takes part, beside the plain one.

    Where requests are ``concurrent``, what is logged of them comes in any order.
    """

    name: str
    make: Make
    runs: frozenset[str] = EVERYWHERE
    tls: bool = False
    concurrent: bool = False


class Kinds(dict[str, Kind]):
    """Decorates the functions that make the traffic of one client."""

    def add(
        self,
        make: Make | None = None,
        *,
        name: str = "",
        runs: frozenset[str] = EVERYWHERE,
        tls: bool = False,
        concurrent: bool = False,
    ) -> Any:
        if make is None:
            return partial(self.add, name=name, runs=runs, tls=tls, concurrent=concurrent)
        name = name or make.__name__
        if name in self:
            raise ValueError(f"two kinds are named {name}")
        self[name] = Kind(name, make, runs, tls, concurrent)
        return make

    def add_each(
        self,
        make: Callable[..., Any],
        table: Mapping[str, Any],
        *,
        runs: frozenset[str] = EVERYWHERE,
        tls: bool = False,
    ) -> None:
        """One kind for each row; ``make`` is called with the place and the row."""
        for name, row in table.items():
            self.add(lambda at, row=row: make(at, row), name=name, runs=runs, tls=tls)
