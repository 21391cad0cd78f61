"""Numbers of things, as messages say them."""

from __future__ import annotations


def counted(count: int, thing: str, things: str = "") -> str:
    """A number and what it counts: "1 request", "2 requests"; ``things`` where no s will do."""
    return f"{count} {thing if count == 1 else things or f'{thing}s'}"
