"""What the two runs tell each other: what is to be proven, and how each test ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pytest_bill import real_files
from pytest_bill.cassettes.differences import Difference
from pytest_bill.cassettes.use import Miss


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user may read, as all that processes of a run share."""
    real_files.replace_file(path, text.encode(), 0o600)


@dataclass(frozen=True)
class Wanted:
    """What the second run is to do.

    ``files`` says where the recordings of cassettes wait, ``tests`` are the node ids of the tests
    that used them, ``is_reversed`` whether they run from the last to the first, and ``outcome`` is
    the file for what came of it. ``turned`` are files in which lists are the other way round, by
    the tests that are to be run with them once more.
    """

    files: Mapping[str, str]
    tests: tuple[str, ...]
    is_reversed: bool
    outcome: str
    turned: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The cassette and the file, by node id."""

    def write(self, path: Path) -> None:
        """Leave it for the second run."""
        write_private(path, json.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> Wanted:
        """What the first run left."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(**data | {"tests": tuple(data["tests"])})


@dataclass
class Replay:
    """How one test ended when it was replayed.

    ``cassettes`` are the files that it was the first to open; ``misses`` are the requests that had
    no recorded answer; ``unplayed`` the recorded ones that it did not ask for. ``turned_error`` is
    what it compared in vain where lists were the other way round.
    """

    outcome: str = ""
    error: str = ""
    where: str = ""
    cassettes: list[str] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)
    unplayed: list[str] = field(default_factory=list)
    turned_error: str = ""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Replay:
        """What the second run has written."""
        misses = [
            Miss(**each | {"differences": tuple(Difference(*one) for one in each["differences"])})
            for each in data["misses"]
        ]
        return cls(**{**data, "misses": misses})

    @property
    def passed(self) -> bool:
        """Whether the test did what it did when it was recorded.

        One that is skipped, though there are answers for it, did not.
        """
        return self.outcome == "passed" or (self.outcome == "skipped" and not self.unplayed)


def write_outcome(path: Path, replays: Mapping[str, Replay]) -> None:
    """Leave what came of the second run, in the order of its tests."""
    data = {nodeid: asdict(replay) for nodeid, replay in replays.items()}
    write_private(path, json.dumps(data))


def read_outcome(path: Path) -> dict[str, Replay] | None:
    """What came of the second run; None where it left nothing."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return {nodeid: Replay.from_dict(each) for nodeid, each in data.items()}
