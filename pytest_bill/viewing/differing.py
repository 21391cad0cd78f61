"""What really differs between two recordings of the same cassettes, field by field.

Which interaction takes the place of which, and what is no change, is decided as where a cassette
is recorded anew: see ``cassettes.changes``. Of many cassettes, what one tells explains the ids that
another asks with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pytest_bill.cassettes.changes.alignment import Asked
from pytest_bill.cassettes.changes.comparison import (
    Partner,
    changed_metadata,
    compared,
    outcome_of,
)
from pytest_bill.cassettes.changes.quiet import Outcome, Recorded, decide
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.changes.walk import ABSENT, Change, ValueChange
from pytest_bill.cassettes.store import Recording
from pytest_bill.viewing.hidden import Hidden

USUAL = Unchanged()
EVERYTHING = Unchanged(
    dates=False, ids=False, list_order=False, stand_ins=False, headers=frozenset()
)
"""All counts: new dates, new ids, another order."""


_ORDER = ("", "request", "answer")


class Difference(NamedTuple):
    """What differs in one field: where, in words, and both values where they are known.

    ``part`` is ``request`` or ``answer``, or empty where ``what`` says all; ``path`` is a JSON path
    such as ``results[0].name``. A value that is not there is ``ABSENT``.
    """

    part: str
    path: str
    what: str
    old: Any = ABSENT
    new: Any = ABSENT


class Changed(NamedTuple):
    """An interaction that both have, by its numbers from 1, and what differs in it."""

    old: int
    new: int
    operation: str
    differences: list[Difference]


class Single(NamedTuple):
    """An interaction that one of both has: its number from 1, and what came of it."""

    number: int
    operation: str
    outcome: str


class FileDifference(NamedTuple):
    """What differs in one file; ``only_in`` is ``old`` or ``new`` where the other has none."""

    name: str
    changed: list[Changed]
    gone: list[Single]
    added: list[Single]
    metadata: list[str]
    only_in: str = ""


class Pair(NamedTuple):
    """Both recordings of one cassette; None where there is none."""

    old: Recording | None
    new: Recording | None


def differences(
    pairs: Mapping[str, Pair], *, everything: bool = False, known: Sequence[tuple[str, str]] = ()
) -> list[FileDifference]:
    """What differs in which file, in their order; nothing where nothing really changed.

    ``known`` are placeholders and values of secrets beside those of known places.
    """
    both = {name: _without_secrets(each, known) for name, each in pairs.items()}
    explained = _explained(both) if not everything else {}
    found = []
    for name, pair in both.items():
        if pair.old is None or pair.new is None:
            found.append(_only_one(name, pair))
        elif everything or name in explained:
            each = _compared(name, pair.old, pair.new, explained.get(name))
            if each.changed or each.gone or each.added or each.metadata:
                found.append(each)
    return found


def _without_secrets(pair: Pair, known: Sequence[tuple[str, str]]) -> Pair:
    return Pair(*(each if each is None else _hidden(each, known) for each in pair))


def _hidden(recording: Recording, known: Sequence[tuple[str, str]]) -> Recording:
    hidden = Hidden(recording.interactions, known)
    return Recording([hidden[number] for number in range(len(hidden))], recording.metadata)


def _explained(pairs: Mapping[str, Pair]) -> dict[str, frozenset[str]]:
    """The cassettes that really changed, and in which words."""
    recorded = [
        Recorded(Path(name), pair.old, pair.new)
        for name, pair in pairs.items()
        if pair.new is not None
    ]
    names = [name for name, pair in pairs.items() if pair.new is not None]
    return {
        name: frozenset(decision.changes)
        for name, decision in zip(names, decide(recorded), strict=True)
        if decision.outcome is Outcome.CHANGED
    }


def _only_one(name: str, pair: Pair) -> FileDifference:
    only_in = "new" if pair.old is None else "old"
    return FileDifference(name, [], _singles(pair.old), _singles(pair.new), [], only_in)


def _compared(
    name: str, old: Recording, new: Recording, told: frozenset[str] | None
) -> FileDifference:
    """``told`` is what is known to have changed; None where all counts."""
    comparison = compared(old, new, USUAL if told is not None else EVERYTHING)
    changed = []
    for each in comparison.partners:
        was, now = old.interactions[each.old], new.interactions[each.new]
        found = list(_differences(each, told))
        if told is None and was.recorded_at != now.recorded_at:
            found.append(Difference("", "", "recorded_at", was.recorded_at, now.recorded_at))
        if found:
            changed.append(Changed(each.old + 1, each.new + 1, Asked(now).shown, found))
    olds = {each.old for each in comparison.partners}
    news = {each.new for each in comparison.partners}
    return FileDifference(
        name,
        changed,
        [each for each in _singles(old) if each.number - 1 not in olds],
        [each for each in _singles(new) if each.number - 1 not in news],
        list(changed_metadata(old, new)),
    )


def _differences(partner: Partner, told: frozenset[str] | None) -> Iterator[Difference]:
    """Those of the interaction as a whole, of the request, and of the answer."""
    yield from sorted(_found(partner, told), key=lambda each: _ORDER.index(each.part))


def _found(partner: Partner, told: frozenset[str] | None) -> Iterator[Difference]:
    yield from map(_difference, partner.changes)
    seen = set()
    for need in partner.needs:
        change = _difference(need.change)
        # A text with several ids needs one for each.
        key = (change.part, change.path)
        if key not in seen and (told is None or str(need.change) in told):
            seen.add(key)
            yield change


def _difference(change: Change) -> Difference:
    if not isinstance(change, ValueChange):
        what = f"{change.field} {change.what}" if change.field else change.what
        return Difference("", "", what)
    path, pieces = "", change.path.split("[]")
    for place, piece in enumerate(pieces):
        path += piece + (f"[{change.at[place]}]" if place < len(pieces) - 1 else "")
    part = "request" if change.is_request else "answer"
    return Difference(part, path, change.what, change.old, change.new)


def _singles(recording: Recording | None) -> list[Single]:
    interactions = recording.interactions if recording is not None else ()
    return [
        Single(number, Asked(each).shown, outcome_of(each))
        for number, each in enumerate(interactions, start=1)
    ]
