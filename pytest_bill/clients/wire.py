"""Requests as a client writes them to its socket, and answers as it reads them from there."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from http.client import HTTPResponse
from typing import Any, cast

from pytest_bill.cassettes.decoding import as_sent
from pytest_bill.clients.base import Serving
from pytest_bill.exchange import Exchange

_BODILESS = frozenset({204, 304})


class Source:
    """What ``http.client`` takes for a socket to read an answer from."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def makefile(self, *_: Any) -> Any:
        """The bytes of the answer."""
        return self._file


def parsed(source: Any, method: str) -> HTTPResponse:
    """An answer as Python's own parser takes it apart, the body not read yet."""
    response = HTTPResponse(cast(Any, Source(source)), method=method)
    response.begin()
    return response


def request_in(url: str, sent: bytes) -> Exchange:
    """The request that a client has written, whole; chunks are put together."""
    head, _, body = sent.partition(b"\r\n\r\n")
    first, _, rest = head.partition(b"\r\n")
    pairs: list[tuple[bytes, bytes]] = []
    for line in rest.split(b"\r\n") if rest else ():
        if line[:1] in (b" ", b"\t") and pairs:  # folded
            name, value = pairs[-1]
            pairs[-1] = name, value + b"\r\n" + line
            continue
        name, _, value = line.partition(b":")
        pairs.append((name, value.strip()))
    headers = one_of_each(pairs)
    if body and "chunked" in of_name(headers, "transfer-encoding").lower():
        body = _dechunked(body)
    return Exchange(first.partition(b" ")[0].decode("latin-1"), url, headers, body)


def one_of_each(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers of a request by name, as vcrpy keeps them; repeated ones are joined."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name in headers:
            between = "; " if name.lower() == "cookie" else ", "
            value = headers[name] + between + value
        headers[name] = value
    return headers


def listed(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, list[str]]:
    """The headers of an answer by name, as a cassette holds them."""
    headers: dict[str, list[str]] = {}
    for name, value in pairs:
        headers.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    return headers


def of_name(headers: Mapping[str, str], name: str) -> str:
    """A header by its name in lower case; empty where there is none."""
    return next((value for key, value in headers.items() if key.lower() == name), "")


def as_header(value: str) -> bytes:
    """A header as it goes over the wire; a cassette may hold any text."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")


def _dechunked(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with parsed(io.BytesIO(head + body), "POST") as response:
        return response.read()


class Leaving:
    """What one request to another host sends, piece by piece, as it is looked at before.

    Of a body, some of what left before is looked at again with each piece: a secret may lie in two.
    """

    __slots__ = ("_before", "_run")

    def __init__(self, run: Serving) -> None:
        self._run = run
        self._before: bytes | None = None

    def check(self, host: str, piece: bytes) -> None:
        """Stop a piece that would carry a credential there.

        Raises:
            NetworkRefused: a password, key, token or sessionId is in it.
        """
        before = self._before
        if before is None:
            self._run.check_elsewhere(host, piece)
            body = b"" if piece.endswith(_END_OF_HEAD) else piece.partition(_END_OF_HEAD)[2]
            self._before = _content_of(body)[-_LOOKED_AT_AGAIN:] if body else b""
            return
        content = before + _content_of(piece)
        self._run.check_elsewhere(host, content)
        self._before = content[-_LOOKED_AT_AGAIN:]


_END_OF_HEAD = b"\r\n\r\n"
_LOOKED_AT_AGAIN = 2048
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})\r\n")


def _content_of(piece: bytes) -> bytes:
    """What is in a piece that consists of whole chunks; another one as it is."""
    content, position = b"", 0
    while (found := _CHUNK.match(piece, position)) is not None:
        start = found.end()
        end = start + int(found.group(1), 16)
        if piece[end : end + 2] != b"\r\n":
            return piece
        content += piece[start:end]
        position = end + 2
    return content if position and position == len(piece) else piece


def answer_headers(exchange: Exchange) -> list[tuple[bytes, bytes]]:
    """The headers of a recorded answer, with the length that its body has now."""
    pairs: list[tuple[bytes, bytes]] = []
    has_length = False
    sized = exchange.method != "HEAD" and exchange.status not in _BODILESS
    for name, values in exchange.answer_headers.items():
        lowered = name.lower()
        if lowered == "content-length" and sized:
            if not has_length:
                pairs.append((as_header(name), b"%d" % len(exchange.answer_body)))
            has_length = True
            continue
        pairs.extend((as_header(name), as_header(value)) for value in values)
    return pairs


def is_chunked(exchange: Exchange) -> bool:
    """Whether an answer came in chunks."""
    return any(
        name.lower() == "transfer-encoding" and any("chunked" in each.lower() for each in values)
        for name, values in exchange.answer_headers.items()
    )


def written(exchange: Exchange) -> bytes:
    """A recorded answer as it came over the wire; one that came in chunks is one chunk."""
    exchange = as_sent(exchange)
    version = exchange.http_version if exchange.http_version == "HTTP/1.0" else "HTTP/1.1"
    lines = [b"%s %d %s\r\n" % (version.encode(), exchange.status, as_header(exchange.reason))]
    lines += [b"%s: %s\r\n" % pair for pair in answer_headers(exchange)]
    lines.append(b"\r\n")
    body = exchange.answer_body
    if exchange.method != "HEAD" and exchange.status not in _BODILESS:
        if is_chunked(exchange):
            body = (b"%x\r\n%s\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
        lines.append(body)
    return b"".join(lines)
