"""One open cassette: its recorded interactions, what was played, and what is new."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_bill.cassettes import store
from pytest_bill.cassettes.cassette_file import CassetteFile
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.filtered import Filtered
from pytest_bill.cassettes.index import Index
from pytest_bill.cassettes.kept_indexes import KeptIndexes
from pytest_bill.cassettes.matching import Compared, Matcher
from pytest_bill.cassettes.played_stand_ins import PlayedStandIns
from pytest_bill.cassettes.shown_stand_ins import ShownStandIns
from pytest_bill.cassettes.stand_in_pairs import StandInPairs
from pytest_bill.interaction import Interaction
from pytest_bill.record_modes import RecordMode
from pytest_bill.scrubbing.personal import found_in
from pytest_bill.scrubbing.personal_places import Kind

if TYPE_CHECKING:
    from pytest_bill.cassettes.differences import Difference
    from pytest_bill.scrubbing.by_value import ByValue


class Nearest(NamedTuple):
    """The recorded request most like one that was not found, and what differs."""

    interaction: Interaction
    differences: list[Difference]


class Cassette:
    """Plays recorded answers in order, each once, and keeps new interactions until saved.

    Lookup is by match key. It is safe to use from several threads.
    """

    def __init__(
        self,
        path: Path,
        record_mode: str,
        matcher: Matcher,
        file: Path | None = None,
        *,
        goes_on: bool = False,
        played_before: Collection[int] = (),
        kept: KeptIndexes | None = None,
    ) -> None:
        """It is read from another ``file`` where its recording waits there.

        One that ``goes_on`` was begun by this run, so that ``once`` may record into it. Of its
        interactions, those with these numbers were ``played_before``.
        """
        self.goes_on = goes_on
        self._played_before = played_before
        self.path = path
        self.record_mode = RecordMode(record_mode)
        self.recorded: list[Interaction] = []
        self.fixture_cassettes: list[Cassette] = []
        self.stand_in_pairs = StandInPairs()
        self.shown = ShownStandIns()
        self.played_stand_ins = PlayedStandIns()
        self._looked_through = 0
        self._data_recorded: dict[tuple[Kind, str], None] = {}
        self._matcher = matcher
        # Who records needs all of it.
        kept = kept if self.record_mode is RecordMode.NONE else None
        self._in_file = CassetteFile(path, file, matcher, kept)
        self._made_index: Index | None = None
        self._filtered = Filtered(matcher)
        self._missed: tuple[Interaction, Compared] | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Cassette {self.path} ({self.record_mode})>"

    def go_on_from(self, other: Cassette) -> None:
        """Know what the user of this one has seen, and had from its fixtures, so far."""
        self.fixture_cassettes = other.fixture_cassettes
        self.stand_in_pairs = other.stand_in_pairs
        self.shown = other.shown
        self.played_stand_ins = other.played_stand_ins

    def add_fixture_cassette(self, other: Cassette) -> None:
        """Know the cassette of a fixture that the user of this one uses."""
        self.fixture_cassettes.append(other)
        self.stand_in_pairs.add_fixture_pairs(other.stand_in_pairs)
        self.shown.add_fixture(other.shown)

    @property
    def exists(self) -> bool:
        """Whether there was a file when the cassette was first used."""
        return self._in_file.recording is not None

    @property
    def read_so_far(self) -> store.Recording | None:
        """What the file held, or nothing; None where nobody has looked."""
        return self._in_file.read_so_far

    @cached_property
    def interactions(self) -> Sequence[Interaction]:
        """What the file held."""
        return self._in_file.recording.interactions if self._in_file.recording is not None else []

    @cached_property
    def data_in_file(self) -> Collection[tuple[Kind, str]]:
        """The bank and personal data in the file."""
        return found_in(map(readable, self.interactions))

    @property
    def data_recorded(self) -> Collection[tuple[Kind, str]]:
        """The bank and personal data that BILL and the test sent, in what is new."""
        # A fixture's cassette may grow from test to test, and each test asks.
        new = self.recorded[self._looked_through :]
        self._data_recorded.update(found_in(map(readable, new)))
        self._looked_through += len(new)
        return self._data_recorded

    @property
    def environment_name(self) -> str:
        """Where the file says it was recorded from; empty where it does not say."""
        return str(self._about_file.get("environment", ""))

    @cached_property
    def stood_in(self) -> frozenset[str]:
        """The kinds of data for which the file says that it holds stand-ins."""
        return frozenset(map(str, self._about_stand_ins.get("kinds") or ()))

    @property
    def only_stand_ins(self) -> bool:
        """Whether all data of these kinds in the file is made up."""
        return not self._about_stand_ins.get("mixed")

    @property
    def _about_stand_ins(self) -> dict[str, Any]:
        about = self._about_file.get("stand_ins")
        return about if isinstance(about, dict) else {}

    @property
    def _about_file(self) -> dict[str, Any]:
        recording = self._in_file.recording
        about = recording.metadata.get("pytest_bill") if recording is not None else None
        return about if isinstance(about, dict) else {}

    @property
    def can_record(self) -> bool:
        """Whether a request that is not in the cassette may be sent and recorded."""
        # Asked of the file only where that decides: it is not read before it is needed.
        mode = self.record_mode
        decides = mode is RecordMode.ONCE and not self.goes_on
        return mode is not RecordMode.NONE and mode.may_record(exists=decides and self.exists)

    @property
    def _index(self) -> Index:
        if self._made_index is None:
            with self._lock:
                if self._made_index is None:
                    index = self._in_file.index(self.stood_in)
                    index.take_again(self._played_before)
                    self._made_index = index
        return self._made_index

    @cached_property
    def may_play(self) -> bool:
        """Whether there is anything to be played."""
        return self.record_mode.may_play and bool(self.interactions)

    @cached_property
    def fails_early(self) -> bool:
        """Whether a fault was recorded that came while its client connected."""
        recording = self._in_file.recording
        if not self.may_play or recording is None or not recording.may_have_faults:
            return False
        return _have_early_fault(recording.interactions)

    def play(
        self,
        request: Interaction,
        agrees: Callable[[Interaction], bool] | None = None,
        *,
        declines_faults: bool = False,
    ) -> Interaction | None:
        """What is recorded next for this request, or None; with ``agrees``, of those only.

        Who ``declines_faults`` leaves one where it is, for who asks next.
        """
        if not self.may_play:
            return None
        index, stand_in_pairs = self._made_index or self._index, self.stand_in_pairs
        agree = self._agreeing(request, agrees)
        # What takes time is done before and after the lock.
        compared = self._compared(request)
        with self._lock:
            number = _take(index, compared, stand_in_pairs, agree)
            if number is None and index.is_partial:  # it knows too little to say so
                index = self._made_index = index.whole()
                number = _take(index, compared, stand_in_pairs, agree)
            if number is None:
                held = self.interactions, self.stood_in
                number = self._filtered.take(request, compared.key, index, *held, agree)
            if number is None:
                self._missed = request, compared
                return None
            if declines_faults and self.interactions[number].fault:
                index.put_back(number, compared)
                return None
            stand_in_pairs.learn(compared.personal, index.personal_data(number))
        recorded = self.interactions[number]
        if self.stood_in and self.record_mode.may_send:
            self.played_stand_ins.add(compared.personal, recorded)
        if not stand_in_pairs and not self._matcher.has_sent:
            return recorded
        plain = readable(recorded)
        restored = stand_in_pairs.restored(plain) if stand_in_pairs else plain
        restored = self._matcher.restored(restored)
        return recorded if restored is plain else with_length(restored, recorded)

    def _agreeing(
        self, request: Interaction, agrees: Callable[[Interaction], bool] | None
    ) -> Callable[[int], bool] | None:
        """Whether a recorded one agrees with a request beside its key; None where each one does."""
        if not self._matcher.custom and agrees is None:
            return None

        def agree(number: int) -> bool:
            recorded = self.interactions[number]
            is_so = agrees is None or agrees(recorded)
            return is_so and self._matcher.custom_agree(request, recorded)

        return agree

    @property
    def was_asked(self) -> bool:
        """Whether anything was looked for in what is recorded."""
        return self._made_index is not None

    @property
    def unplayed_numbers(self) -> Sequence[int]:
        """Where what was not played stands in ``interactions``."""
        if self._made_index is None:
            return range(len(self.interactions))
        with self._lock:
            return self._made_index.untaken()

    @property
    def numbers_had(self) -> Collection[int]:
        """Where what its user had by now stands in the file, when what is new has been saved."""
        count, new = 0, len(self.recorded)
        had: set[int] = set()
        if self.record_mode.may_play:
            count = len(self.interactions)
            had.update(set(range(count)).difference(self.unplayed_numbers))
        return had | set(range(count, count + new))

    @property
    def unplayed(self) -> list[Interaction]:
        """What the file held and was not played, in the order recorded."""
        return [self.interactions[number] for number in self.unplayed_numbers]

    def _compared(self, request: Interaction) -> Compared:
        """A request as it is compared; one that was recorded just so is known."""
        compared = (self._made_index or self._index).compared(self._matcher.deciding(request))
        own = self.stand_in_pairs.to_stand_ins
        if compared is None or (own and _may_hold(request, own)):
            return self._matcher.compared(request, self.stood_in, own)
        return self._matcher.as_asked(compared, request)

    def record(self, interaction: Interaction) -> None:
        """Keep a new interaction, in ``recorded``."""
        with self._lock:
            self.recorded.append(interaction)

    def nearest(self, request: Interaction) -> Nearest | None:
        """The recorded request that differs from this one in the fewest parts."""
        if not self.interactions:
            return None
        missed, compared = self._missed or (None, None)
        if compared is None or missed is not request:
            compared = self._compared(request)
        found = _nearest(compared, self._index, self._matcher)
        return Nearest(self.interactions[found[0]], found[1]) if found is not None else None


def _nearest(
    compared: Compared, index: Index, matcher: Matcher
) -> tuple[int, list[Difference]] | None:
    from pytest_bill.cassettes import nearest

    return nearest.find(compared, index, matcher)


def _have_early_fault(interactions: Sequence[Interaction]) -> bool:
    from pytest_bill.cassettes.faults import WHILE_CONNECTING

    return any(each.fault in WHILE_CONNECTING for each in interactions)


def _may_hold(request: Interaction, values: ByValue) -> bool:
    from pytest_bill.cassettes.any_value import request_may_hold

    return request_may_hold(request, values)


def _take(
    index: Index,
    compared: Compared,
    pairs: StandInPairs,
    agree: Callable[[int], bool] | None,
) -> int | None:
    return index.take(compared, pairs) if agree is None else index.take_first(compared, agree)


def with_length(interaction: Interaction, original: Interaction) -> Interaction:
    """Mend Content-Length where scrubbing or decoding changed a body's length."""
    if len(interaction.body) != len(original.body):
        length = str(len(interaction.body))
        headers = {
            name: length if name.lower() == "content-length" else value
            for name, value in interaction.headers.items()
        }
        interaction = replace(interaction, headers=headers)
    if len(interaction.answer_body) != len(original.answer_body) and interaction.method != "HEAD":
        lengths = [str(len(interaction.answer_body))]
        answer_headers = {
            name: lengths if name.lower() == "content-length" else values
            for name, values in interaction.answer_headers.items()
        }
        interaction = replace(interaction, answer_headers=answer_headers)
    return interaction
