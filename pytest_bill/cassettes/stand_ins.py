"""Stand-ins in cassettes: putting them in when recording, and what the metadata says of them.

The metadata holds, under ``pytest_bill: stand_ins``, the ``kinds`` that were replaced, a
``fingerprint`` of what the run was asked to replace and, for a cassette that runs of different
choices wrote, ``mixed: true``. It holds nothing that depends on the key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from pytest_bill.cassettes.cassette import Cassette
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import (
    StandInChoice,
    by_value_of,
    found_in,
    replaced,
)
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.stand_ins import StandIns


def remember_those_of(cassette: Cassette, stand_ins: StandIns) -> None:
    """Know the stand-ins that a cassette's file, or that of a fixture, holds."""
    for each in [cassette, *cassette.fixture_cassettes]:
        # Nothing was played from a file that is recorded anew.
        if each.record_mode.may_play and each.only_stand_ins:
            for kind, value in each.data_in_file:
                if kind.choice in each.stood_in:
                    stand_ins.remember(kind, value)


def stand_in_for(
    kind: Kind, value: str, stand_ins: StandIns, choice: StandInChoice, cassette: Cassette
) -> str:
    """What a cassette holds for a value, in its new interactions."""
    if kind not in choice:
        return value
    # As the test saw it while it was recorded.
    shown = cassette.shown.stand_in_of(kind, value)
    if shown is not None:
        return shown
    # As in the recorded part, whatever key that was made with.
    paired = cassette.stand_in_pairs.stand_in_of(kind, value)
    return stand_ins.of(kind, value) if paired == value else paired


class Replaced(NamedTuple):
    """Interactions with stand-ins, and what the metadata says of them."""

    interactions: list[Interaction]
    kinds: frozenset[str]


def with_stand_ins(
    interactions: Sequence[Interaction],
    stand_ins: StandIns,
    choice: StandInChoice,
    cassette: Cassette,
) -> Replaced:
    """The new interactions of a cassette, scrubbed before, with stand-ins for what was chosen.

    Stand-ins that the cassette, or that of a fixture which the test uses, held before are known.
    """
    remember_those_of(cassette, stand_ins)
    own = found_in(interactions)
    # A fixture recorded in this run holds what BILL said; the test sends it on.
    everything = dict.fromkeys(own)
    for each in cassette.fixture_cassettes:
        everything.update(dict.fromkeys(each.data_recorded))
    for shown in cassette.shown.with_fixtures():
        everything.update(dict.fromkeys(shown.made))
    made = {place: stand_in_for(*place, stand_ins, choice, cassette) for place in everything}
    by_value = by_value_of((kind, value, made[kind, value]) for kind, value in everything)
    kinds = frozenset(place[0].choice for place in own if made[place] != place[1])

    def as_made(kind: Kind, value: str) -> str:
        return made[kind, value]

    def in_url(interaction: Interaction) -> Interaction:
        # A link of BILL's that was followed.
        link = made.get((Kind.PAYMENT_LINK, interaction.url), interaction.url)
        return interaction if link == interaction.url else replace(interaction, url=link)

    return Replaced([in_url(replaced(each, as_made, by_value)) for each in interactions], kinds)


def metadata(
    kinds: frozenset[str], choice: StandInChoice, kept: Mapping[str, Any], has_kept: bool
) -> dict[str, Any]:
    """What the metadata says of stand-ins, given what it said of the interactions that stay."""
    before = kept.get("stand_ins") if has_kept else None
    before = before if isinstance(before, dict) else {}
    if not choice and not before:
        return {}
    kinds = kinds | set(map(str, before.get("kinds", ())))
    told: dict[str, Any] = {"kinds": sorted(kinds), "fingerprint": choice.fingerprint}
    if has_kept and (before.get("fingerprint") != choice.fingerprint or before.get("mixed")):
        told["mixed"] = True
    return {"stand_ins": told}
