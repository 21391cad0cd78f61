"""What urllib3's responses show, by themselves and as ``raw`` of those of requests."""

from __future__ import annotations

from typing import Any

from tests.clients.traffic.observing import Seen, attributes, tried, type_of


def raw_head_view(raw: Any) -> Seen:
    """All of a response that is known before its body is read."""
    return {
        "type": type_of(raw),
        **attributes(raw, "status", "reason", "decode_content", "closed"),
        "headers": [list(each) for each in raw.headers.items()],
        "header_lines": tried(lambda: [list(each) for each in _lines(raw.headers)]),
        "repeated": tried(lambda: [raw.headers.getlist(name) for name in REPEATED]),
        "url": tried(lambda: raw.geturl()),
        "redirect_location": tried(lambda: raw.get_redirect_location()),
        "retries": tried(lambda: retries_view(raw.retries)),
        "version": attributes(raw, "version", "version_string"),
        "framing": {
            **attributes(raw, "chunked", "length_remaining"),
            "supports_chunked_reads": tried(lambda: raw.supports_chunked_reads()),
        },
        "readable": tried(lambda: raw.readable()),
    }


REPEATED = ("X-Many", "Set-Cookie", "None")


def socket_view(raw: Any) -> Seen:
    """What only a response that came by a socket has."""
    return {
        "connection": tried(lambda: type_of(raw.connection)),
        "original": type_of(getattr(raw, "_original_response", None)),
        "fileno": isinstance(tried(lambda: raw.fileno()), int),
    }


def after_view(raw: Any) -> Seen:
    """What reading has changed."""
    return {
        "closed": tried(lambda: raw.closed),
        "tell": tried(lambda: raw.tell()),
        "connection_given_back": tried(lambda: raw.connection is None),
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
    """One pair a line, where ``items`` joins those of one name."""
    return headers.iteritems() if hasattr(headers, "iteritems") else headers.items()
