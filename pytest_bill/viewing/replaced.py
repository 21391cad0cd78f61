"""What was replaced when an interaction was recorded: placeholders, and stand-ins by their kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from pytest_bill.cassettes.changes.comparison import kinds_in
from pytest_bill.cassettes.store import Recording
from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import data_of_answer, data_of_request
from pytest_bill.scrubbing.placeholders import PLACEHOLDER

PLACEHOLDER_NOTE = "placeholder"


class StoodIn(NamedTuple):
    """The kinds of data for which a cassette holds stand-ins; ``is_mixed``: and other data."""

    kinds: frozenset[str] = frozenset()
    is_mixed: bool = False


def stood_in(recording: Recording) -> StoodIn:
    """What a cassette says of its stand-ins."""
    own = recording.metadata.get("pytest_bill")
    about = own.get("stand_ins") if isinstance(own, dict) else None
    return StoodIn(kinds_in(recording), bool(isinstance(about, dict) and about.get("mixed")))


class Replaced:
    """What is no real value in one interaction."""

    def __init__(self, interaction: Interaction, stand_ins: StoodIn) -> None:
        """Data is looked for only where the cassette says that it holds stand-ins."""
        self._word = "may be a stand-in" if stand_ins.is_mixed else "stand-in"
        self._kind_of: dict[str, str] = {}
        self.stand_ins: Counter[str] = Counter()
        """How often which kind stands there."""
        if stand_ins.kinds:
            for data in (data_of_request(interaction), data_of_answer(interaction)):
                for kind, value in data:
                    if kind.choice in stand_ins.kinds:
                        self._kind_of[value] = kind.choice
                        self.stand_ins[kind.choice] += 1
        self.placeholders = sum(map(_placeholders_in, _texts(interaction)))
        """How many there are."""

    def note(self, value: str) -> str:
        """What is to be said of a value; empty for a real one."""
        if PLACEHOLDER_PREFIX in value and PLACEHOLDER.search(value) is not None:
            return PLACEHOLDER_NOTE
        kind = self._kind_of.get(value)
        return f"{self._word} ({kind})" if kind is not None else ""

    def __str__(self) -> str:
        """All of it, counted; empty where nothing was replaced."""
        told = []
        if self.placeholders:
            told.append(_counted(self.placeholders, "placeholder"))
        if self.stand_ins:
            count = _counted(self.stand_ins.total(), "stand-in")
            told.append(f"{count} ({', '.join(sorted(self.stand_ins))})")
        return ", ".join(told)


def _texts(interaction: Interaction) -> Iterable[str]:
    yield interaction.url
    yield from interaction.headers.values()
    for values in interaction.answer_headers.values():
        yield from values
    yield interaction.body.decode("utf-8", "replace")
    yield interaction.answer_body.decode("utf-8", "replace")


def _placeholders_in(text: str) -> int:
    return len(PLACEHOLDER.findall(text)) if PLACEHOLDER_PREFIX in text else 0


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
