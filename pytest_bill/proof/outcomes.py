"""What becomes of each recording before it is proven: a cassette in which nothing changed stays.

What is proven is then what will be in the folder: the old file of a cassette that is as before, and
of the others what will be written, with the old ids wherever that can be done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pytest_bill.cassettes import store
from pytest_bill.cassettes.changes.quiet import Decision, Recorded, decide
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.leak_check import SecretFinder
from pytest_bill.cassettes.staging import Staging
from pytest_bill.exceptions import CassetteError


@dataclass(frozen=True)
class Rules:
    """What does not count as a change, and from when on a recording is too old to stay."""

    unchanged: Unchanged
    older_than: datetime | None = None


def settle(
    paths: Iterable[Path],
    where: Staging,
    rules: Rules,
    find_secret: SecretFinder,
) -> list[Decision]:
    """Decide for all cassettes of a run, and let that wait which is to be written.

    Raises:
        CassetteError: what waits cannot be read, or what is to be written cannot be.
    """
    recorded = [
        Recorded(path, _old(path), store.load(path, where.place_of(path)) or store.Recording())
        for path in paths
    ]
    decisions = decide(recorded, rules.unchanged, rules.older_than)
    for each, decision in zip(recorded, decisions, strict=True):
        if decision.recording is None:
            where.drop(decision.path)
        elif decision.recording is not each.new:
            store.save(decision.path, decision.recording, find_secret, where)
    return decisions


def _old(path: Path) -> store.Recording | None:
    try:
        return store.load(path)
    except CassetteError:  # it is damaged, and recorded anew
        return None
