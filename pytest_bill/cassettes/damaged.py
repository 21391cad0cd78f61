"""What is said of a file that is no cassette, or no longer one."""

from __future__ import annotations

MOST_UNUSUAL = 32 * 2**20
"""So many characters a text may have that a YAML parser has to read as a whole: it is slow."""
RESTORE = "Restore it from version control, or delete it and record it again."


class Damaged(ValueError):
    """A text is no cassette: why, in which line (0 where it is none), and what to do then."""

    def __init__(
        self, what: str, line: int = 0, advice: str = RESTORE, *, is_later: bool = False
    ) -> None:
        """``is_later``: it is one, of a later version of the format."""
        super().__init__(what)
        self.line = line
        self.advice = advice
        self._is_later = is_later

    def told_of(self, what: str) -> str:
        """All of it, said of a file."""
        line = f":{self.line}" if self.line else ""
        is_so = (
            "of a later version of the format" if self._is_later else "damaged or not a cassette"
        )
        return f"{what}{line} is {is_so}: {self}.\n{self.advice}"


class NotByItself(Exception):
    """A piece of a text cannot be read without the others."""


def check_size(size: int) -> None:
    """Refuse what a YAML parser has to read as a whole, and could not in a reasonable time.

    Raises:
        Damaged: it is too large.
    """
    if size > MOST_UNUSUAL:
        raise Damaged(
            f"it has {size:,} bytes and not the shape that vcrpy writes; {MOST_UNUSUAL:,} are the "
            "most then"
        )


def line_of(text: str, position: int) -> int:
    """The line of a place in a text, from 1."""
    return text.count("\n", 0, position) + 1
