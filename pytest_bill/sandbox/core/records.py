"""What the sandbox keeps: BILL's objects as they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Record = dict[str, Any]
"""One BILL object, with BILL's field names, as it is answered."""

Table = dict[str, Record]
"""Records of one kind by id, in the order of their creation."""


def lookup(record: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; None where there is none."""
    value: Any = record
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value
