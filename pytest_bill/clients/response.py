"""A whole answer as the response of ``requests`` that its client expects."""

from __future__ import annotations

import io
import logging
from email.message import Message
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest
from urllib3 import HTTPResponse
from urllib3._collections import HTTPHeaderDict  # urllib3 1.26 exports it nowhere else

from pytest_bill.cassettes.decoding import as_sent, is_packed
from pytest_bill.clients import wire
from pytest_bill.interaction import Interaction

_SPECIAL = frozenset({"content-encoding", "transfer-encoding"})
_LOG = logging.getLogger("urllib3.connectionpool")


def response_of(
    interaction: Interaction,
    request: PreparedRequest,
    adapter: HTTPAdapter,
    *,
    read: bool = False,
    logs: bool = False,
) -> requests.Response:
    """The answer of an interaction to a request, as ``requests`` gives it.

    With ``read`` its body is read already: that takes less time here than later. ``logs`` tells
    urllib3's log of it, as urllib3 does. Its length is the body's own, whatever Content-Length
    says: vcrpy keeps that of the packed body.
    """
    raw = _read_already(interaction, request, adapter, logs=logs) if read else None
    if raw is None:
        raw = _as_urllib3_reads(as_sent(interaction), request, adapter, logs=logs)
        read = False
    response = adapter.build_response(request, raw)
    if read:
        made: Any = response
        made._content, made._content_consumed = interaction.answer_body, True
    return response


def _read_already(
    interaction: Interaction, request: PreparedRequest, adapter: HTTPAdapter, *, logs: bool
) -> Any:
    """The answer with its body read; None where more of it can be seen."""
    headers = HTTPHeaderDict()
    cookies: list[str] = []
    for name, values in interaction.answer_headers.items():
        lowered = name.lower()
        if lowered in _SPECIAL:
            return None
        if lowered == "set-cookie":
            cookies += values
        for value in values:
            headers.add(name, value)
    if interaction.content_encoding:
        headers.add("Content-Encoding", interaction.content_encoding)
    body = interaction.answer_body
    raw: Any = HTTPResponse(
        body=_ReadBody(),
        headers=headers,
        status=interaction.status,
        reason=interaction.reason,
        version=10 if interaction.http_version == "HTTP/1.0" else 11,
        preload_content=False,
        # As requests asks urllib3 for it: who reads the raw body gets what was sent.
        decode_content=False,
        enforce_content_length=False,
        retries=adapter.max_retries,
        original_response=_OriginalResponse(cookies) if cookies else None,  # type: ignore[arg-type]
        request_method=interaction.method,
    )
    _add_what_pools_add(raw, interaction, request, logs=logs)
    raw._fp_bytes_read = len(body)
    if raw.length_remaining is not None:
        raw.length_remaining -= len(body)
    return raw


def _add_what_pools_add(
    raw: Any, interaction: Interaction, request: PreparedRequest, *, logs: bool
) -> None:
    """What urllib3's pools add to an answer: from version 2 on more than before."""
    version = interaction.http_version or "HTTP/1.1"
    if hasattr(raw, "version_string"):
        raw.version_string = version
        raw._request_url = request.path_url
    if logs and _LOG.isEnabledFor(logging.DEBUG):
        parts = urlsplit(request.url or "")
        port = parts.port or {"https": 443}.get(parts.scheme, 80)
        about = (request.method, request.path_url, version, raw.status, raw.length_remaining)
        _LOG.debug('%s://%s:%s "%s %s %s" %s %s', parts.scheme, parts.hostname or "", port, *about)


def _as_urllib3_reads(
    interaction: Interaction, request: PreparedRequest, adapter: HTTPAdapter, *, logs: bool
) -> HTTPResponse:
    """The answer as urllib3 makes it of what ``http.client`` reads from a socket."""
    read = wire.parsed_answer(io.BytesIO(wire.written_answer(interaction)), interaction.method)
    unpacked = "content-encoding" in _header_names(interaction) and not is_packed(interaction)
    raw_class = _UnpackedResponse if unpacked else HTTPResponse
    raw: Any = raw_class(
        body=cast(Any, read),
        headers=_headers_of(interaction),
        status=read.status,
        version=read.version,
        reason=read.reason,
        preload_content=False,
        decode_content=False,
        original_response=read,
        # vcrpy keeps the length of a packed body.
        enforce_content_length=False,
        retries=adapter.max_retries,
        request_method=interaction.method,
    )
    _add_what_pools_add(raw, interaction, request, logs=logs)
    return cast(HTTPResponse, raw)


def _headers_of(interaction: Interaction) -> HTTPHeaderDict:
    headers = HTTPHeaderDict()
    for name, values in interaction.answer_headers.items():
        for value in values:
            headers.add(name, value)
    return headers


def _header_names(interaction: Interaction) -> set[str]:
    return {name.lower() for name in interaction.answer_headers}


class _ReadBody(io.BytesIO):
    """A body of which all was read: urllib3 closes it then."""

    fp = None  # as http.client's answers have it

    def __init__(self) -> None:
        super().__init__()
        self.close()


class _UnpackedResponse(HTTPResponse):
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
