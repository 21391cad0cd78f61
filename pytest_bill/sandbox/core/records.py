"""What the sandbox keeps: BILL's objects as they are answered."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]
"""One BILL object, with BILL's field names, as it is answered."""

Table = dict[str, Record]
"""Records of one kind by id, in the order of their creation."""
