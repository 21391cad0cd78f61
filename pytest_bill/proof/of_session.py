"""The proof of a pytest session's recordings: made by the process that ends it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_bill.run.notices import NoticeKind
from pytest_bill.run.state import RunState, state_of
from pytest_bill.run.terminal_summary import Totals

if TYPE_CHECKING:
    from pytest_bill.proof.at_end import Proof


def end_recordings(session: pytest.Session) -> None:
    """Prove what the run has recorded, and put it in its place."""
    config, state = session.config, state_of(session.config)
    scratch = _scratch(state)
    if scratch is None or not _has_recorded(scratch):
        return
    proof = _proof(config, state, scratch)
    state.notices += proof.notices
    state.told_of_recordings += proof.told
    state.cassette_counts = proof.counts
    state.when_told = proof.when_told


def _scratch(state: RunState) -> Path | None:
    """What the processes of the run share; None where they have needed nothing."""
    if state.workers is not None:
        return state.workers.folder
    return state.run.scratch_if_any() if state.run is not None else None


def _has_recorded(scratch: Path) -> bool:
    from pytest_bill.cassettes.staging import marked

    return bool(marked(scratch))


def _proof(config: pytest.Config, state: RunState, scratch: Path) -> Proof:
    from pytest_bill.cassettes import times
    from pytest_bill.cassettes.changes.unchanged import Unchanged
    from pytest_bill.proof.at_end import end_recording
    from pytest_bill.proof.outcomes import Rules
    from pytest_bill.proof.telling import Recorded
    from pytest_bill.run.hiding import known_registry
    from pytest_bill.run.record_command import RecordCommands
    from pytest_bill.run.usage import usage_of
    from pytest_bill.settings import load_settings

    totals = Totals.of(state)
    users: dict[Path, list[str]] = {}
    for nodeid, path in dict.fromkeys(
        totals.recorded
    ):  # a test that was tried again is there twice
        users.setdefault(Path(path), []).append(nodeid)
    unrecorded = (each for each in totals.notices if each.kind is NoticeKind.UNRECORDED)
    lost = frozenset(each.owner for each in unrecorded)
    if state.run is not None:
        settings, registry = state.run.settings, state.run.recorder.registry
    else:
        settings, registry = load_settings(config), known_registry(config, scratch)
    rules = Rules(
        Unchanged(),
        settings.max_age.limit(times.now()) if settings.max_age is not None else None,
        {Path(path): Unchanged.from_dict(each) for path, each in totals.unchanged.items()},
    )

    def is_whole() -> bool:
        usage = state.workers.usage if state.workers is not None else usage_of(config, state)
        return usage.is_whole

    def command() -> str:
        return f"{RecordCommands(settings).of_all()} --bill-record-mode=all"

    recorded = Recorded(settings.cassette_dir, scratch, users, lost, is_whole, command)
    return end_recording(config, recorded, rules, registry, time.monotonic() - state.began)
