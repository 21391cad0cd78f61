"""Pieces of secrets in text that was cut, shortened, wrapped or coloured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pytest_bill.scrubbing.placeholders import PLACEHOLDER

SHORTEST_PIECE = 10
"""So many characters of a secret are hidden, wherever they were cut out of it."""

_BLOCK = SHORTEST_PIECE // 2
"""Wherever a piece stands in a text that is read in blocks, one whole block is within it."""

_MOST_PLACES = 8


class _Span(NamedTuple):
    start: int
    end: int
    name: str


class Pieces:
    """Replaces pieces of some values by the placeholders of these; more may be added."""

    def __init__(self, name_of: Mapping[str, str] | None = None) -> None:
        """``name_of`` are values, each with its placeholder."""
        self._name_of: dict[str, str] = {}
        self._places: dict[str, list[tuple[str, int]]] = {}
        for value, name in (name_of or {}).items():
            self.add(value, name)

    def add(self, value: str, name: str) -> None:
        """Replace pieces of this value, too."""
        if value in self._name_of:
            return
        self._name_of[value] = name
        for offset in range(len(value) - _BLOCK + 1):
            places = self._places.setdefault(value[offset : offset + _BLOCK], [])
            if len(places) < _MOST_PLACES:  # a value may be one letter a thousand times
                places.append((value, offset))

    def values_in(self, text: str) -> list[str]:
        """The values of which a piece, or something like one, is in the text."""
        found = filter(self._places.__contains__, _blocks_of(text))
        return list({value: None for block in found for value, _ in self._places[block]})

    def without(self, text: str) -> str:
        """The text with a placeholder for each piece."""
        # Not by what sets can do: another thread may be adding a value.
        if not any(map(self._places.__contains__, _blocks_of(text))):
            return text
        out: list[str] = []
        position = 0
        for span in self._spans(text):
            out += (text[position : span.start], span.name)
            position = span.end
        return "".join([*out, text[position:]])

    def _spans(self, text: str) -> list[_Span]:
        spans: list[_Span] = []
        end = 0
        placeholders = [match.span() for match in PLACEHOLDER.finditer(text)]
        for at in range(0, len(text), _BLOCK):
            if at < end:
                continue
            span = self._longest_at(text, at, end)
            if span is None or any(a <= span.start and span.end <= b for a, b in placeholders):
                continue
            spans.append(span)
            end = span.end
        return spans

    def _longest_at(self, text: str, at: int, floor: int) -> _Span | None:
        """The longest piece that holds the block there, and begins at ``floor`` or later."""
        longest: _Span | None = None
        for value, offset in self._places.get(text[at : at + _BLOCK], ()):
            start, end = _common(text, at, value, offset, floor)
            if end - start < SHORTEST_PIECE or _is_whole_word(text, start, end, value):
                continue
            if longest is None or end - start > longest.end - longest.start:
                longest = _Span(start, end, self._name_of[value])
        return longest


def _blocks_of(text: str) -> set[str]:
    return {text[at : at + _BLOCK] for at in range(0, len(text), _BLOCK)}


def _common(text: str, at: int, value: str, offset: int, floor: int) -> tuple[int, int]:
    """Where what both have in common around these places begins and ends in the text."""
    start, end = at, at + _BLOCK
    shift = offset - at
    while start > floor and start + shift > 0 and text[start - 1] == value[start + shift - 1]:
        start -= 1
    while end < len(text) and end + shift < len(value) and text[end] == value[end + shift]:
        end += 1
    return start, end


def _is_whole_word(text: str, start: int, end: int, value: str) -> bool:
    """Whether it is a whole word of the text, or the whole domain of an address.

    Who chose it as a part of a password or a user name chose it so. Else the names of tests,
    folders, modules and hosts would be hidden, and nobody could read what failed.
    """
    piece = text[start:end].strip("-_./ @")
    is_word = piece.isalpha() and (piece.islower() or piece.istitle() or piece.isupper())
    is_domain = "@" in value and piece == value.rpartition("@")[2]
    if not is_word and not is_domain:
        return False
    begins = text.index(piece, start)
    around = text[max(0, begins - 1) : begins] + text[begins + len(piece) :][:1]
    return not any(character.isalnum() for character in around)
