"""The text of a cassette becomes interactions; what is wrong with it is told with its line.

A text in the shape that vcrpy writes is read quickly, and of one that was edited by hand each
interaction that was not (see ``reader``). Only what is left is read by a YAML parser, which is
imported then.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from pytest_bill.cassettes import reader
from pytest_bill.cassettes.damaged import Damaged, NotByItself, line_of
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern

_CONFLICT = late_pattern(r"^<<<<<<< ", re.MULTILINE)
_RESOLVE = "Keep one side of it: git checkout --ours (or --theirs) and this file."


def parse(text: str) -> reader.Read:
    """The interactions and the metadata of a cassette.

    Raises:
        Damaged: it is none, or one of another version of the format.
    """
    if "<<<<<<< " in text and (conflict := _CONFLICT.search(text)) is not None:
        raise Damaged(
            "it holds the marks of a merge conflict", line_of(text, conflict.start()), _RESOLVE
        )
    try:
        read = reader.read(text, _Pieces(text))
    except NotByItself:
        read = None
    if read is not None:
        return read
    from pytest_bill.cassettes import by_yaml

    return by_yaml.whole(text)


class _Pieces:
    """Has the pieces of a text read by a YAML parser, where there are such."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _by_yaml(self) -> reader.Others:
        from pytest_bill.cassettes import by_yaml

        return by_yaml.Pieces(self._text)

    def interaction(self, piece: str, position: int, number: int) -> Interaction:
        """What a piece holds."""
        return self._by_yaml.interaction(piece, position, number)

    def metadata(self, tail: str, position: int) -> dict[str, Any]:
        """What stands behind the interactions."""
        return self._by_yaml.metadata(tail, position)
