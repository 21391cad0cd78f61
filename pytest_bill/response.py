"""A whole answer as the response of ``requests`` that its client expects."""

from __future__ import annotations

import io
from email.message import Message
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest
from urllib3 import HTTPResponse
from urllib3._collections import HTTPHeaderDict  # urllib3 1.26 exports it nowhere else

from pytest_bill.cassettes.decoding import as_sent, is_packed
from pytest_bill.exchange import Exchange


def response_of(
    exchange: Exchange, request: PreparedRequest, adapter: HTTPAdapter, *, read: bool = False
) -> requests.Response:
    """The answer of an exchange to a request, as ``requests`` gives it.

    Its body is not read yet, or with ``read`` it is: that takes less time here than later. It has
    the headers that BILL sent, but for Transfer-Encoding: the body is in one piece. Its length is
    the body's own, whatever Content-Length says: vcrpy keeps that of the packed body.
    """
    if not read:
        exchange = as_sent(exchange)
    headers = HTTPHeaderDict()
    cookies: list[str] = []
    encoded = False
    for name, values in exchange.answer_headers.items():
        lowered = name.lower()
        if lowered == "transfer-encoding":
            continue
        if lowered == "set-cookie":
            cookies += values
        elif lowered == "content-encoding":
            encoded = True
        for value in values:
            headers.add(name, value)
    if exchange.content_encoding and not encoded:
        headers.add("Content-Encoding", exchange.content_encoding)
    body = exchange.answer_body
    read = read and not encoded
    raw_class = _Unpacked if encoded and not is_packed(exchange) else HTTPResponse
    raw = raw_class(
        body=_Read() if read else _Body(body),
        headers=headers,
        status=exchange.status,
        reason=exchange.reason,
        version=10 if exchange.http_version == "HTTP/1.0" else 11,
        preload_content=False,
        # As requests asks urllib3 for it: who reads the raw body gets what was sent.
        decode_content=False,
        enforce_content_length=False,
        retries=adapter.max_retries,
        original_response=_OriginalResponse(cookies) if cookies else None,  # type: ignore[arg-type]
        request_method=exchange.method,
        request_url=request.path_url,
    )
    made: Any = raw
    if hasattr(raw, "version_string"):  # since urllib3 2
        made.version_string = exchange.http_version or "HTTP/1.1"
    response = adapter.build_response(request, raw)
    if read:
        if raw.length_remaining is not None:
            raw.length_remaining -= len(body)
        made = response
        made._content, made._content_consumed = body, True
    return response


class _Body(io.BytesIO):
    """A body that is at its end where all was read, which ends urllib3's loops."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self._size = len(body)

    def isclosed(self) -> bool:
        """As the answers of ``http.client``."""
        return self.closed or self.tell() >= self._size


class _Read(io.BytesIO):
    """A body of which all was read: urllib3 closes it then."""

    def __init__(self) -> None:
        super().__init__()
        self.close()


class _Unpacked(HTTPResponse):
    """A body that vcrpy unpacked when it was recorded; the headers say that it is packed."""

    def read(
        self,
        amt: int | None = None,
        decode_content: bool | None = None,  # noqa: ARG002
        cache_content: bool = False,
    ) -> bytes:
        return super().read(amt, decode_content=False, cache_content=cache_content)

    def read1(
        self,
        amt: int | None = None,
        decode_content: bool | None = None,  # noqa: ARG002
    ) -> bytes:
        return super().read1(amt, decode_content=False)


class _OriginalResponse:
    """What requests reads cookies from."""

    def __init__(self, cookies: list[str]) -> None:
        self.msg = Message()
        for cookie in cookies:
            self.msg["Set-Cookie"] = cookie

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        """There is nothing to close."""
