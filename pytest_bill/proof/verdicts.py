"""Which recordings are proven, by how the tests that used them were replayed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_bill.proof.replay import Replay


@dataclass
class Verdicts:
    """``proven`` recordings take the place of their cassettes; those ``kept_back`` do not.

    Each of the latter with the tests that were not replayed well; with none, nobody asked for it.
    """

    proven: list[Path] = field(default_factory=list)
    kept_back: dict[Path, list[str]] = field(default_factory=dict)


def verdicts(
    recorded: Iterable[Path],
    users: Mapping[Path, Collection[str]],
    replays: Mapping[str, Replay],
    failed: Collection[str],
) -> Verdicts:
    """Judge each recording; ``users`` are the tests of each test's cassette.

    All users of a test's cassette have to pass. One of a fixture or a sign-in serves many tests:
    it is proven where one of them passes, and what the others do is theirs.
    """
    found = Verdicts()
    opened_at = _opened_at(replays)
    passed_at = [number for number, nodeid in enumerate(replays) if nodeid not in failed]
    for path in recorded:
        own = users.get(path)
        if own:
            bad = sorted(nodeid for nodeid in own if nodeid in failed)
            if bad:
                found.kept_back[path] = bad
                continue
        else:
            first = opened_at.get(str(path))
            if first is None or not any(number >= first for number in passed_at):
                found.kept_back[path] = []
                continue
        found.proven.append(path)
    return found


def _opened_at(replays: Mapping[str, Replay]) -> dict[str, int]:
    """By each cassette, the number of the test that was the first to open it."""
    found: dict[str, int] = {}
    for number, replay in enumerate(replays.values()):
        for path in replay.cassettes:
            found.setdefault(path, number)
    return found
