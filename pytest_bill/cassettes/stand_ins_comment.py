"""A comment line that says which kinds of data in a cassette are stand-ins.

``pytest-bill scan --fix`` writes it into cassettes without metadata: pytest-recording cannot read
any that have some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pytest_bill.patterns import late_pattern

_BEGINNING = "# pytest-bill: stand-ins for "
_COMMENT = late_pattern(rf"^{_BEGINNING}([a-z_]{{1,40}}(?:, [a-z_]{{1,40}}){{0,20}})$", re.M)
_LONGEST_HEAD = 2000


def comment_for(kinds: Iterable[str]) -> str:
    """The line for these kinds."""
    return f"{_BEGINNING}{', '.join(sorted(kinds))}\n"


def kinds_in_comment(text: str) -> frozenset[str]:
    """The kinds that a cassette's head says so of."""
    head = text[:_LONGEST_HEAD]
    if _BEGINNING not in head:  # as mostly
        return frozenset()
    return frozenset(kind for found in _COMMENT.findall(head) for kind in found.split(", "))
