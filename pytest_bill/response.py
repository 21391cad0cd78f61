"""A whole answer as the response of ``requests`` that its client expects."""

from __future__ import annotations

import io
from email.message import Message
from typing import Any

from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest
from urllib3 import HTTPHeaderDict, HTTPResponse

from pytest_bill.cassettes.decoding import is_packed
from pytest_bill.errors import BillResponse
from pytest_bill.exchange import Exchange


def response_of(
    exchange: Exchange, request: PreparedRequest, adapter: HTTPAdapter, *, read: bool = False
) -> BillResponse:
    """The answer of an exchange to a request, as ``requests`` gives it.

    Its body is not read yet, or with ``read`` it is: that takes less time here than later. It has
    the headers that BILL sent, but for Transfer-Encoding: the body is in one piece. Its length is
    the body's own, whatever Content-Length says: vcrpy keeps that of the packed body.
    """
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
    body = exchange.answer_body
    read = read and not encoded
    raw_class = _Unpacked if encoded and not is_packed(exchange) else HTTPResponse
    raw = raw_class(
        body=_Read() if read else io.BytesIO(body),
        headers=headers,
        status=exchange.status,
        reason=exchange.reason,
        preload_content=False,
        # As requests asks urllib3 for it: who reads the raw body gets what was sent.
        decode_content=False,
        enforce_content_length=False,
        original_response=_OriginalResponse(cookies) if cookies else None,  # type: ignore[arg-type]
        request_method=exchange.method,
    )
    response: Any = adapter.build_response(request, raw)
    response.__class__ = BillResponse
    if read:
        if raw.length_remaining is not None:
            raw.length_remaining -= len(body)
        response._content, response._content_consumed = body, True
    answer: BillResponse = response
    return answer


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
