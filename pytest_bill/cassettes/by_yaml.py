"""The text of a cassette read by a YAML parser, as a whole or in pieces of another shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from pytest_bill.cassettes import reader, shape, vcr_yaml
from pytest_bill.cassettes.damaged import RESTORE, Damaged, NotByItself, check_size, line_of
from pytest_bill.interaction import Interaction

_MOST_IN_VAIN = 8 * 2**20
_UPDATE = "Update pytest-bill, or delete the cassette and record it again."
_UNPRINTABLE = yaml.reader.Reader.NON_PRINTABLE


def whole(text: str) -> reader.Read:
    """The interactions and the metadata of a cassette.

    Raises:
        Damaged: it is none, or too large to be read so.
    """
    check_size(len(text))
    data, node = _loaded(text, text, 0)
    try:
        interactions = vcr_yaml.interactions_in(data)
    except shape.Misshapen as error:
        raise _damaged(error, node, text, 0) from None
    return interactions, dict(data.get("metadata") or {})


class Pieces:
    """Reads pieces of one text by a YAML parser."""

    def __init__(self, text: str) -> None:
        self._text = text

    def interaction(self, piece: str, position: int, number: int) -> Interaction:
        """What a piece holds."""
        data, node = _loaded(piece, self._text, position)
        if not isinstance(data, list) or len(data) != 1:
            raise NotByItself
        place = ("interactions", number)
        try:
            shape.check_interaction(data[0], place)
        except shape.Misshapen as error:
            error.place = (0, *error.place[len(place) :])
            raise _damaged(error, node, self._text, position) from None
        return vcr_yaml.interaction_from(data[0])

    def metadata(self, tail: str, position: int) -> dict[str, Any]:
        """What stands behind the interactions, and has to say the version."""
        data, node = _loaded(tail, self._text, position)
        try:
            about = {} if data is None else data
            if not isinstance(about, Mapping) or "interactions" in about:
                raise NotByItself
            shape.check_version(about)
            shape.check_metadata(about.get("metadata"))
        except shape.Misshapen as error:
            raise _damaged(error, node, self._text, position) from None
        return dict(about.get("metadata") or {})


def _loaded(piece: str, text: str, position: int) -> tuple[Any, yaml.Node | None]:
    """What a piece of a text holds, which begins at a position.

    Raises:
        Damaged: it is no YAML, with what stands before and behind it neither.
        NotByItself: with that, it may be.
    """
    try:
        return vcr_yaml.load_marked(piece)
    except yaml.MarkedYAMLError as error:
        if _may_need_others(error, piece, text, position):
            raise NotByItself from None
        # Counted only now: there may be thousands of pieces.
        before = line_of(text, position) - 1
        mark = error.problem_mark or error.context_mark
        line = before + mark.line + 1 if mark is not None else before + 1
        last = line_of(text, len(text.rstrip("\n")))  # libyaml names the one behind it
        raise Damaged(_in_words(error, before), min(line, last)) from None
    except yaml.reader.ReaderError:
        found = _UNPRINTABLE.search(piece)
        place = found.start() if found is not None else 0
        what = f"it holds the character U+{ord(piece[place]):04X}, which YAML does not allow"
        raise Damaged(what, line_of(text, position + place)) from None
    except RecursionError:  # PyYAML without libyaml
        raise Damaged("it is nested too deeply", line_of(text, position)) from None
    except ValueError as error:
        raise Damaged(str(error), 0) from None


def _may_need_others(error: yaml.MarkedYAMLError, piece: str, text: str, position: int) -> bool:
    """Whether a piece of a text may be right with what stands before or behind it."""
    if len(piece) == len(text) or len(text) > _MOST_IN_VAIN:
        return False
    if isinstance(error, yaml.composer.ComposerError):  # an alias of what stands elsewhere
        return True
    mark = error.problem_mark or error.context_mark
    is_at_end = mark is None or mark.line >= piece.count("\n")
    return is_at_end and position + len(piece) < len(text)


def _in_words(error: yaml.MarkedYAMLError, before: int) -> str:
    what = " ".join(str(each) for each in (error.context, error.problem) if each)
    if isinstance(error, vcr_yaml.TwiceThere) and error.context_mark is not None:
        return f"{what}, first in line {before + error.context_mark.line + 1}"
    return what[:200]


def _damaged(error: shape.Misshapen, node: yaml.Node | None, text: str, position: int) -> Damaged:
    """What is wrong with the part of a text that begins at a position."""
    if error.place:
        line = line_of(text, position) - 1 + (_line_of(node, error.place) or 1)
    else:
        line = line_of(text, len(text.rstrip())) if error.is_cut_off else 1
    advice = _UPDATE if error.is_later else RESTORE
    return Damaged(str(error), line, advice, is_later=error.is_later)


def _line_of(node: yaml.Node | None, place: tuple[shape.Key, ...]) -> int:
    """The line of what is at a place, or of the last part of the way to it."""
    line = 0
    for key in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if getattr(pair[0], "value", None) == key]
            if not found:
                break
            line, node = found[-1][0].start_mark.line + 1, found[-1][1]
        else:
            break
    return line
