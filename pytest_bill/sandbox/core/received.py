"""What the sandbox was asked: counts of all requests, and the latest ones with their content."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl

from pytest_bill.patterns import late_pattern
from pytest_bill.sandbox.core.latest import Latest
from pytest_bill.sandbox.core.records import Record
from pytest_bill.scrubbing.search.search import Search

LARGEST_BODY = 64 * 1024

_HIDDEN = "***"
_SECRETS = late_pattern(
    r"password|passwd|passphrase|secret|signature|authorization|cookie|session_?-?id|token"
    r"|(dev|app|api|access|private|security)_?-?key|rememberMeId|mfaId",
    re.IGNORECASE,
)
"""What the name of a header, a field or a parameter tells of it: this one is a credential."""


class Received:
    """Requests as they came in, refused ones too. Safe to use from several threads.

    Credentials are not kept where they belong, and told nowhere: they are replaced. Bodies beyond
    ``LARGEST_BODY`` bytes are left out, and only the ``Latest`` requests stay.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._latest: Latest[Record] = Latest()
        self._lock = threading.Lock()

    def add(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Remember a request."""
        request: Record = {
            "method": method,
            "path": path,
            "query": _without_secrets(dict(parse_qsl(query, keep_blank_values=True))),
            "headers": _without_secrets(dict(headers)),
            "body": _body(headers.get("content-type", ""), body),
        }
        with self._lock:
            self._counts[f"{method} {path}"] += 1
            self._latest.add(request)

    def counts(self, secrets: Collection[str] = ()) -> dict[str, int]:
        """How many requests came in, by "METHOD path"; no secret is told, as by ``latest``."""
        with self._lock:
            counts = dict(self._counts)
        counted: dict[str, int] = without_secrets(counts, secrets)
        return counted

    def latest(self, secrets: Collection[str] = ()) -> list[Record]:
        """The latest requests, oldest first, without these secrets, wherever one was sent."""
        requests: list[Record] = without_secrets(self._latest.all(), secrets)
        return requests

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._counts.clear()
            self._latest.clear()


def without_secrets(value: Any, secrets: Collection[str]) -> Any:
    """A JSON value without these secrets, in whatever encoding they are in it."""
    if not secrets:
        return value
    search = Search(dict.fromkeys(secrets, _HIDDEN))
    written = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return json.loads(search.replace(written))


def _body(content_type: str, body: bytes) -> Any:
    """JSON and forms as what they say, anything else as its size in bytes; None for no body."""
    if not body:
        return None
    try:
        if "json" in content_type:
            return _without_secrets(json.loads(body))
        if "form-urlencoded" in content_type:
            return _without_secrets(dict(parse_qsl(body.decode(), keep_blank_values=True)))
    except (ValueError, RecursionError):
        pass
    return {"bytes": len(body)}


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _HIDDEN if _SECRETS.search(name) else _without_secrets(each)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    return _without_secrets_within(value) if isinstance(value, str) else value


def _without_secrets_within(text: str) -> str:
    """The same for JSON in a text, as v2's ``data`` is."""
    if text[:1] not in {"{", "["}:
        return text
    try:
        value = json.loads(text)
        cleared = _without_secrets(value)
    except (ValueError, RecursionError):
        return text
    return text if cleared == value else json.dumps(cleared)
