"""Traffic that every client makes alike: method and scenario by the name of the kind."""

from __future__ import annotations

from urllib.parse import quote

GETS: dict[str, tuple[str, str]] = {
    "get_json": ("GET", "json"),
    "head": ("HEAD", "json"),
    "head_of_chunked": ("HEAD", "chunked"),
    "options": ("OPTIONS", "empty"),
    "delete": ("DELETE", "no-content"),
    "own_method": ("PURGE", "json"),
    "text": ("GET", "text"),
    "latin_text": ("GET", "latin-text"),
    "untyped": ("GET", "untyped"),
    "octets": ("GET", "octets"),
    "large": ("GET", "large"),
    "empty": ("GET", "empty"),
    "no_content": ("GET", "no-content"),
    "not_modified": ("GET", "not-modified"),
    "status_400": ("GET", "status/400"),
    "status_404": ("GET", "status/404"),
    "status_500": ("GET", "status/500"),
    "gzip": ("GET", "packed/gzip"),
    "deflate": ("GET", "packed/deflate"),
    "brotli": ("GET", "packed/br"),
    "zstd": ("GET", "packed/zstd"),
    "no_reason": ("GET", "reasonless"),
    "odd_reason": ("GET", "odd-reason"),
    "repeated_headers": ("GET", "repeated"),
    "odd_headers": ("GET", "odd-headers"),
    "http_1_0": ("GET", "old"),
    "early_hints": ("GET", "hints"),
    "chunked": ("GET", "chunked"),
    "trailers": ("GET", "trailers"),
    "chunked_nothing": ("GET", "chunked-nothing"),
    "chunked_gzip": ("GET", "chunked-packed"),
    "until_close": ("GET", "until-close"),
    "closing": ("GET", "closing"),
    "query": ("GET", "echo?b=2&a=1&a=%20x%2F&c"),
}

TROUBLE: dict[str, str] = {
    "cut_at_once": "cut/at-once",
    "cut_by_reset": "cut/reset",
    "cut_in_headers": "cut/in-headers",
    "cut_in_body": "cut/in-body",
    "cut_in_chunk": "cut/in-chunk",
    "too_short": "too-short",
    "garbage": "garbage",
    "read_timeout": "never",
    "read_timeout_in_body": "stalls",
}
"""Requests that are never answered, or not in full."""

REDIRECTS: dict[str, tuple[str, str, str]] = {
    "redirect_301": ("GET", "301", "json"),
    "redirect_302_of_post": ("POST", "302", "echo"),
    "redirect_303_of_post": ("POST", "303", "echo"),
    "redirect_307_of_post": ("POST", "307", "echo"),
    "redirect_308_of_put": ("PUT", "308", "echo"),
}
"""Method, status, and the scenario to which a relative address leads; bodies are ``BODY``."""

BODY = b'{"amount": 12.5}'
ENOUGH = 5.0
"""Seconds that no request takes."""
SOON = 0.06
"""Seconds after which a client gives up where nothing will come."""
LATER = 0.15
"""The same where something comes before, which must not come too late on a busy machine."""


def timeout_of(scenario: str) -> float:
    """Seconds that a client waits for something to read."""
    return {"never": SOON, "stalls": LATER}.get(scenario, ENOUGH)


def redirect(status: str | int, to: str) -> str:
    """The scenario that redirects there."""
    return f"redirect/{status}?to={quote(to, safe='/:')}"
