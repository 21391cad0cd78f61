"""What really changed between two recordings of the same cassette, in BILL's terms.

The time grows with the traffic, not with its square.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pytest_bill.cassettes.changes.alignment import Alignment, Asked
from pytest_bill.cassettes.changes.contents import answered_content, header_text, leaves
from pytest_bill.cassettes.changes.pairs import Pairs
from pytest_bill.cassettes.changes.stand_in_partners import StandInPartners
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.changes.values import is_enum
from pytest_bill.cassettes.changes.walk import NEW_VALUE, Change, Need, Walk
from pytest_bill.cassettes.client_sign_ins import is_same_by_fixture
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.matchers.session import are_same, session_in_headers
from pytest_bill.cassettes.store import Recording
from pytest_bill.credentials.kinds import AUTHORIZATION, CREDENTIAL_HEADERS
from pytest_bill.environments import ANSWERERS
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry

USUAL = Unchanged()
_OWN = "pytest_bill"
_OF_CREDENTIALS = CREDENTIAL_HEADERS | {AUTHORIZATION}
_MOST_CHANGES = 2
# What follows from the interactions, or says nothing of them.
_NOT_COMPARED = frozenset({"version", "environment", "note"})


@dataclass
class Partner:
    """A new interaction, by its number, and the old one that it takes the place of."""

    new: int
    old: int
    changes: list[Change]
    needs: list[Need]
    met: list[tuple[str, str]]
    """The ids and dates in it, each with the old one."""


@dataclass
class Comparison:
    """What is new against an old recording of the same cassette."""

    pairs: Pairs = field(default_factory=Pairs)
    partners: list[Partner] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Changes beside those of partners: interactions more or less, the metadata."""
    stand_ins: StandInPartners = field(default_factory=StandInPartners)

    @property
    def needs(self) -> Iterator[Need]:
        """Values of requests that this cassette's answers do not explain."""
        return (need for partner in self.partners for need in partner.needs)

    def changes(self) -> list[str]:
        """What changed, each kind of change once."""
        found: dict[tuple[str, str], Counter[Change]] = {}
        for partner in self.partners:
            for each in partner.changes:
                # A new value is always told.
                what = each.what if each.what.startswith(NEW_VALUE) else ""
                found.setdefault((f"{each.place} {each.field}", what), Counter())[each] += 1
        return [*(line for each in found.values() for line in _lines_of(each)), *self.others]


def _lines_of(found: Counter[Change]) -> Iterator[str]:
    """What changed in one field: each change, or that there were many."""
    if len(found) > _MOST_CHANGES and (first := next(iter(found))).field:
        yield f"{first.place}: {first.field} has other values ({found.total()} times)"
        return
    for change, count in found.items():
        yield f"{change} ({count} times)" if count > 1 else str(change)


def changes(old: Recording, new: Recording, unchanged: Unchanged = USUAL) -> list[str]:
    """What really changed from an old recording of a cassette to a new one; nothing if it did not.

    Ids in requests that neither recording explains count as changed: see ``quiet`` for all
    cassettes of a run.
    """
    comparison = compared(old, new, unchanged)
    return [*comparison.changes(), *dict.fromkeys(str(need.change) for need in comparison.needs)]


def compared(old: Recording, new: Recording, unchanged: Unchanged = USUAL) -> Comparison:
    """Two recordings of the same cassette, compared."""
    return _Comparing(old, new, unchanged).compare()


class _Comparing:
    """One comparison of two recordings."""

    def __init__(self, old: Recording, new: Recording, unchanged: Unchanged) -> None:
        self._old, self._new, self._unchanged = old, new, unchanged
        self._before = [readable(each) for each in old.interactions]
        self._now = [readable(each) for each in new.interactions]
        self._result = Comparison()
        if unchanged.stand_ins:
            self._result.stand_ins = StandInPartners(kinds_in(old) & kinds_in(new))

    def compare(self) -> Comparison:
        """All of it."""
        result = self._result
        before, now = list(map(Asked, self._before)), list(map(Asked, self._now))
        alignment = Alignment(before, self._unchanged)
        left = []
        for number, asked in enumerate(now):
            partner = alignment.take(asked, result.pairs)
            if partner is None:
                left.append(number)
            else:
                self._compare(before[partner], asked, partner, number)
        left = [number for number in left if not self._compare_like(before, now, number, alignment)]
        rest = alignment.rest()
        for number in [*left]:
            partner = self._signed_in_otherwise(number, rest)
            if partner is not None:
                result.partners.append(Partner(number, partner, [], [], []))
                left.remove(number)
                rest.remove(partner)
        more = [f"one more interaction: {_told(now[number])}" for number in left]
        result.partners.sort(key=lambda each: each.new)
        for each in result.partners:
            each.needs = [
                need
                for need in each.needs
                if not result.pairs.explain(need.new, need.old, each.new)
            ]
        less = [f"one interaction less: {_told(before[number])}" for number in rest]
        result.others += more + less + list(changed_metadata(self._old, self._new))
        return result

    def _compare_like(
        self, before: list[Asked], now: list[Asked], number: int, alignment: Alignment
    ) -> bool:
        partner = alignment.take_like(now[number])
        if partner is not None:
            self._compare(before[partner], now[number], partner, number)
        return partner is not None

    def _signed_in_otherwise(self, number: int, rest: Sequence[int]) -> int | None:
        """The old sign-in of a fixture that now signs in by another way: either one serves it."""
        sign_in = self._now[number]
        return next((old for old in rest if is_same_by_fixture(self._before[old], sign_in)), None)

    def _compare(self, old: Asked, new: Asked, number: int, new_number: int) -> None:
        pairs, before, now = self._result.pairs, old.interaction, new.interaction
        stand_ins = self._result.stand_ins
        if stand_ins.learn(before, now):
            now = stand_ins.replaced(now)
            new = Asked(now)
        walk = Walk(new.shown, new_number, pairs, self._unchanged, self._is_known_enum)
        walk.request(old.target.path, new.target.path, "path")
        walk.request(old.target.query, new.target.query)
        walk.request(old.content, new.content)
        self._compare_headers(walk, "request header", *_sent_headers(before, now))
        if outcome_of(before) != outcome_of(now):
            walk.change("", f"{outcome_of(before)} → {outcome_of(now).removeprefix('status ')}")
        elif before.reason != now.reason:
            walk.change("", f"status text {before.reason!r} → {now.reason!r}")
        answerers = answerer_of(before, self._old), answerer_of(now, self._new)
        if all(answerers) and answerers[0] != answerers[1]:
            walk.change("", "was answered by {}, now by {}".format(*answerers))
        self._compare_headers(walk, "header", before.answer_headers, now.answer_headers)
        for name in ("content_encoding", "http_version"):
            if getattr(before, name) != getattr(now, name):
                walk.change(name, "is another")
        walk.answer(answered_content(before), answered_content(now))
        partner = Partner(new_number, number, walk.changes, walk.needs, walk.met)
        self._result.partners.append(partner)

    def _compare_headers(
        self,
        walk: Walk,
        what: str,
        old: Mapping[str, Sequence[str]],
        new: Mapping[str, Sequence[str]],
    ) -> None:
        before, now = self._headers_of(old), self._headers_of(new)
        for name in before.keys() - now.keys():
            walk.change(f"{what} `{name}`", "is gone")
        for name in now.keys() - before.keys():
            walk.change(f"{what} `{name}`", "added")
        for name in sorted(before.keys() & now.keys()):
            if before[name] != now[name]:
                compare = walk.request if what.startswith("request") else walk.answer
                compare(before[name], now[name], f"{what} {name}")

    def _headers_of(self, headers: Mapping[str, Sequence[str]]) -> dict[str, str]:
        return {
            name.lower(): "\n".join(header_text(name, value) for value in values)
            for name, values in headers.items()
            if name.lower() not in self._unchanged.headers
        }

    def _is_known_enum(self, name: str, value: str) -> bool:
        return value in self._old_enums.get(name, ())

    @cached_property
    def _old_enums(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for interaction in self._before:
            for name, value in leaves(answered_content(interaction)):
                if isinstance(value, str) and is_enum(value):
                    found.setdefault(name, set()).add(value)
        return found


def answerer_of(interaction: Interaction, recording: Recording) -> str:
    """Who answered; an older cassette says it of the whole file, if at all, else empty."""
    about = recording.metadata.get(_OWN)
    of_file = str(about.get("environment", "")) if isinstance(about, dict) else ""
    of_file = {"custom": "other"}.get(of_file, of_file)
    return interaction.answered_by or (of_file if of_file in ANSWERERS else "")


def _sent_headers(
    before: Interaction, now: Interaction
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The headers of two requests; less the same credential where others carry it now."""
    sessions = [session_in_headers(each, SecretRegistry()) for each in (before, now)]
    carried = [_OF_CREDENTIALS & {*map(str.lower, each.headers)} for each in (before, now)]
    left_out = _OF_CREDENTIALS if are_same(*sessions) and carried[0] != carried[1] else ()
    first, second = (
        {name: [value] for name, value in each.headers.items() if name.lower() not in left_out}
        for each in (before, now)
    )
    return first, second


def kinds_in(recording: Recording) -> frozenset[str]:
    """The kinds of data for which a recording holds stand-ins, as it says."""
    about = recording.metadata.get(_OWN)
    told = about.get("stand_ins") if isinstance(about, dict) else None
    return frozenset(map(str, told.get("kinds") or ())) if isinstance(told, dict) else frozenset()


def _metadata_of(recording: Recording) -> dict[str, Any]:
    """The metadata that counts, by names that lines can tell."""
    metadata = dict(recording.metadata)
    own = metadata.pop(_OWN, None)
    own = own if isinstance(own, dict) else {}
    return metadata | {name: each for name, each in own.items() if name not in _NOT_COMPARED}


def changed_metadata(old: Recording, new: Recording) -> Iterator[str]:
    """What changed in the metadata of two recordings, in words."""
    before, now = _metadata_of(old), _metadata_of(new)
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            yield f"the metadata's {name} is another"


def _told(asked: Asked) -> str:
    interaction: Interaction = asked.interaction
    return f"{asked.shown} ({outcome_of(interaction)})"


def outcome_of(interaction: Interaction) -> str:
    """The status, or the fault in its place, in words."""
    return interaction.fault or f"status {interaction.status}"
