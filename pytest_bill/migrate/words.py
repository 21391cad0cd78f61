"""How counts and texts of others are shown."""

from __future__ import annotations


def counted(count: int, what: str) -> str:
    """A count with its noun: ``1 request``, ``2 requests``."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def escaped(text: str) -> str:
    """A text as a terminal may show it: what could steer it is written out."""
    return "".join(
        each if each in "\n\t" or each.isprintable() else each.encode("unicode_escape").decode()
        for each in text
    )
