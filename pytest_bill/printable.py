"""Text as it can be put on a terminal: what would steer that, or be read another way, is escaped.

What cassettes and requests hold is anybody's: an escape sequence may hide lines, and characters
that turn the direction of writing make text say something else.
"""

from __future__ import annotations

_LAST_OF_FOUR = 0xFFFF


def printable(text: str) -> str:
    """A text on one line; what is not to be seen is escaped as JSON does it (``\\u001b``)."""
    if text.isprintable():  # as mostly
        return text
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def printable_lines(text: str) -> str:
    """The same, where line breaks are meant as such."""
    return "\n".join(map(printable, text.split("\n")))


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= _LAST_OF_FOUR else f"\\U{number:08x}"
