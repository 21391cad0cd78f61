"""A file with a date: rows of columns between tabs, and first lines that say as of when they are.

The first lines begin with #, each with a name and what it says: ``# held against: 2026-11-30``.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

_COMMENT = "#"


class DatedTable:
    """One such file, beside this module; it is read once, when it is asked."""

    def __init__(self, name: str) -> None:
        self._file = Path(__file__).parent / name

    def rows(self) -> list[list[str]]:
        """The columns of each row, in the order of the file."""
        return [line.split("\t") for line in self._lines if not line.startswith(_COMMENT)]

    def said_of(self, what: str) -> str:
        """The day, yyyy-MM-dd, that the first lines name for it.

        Raises:
            ValueError: they do not.
        """
        for line in self._lines:
            name, _, value = line.removeprefix(_COMMENT).strip().partition(": ")
            if name == what:
                return value
        raise ValueError(
            f"{self._file.name} does not say in its first lines: {_COMMENT} {what}: yyyy-MM-dd"
        )

    @cached_property
    def _lines(self) -> list[str]:
        return self._file.read_text(encoding="utf-8").splitlines()
