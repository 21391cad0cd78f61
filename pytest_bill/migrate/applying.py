"""Doing what was planned: new files first, each whole or not at all; nothing is deleted."""

from __future__ import annotations

from pathlib import Path

from pytest_bill import real_files
from pytest_bill.cassettes import store
from pytest_bill.cassettes.not_written import not_written
from pytest_bill.exceptions import CassetteError, SettingsError
from pytest_bill.migrate.plan import Change, Move, Plan, State

KEPT = ".before-migration"
"""What the name of a cassette ends with that is kept because another one took its place."""


def apply(plan: Plan) -> list[Path]:
    """Write the cassettes, then the changed files; gives the old cassettes that were put aside.

    Raises:
        CassetteError: a cassette cannot be written; no Python file was changed.
        SettingsError: a Python file cannot be, or has changed meanwhile.
    """
    for move in plan.moves:
        if move.state is State.WRITE:
            _write_new(move)
    kept = [_rewrite(move) for move in plan.moves if move.state is State.REWRITE]
    for change in plan.changes:
        _change(change)
    return kept


def _write_new(move: Move) -> None:
    if move.new.exists():
        raise CassetteError(
            f"{move.new} is there now, and was not before: nothing was put in its place.\n"
            "Run pytest-bill migrate again."
        )
    _write(move.new, move.text)


def _rewrite(move: Move) -> Path:
    """Put a cassette in its own place, anew; the old one is kept beside it, under another name."""
    kept = kept_beside(move.new)
    try:
        old = real_files.read_bytes(move.new, store.MOST_BYTES)
        real_files.replace_file(kept, old, move.new.stat().st_mode & 0o777)
    except OSError as error:
        raise not_written(kept, error) from None
    _write(move.new, move.text)
    return kept


def kept_beside(path: Path) -> Path:
    """Where an old cassette is kept: a name that is free."""
    kept, number = path.with_name(path.name + KEPT), 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}{KEPT}-{number}")
    return kept


def _write(path: Path, text: str) -> None:
    try:
        real_files.make_folders(path.parent)
    except OSError as error:
        raise not_written(path, error) from None
    store.replace_file(path, text, real_files.mode_of_new_files())


def _change(change: Change) -> None:
    try:
        if change.path.read_bytes() != change.old.encode():
            raise SettingsError(
                f"{change.path} has changed meanwhile, and was left as it is.\n"
                "Run pytest-bill migrate again."
            )
        target = change.path.resolve()
        mode = target.stat().st_mode & 0o777
        real_files.replace_file(target, change.new.encode(), mode)
    except OSError as error:
        raise SettingsError(
            f"{change.path} cannot be written: {error.strerror}.\n"
            "The cassettes were written; give leave to write it, and run pytest-bill migrate again."
        ) from None
