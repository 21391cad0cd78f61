"""What urllib3's responses show, by themselves and as ``raw`` of those of requests."""

from __future__ import annotations

from typing import Any

from tests.clients.traffic.observing import Seen, tried, type_of


def raw_head_view(raw: Any) -> Seen:
    """All of a response that is known before its body is read."""
    return {
        "type": type_of(raw),
        "status": raw.status,
        "reason": raw.reason,
        "headers": [list(each) for each in raw.headers.items()],
        "header_lines": [list(each) for each in _lines(raw.headers)],
        "repeated": [raw.headers.getlist(name) for name in ("X-Many", "Set-Cookie", "None")],
        "url": _of(raw, "geturl"),
        "decode_content": raw.decode_content,
        "redirect_location": raw.get_redirect_location(),
        "retries": retries_view(raw.retries),
        "version": {"number": raw.version, "text": getattr(raw, "version_string", None)},
        "framing": {
            "chunked": raw.chunked,
            "length_remaining": raw.length_remaining,
            "supports_chunked_reads": raw.supports_chunked_reads(),
        },
        "readable": raw.readable(),
        "closed": raw.closed,
    }


def socket_view(raw: Any) -> Seen:
    """What only a response that came by a socket has."""
    return {
        "connection": type_of(raw.connection),
        "original": type_of(getattr(raw, "_original_response", None)),
        "fileno": isinstance(tried(raw.fileno), int),
    }


def after_view(raw: Any) -> Seen:
    """What reading has changed."""
    return {
        "closed": raw.closed,
        "tell": raw.tell(),
        "connection_given_back": raw.connection is None,
    }


def retries_view(retries: Any) -> Seen | None:
    if retries is None:
        return None
    history = [
        [each.method, each.url, type_of(each.error), each.status, each.redirect_location]
        for each in retries.history
    ]
    left = [retries.total, retries.connect, retries.read, retries.redirect, retries.status]
    return {"type": type_of(retries), "left": left, "history": history}


def _lines(headers: Any) -> Any:
    return headers.iteritems() if hasattr(headers, "iteritems") else headers.items()


def _of(raw: Any, name: str) -> Any:
    return tried(getattr(raw, name))
