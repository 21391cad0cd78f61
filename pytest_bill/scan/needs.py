"""What every match of an expression has in it: one of some words, and a run without a space.

A text that has neither need not be searched with the expression, and to look for that is much
faster. It is computed from the expression, so that no version of a detector is taken for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any, NamedTuple

from pytest_bill.patterns import late_pattern

IN_RUN = r"\w.+~/\\=%{\[" + '"-'
"""What a run is made of, as within the brackets of an expression; ``-`` comes last."""
_OF_RUN = late_pattern(f"[{IN_RUN}]")
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_NO_WIDTH = frozenset({"AT", "ASSERT", "ASSERT_NOT"})
_MOST_WORDS = 12
_Items = Iterable[tuple[Any, Any]]


class Needs(NamedTuple):
    """``run`` is the length of the shortest run that a match has, 0 where that is not known.

    ``words`` are in lower case: one of them is in each match. Empty where that is not known.
    """

    run: int = 0
    words: tuple[str, ...] = ()
    is_any_case: bool = False

    def are_met_by(self, lowered: str) -> bool:
        """Whether a text in lower case has what a match needs to have."""
        if not self.words or (self.is_any_case and not lowered.isascii()):
            return True  # some other letters are an ``i`` or an ``s`` in another case
        # A generator would take longer than the rest.
        for word in self.words:  # noqa: SIM110
            if word in lowered:
                return True
        return False


def needs_of(pattern: re.Pattern[str]) -> Needs:
    """What every match of an expression needs."""
    try:
        from re import _parser  # type: ignore[attr-defined]

        parsed = [*_parser.parse(pattern.pattern, pattern.flags)]
    except (ImportError, AttributeError, re.error, RecursionError):
        return Needs()
    words = _words(parsed)
    is_any_case = bool(pattern.flags & re.IGNORECASE) or "(?i" in pattern.pattern
    return Needs(_longest(parsed), words if all(map(str.isascii, words)) else (), is_any_case)


def _flat(items: _Items) -> Iterator[tuple[str, Any]]:
    """A sequence with its groups opened, and without what has no width."""
    for kind, about in items:
        if str(kind) == "SUBPATTERN" and not about[1] and not about[2]:
            yield from _flat(about[3])
        elif str(kind) not in _NO_WIDTH:
            yield str(kind), about


def _longest(items: _Items) -> int:
    """The longest of the runs that stand in each match of a sequence."""
    longest = run = 0
    for kind, about in _flat(items):
        length = _length_within(kind, about)
        run = 0 if length is None else run + length
        longest = max(longest, _within_other(kind, about) if length is None else run)
    return longest


def _length_within(kind: str, about: Any) -> int | None:
    """How many characters an item adds to a run at least; None where it may end it."""
    if kind == "LITERAL":
        return 1 if _OF_RUN.fullmatch(chr(about)) else None
    if kind == "IN":
        return 1 if all(_is_of_run(str(each), of) for each, of in about) else None
    if kind in _REPEATS:
        length = _length_of(about[2])
        return None if length is None else about[0] * length
    if kind == "BRANCH":
        lengths = [_length_of(way) for way in about[1]]
        known = [each for each in lengths if each is not None]
        return min(known) if len(known) == len(lengths) else None
    return None


def _length_of(items: _Items) -> int | None:
    total = 0
    for kind, about in _flat(items):
        length = _length_within(kind, about)
        if length is None:
            return None
        total += length
    return total


def _is_of_run(kind: str, about: Any) -> bool:
    if kind == "LITERAL":
        return _OF_RUN.fullmatch(chr(about)) is not None
    if kind == "RANGE":
        first, last = about
        return last < 128 and all(_OF_RUN.fullmatch(chr(n)) for n in range(first, last + 1))
    return kind == "CATEGORY" and str(about) in ("CATEGORY_DIGIT", "CATEGORY_WORD")


def _within_other(kind: str, about: Any) -> int:
    """The longest run within an item that may end the one before it."""
    if kind == "BRANCH":
        return min(map(_longest, about[1]))
    if kind in _REPEATS:
        return _longest(about[2]) if about[0] else 0
    return _longest(about[3]) if kind == "SUBPATTERN" else 0


def _words(items: _Items) -> tuple[str, ...]:
    """Of the words one of which is in each match of a sequence, those that say the most."""
    best: tuple[str, ...] = ()
    word = ""
    for kind, about in [*_flat(items), ("END", None)]:
        if kind == "LITERAL":
            word += chr(about).lower()
            continue
        best = _better(best, (word,) if word else ())
        before, word = word, ""
        if kind == "BRANCH":
            firsts = {before + _first_word(way) for way in about[1]}
            best = _better(best, tuple(firsts) if all(firsts) else ())
            ways = [_words(way) for way in about[1]]
            if all(ways):
                best = _better(best, tuple({each for way in ways for each in way}))
        elif kind in _REPEATS and about[0]:
            best = _better(best, _words(about[2]))
        elif kind == "SUBPATTERN":
            best = _better(best, _words(about[3]))
    return best


def _first_word(items: _Items) -> str:
    """What each match of a sequence begins with."""
    literals = takewhile(lambda item: item[0] == "LITERAL", _flat(items))
    return "".join(chr(about).lower() for _, about in literals)


def _better(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    if len(other) > _MOST_WORDS:
        return one
    return max(one, other, key=lambda words: min(map(len, words), default=0))
