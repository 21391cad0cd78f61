"""Requests as a client writes them to its socket, and answers as it reads them from there."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from http.client import HTTPResponse
from typing import Any, cast

from pytest_bill.cassettes.decoding import as_sent
from pytest_bill.clients.base import Serving
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.urls import split

_BODILESS = frozenset({204, 304})
MOST_HELD = 2**23
"""Bytes of a request that are held; more is sent before it is whole."""
_END_OF_HEAD = b"\r\n\r\n"
_LOOKED_AT_AGAIN = 2048
_WITHIN_LETTERS = bytes(range(0x80, 0xC0))
TUNNEL = b"CONNECT host HTTP/1.1\r\n"
"""What begins the head in which a proxy is asked for a tunnel."""
_CONTENT_LENGTH = b"content-length"
_LAST_CHUNK = b"\r\n0\r\n\r\n"
_CHUNK = late_pattern(rb"([0-9a-fA-F]{1,8})\r\n")
_LENGTH = late_pattern(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*(?:\r\n|\Z)")


class Source:
    """What ``http.client`` takes for a socket to read an answer from."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def makefile(self, *_: Any) -> Any:
        """The bytes of the answer."""
        return self._file


def parsed_answer(source: Any, method: str) -> HTTPResponse:
    """An answer as Python's own parser takes it apart, the body not read yet."""
    response = HTTPResponse(cast(Any, Source(source)), method=method)
    response.begin()
    return response


def request_in(url: str, sent: bytes) -> Interaction:
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
    if body and "chunked" in header_named(headers, "transfer-encoding").lower():
        body = _dechunked_body(body)
    return Interaction(first.partition(b" ")[0].decode("latin-1"), url, headers, body)


def rewritten(sent: bytes, made: Interaction, told: Interaction) -> bytes:
    """What a client has written for one request, as it would have written another.

    They differ in URL and body, and in the headers that say of the body what it is.
    """
    head, end, body = sent.partition(_END_OF_HEAD)
    first, *lines = head.split(b"\r\n")
    if told.url != made.url:
        method, target, version = first.split(b" ", 2)
        first = b" ".join([method, target_of(told.url, target), version])
    if told.body != made.body:
        body = told.body
        if "chunked" in header_named(told.headers, "transfer-encoding").lower():
            body = (b"%x\r\n%s\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
        kept = {name.lower().encode("latin-1") for name in told.headers}
        lines = [
            b"%s: %d" % (line.partition(b":")[0], len(told.body))
            if name == _CONTENT_LENGTH
            else line
            for line in lines
            if (name := line.partition(b":")[0].lower()) in kept or line[:1] in (b" ", b"\t")
        ]
    return b"\r\n".join([first, *lines]) + end + body


def target_of(url: str, target: bytes) -> bytes:
    """The target that asks for a URL, in the form of another: a proxy is asked for a whole one."""
    if target[:4].lower() == b"http" and b"://" in target[:8]:
        return url.encode("latin-1")
    parts = split(url)
    return (parts.path + (f"?{parts.query}" if parts.query else "")).encode("latin-1")


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


def listed_headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, list[str]]:
    """The headers of an answer by name, as a cassette holds them."""
    headers: dict[str, list[str]] = {}
    for name, value in pairs:
        headers.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    return headers


def header_named(headers: Mapping[str, str], name: str) -> str:
    """A header by its name in lower case; empty where there is none."""
    return next((value for key, value in headers.items() if key.lower() == name), "")


def as_header(value: str) -> bytes:
    """A header as it goes over the wire; a cassette may hold any text."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")


def _dechunked_body(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with parsed_answer(io.BytesIO(head + body), "POST") as response:
        return response.read()


class SentElsewhere:
    """What one request to another host sends in a BILL test, as it is looked at before.

    It goes on, piece by piece, where it is text that ends between two words: its other end may wait
    for that. What is packed, or ends where a secret may begin, is held until more has come, or the
    request is whole. Of what is too long to be held, or whose client waits for an answer before it
    sends all, the pieces leave as they come. Some of what left before is looked at again with each,
    since a secret may lie in two.
    """

    __slots__ = ("_before", "_held", "_is_free", "_is_text", "_run", "_sent", "_tail", "_whole")

    def __init__(self, run: Serving) -> None:
        self._run = run
        self._before: bytes | None = None
        self._held = bytearray()
        self._sent = 0
        self._whole: Callable[[bytearray, int], bool] | None = None
        self._is_free = not run.is_in_test()
        self._is_text = True
        self._tail = b""

    def sendable(self, where: str, piece: bytes) -> bytes:
        """What may be sent now that a piece is to leave; none where more of the request follows.

        Raises:
            NetworkRefused: see ``check``.
        """
        if self._is_free:
            return piece
        self._held += piece
        if self._whole is None:
            head, _, piece = bytes(self._held).partition(_END_OF_HEAD)
            self._whole = end_after(head)
        size = self._sent + len(self._held)
        if self._whole(self._held, size) or len(self._held) >= MOST_HELD:
            return self.sendable_rest(where)
        # The head leaves with the first piece of the body.
        if piece and self.may_go_on(_content_of(piece)):
            return self.sendable_rest(where)
        return b""

    def may_go_on(self, content: bytes) -> bool:
        """Whether a body may be sent up to the end of this next piece of it."""
        self._tail = (self._tail + content)[-_LOOKED_AT_AGAIN:]
        # What is packed says what it holds when it is whole.
        self._is_text = self._is_text and _is_text(content)
        return self._is_free or (self._is_text and self._run.may_go_on(self._tail))

    def sendable_rest(self, where: str) -> bytes:
        """What is held, to be sent though the request is not whole.

        Raises:
            NetworkRefused: see ``check``.
        """
        if not self._held:
            return b""
        held, self._held = bytes(self._held), bytearray()
        self._sent += len(held)
        self.check(where, held)
        return held

    def check(self, where: str, piece: bytes) -> None:
        """Stop a piece that would carry a credential there: a URL, or a host.

        Raises:
            NetworkRefused: a password, key, token or sessionId is in it.
        """
        before = self._before
        if before is None:
            head, end_of_head, body = piece.partition(_END_OF_HEAD)
            content = _content_of(body) if body else b""
            self._run.check_elsewhere(where, head + end_of_head + content)
        else:
            content = before + _content_of(piece)
            self._run.check_elsewhere(where, content)
        self._before = content[-_LOOKED_AT_AGAIN:]


def end_after(head: bytes) -> Callable[[bytearray, int], bool]:
    """Whether a request with this head is whole, by what is held and how much there was of it.

    What has no body known to follow is at once.
    """
    lowered = head.lower()
    if b"\r\nexpect:" in lowered or b"\r\nupgrade:" in lowered:
        return lambda *_: True
    if b"\r\ntransfer-encoding:" in lowered:
        return lambda held, _: held.endswith(_LAST_CHUNK)
    length = _LENGTH.search(lowered)
    wanted = len(head) + len(_END_OF_HEAD) + int(length[1]) if length else 0
    return lambda _, size: size >= wanted


def _is_text(content: bytes) -> bool:
    """Whether it may be a piece of a text in UTF-8; a letter may be cut at either end."""
    if content.isascii():
        return b"\0" not in content
    try:
        content.lstrip(_WITHIN_LETTERS).decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return b"\0" not in content


def _content_of(piece: bytes) -> bytes:
    """What is in a piece that consists of whole chunks, with what follows the last one.

    Another piece as it is.
    """
    content, position = bytearray(), 0
    while (found := _CHUNK.match(piece, position)) is not None:
        start = found.end()
        size = int(found.group(1), 16)
        if not size:
            return bytes(content + piece[start:].removesuffix(b"\r\n"))
        end = start + size
        if piece[end : end + 2] != b"\r\n":
            return piece
        content += piece[start:end]
        position = end + 2
    return bytes(content) if position and position == len(piece) else piece


def answer_headers(interaction: Interaction) -> list[tuple[bytes, bytes]]:
    """The headers of a recorded answer, with the length that its body has now."""
    pairs: list[tuple[bytes, bytes]] = []
    has_length = False
    sized = interaction.method != "HEAD" and interaction.status not in _BODILESS
    for name, values in interaction.answer_headers.items():
        lowered = name.lower()
        if lowered == "content-length" and sized:
            if not has_length:
                pairs.append((as_header(name), b"%d" % len(interaction.answer_body)))
            has_length = True
            continue
        pairs.extend((as_header(name), as_header(value)) for value in values)
    return pairs


def listed_pairs(interaction: Interaction) -> list[tuple[bytes, bytes]]:
    """The headers of an answer as they came."""
    return [
        (as_header(name), as_header(value))
        for name, values in interaction.answer_headers.items()
        for value in values
    ]


def is_chunked(interaction: Interaction) -> bool:
    """Whether an answer came in chunks."""
    return any(
        name.lower() == "transfer-encoding" and any("chunked" in each.lower() for each in values)
        for name, values in interaction.answer_headers.items()
    )


def written_answer(interaction: Interaction) -> bytes:
    """A recorded answer as it came over the wire; one that came in chunks is one chunk."""
    interaction = as_sent(interaction)
    version = interaction.http_version if interaction.http_version == "HTTP/1.0" else "HTTP/1.1"
    lines = [
        b"%s %d %s\r\n" % (version.encode(), interaction.status, as_header(interaction.reason))
    ]
    lines += [b"%s: %s\r\n" % pair for pair in answer_headers(interaction)]
    lines.append(b"\r\n")
    body = interaction.answer_body
    if interaction.method != "HEAD" and interaction.status not in _BODILESS:
        if is_chunked(interaction):
            body = (b"%x\r\n%s\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
        lines.append(body)
    return b"".join(lines)
