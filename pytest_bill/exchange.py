"""One request and its answer as plain data: what is scrubbed, matched and stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, repr=False)
class Exchange:
    """One request and its answer as plain data.

    The repr shows method, host and status: a path may hold a secret as anything else may.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int = 0
    reason: str = ""
    answer_headers: Mapping[str, list[str]] = field(default_factory=dict)
    answer_body: bytes = b""

    def __repr__(self) -> str:
        try:
            host = urlsplit(self.url).hostname or ""
        except ValueError:  # a broken IPv6 host
            host = ""
        asked = f"{self.method} {host}".rstrip()
        return f"<Exchange {asked}: {self.status or 'no answer'}>"
