"""Interactions as people read them: a row of a table each, or all of one as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pytest_bill.cassettes.bills_urls import shown_path
from pytest_bill.cassettes.changes.contents import answered_content, sent_content
from pytest_bill.interaction import Interaction
from pytest_bill.printable import printable
from pytest_bill.viewing.content import Content, Line, binary, content_of
from pytest_bill.viewing.replaced import Replaced

_STEP = "  "
_UNKNOWN = "-"


class Row(NamedTuple):
    """One interaction of a table, its texts escaped; ``size`` is that of the answer, in bytes."""

    number: int
    method: str
    path: str
    status: str
    size: int
    answered_by: str
    recorded_at: str


class Shown(NamedTuple):
    """One line of the text about an interaction, what is to be said of its value, and its part."""

    text: str
    note: str = ""
    is_title: bool = False


def row_of(number: int, interaction: Interaction, url: str, answered_by: str) -> Row:
    """An interaction as a row; ``url`` is its URL as it may be shown."""
    return Row(
        number,
        printable(interaction.method),
        printable(shown_path(url)),
        printable(interaction.fault or str(interaction.status)),
        len(interaction.answer_body),
        printable(answered_by) or _UNKNOWN,
        printable(interaction.recorded_at) or _UNKNOWN,
    )


def lines_of(
    interaction: Interaction, replaced: Replaced | None = None, number: int | None = None
) -> Iterator[Shown]:
    """All of an interaction that may be shown as it is, by default in words that stay the same.

    With what was ``replaced`` it is told; with a ``number`` this comes first.
    """
    numbered = f"#{number} " if number is not None else ""
    outcome = interaction.fault or f"{interaction.status} {interaction.reason}".strip()
    asked = f"{interaction.method} {shown_path(interaction.url)}"
    yield Shown(printable(f"{numbered}{asked} → {outcome}"), is_title=True)
    yield Shown(printable(_STEP + interaction.url))
    yield from (Shown(printable(_STEP + each)) for each in about_lines(interaction))
    if replaced is not None and (told := str(replaced)):
        yield Shown(f"{_STEP}replaced: {told}")
    sent = [(name, value) for name, value in interaction.headers.items()]
    yield from _part("request", sent, interaction.body, interaction.content_type, replaced)
    received = [
        (name, value) for name, values in interaction.answer_headers.items() for value in values
    ]
    yield from _part(
        "answer", received, interaction.answer_body, interaction.answer_content_type, replaced
    )


def as_data(
    row: Row, interaction: Interaction | None = None, replaced: Replaced | None = None
) -> Any:
    """A row for JSON; of an ``interaction`` that may be shown as it is, all of it."""
    data: dict[str, Any] = row._asdict()
    is_status = row.status.isdecimal()
    data["status"] = int(row.status) if is_status else None
    data["fault"] = None if is_status else row.status
    for name in ("answered_by", "recorded_at"):
        data[name] = None if data[name] == _UNKNOWN else data[name]
    if interaction is None:
        return data
    data["url"] = interaction.url
    data["request"] = _part_as_data(
        interaction.headers, interaction.body, sent_content(interaction)
    )
    data["answer"] = {
        "reason": interaction.reason,
        **_part_as_data(
            interaction.answer_headers, interaction.answer_body, answered_content(interaction)
        ),
    }
    if replaced is not None:
        data["replaced"] = {
            "placeholders": replaced.placeholders,
            "stand_ins": dict(sorted(replaced.stand_ins.items())),
        }
    return data


def about_lines(interaction: Interaction) -> Iterator[str]:
    """What its cassette notes of an interaction, in words; nothing where it notes nothing."""
    told = []
    if interaction.answered_by:
        told.append(f"answered by {interaction.answered_by}")
    if interaction.recorded_at:
        told.append(f"recorded {interaction.recorded_at}")
    for name in ("content_encoding", "http_version"):
        if getattr(interaction, name):
            told.append(f"{name} {getattr(interaction, name)}")
    if told:
        yield ", ".join(told)


def _part(
    what: str,
    headers: Sequence[tuple[str, str]],
    body: bytes,
    content_type: str,
    replaced: Replaced | None,
) -> Iterator[Shown]:
    if headers:
        yield Shown(f"{_STEP}{what} headers:", is_title=True)
        listed = [Line(printable(f"{name}: {value}"), value) for name, value in headers]
        yield from _noted(listed, replaced)
    content = content_of(body, content_type)
    if content is not None:
        yield Shown(f"{_STEP}{what} body ({_told(content, body)}):", is_title=True)
        yield from _noted(content.lines, replaced)


def _noted(lines: Iterable[Line], replaced: Replaced | None) -> Iterator[Shown]:
    for each in lines:
        note = replaced.note(each.value) if replaced is not None and each.value else ""
        yield Shown(f"{_STEP}{_STEP}{each.text}".rstrip(" "), note)


def _told(content: Content, body: bytes) -> str:
    return f"{content.kind}, {len(body):,} bytes"


def _part_as_data(headers: Mapping[str, Any], body: bytes, data: Any) -> dict[str, Any]:
    is_binary = isinstance(data, bytes)
    return {
        "headers": dict(headers),
        "size": len(body),
        "body": binary(data, "") if is_binary else data,
    }
