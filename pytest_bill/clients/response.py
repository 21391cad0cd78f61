"""A whole answer as the response of ``requests`` that its client expects."""

from __future__ import annotations

import io
import logging
from datetime import timedelta
from email.message import Message
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar
from requests.models import PreparedRequest
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPResponse

from pytest_bill.cassettes.decoding import as_sent, is_packed
from pytest_bill.clients import header_dicts, wire
from pytest_bill.interaction import Interaction

_SPECIAL = frozenset({"content-encoding", "transfer-encoding"})
_BUILD_RESPONSE = HTTPAdapter.build_response
_LOG = logging.getLogger("urllib3.connectionpool")


class _ReadBody(io.BytesIO):
    """A body of which all was read: urllib3 closes it then."""

    fp = None  # as http.client's answers have it

    def __init__(self) -> None:
        super().__init__()
        self.close()


_READ_BODY = _ReadBody()


def _as_made() -> dict[str, Any] | None:
    """What stands in a new response, less what each has for itself; None where it has more."""
    made = vars(requests.Response())
    own = {made.pop(name, None).__class__ for name in ("history", "cookies", "headers")}
    is_usual = own == {list, RequestsCookieJar, CaseInsensitiveDict}
    is_plain = all(each is None or isinstance(each, bool | timedelta) for each in made.values())
    return made if is_usual and is_plain else None


_AS_MADE = _as_made()


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
    response = _read_already(interaction, request, adapter, logs=logs) if read else None
    if response is None:
        raw = _as_urllib3_reads(as_sent(interaction), request, adapter, logs=logs)
        response = adapter.build_response(request, raw)
    return response


def _read_already(
    interaction: Interaction, request: PreparedRequest, adapter: HTTPAdapter, *, logs: bool
) -> requests.Response | None:
    """The answer with its body read; None where more of it can be seen."""
    answer_headers = interaction.answer_headers
    names = set(map(str.lower, answer_headers))
    if not names.isdisjoint(_SPECIAL):
        return None
    if interaction.content_encoding:
        answer_headers = {**answer_headers, "Content-Encoding": [interaction.content_encoding]}
    cookies: list[str] = []
    if "set-cookie" in names:
        for name, values in answer_headers.items():
            if name.lower() == "set-cookie":
                cookies += values
    headers, of_requests = header_dicts.of_answer(answer_headers)
    body = interaction.answer_body
    raw: Any = HTTPResponse(
        body=_READ_BODY,
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
    if cookies or of_requests is None or type(adapter).build_response is not _BUILD_RESPONSE:
        response: Any = adapter.build_response(request, raw)
    else:
        response = _built(request, adapter, raw, of_requests)
    response._content, response._content_consumed = body, True
    return cast(requests.Response, response)


def _built(
    request: PreparedRequest,
    adapter: HTTPAdapter,
    raw: HTTPResponse,
    headers: CaseInsensitiveDict[str],
) -> requests.Response:
    """As requests builds it of an answer without cookies, and of headers that are made by now."""
    response: Any = _empty_response()
    response.status_code = raw.status
    response.headers = headers
    response.encoding = _encoding_of(headers.get("content-type"))
    response.raw = raw
    response.reason = raw.reason
    response.url = request.url.decode() if isinstance(request.url, bytes) else request.url
    response.request = request
    response.connection = adapter
    return cast(requests.Response, response)


def _empty_response() -> requests.Response:
    """As requests makes it, which looks for cookies in a jar that is empty."""
    if _AS_MADE is None:
        return requests.Response()
    made = requests.Response.__new__(requests.Response)
    vars(made).update(_AS_MADE, history=[], cookies=RequestsCookieJar())
    return made


@lru_cache(maxsize=64)
def _encoding_of(content_type: str | None) -> str | None:
    named = {} if content_type is None else {"content-type": content_type}
    encoding: str | None = get_encoding_from_headers(CaseInsensitiveDict(named))
    return encoding


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
        headers=header_dicts.of_answer(interaction.answer_headers)[0],
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


def _header_names(interaction: Interaction) -> set[str]:
    return {name.lower() for name in interaction.answer_headers}


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
