"""A request as matchers see it: its URL in parts, its body, its headers."""

from __future__ import annotations

import json
from collections.abc import Hashable
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import SplitResult, parse_qsl

from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.by_value import ByValue
from pytest_bill.scrubbing.personal import Walk
from pytest_bill.scrubbing.scrub import Scrubber
from pytest_bill.urls import split

canonical_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


class _Sentinel:
    """Stands where JSON's values could."""


_UNKNOWN, _NO_JSON = _Sentinel(), _Sentinel()


class UrlParts(NamedTuple):
    """The parts of a URL as they are compared."""

    url: str
    scheme: str
    host: str | None
    port: int | None
    path: str
    query: Hashable


def url_parts(url: str) -> UrlParts:
    """A URL taken apart; what it leaves out is there."""
    parts = split(url)
    query = tuple(sorted(parse_qsl(parts.query, keep_blank_values=True))) if parts.query else ()
    host, port = _host_and_port(parts.scheme, parts.netloc)
    return UrlParts(url, parts.scheme, host, port, parts.path or "/", query)


@lru_cache(maxsize=256)
def _host_and_port(scheme: str, netloc: str) -> tuple[str | None, int | None]:
    parts = SplitResult(scheme, netloc, "", "", "")
    return parts.hostname, parts.port or {"https": 443, "http": 80}.get(scheme)


class Content:
    """The body of a request, scrubbed; JSON is parsed once."""

    def __init__(self, body: bytes, content_type: str, *, as_bytes: bool) -> None:
        self.content_type = content_type
        self.bytes = body
        self._as_bytes = as_bytes
        self._data: Any = _UNKNOWN
        self._canonical: str | None = None

    def may_hold(self, values: ByValue) -> bool:
        """Whether one of the values may be in a body that is no JSON."""
        text = self.bytes.decode("utf-8", "replace")
        return "\\" in text or values.may_be_in(text)

    @property
    def canonical(self) -> str | None:
        """The canonical form of JSON; None where the body is none."""
        if self._canonical is None and self._parsed() is not _NO_JSON:
            self._canonical = canonical_json(self._data)
        return self._canonical

    def replace(self, walk: Walk) -> None:
        """Replace the data in its places."""
        if not self.bytes:
            return
        data = _NO_JSON if self._as_bytes else self._parsed()
        if data is _NO_JSON:
            self.bytes = walk.body(self.bytes, self.content_type)
            self._data = _UNKNOWN
        else:
            self._data = walk.data(data)
        self._canonical = None

    def _parsed(self) -> Any:
        if self._data is _UNKNOWN:
            self._data = _NO_JSON
            body = self.bytes
            if body and ("json" in self.content_type or body.lstrip()[:1] in (b"{", b"[")):
                with suppress(ValueError, RecursionError):
                    self._data = _loaded(body)
        return self._data


def _loaded(body: bytes) -> Any:
    try:
        return json.loads(body.decode())
    except ValueError:  # in another encoding, perhaps
        return json.loads(body)


class ComparedRequest(NamedTuple):
    """A request with BILL's sandbox URL, scrubbed; its headers are scrubbed on demand."""

    interaction: Interaction
    scrubber: Scrubber
    url: UrlParts
    content: Content

    def header(self, name: str) -> str | None:
        """A header by its name in lower case."""
        for key, value in self.interaction.headers.items():
            if len(key) == len(name) and key.lower() == name:
                return self.scrubber.scrubbed_header(key, value)
        return None
