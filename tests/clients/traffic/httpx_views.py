"""What both of httpx's clients show and take: responses, bodies."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx

from tests.clients.traffic.common import BODY
from tests.clients.traffic.observing import Seen, cookies_in, tried, type_of
from tests.clients.traffic.place import Place

_FLAGS = (
    *("is_informational", "is_success", "is_redirect", "is_client_error", "is_server_error"),
    *("is_error", "has_redirect_location"),
)


def view(response: httpx.Response) -> Seen:
    """All of a response that was read."""
    return {
        **head_view(response),
        "content": response.content,
        "text": response.text,
        "json": tried(response.json),
        "elapsed": tried(lambda: isinstance(response.elapsed, timedelta)),
        "history": [[each.status_code, str(each.url)] for each in response.history],
        "history_content": [each.content for each in response.history],
        "is_closed": response.is_closed,
        "is_stream_consumed": response.is_stream_consumed,
        "downloaded": response.num_bytes_downloaded,
        "raised_for_status": tried(lambda: type_of(response.raise_for_status())),
        "repr": repr(response),
    }


def head_view(response: httpx.Response) -> Seen:
    """All of a response that is known before its body is read."""
    return {
        "type": type_of(response),
        "status": response.status_code,
        "reason": response.reason_phrase,
        "http_version": response.http_version,
        "headers": [list(each) for each in response.headers.raw],
        "url": str(response.url),
        "encoding": response.encoding,
        "charset": response.charset_encoding,
        "flags": [name for name in _FLAGS if getattr(response, name)],
        "cookies": cookies_in(response.cookies.jar),
        "links": response.links,
        "next_request": _request(response.next_request),
        "extensions": sorted(name for name in response.extensions if name != "network_stream"),
        "stream_type": type_of(response.stream),
        "request": _request(response.request),
        "socket": {"network_stream": "network_stream" in response.extensions},
    }


def _request(request: httpx.Request | None) -> Seen | None:
    if request is None:
        return None
    return {
        "type": type_of(request),
        "method": request.method,
        "url": str(request.url),
        "sent": [list(each) for each in request.headers.raw],
        "content": tried(lambda: request.content),
        "stream_type": type_of(request.stream),
        "extensions": sorted(request.extensions),
    }


def _pieces() -> Iterator[bytes]:
    yield from (b'{"amount"', b": ", b"12.5}")


UPLOADS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "content_bytes": lambda at: {"content": BODY},
    "content_text": lambda at: {"content": "Žižkov"},
    "content_with_length": lambda at: {
        "content": _pieces(),
        "headers": {"Content-Length": "16"},
    },
    "form": lambda at: {"data": {"b": "2", "a": "x y/&="}},
    "form_of_lists": lambda at: {"data": {"many": ["1", "2"], "one": "ž"}},
    "json_body": lambda at: {"json": {"amount": 12.5, "list": [1, None, "ž"]}},
    "empty_post": lambda at: {},
    "file_bytes": lambda at: {"files": {"upload": b"bytes of a file"}},
    "file_named": lambda at: {"files": {"upload": ("report.txt", b"content", "text/plain")}},
    "file_with_headers": lambda at: {
        "files": {"upload": ("r.bin", b"\0\xff", "application/x-own", {"X-Part": "yes"})}
    },
    "file_object": lambda at: {"files": {"upload": io.BytesIO(b"read from memory")}},
    "files_and_fields": lambda at: {
        "files": [("many", ("1.txt", b"one")), ("many", ("2.txt", b"two"))],
        "data": {"field": "value", "more": ["a", "b"]},
    },
    "own_request_headers": lambda at: {
        "content": BODY,
        "headers": [("X-Many", "1"), ("X-Many", "2"), ("x-lower", "ž".encode())],
    },
    "expect_continue": lambda at: {"content": BODY, "headers": {"Expect": "100-continue"}},
}
"""Bodies and headers of requests that both clients take."""
