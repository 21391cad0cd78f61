"""The end of a recording run: its cassettes are put into their places.

What is to be put is said first. A run that is killed meanwhile is finished by the next one, so that
the cassettes of a fixture and of its tests stay of one recording (see ``killed_runs``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from pytest_bill.cassettes import killed_runs
from pytest_bill.cassettes.naming import FIXTURE, SIGN_INS
from pytest_bill.cassettes.not_written import reason
from pytest_bill.cassettes.staging import Staging


def put_all(where: Staging, paths: Collection[Path], failed: Callable[[Path, str], None]) -> None:
    """Put recordings in their places, those that others depend on first.

    ``failed`` is told why where the file system refuses one, which is as it was then.
    """
    waiting = sorted(filter(where.is_waiting, paths), key=_comes_late)
    with suppress(OSError):  # a full disk; it is told below
        killed_runs.leave_word(where, waiting)
    for path in waiting:
        try:
            where.put(path)
        except OSError as error:
            failed(path, f"it cannot be written: {reason(error)}.")
    killed_runs.take_word_back(where)


def _comes_late(path: Path) -> bool:
    """Not of a sign-in or a fixture: a test's cassette stands on theirs."""
    return not (path.name.startswith(FIXTURE) or path.parent.name == SIGN_INS)
