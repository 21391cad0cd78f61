"""A search whose modules are imported when there is something to look for: a replay has nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_bill.scrubbing.search.search import Search


def search_for(placeholder_of: Mapping[str, str] | None = None) -> Search:
    """The search for some secrets, each with its placeholder."""
    from pytest_bill.scrubbing.search.search import Search

    return Search(placeholder_of)
