"""How credentials sign in, as ``--bill-sign-in`` says it: ``developer=oauth,sync=v2``."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_bill.credentials.kinds import BY_WORD, SYNC_TOKEN
from pytest_bill.did_you_mean import did_you_mean
from pytest_bill.exceptions import SettingsError
from pytest_bill.secret import repr_unless_secret

Said = Iterable[tuple[str, str]]
"""What is given for a setting, each with the name that it has there, the strongest first."""


def chosen_ways(said: Said, sync_said: Said) -> tuple[tuple[str, str], ...]:
    """How credentials sign in, by their words; for each the strongest that names it counts.

    ``sync_said`` is the older setting, of the sync token alone.

    Raises:
        SettingsError: there is no such credential or way, or two settings contradict each other.
    """
    ways: dict[str, str] = {}
    for (name, text), (older, sync) in zip(said, sync_said, strict=True):
        here = _ways_in(name, text)
        if sync and sync not in SYNC_TOKEN.ways:
            shown = "something else" if older.startswith("BILL_") else repr_unless_secret(sync)
            raise SettingsError(
                f"{older} is {shown}.\n{did_you_mean(sync, SYNC_TOKEN.ways)}"
                f"It must be one of: {', '.join(SYNC_TOKEN.ways)}."
            )
        if sync and here.setdefault(SYNC_TOKEN.word, sync) != sync:
            raise SettingsError(
                f"{older} is {sync} and {name} says sync={here[SYNC_TOKEN.word]}.\n"
                f"Leave {older.partition(' ')[0]} out: it is the older word for the same."
            )
        ways = here | ways
    return tuple(ways.items())


def _ways_in(where: str, text: str) -> dict[str, str]:
    """What ``developer=oauth,sync=v2`` says; ``where`` that stands is for messages."""
    ways: dict[str, str] = {}
    for each in filter(None, map(str.strip, text.replace("\n", ",").split(","))):
        word, _, way = each.partition("=")
        word, way = word.strip().lower(), way.strip().lower()
        if word not in BY_WORD or way not in BY_WORD[word].ways:
            # A variable may hold a secret that was meant for another one.
            shown = "something" if where.startswith("BILL_") else repr_unless_secret(word)
            known = [f"{name}={way}" for name in BY_WORD for way in BY_WORD[name].ways]
            hint = did_you_mean(each, known)
            if word in BY_WORD:
                shown, hint = f"a way for {word}", did_you_mean(way, BY_WORD[word].ways)
            raise SettingsError(
                f"{where} names {shown} that it does not know.\n{hint}"
                f"It takes, with commas: {', '.join(known)}."
            )
        if ways.setdefault(word, way) != way:
            raise SettingsError(
                f"{where} says {word}={ways[word]} and {word}={way}.\nGive one of the two."
            )
    return ways
