"""What stands in the place of a secret: ``PLACEHOLDER_`` and a name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.search.late import search_for

PLACEHOLDER = late_pattern(re.escape(PLACEHOLDER_PREFIX) + r"[A-Z0-9_]+")
PLACEHOLDER_BYTES = late_pattern(PLACEHOLDER.pattern.encode())

if TYPE_CHECKING:
    from pytest_bill.scrubbing.search.search import Search


def as_name(name: str) -> str:
    """A name as it stands in a placeholder."""
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") or "VALUE"


def is_placeholder(text: str) -> bool:
    """Whether the whole text is one placeholder."""
    return PLACEHOLDER.fullmatch(text) is not None


def find_placeholder(data: str | bytes) -> str | None:
    """A placeholder that the text or the bytes hold, or what all begin with where it is encoded."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    match = PLACEHOLDER_BYTES.search(data)
    if match:
        return match.group(0).decode()
    return PLACEHOLDER_PREFIX + "…" if _any_placeholder().find(data) is not None else None


@cache
def _any_placeholder() -> Search:
    return search_for({PLACEHOLDER_PREFIX: ""})
