"""What a worker of pytest-xdist has done so far: its controller knows where it ends without a word.

A line a test, in a file of the folder that they share.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_bill.cassettes.set_ups import DONE, TIMELINE

if TYPE_CHECKING:
    from pytest_bill.run.run import Run
    from pytest_bill.run.state import RunState


class Journal:
    """Tells what is new since it was told last."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._notices = 0
        self._recorded = 0

    def begin(self, run: Run, test: str, path: Path) -> None:
        """A test may record from now on."""
        assert run.set_ups is not None
        place = cassette_place(run.settings.cassette_dir, str(path))
        run.set_ups.add_line({"begun": test, "cassette": place})

    def done(self, run: Run, state: RunState, test: str) -> None:
        """A test is done."""
        assert run.set_ups is not None
        counts = Counter(run.recorder.counts.as_dict())
        line: dict[str, Any] = {"done": test}
        new = {name: count for name, count in (counts - self._counts).items() if count}
        if new:
            line["counts"] = new
        if state.notices[self._notices :]:
            line["notices"] = [each.as_list() for each in state.notices[self._notices :]]
        if state.recorded[self._recorded :]:
            line["recorded"] = [
                [nodeid, cassette_place(run.settings.cassette_dir, path)]
                for nodeid, path in state.recorded[self._recorded :]
            ]
        self._counts, self._notices = counts, len(state.notices)
        self._recorded = len(state.recorded)
        run.set_ups.add_line(line)


def cassette_place(folder: Path, path: str) -> str:
    """A cassette below the cassette folder, which is elsewhere on another machine."""
    return Path(path).relative_to(folder).as_posix() if Path(path).is_relative_to(folder) else path


@dataclass
class Left:
    """What a worker left that ended without a word: what it did, and the cassette it was at."""

    totals: dict[str, Any] = field(default_factory=dict)
    cassettes: dict[str, str] = field(default_factory=dict)
    """The cassettes of tests that it did not end."""
    timeline: list[list[Any]] = field(default_factory=list)
    """What it had asked, where that is wanted: see ``Timeline.as_lists``."""


def left_by(folder: Path, worker: str) -> Left:
    """What the journal of a worker says."""
    counts: Counter[str] = Counter()
    notices: list[list[str]] = []
    recorded: list[list[str]] = []
    begun: dict[str, str] = {}
    timeline: list[list[Any]] = []
    for line in _lines(folder / f"{worker}{DONE}"):
        if "begun" in line:
            begun[line["begun"]] = line["cassette"]
            continue
        if TIMELINE in line:
            timeline.append(line[TIMELINE])
            continue
        begun.pop(line["done"], None)
        counts.update(line.get("counts", {}))
        notices += line.get("notices", ())
        recorded += line.get("recorded", ())
    totals = {"counts": dict(counts), "notices": notices, "recorded": recorded, "cassettes": []}
    return Left(totals, begun, timeline)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    for line in text.splitlines(keepends=True):
        if line.endswith("\n"):  # it may have ended within the last one
            yield json.loads(line)
