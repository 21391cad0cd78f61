"""What becomes of each recording before it is proven: a cassette in which nothing changed stays.

What is proven is then what will be in the folder: the old file of a cassette that is as before, and
of the others what will be written, with the old ids wherever that can be done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pytest_bill import real_files
from pytest_bill.cassettes import merging, store
from pytest_bill.cassettes.changes.quiet import Decision, Recorded, decide
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.leak_check import SecretFinder
from pytest_bill.cassettes.staging import Staging
from pytest_bill.exceptions import CassetteError, SecretFound
from pytest_bill.proof.apart import NewIds, new_ids


@dataclass(frozen=True)
class Rules:
    """What does not count as a change, and from when on a recording is too old to stay.

    ``special`` has the cassettes for which something else counts.
    """

    unchanged: Unchanged
    older_than: datetime | None = None
    special: Mapping[Path, Unchanged] = field(default_factory=dict)


@dataclass
class Settled:
    """The decisions; and what is not kept, since it holds a secret that became known later."""

    decisions: list[Decision] = field(default_factory=list)
    refused: dict[Path, str] = field(default_factory=dict)
    merged: dict[Path, merging.Merged] = field(default_factory=dict)
    """What was joined to that which another run has written meanwhile."""
    new_ids: dict[Path, NewIds] = field(default_factory=dict)
    """Of fixtures that were recorded anew."""


def settle(
    paths: Iterable[Path],
    where: Staging,
    rules: Rules,
    find_secret: SecretFinder,
) -> Settled:
    """Decide for all cassettes of a run, and let that wait which is to be written.

    Raises:
        CassetteError: what waits cannot be read, or what is to be written cannot be.
    """
    settled = Settled()
    recorded = []
    for path in paths:
        new = store.load(path, where.place_of(path)) or store.Recording()
        merged = merging.with_others(where.scratch, path, new)
        if merged is not None:
            settled.merged[path] = merged
            new = merged.recording
        recorded.append(Recorded(path, _old(path), new))
    for each, decision in zip(
        recorded, decide(recorded, rules.unchanged, rules.older_than, rules.special), strict=True
    ):
        try:
            if decision.recording is None:
                where.drop(each.path)
            elif (
                decision.recording is not each.new
                or each.path in settled.merged
                or _holds_any(each.path, where, find_secret)
            ):
                store.save(each.path, decision.recording, find_secret, where)
        except SecretFound as error:
            where.drop(each.path)
            settled.refused[each.path] = str(error)
        else:
            settled.decisions.append(decision)
            ids = new_ids(decision, each.old)
            if ids is not None:
                settled.new_ids[each.path] = ids
    return settled


def _holds_any(path: Path, where: Staging, find_secret: SecretFinder) -> bool:
    """Whether a secret is in what waits: it may have become known when that was written."""
    return find_secret(real_files.read_bytes(where.place_of(path))) is not None


def _old(path: Path) -> store.Recording | None:
    try:
        return store.load(path)
    except CassetteError:  # it is damaged, and recorded anew
        return None
