"""Which recorded answers of a run's cassettes nobody played, whoever opened them and how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_bill.cassettes.use import OpenCassette
from pytest_bill.record_modes import RecordMode

_NONE: frozenset[int] = frozenset()
"""Shared by all of which all was played: a run may have thousands."""


@dataclass(slots=True)
class _Plays:
    """What is known of one cassette: None where nothing was looked for in it yet."""

    unplayed: frozenset[int] | None = None
    may_change: bool = False


class Plays:
    """What was played of each cassette of a run, in this process.

    A cassette that several tests share is opened by each of them, and by each attempt at one: what
    counts is what none of them played.
    """

    def __init__(self) -> None:
        self._of: dict[Path, _Plays] = {}

    def add(self, opened: OpenCassette) -> None:
        """Count what the user of a cassette played, who needs it no more."""
        plays = self._of.setdefault(opened.use.path, _Plays())
        cassette = opened.cassette
        if cassette.record_mode is not RecordMode.NONE and (
            cassette.recorded or opened.may_record or not cassette.record_mode.may_play
        ):
            # What is recorded into has other answers at other places.
            plays.may_change = True
        elif cassette.was_asked:  # else the file was not read, and is not read for this
            _keep_common(plays, cassette.unplayed_numbers)

    def add_answered(self, path: Path, number: int, count: int) -> None:
        """Count one answer of a cassette of so many that is looked at without opening it."""
        plays = self._of.setdefault(path, _Plays())
        unplayed = range(count) if plays.unplayed is None else plays.unplayed
        plays.unplayed = frozenset(unplayed) - {number} or _NONE

    @property
    def files(self) -> Iterable[Path]:
        """The cassettes that were used, there or not."""
        return self._of.keys()

    @property
    def changed(self) -> Iterator[Path]:
        """Those that may have been recorded into: what was not played in them says nothing."""
        return (path for path, plays in self._of.items() if plays.may_change)

    def unplayed(self) -> Iterator[tuple[Path, frozenset[int] | None]]:
        """The other cassettes of which something was not played, and what; None is all of it."""
        for path, plays in self._of.items():
            if not plays.may_change and (plays.unplayed is None or plays.unplayed):
                yield path, plays.unplayed


def _keep_common(plays: _Plays, unplayed: Iterable[int]) -> None:
    if plays.unplayed is None:
        plays.unplayed = frozenset(unplayed) or _NONE
    elif plays.unplayed:
        plays.unplayed = plays.unplayed.intersection(unplayed) or _NONE
