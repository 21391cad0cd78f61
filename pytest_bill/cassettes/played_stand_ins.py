"""Stand-ins that a test was given from a cassette's file: what they stand for may be unknown now.

A test that plays a part and records the rest may send one of them on. BILL knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Collection

from pytest_bill.cassettes.decoding import readable
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import Personal, data_of_answer
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.stand_ins import family_of, is_distinctive


class PlayedStandIns:
    """What the answers held that were played from a file, less what the test sent before."""

    def __init__(self) -> None:
        # Looked through when that is asked for: hardly ever, and each replay plays.
        self._played: list[tuple[Personal, Interaction]] = []
        self._own: set[tuple[str, str]] = set()
        self._given: dict[tuple[Kind, str], None] = {}

    def __repr__(self) -> str:
        return f"<PlayedStandIns: {len(self._played)} played>"

    def __bool__(self) -> bool:
        return bool(self._played or self._given)

    def add(self, sent: Personal, recorded: Interaction) -> None:
        """An interaction was played; ``sent`` is what stood in the places of the request."""
        self._played.append((sent, recorded))

    def given(self, stood_in: frozenset[str]) -> Collection[tuple[Kind, str]]:
        """The values of these kinds that may be stand-ins, as far as they are recognized."""
        played, self._played = self._played, []
        for sent, recorded in played:
            known = {(family_of(kind), value) for kind, value in self._given}
            self._own.update(
                place
                for place in ((family_of(kind), value) for kind, value in sent)
                if place not in known
            )
            for kind, value in data_of_answer(readable(recorded)):
                is_own = (family_of(kind), value) in self._own
                if kind.choice in stood_in and is_distinctive(kind, value) and not is_own:
                    self._given[kind, value] = None
        return self._given
