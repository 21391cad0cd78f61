"""Which cassettes of a run that recorded are written, and what is written.

A cassette in which nothing changed stays as it is. The ids in it are then old ones, and BILL gave
new ones to all that was recorded in this run: so what is written, too, has the old ids wherever
that can be done, and a test's cassette goes with that of its fixture whichever of them changed.
Where it cannot be done, cassettes that share an id are all written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pytest_bill.cassettes import times
from pytest_bill.cassettes.changes.comparison import USUAL, Comparison, compared, kinds_in
from pytest_bill.cassettes.changes.contents import answered_content, sent_words, words_of
from pytest_bill.cassettes.changes.stand_in_partners import StandInPartners
from pytest_bill.cassettes.changes.translation import Translation, is_translatable
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.changes.values import has_time, is_opaque, may_be_id, taken_apart
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.store import Recording
from pytest_bill.interaction import Interaction

_SHORTEST_SHARED = 4
_MOST_TURNS = 9


class Outcome(StrEnum):
    """What becomes of a cassette that was recorded."""

    NEW = "new"
    """There was none before."""

    AS_BEFORE = "as before"
    """Its file stays as it is."""

    DATED = "as before, with new dates"
    """Nothing changed; it was older than is allowed, so that it says when it was looked at."""

    CHANGED = "changed"
    """Something really changed."""

    FOLLOWED = "new ids only"
    """Nothing changed, but another cassette has ids that it has to have, too."""


@dataclass(frozen=True)
class Recorded:
    """A cassette that a run recorded: what its file held before, and what it is to hold."""

    path: Path
    old: Recording | None
    new: Recording


@dataclass(frozen=True)
class Decision:
    """What becomes of one cassette: ``recording`` is to be written; None leaves the file alone."""

    path: Path
    outcome: Outcome
    recording: Recording | None = None
    changes: tuple[str, ...] = ()


def decide(
    recorded: Sequence[Recorded],
    unchanged: Unchanged = USUAL,
    older_than: datetime | None = None,
    special: Mapping[Path, Unchanged] | None = None,
) -> list[Decision]:
    """What becomes of all cassettes that a run recorded, in their order.

    ``special`` says what does not count in some of them, where that is something else.
    A cassette that is as before, but was recorded before ``older_than``, gets new dates.
    """
    if all(each.old is None for each in recorded):  # nothing is as before
        return [Decision(each.path, Outcome.NEW, each.new) for each in recorded]
    of_path = special or {}
    files = [_File(each, of_path.get(each.path, unchanged)) for each in recorded]
    _Deciding(files).decide()
    return [each.decision(older_than) for each in files]


@dataclass(eq=False)
class _File:
    """One cassette on the way to its decision."""

    recorded: Recorded
    unchanged: Unchanged
    comparison: Comparison | None = field(init=False)
    changes: list[str] = field(init=False)
    told: set[str] = field(init=False)
    """The ids and dates in what BILL answered."""
    asked: set[str] = field(init=False)
    """The words in what it was asked."""
    old_of: Mapping[str, str] = field(init=False)
    """The old value of each id and date that has one of its own."""
    is_written: bool = field(init=False)
    stand_ins: StandInPartners = field(init=False)
    translation: Translation | None = None

    def __post_init__(self) -> None:
        old, new = self.recorded.old, self.recorded.new
        self.comparison = compared(old, new, self.unchanged) if old is not None else None
        self.changes = self.comparison.changes() if self.comparison is not None else []
        if self.comparison is not None:
            self.stand_ins = self.comparison.stand_ins
        else:
            kinds = kinds_in(new) if self.unchanged.stand_ins else frozenset()
            self.stand_ins = StandInPartners(kinds)
        readables = [readable(each) for each in new.interactions]
        self.told = {word for each in readables for word in _told_in(each)}
        self.asked = {word for each in readables for _, word in sent_words(each)}
        self.old_of = self.comparison.pairs.one_to_one() if self.comparison is not None else {}
        self.is_written = old is None or bool(self.changes)

    def agrees(self, word: str, old: str) -> bool:
        """Whether this cassette, if it stays as it is, has that value for a new one."""
        if self.comparison is None:
            return True
        olds = self.comparison.pairs.olds_of(word)
        return olds == {old} or (not olds and word == old)

    def decision(self, older_than: datetime | None) -> Decision:
        """What was decided."""
        path = self.recorded.path
        if self.comparison is None:
            return Decision(path, Outcome.NEW, self._written())
        if self.is_written:
            outcome = Outcome.CHANGED if self.changes else Outcome.FOLLOWED
            return Decision(path, outcome, self._written(), tuple(self.changes))
        if older_than is not None and _is_older(self.recorded.old, older_than):
            return Decision(path, Outcome.DATED, self._dated())
        return Decision(path, Outcome.AS_BEFORE)

    def _written(self) -> Recording:
        if self.translation is None:
            return self.recorded.new
        old, new = self.recorded.old, self.recorded.new
        return self.translation.of(old, new, self.comparison, self.stand_ins)

    def _dated(self) -> Recording:
        """The old recording, which says that it was made when the new one was."""
        old, new = self.recorded.old, self.recorded.new
        assert old is not None
        assert self.comparison is not None
        interactions = list(old.interactions)
        for each in self.comparison.partners:
            recorded_at = new.interactions[each.new].recorded_at
            interactions[each.old] = replace(interactions[each.old], recorded_at=recorded_at)
        return Recording(interactions, old.metadata)


class _Deciding:
    """Settles for all cassettes of a run which are written, and with which ids."""

    def __init__(self, files: Sequence[_File]) -> None:
        self._files = files
        self._telling: dict[str, list[_File]] = {}
        for each in files:
            for word in each.told:
                self._telling.setdefault(word, []).append(each)
        self._sharing = self._found_sharing()

    def decide(self) -> None:
        """All of it."""
        for each in self._files:
            self._settle_needs(each)
        known = dict(pair for each in self._files for pair in each.stand_ins.items())
        for each in self._files:
            each.stand_ins.add(known.items())
        given_up: set[str] = set()
        # Each turn gives more ids up, the first one mostly none; so many that are wrong are odd.
        for turn in range(_MOST_TURNS + 1):
            old_of = self._agreed(given_up)
            while self._must_follow(old_of):
                old_of = self._agreed(given_up)
            clashes = self._translate(old_of)
            if not clashes:
                return
            given_up |= clashes if turn < _MOST_TURNS - 1 else self._sharing.keys()

    def _found_sharing(self) -> dict[str, list[_File]]:
        """Ids and dates that one cassette's user asked with, and BILL told another one's.

        It may have them from there, also where it was told them itself.
        """
        asking: dict[str, list[_File]] = {}
        for each in self._files:
            for word in each.asked & self._telling.keys():
                if len(word) >= _SHORTEST_SHARED:
                    asking.setdefault(word, []).append(each)
        sharing = {}
        for word, files in asking.items():
            telling = self._telling[word]
            if any(other is not each for other in telling for each in files):
                sharing[word] = [*telling, *(each for each in files if word not in each.told)]
        return sharing

    def _settle_needs(self, file: _File) -> None:
        """Values in requests are as before if another cassette's answers say so."""
        comparison = file.comparison
        if comparison is None:
            return
        changed = []
        for need in comparison.needs:
            telling = [each for each in self._telling.get(need.new, []) if each is not file]
            known = [each.comparison.pairs.olds_of(need.new) for each in telling if each.comparison]
            is_told = any(need.old in olds for olds in known) or (telling and not any(known))
            is_date = taken_apart(need.new).pieces[0].is_date if need.new else False
            if is_told and is_date:
                comparison.pairs.learn_date(need.new, need.old)
            elif not is_told or not comparison.pairs.learn(need.new, need.old):
                changed.append(str(need.change))
        if changed:
            file.changes += dict.fromkeys(changed)
            file.is_written = True
        file.old_of = comparison.pairs.one_to_one()

    def _agreed(self, given_up: set[str]) -> dict[str, str]:
        """The old value of each shared id: as in the cassettes that stay, else in any."""
        agreed = {}
        for word, files in self._sharing.items():
            if word in given_up or not is_translatable(word):
                continue
            for each in sorted(files, key=lambda each: each.is_written):
                if word in each.old_of:
                    agreed[word] = each.old_of[word]
                    break
        return agreed

    def _must_follow(self, old_of: Mapping[str, str]) -> bool:
        """Whether some cassette that was to stay has other ids than what is written will have."""
        found = False
        for word, files in self._sharing.items():
            if not any(each.is_written for each in files) and word not in old_of:
                continue
            old = old_of.get(word, word)
            for each in files:
                if not each.is_written and not each.agrees(word, old):
                    each.is_written = found = True
        return found

    def _translate(self, old_of: Mapping[str, str]) -> set[str]:
        """Give each cassette that is written its old values; the shared ones that cannot be."""
        clashes: set[str] = set()
        for each in self._files:
            if each.is_written:
                words = each.told | each.asked
                shared = {word: old_of[word] for word in words & old_of.keys()}
                own = {
                    word: old
                    for word, old in each.old_of.items()
                    if word not in self._sharing and is_translatable(word)
                }
                # What BILL did not tell may stand in the test's own code.
                raw = (words & self._sharing.keys() - shared.keys()) | (each.asked - each.told)
                each.translation = Translation.without_clashes(shared, own, words, raw)
                clashes |= each.translation.clashes
        return clashes


def _told_in(interaction: Interaction) -> Iterator[str]:
    """The ids in an answer, and the dates that tell the time of day."""
    for name, word in words_of(answered_content(interaction)):
        if may_be_id(word, name) or (has_time(word) and taken_apart(word).pieces[0].is_date):
            yield word
    for values in interaction.answer_headers.values():
        for value in values:
            yield from (each.text for each in taken_apart(value).pieces if is_opaque(each.text))


def _is_older(recording: Recording | None, than: datetime) -> bool:
    """Whether a part of a recording was made before some time, as far as it says."""
    made = [times.read(each.recorded_at) for each in recording.interactions] if recording else []
    return any(moment is None or moment < than for moment in made)
