"""A mistake that users make, what is said of it, and in which run it is made."""

from __future__ import annotations

from typing import NamedTuple

TEST = "test_vendors"
"""What the module of a mistake is called in what is said, and the test in it."""
ANY = "…"
"""Stands for whatever is there."""


class Run(NamedTuple):
    """One run of pytest, or of the command ``pytest-bill``, in a folder of its own.

    Its mistakes that have ``code`` are a module each. ``files`` are beside them, ``env`` are
    variables, ``ini`` is what the ini file holds.
    """

    name: str
    args: tuple[str, ...] = ()
    ini: str = ""
    env: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    is_command: bool = False
    is_apart: bool = False
    """In a process of its own: what other tests have left in this one changes what is said."""


class Mistake(NamedTuple):
    """What somebody ``did``, in words, and pieces of what is said of it.

    ``cause``, ``place`` and ``step`` are what happened, where, and what to type or change. All that
    is said stands in the document, with ``ANY`` for what varies. ``code`` is a test module, where
    it is made in one; ``in_summary`` it is told at the end of the run. The document also has what
    somebody ``wrote``, and ``more`` words.
    """

    did: str
    run: Run
    cause: str
    step: str
    place: str = TEST
    code: str = ""
    more: str = ""
    in_summary: bool = False
    wrote: str = ""

    @property
    def slug(self) -> str:
        """The name of its module."""
        words = "".join(each if each.isalnum() else " " for each in self.did.lower()).split()
        return "test_" + "_".join(words)
