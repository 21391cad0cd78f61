"""BILL-like ids: a prefix that tells the kind of object, and 20 characters in all.

BILL's ids are opaque strings; an organization's begins with 008
(https://developer.bill.com/docs/api-sandbox-sign-in). BILL's own samples have 20 characters.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections import Counter

_LENGTH = 20


class Ids:
    """Ids that depend only on the seed, the prefix and how many were made with that prefix."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._made: Counter[str] = Counter()

    def new(self, prefix: str) -> str:
        """The next id with that prefix."""
        number = self._next(prefix)
        digest = hashlib.sha256(f"{self._seed}:{prefix}:{number}".encode()).digest()
        return (prefix + base64.b32encode(digest[:15]).decode())[:_LENGTH]

    def new_uuid(self, prefix: str) -> str:
        """The next Spend & Expense id: prefix, underscore and 26 lower-case characters."""
        number = self._next(f"{prefix}_")
        digest = hashlib.sha256(f"{self._seed}:{prefix}_:{number}".encode()).digest()
        return f"{prefix}_{base64.b32encode(digest[:20]).decode().lower()[:26]}"

    def new_numbered(self, kind: str) -> str:
        """The next Spend & Expense id as BILL had them before: base64 of the kind and a number."""
        return base64.b64encode(f"{kind}:{1001 + self._next(f'{kind}:')}".encode()).decode()

    def new_uuid4(self, kind: str) -> str:
        """The next id in the UUID4 format, as the webhook API has them; ``kind`` is not in it."""
        number = self._next(f"{kind}-")
        digest = hashlib.sha256(f"{self._seed}:{kind}-:{number}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=4))

    def _next(self, prefix: str) -> int:
        number = self._made[prefix]
        self._made[prefix] += 1
        return number
