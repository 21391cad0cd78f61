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
from pytest_bill.sandbox.core.http import Headers, Parameters
from pytest_bill.sandbox.core.latest import Latest
from pytest_bill.sandbox.core.records import Record

LARGEST_BODY = 64 * 1024

_HIDDEN = "***"
_SECRETS = late_pattern(
    r"password|passwd|passphrase|secret|signature|authorization|cookie|session_?-?id|token"
    r"|(dev|app|api|access|private|security)_?-?key|rememberMeId|mfaId",
    re.IGNORECASE,
)
"""What the name of a header, a field or a parameter tells of it: this one is a credential."""


class _Kept:
    """A request as it came in; what is told of it is made when it is asked for, and then kept."""

    __slots__ = ("_body", "_headers", "_method", "_path", "_query", "_told")

    def __init__(self, method: str, path: str, query: bytes, headers: Headers, body: bytes) -> None:
        self._method = method
        self._path = path
        self._query = query
        self._headers: Headers | None = headers
        self._body = body
        self._told: Record = {}

    def told(self) -> Record:
        """The request without what reads as a credential."""
        if self._headers is not None:
            content_type = self._headers.get("content-type", "")
            self._told = {
                "method": self._method,
                "path": self._path,
                "query": _without_secrets(Parameters(self._query)),
                "headers": _without_secrets(dict(self._headers)),
                "body": _body(content_type, self._body),
            }
            self._headers, self._query, self._body = None, b"", b""
        return self._told


class Received:
    """Requests as they came in, refused ones too. Safe to use from several threads.

    Credentials are told nowhere: they are replaced. Bodies beyond ``LARGEST_BODY`` bytes are left
    out, and only the ``Latest`` requests stay.
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._latest: Latest[_Kept] = Latest()
        self._lock = threading.Lock()

    def add(
        self, method: str, path: str, query: bytes, headers: Headers, body: bytes | bytearray
    ) -> None:
        """Remember a request."""
        content = bytes(body) if len(body) <= LARGEST_BODY else b""
        # Nothing is looked at here: few tests ask what came in, and each request would pay.
        kept = _Kept(method, path, query, headers, content)
        with self._lock:
            self._counts[method, path] += 1
            self._latest.add(kept)

    def counts(self, secrets: Collection[str] = ()) -> dict[str, int]:
        """How many requests came in, by "METHOD path"; no secret is told, as by ``latest``."""
        with self._lock:
            counts = {f"{method} {path}": count for (method, path), count in self._counts.items()}
        counted: dict[str, int] = without_secrets(counts, secrets)
        return counted

    def latest(self, secrets: Collection[str] = ()) -> list[Record]:
        """The latest requests, oldest first, without these secrets, wherever one was sent."""
        with self._lock:
            told = [kept.told() for kept in self._latest.all()]
        requests: list[Record] = without_secrets(told, secrets)
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
    # Imported by who asks what came in: few tests do.
    from pytest_bill.scrubbing.search.search import Search

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
    if isinstance(value, Mapping):
        return {
            name: _HIDDEN if _is_secret(name) else _without_secrets(each)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    return _without_secrets_within(value) if isinstance(value, str) else value


def _is_secret(name: str) -> bool:
    return _SECRETS.search(name) is not None


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
