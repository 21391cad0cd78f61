"""Which recorded answers of a run's cassettes nobody played, whoever opened them and how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pytest_bill.cassettes.use import OpenCassette
from pytest_bill.record_modes import RecordMode

_NONE: frozenset[int] = frozenset()
"""Shared by all of which all was played: a run may have thousands."""


class Plays:
    """What was played of each cassette of a run, in this process.

    A cassette that several tests share is opened by each of them, and by each attempt at one: what
    counts is what none of them played.
    """

    def __init__(self) -> None:
        self._unplayed: dict[Path, frozenset[int] | None] = {}
        """None of a cassette in which nothing was looked for yet."""
        self._may_change: set[Path] = set()

    def add(self, opened: OpenCassette) -> None:
        """Count what the user of a cassette played, who needs it no more."""
        path, cassette = opened.use.path, opened.cassette
        before = self._unplayed.setdefault(path, None)
        if cassette.record_mode is not RecordMode.NONE and (
            cassette.recorded or opened.may_record or not cassette.record_mode.may_play
        ):
            # What is recorded into has other answers at other places.
            self._may_change.add(path)
        elif cassette.was_asked:  # else the file was not read, and is not read for this
            self._unplayed[path] = _common(before, cassette.unplayed_numbers)

    def add_answered(self, path: Path, number: int, count: int) -> None:
        """Count one answer of a cassette of so many that is looked at without opening it."""
        before = self._unplayed.get(path)
        unplayed = range(count) if before is None else before
        self._unplayed[path] = frozenset(unplayed) - {number} or _NONE

    @property
    def files(self) -> Iterable[Path]:
        """The cassettes that were used, there or not."""
        return self._unplayed.keys()

    @property
    def changed(self) -> Iterator[Path]:
        """Those that may have been recorded into: what was not played in them says nothing."""
        return (path for path in self._unplayed if path in self._may_change)

    def unplayed(self) -> Iterator[tuple[Path, frozenset[int] | None]]:
        """The other cassettes of which something was not played, and what; None is all of it."""
        for path, unplayed in self._unplayed.items():
            if path not in self._may_change and (unplayed is None or unplayed):
                yield path, unplayed


def _common(before: frozenset[int] | None, unplayed: Iterable[int]) -> frozenset[int]:
    if before is None:
        return frozenset(unplayed) or _NONE
    return before.intersection(unplayed) or _NONE if before else before
