"""What somebody may have meant whose word is none of those that are known."""

from __future__ import annotations

from collections.abc import Iterable

_CUTOFF = 0.7
_SHORTEST_BEGINNING = 3


def nearest(word: str, known: Iterable[str], cutoff: float = _CUTOFF) -> str:
    """The known word that is most like another one, or begins so; empty where none does.

    ``cutoff`` is from 0, where any is like any other, to 1, where only the same is.
    """
    from difflib import get_close_matches  # only where something is wrong

    by_letters = {_letters(each): each for each in known}
    letters = _letters(word)
    found = get_close_matches(letters, by_letters, n=1, cutoff=cutoff)
    if not found and len(letters) >= _SHORTEST_BEGINNING:
        found = [each for each in by_letters if each.startswith(letters)][:1]
    return by_letters[found[0]] if found else ""


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """A question to be put before what is known, with a space at its end; or nothing."""
    found = nearest(word, known) if isinstance(word, str) else ""
    return f"Did you mean {found}? " if found else ""


def _letters(word: str) -> str:
    """Case, hyphens and underscores are often mixed up."""
    return word.lower().replace("-", "_")
