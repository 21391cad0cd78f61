"""The cassettes of a folder: how many, how large, whose answers, how old, and which are damaged."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pytest_bill import environments, real_files
from pytest_bill.cassettes import store, times
from pytest_bill.cassettes.damaged import Damaged
from pytest_bill.cassettes.store import Recording
from pytest_bill.doctor.shape import CassettesSeen, Finding, told, wrong
from pytest_bill.patterns import late_pattern

_ENDINGS = (".yaml", ".yml")
_BEGINNING = 2**16
_IS_CASSETTE = late_pattern(rb"^interactions\s*:", re.MULTILINE)
_MOST_TOLD = 5
UNKNOWN = "unknown"
"""Who answered where a cassette does not say it, as those of other tools."""


def cassettes_in(folder: Path) -> CassettesSeen:
    """Look into a folder that may not be there, and into those below it."""
    seen = CassettesSeen(
        folder=str(folder),
        files=0,
        bytes=0,
        answered_by={},
        oldest=None,
        others=0,
        findings=[],
    )
    damaged: list[Finding] = []
    answerers: Counter[str] = Counter()
    oldest: datetime | None = None
    if folder.exists() and not folder.is_dir():
        seen["findings"] = [wrong(f"{folder} is no folder, and cassettes belong there.")]
        return seen
    for path in _files(folder):
        try:
            raw = real_files.read_bytes(path, store.MOST_BYTES)
            if not _IS_CASSETTE.search(raw[:_BEGINNING]):
                seen["others"] += 1
                continue
            recording = store.parsed(raw) or Recording()
        except Damaged as error:
            damaged.append(told(error.told_of(f"The cassette {path}")))
            continue
        except OSError as error:
            damaged.append(wrong(f"The cassette {path} cannot be read: {error.strerror}."))
            continue
        seen["files"] += 1
        seen["bytes"] += len(raw)
        of_file = _answerer_of_file(recording)
        answerers.update({each.answered_by or of_file for each in recording.interactions})
        moments = [times.read(each.recorded_at) for each in recording.interactions]
        oldest = min(filter(None, (oldest, *moments)), default=None)
    seen["answered_by"] = dict(sorted(answerers.items()))
    seen["oldest"] = times.written(oldest) if oldest is not None else None
    seen["findings"] = damaged[:_MOST_TOLD]
    if len(damaged) > _MOST_TOLD:
        seen["findings"].append(wrong(f"{len(damaged) - _MOST_TOLD} more cannot be read."))
    return seen


def _answerer_of_file(recording: Recording) -> str:
    """Who answered what does not say it by itself: an older cassette says it of the whole file."""
    about = recording.metadata.get("pytest_bill")
    said = about.get("environment") if isinstance(about, dict) else None
    said = "other" if said == "custom" else said
    return said if said in environments.ANSWERERS else UNKNOWN


def _files(folder: Path) -> Iterator[Path]:
    for below, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        yield from (Path(below, name) for name in sorted(names) if name.endswith(_ENDINGS))
