"""What a page's script needs to show of one interaction: lines, and what is to be said of them.

The lines are those of the terminal. They are coloured and folded in the browser, where one is
looked at: as HTML that is coloured already, thousands of bodies would be several times as large.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pytest_bill.interaction import Interaction
from pytest_bill.printable import printable
from pytest_bill.viewing.content import Line, content_of
from pytest_bill.viewing.interactions import about_lines
from pytest_bill.viewing.replaced import Replaced

LONGEST = 200_000
"""So many characters of one body are in a page: a browser has all of them in memory."""


class Parts:
    """Request and answer of an interaction that may be shown as it is."""

    def __init__(
        self, interaction: Interaction, replaced: Replaced, hidden: Mapping[str, str]
    ) -> None:
        """``hidden`` is what stands for values that are left out where they stand alone."""
        self._interaction = interaction
        self._replaced = replaced
        self._hidden = hidden

    def as_data(self) -> dict[str, Any]:
        """Both, and what is told of them as a whole."""
        each = self._interaction
        received = [(name, one) for name, many in each.answer_headers.items() for one in many]
        return {
            "url": printable(each.url),
            "about": [printable(line) for line in about_lines(each)],
            "replaced": str(self._replaced),
            "reason": printable(each.reason),
            "request": self._part(each.headers.items(), each.body, each.content_type),
            "answer": self._part(received, each.answer_body, each.answer_content_type),
        }

    def _part(
        self, headers: Iterable[tuple[str, str]], body: bytes, content_type: str
    ) -> dict[str, Any]:
        listed = [Line(printable(f"{name}: {value}"), value) for name, value in headers]
        part: dict[str, Any] = {"headers": self._block(listed), "size": len(body)}
        content = content_of(body, content_type)
        if content is not None:
            part["kind"] = content.kind
            part["body"] = self._block(content.lines)
        return part

    def _block(self, lines: Iterable[Line]) -> dict[str, Any]:
        """The lines as one text, notes by their numbers, and the whole length where it was cut."""
        kept: list[str] = []
        notes: dict[str, str] = {}
        left, length = LONGEST, 0
        for number, line in enumerate(map(self._without_hidden, lines)):
            length += len(line.text) + 1
            if left <= 0:
                continue
            kept.append(line.text[:left])
            left -= len(line.text) + 1
            note = self._replaced.note(line.value) if line.value else ""
            if note:
                notes[str(number)] = note
        block: dict[str, Any] = {"text": "\n".join(kept)}
        if notes:
            block["notes"] = notes
        if length - 1 > LONGEST:
            block["length"] = length - 1
        return block

    def _without_hidden(self, line: Line) -> Line:
        stands = self._hidden.get(line.value)
        if stands is None:
            return line
        before, _, after = line.text.rpartition(printable(line.value))
        return Line(before + stands + after, stands)
