"""Recordings of fixtures that do not go with the cassettes of tests that the run did not record.

They are kept back, and with them what was recorded in this run with their ids. A run of all tests
keeps them: what still asks with the old ids then is told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_bill.cassettes.changes.apart import cassettes_that_ask, ids_asked, ids_told
from pytest_bill.cassettes.changes.quiet import Decision, Outcome
from pytest_bill.cassettes.naming import FIXTURE
from pytest_bill.cassettes.staging import Staging
from pytest_bill.cassettes.store import Recording
from pytest_bill.proof.telling import recording_of
from pytest_bill.real_files import relative_to_here
from pytest_bill.run.notices import Notice, NoticeKind

_MOST_SHOWN = 3


@dataclass
class NewIds:
    """What became of the ids of a fixture that was recorded anew."""

    gone: set[str]
    come: set[str]


@dataclass
class Judged:
    """``kept_back`` recordings are not put in their places."""

    kept_back: set[Path] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)


def new_ids(decision: Decision, old: Recording | None) -> NewIds | None:
    """The ids that a fixture's recording has no more, and those that it has now; None if none."""
    recording, path = decision.recording, decision.path
    if not path.name.startswith(FIXTURE) or decision.outcome is not Outcome.CHANGED:
        return None
    if old is None or recording is None:
        return None
    before, after = ids_told(old.interactions), ids_told(recording.interactions)
    return NewIds(before - after, after - before) if before - after else None


def judge(
    changed: Mapping[Path, NewIds],
    proven: Collection[Path],
    where: Staging,
    *,
    keeps_back: bool,
    command: str,
) -> Judged:
    """Look for tests that go with the old recording of a fixture; ``proven`` would be put."""
    judged = Judged()
    for path, ids in changed.items():
        if path not in proven:
            continue
        others = list(cassettes_that_ask(where.cassette_dir, ids.gone, proven))
        if not others:
            continue
        judged.notices.append(_notice(path, others, where.folder, command, keeps_back=keeps_back))
        if keeps_back:
            judged.kept_back.add(path)
            judged.kept_back.update(
                each
                for each in proven
                if ids_asked(recording_of(each, where).interactions, ids.come)
            )
    return judged


def _notice(
    path: Path, others: list[Path], waits_in: Path, command: str, *, keeps_back: bool
) -> Notice:
    shown = ", ".join(str(relative_to_here(each)) for each in others[:_MOST_SHOWN])
    more = f" and {len(others) - _MOST_SHOWN} more" if others[_MOST_SHOWN:] else ""
    kind = NoticeKind.KEPT_BACK if keeps_back else NoticeKind.APART
    count = f"{len(others)} cassette{'s' if others[1:] else ''}"
    text = (
        f"it has other ids now, and {count} that this run did not record ask with the old ones: "
        f"{shown}{more}\n"
    )
    if keeps_back:
        text += f"It stays as it was; what was recorded is in {relative_to_here(waits_in)}\n"
    text += f"Record all of them in one run: {command}"
    return Notice(kind, str(relative_to_here(path)), text)
