"""Reading the text of a cassette in the shape in which vcrpy's YAML serializer writes it.

Nearly every cassette was written by a program, so nearly all have one shape, and one regular
expression takes an interaction apart in a tenth of the time that a YAML parser needs. What is not
plain to see (escapes, numbers, binary) is left to PyYAML, value by value. An interaction of another
shape (edited by hand, other keys, anchors) is not read here: ``read`` hands it on, or gives None,
and the caller asks a YAML parser. Comments between interactions are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from pytest_bill.cassettes.plain_metadata import read_metadata
from pytest_bill.cassettes.plain_scalars import is_text
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern

_COMMENT = r"(?:#[^\n]*+\n|[ ]*+\n)"
_COMMENTS = late_pattern(f"{_COMMENT}++")
_HEAD = late_pattern(rf"{_COMMENT}*+(?:---\n)?{_COMMENT}*+interactions:\n")
_TAIL = late_pattern(
    rf"(?:metadata:\n(?:  [^\n]*+\n)++)?version: 1(?:\n{_COMMENT}*+(?:#[^\n]*+)?)?\Z"
)
# What stands farther to the left than all parts of an interaction.
_NEXT = late_pattern(r"^[^ \n#]", re.MULTILINE)
_DOCUMENT_MARK = late_pattern(r"\n(?:---|\.\.\.)")
_PIECE = 2**20
_MOST_SHARED = 10_000
_FEW_SHARED = 256
_SMALL = 2**15
_PRINTABLE = bytes([*b"\n", *range(0x20, 0x7F)])
_UNPRINTABLE = late_pattern(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# A value: quoted, binary, or plain; on one line, or folded over several.
_VALUE = (
    r"'[^']*+(?:''[^']*+)*+'"
    r'|"[^"\\]*+(?:\\[\s\S][^"\\]*+)*+"'
    r"|!!binary \|(?:\n {{{deeper}}}[A-Za-z0-9+/=]++(?=\n))++"
    r"|[^\s'\"!|>&*%@`{{}}\[\],#?:][^\n]*+(?:\n {{{deeper}}} *+[^\s][^\n]*+)*+"
)
_OF_KEY = _VALUE.format(deeper=6)
_DEEPER = _VALUE.format(deeper=8)
_HEADERS = r"(?: \{\}\n|\n((?:      [^\n]++\n)++))"
_INTERACTION = late_pattern(
    rf"""- (?:answered_by: ([a-z]+)
  )?(?:content_encoding: ([a-z]+)
  )?(?:http_version: (HTTP/[0-9.]+)
  )?(?:recorded_at: ([0-9]{{4}}(?:-[0-9]{{2}}){{2}}T[0-9]{{2}}(?::[0-9]{{2}}){{2}}Z)
  )?request:
    body: ({_OF_KEY})
    headers:{_HEADERS}    method: ({_OF_KEY})
    uri: ({_OF_KEY})
  response:
    body:
      string: ({_DEEPER})
    headers:{_HEADERS}    status:
      code: ([1-9][0-9][0-9])
      message: ({_DEEPER})
"""
)
# Keys that YAML reads as something else than text.
_NO_TEXT = frozenset({"y", "yes", "n", "no", "true", "false", "on", "off", "null"})
# A key, a comment, a list, an end that is cut off.
_NOT_ONE_VALUE = late_pattern(r":(?=\s|\Z)|\s#|\A-\s|\s\Z")
_BLANK_LINE = late_pattern(r"\n *\n")
_BREAKS = late_pattern(r" *(?:\n *)+")
_HEADER = late_pattern(rf"      ([A-Za-z][\w-]*+):\n((?:      - (?:{_DEEPER})\n)++)")
_LISTED = late_pattern(rf"      - ({_DEEPER})\n")


class Others(Protocol):
    """Reads the pieces of a text that are of another shape; each begins at a ``position``."""

    def interaction(self, piece: str, position: int, number: int) -> Interaction:
        """What a piece holds: one interaction, with the dash before it; the first is number 0."""

    def metadata(self, tail: str, position: int) -> dict[str, Any]:
        """The metadata in what stands behind the interactions."""


Read = tuple[list[Interaction], dict[str, Any]]
"""Interactions and metadata."""


def begins_as_usual(beginning: str) -> bool:
    """Whether a text that begins so may have the shape that is read here."""
    return _HEAD.match(beginning) is not None


def read(text: str, others: Others | None = None) -> Read | None:
    """The interactions and the metadata of a cassette; None where the text has another shape.

    With ``others``, each interaction may have. Interactions share their headers where these are
    the same, those of small cassettes with others that were read lately.
    """
    is_small = len(text) <= _SMALL
    if is_small:
        _of_small.forget_much(_FEW_SHARED)
    return _read(text, others, _of_small if is_small else _Reading())


def reader_of_many() -> Callable[[str], Read | None]:
    """Gives what ``read`` gives; the interactions of all texts share what is the same in them."""
    reading = _Reading()

    def read_next(text: str) -> Read | None:
        reading.forget_much()
        return _read(text, None, reading)

    return read_next


def _read(text: str, others: Others | None, reading: _Reading) -> Read | None:
    head = _HEAD.match(text)
    if head is None or not _is_printable(text) or _has_document_marks(text, head.end() - 1):
        return None
    interactions: list[Interaction] = []
    position = head.end()
    while True:
        if (comments := _COMMENTS.match(text, position)) is not None:
            position = comments.end()
        if not text.startswith("- ", position):
            break
        found = _INTERACTION.match(text, position)
        interaction = reading.interaction(found) if found is not None else None
        if found is not None and interaction is not None:
            position = found.end()
        elif others is None:
            return None
        else:
            following = _NEXT.search(text, position + 1)
            end = following.start() if following is not None else len(text)
            interaction = others.interaction(text[position:end], position, len(interactions))
            position = end
        interactions.append(interaction)
    if not interactions:
        return None
    tail = text[position:]
    is_usual = _TAIL.match(tail) is not None
    if is_usual:
        metadata = read_metadata(tail) if "metadata" in tail else {}
        if metadata is not None:
            return interactions, metadata
    if others is not None:
        return interactions, others.metadata(tail, position)
    with suppress(_OtherShape):
        return (interactions, _loaded(tail).get("metadata") or {}) if is_usual else None
    return None


def read_one(text: str) -> Interaction | None:
    """The interaction that a piece of a text begins with, of which ``read`` has seen the whole."""
    found = _INTERACTION.match(text)
    return _Reading().interaction(found) if found is not None else None


def _has_document_marks(text: str, start: int) -> bool:
    return _DOCUMENT_MARK.search(text, start) is not None


class _OtherShape(Exception):
    """A text is not of the shape that is read here."""


def _is_printable(text: str) -> bool:
    """Whether a text has no character that YAML refuses, and no line break but ``\\n``."""
    if text.isascii():
        pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
        return not any(piece.encode("ascii").translate(None, _PRINTABLE) for piece in pieces)
    return not _UNPRINTABLE.search(text)


class _Reading:
    """Reads the interactions of one text; what comes again is read once and shared."""

    def __init__(self) -> None:
        self._sent: dict[str, dict[str, str]] = {}
        self._received: dict[str, dict[str, list[str]]] = {}
        self._lists: dict[str, list[str]] = {}
        self._texts: dict[str, str] = {}

    def forget_much(self, most: int = _MOST_SHARED) -> None:
        """Forget what is much by now: what comes again is soon here again."""
        for each in (self._sent, self._received, self._lists, self._texts):
            if len(each) > most:
                each.clear()

    def interaction(self, found: re.Match[str]) -> Interaction | None:
        """What was matched; None where it has another shape after all, or is damaged."""
        try:
            return self._interaction(found)
        except _OtherShape:
            return None

    def _interaction(self, found: re.Match[str]) -> Interaction:
        by, encoding, version, recorded_at, *rest = found.groups("")
        body, sent, method, uri, answer_body, received, code, reason = rest
        return Interaction.read(
            method=self._shared_text(method),
            url=_url_value(uri),
            headers=self._first_of_each(sent),
            body=_body_value(body),
            status=int(code),
            reason=self._shared_text(reason) if reason != "null" else "",
            answer_headers=self._headers(received),
            answer_body=_body_value(answer_body),
            answered_by=by,
            content_encoding=encoding,
            http_version=version,
            recorded_at=recorded_at,
        )

    def _first_of_each(self, block: str) -> dict[str, str]:
        # vcrpy keeps one value of a request's header.
        headers = self._sent.get(block) if block else {}
        if headers is None:
            headers = {name: values[0] for name, values in self._headers(block).items()}
            self._sent[block] = headers
        return headers

    def _headers(self, block: str) -> dict[str, list[str]]:
        headers = self._received.get(block) if block else {}
        if headers is None:
            found = _HEADER.findall(block)
            headers = {name: self._shared_list(values) for name, values in found}
            # A name stands behind an indent of six and before a colon and the end of the line.
            read = sum(len(name) + len(values) + 8 for name, values in found)
            names = {name.lower() for name in headers}
            if read != len(block) or len(names) != len(found) or not _NO_TEXT.isdisjoint(names):
                raise _OtherShape
            self._received[block] = headers
        return headers

    def _shared_list(self, values: str) -> list[str]:
        read = self._lists.get(values)
        if read is None:
            read = self._lists[values] = [_header_value(value) for value in _LISTED.findall(values)]
        return read

    def _shared_text(self, written: str) -> str:
        read = self._texts.get(written)
        if read is None:
            read = self._texts[written] = _text_value(written)
        return read


_of_small = _Reading()


def _read_value(written: str) -> Any:
    first = written[0]
    if first == "'":
        return _unfolded_text(written[1:-1]).replace("''", "'")
    if first in '"!':
        return _by_yaml(written)
    if _NOT_ONE_VALUE.search(written):
        raise _OtherShape
    return _unfolded_text(written) if is_text(written) else _by_yaml(written)


def _by_yaml(written: str) -> Any:
    return _loaded(f"- {written}\n")[0]


def _loaded(text: str) -> Any:
    from yaml import YAMLError

    from pytest_bill.cassettes import vcr_yaml

    try:
        return vcr_yaml.load(text)
    except YAMLError:
        raise _OtherShape from None


def _unfolded_text(text: str) -> str:
    """A text without YAML's line folding: one break is a space, more are one less."""
    if "\n" not in text:
        return text
    if _BLANK_LINE.search(text):
        return _BREAKS.sub(lambda found: "\n" * (found[0].count("\n") - 1) or " ", text)
    lines = text.split("\n") if len(text) < _PIECE else _unfolded_pieces(text)
    first, *between, last = lines
    return " ".join([first.rstrip(" "), *[line.strip(" ") for line in between], last.lstrip(" ")])


def _unfolded_pieces(text: str) -> list[str]:
    """A long text in a few pieces: one for each line would need much memory."""
    pieces, start = [], 0
    while (end := text.find("\n", start + _PIECE // 2)) >= 0:
        pieces.append(_unfolded_text(text[start:end]))
        start = end + 1
    return [*pieces, _unfolded_text(text[start:])]


def _text_value(written: str) -> str:
    value = _read_value(written)
    if not isinstance(value, str):
        raise _OtherShape
    return value


def _url_value(written: str) -> str:
    url = _text_value(written)
    # Python cannot take all of these apart; vcrpy says so.
    if "[" in url or "]" in url or not url.isascii():
        raise _OtherShape
    return url


def _header_value(written: str) -> str:
    value = _read_value(written)
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body_value(written: str) -> bytes:
    if written == "null":
        return b""
    value = _read_value(written)
    if isinstance(value, str):
        return value.encode("utf-8")
    if isinstance(value, bytes):
        return value
    raise _OtherShape
