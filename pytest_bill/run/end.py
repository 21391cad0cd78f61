"""What is done when all tests are done: what is left over is told or pruned, the report written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_bill.cassettes.killed_runs import waiting
from pytest_bill.options import is_on
from pytest_bill.real_files import relative_to_here
from pytest_bill.run.end_scan import fails_on_secrets, scan_cassettes
from pytest_bill.run.hiding import known_registry
from pytest_bill.run.leftovers import Leftover, leftovers
from pytest_bill.run.notices import Notice, NoticeKind, fail_the_run
from pytest_bill.run.properties import add_to_suite
from pytest_bill.run.report import OPTION, place_of, typed, write_report
from pytest_bill.run.stale import failing_kinds
from pytest_bill.run.state import RunState
from pytest_bill.run.terminal_summary import Totals
from pytest_bill.run.usage import Usage, usage_of


def end_run(session: pytest.Session, state: RunState) -> None:
    """Do it, in the process that has the terminal; the run may fail for it."""
    config = session.config
    usage = _usage(config, state)
    found = leftovers(usage, config.rootpath)
    is_green = session.exitstatus == 0
    if config.getoption("bill_prune"):
        state.notices += _prune(config, state, usage, found, is_green=is_green)
    else:
        state.notices += [each.notice for each in found]
    state.notices += _waiting(config.rootpath / usage.cassette_dir)
    totals = Totals.of(state)
    path = place_of(config)
    if path is not None:
        with _told(config, state, totals, OPTION):
            write_report(path, totals, usage.as_dict())
    add_to_suite(config, totals)
    state.scan = scan_cassettes(config, totals.cassettes)
    if state.timeline is not None:
        from pytest_bill.run import page

        with _told(config, state, totals, page.OPTION):
            page.write_page(config, state, totals)
    fails = fail_the_run(
        totals.notices, is_strict=is_on(config, "bill_strict"), failing=failing_kinds(config)
    )
    fails = fails or (fails_on_secrets(config) and not state.scan.is_clean)
    if is_green and fails:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@contextmanager
def _told(config: pytest.Config, state: RunState, totals: Totals, option: str) -> Iterator[None]:
    """The block in which a file is written; that it cannot be is told."""
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        text = f"{why}.\nGive another place with {typed(option)}."
        state.notices.append(Notice(NoticeKind.UNWRITTEN, config.getoption(option), text))
        totals.notices.append(state.notices[-1])


def _waiting(cassette_dir: Path) -> list[Notice]:
    """What runs that were killed have recorded, and nobody has proven."""
    return [
        Notice(
            NoticeKind.KILLED,
            str(relative_to_here(folder)),
            f"what one had recorded ({count}) waits there, unproven and in no cassette.\n"
            "Record its tests again, which removes this, or delete the folder.",
        )
        for folder, count in waiting(cassette_dir).items()
    ]


def _usage(config: pytest.Config, state: RunState) -> Usage:
    if state.workers is not None:
        return state.workers.usage
    return usage_of(config, state) if state.run is not None else Usage()


def _prune(
    config: pytest.Config,
    state: RunState,
    usage: Usage,
    found: list[Leftover],
    *,
    is_green: bool,
) -> list[Notice]:
    from pytest_bill.run.pruning import OPTION, Pruning, why_not

    reason = why_not(usage, is_green=is_green)
    if reason:
        return [*(each.notice for each in found), Notice(NoticeKind.UNPRUNED, OPTION, reason)]
    folder = config.rootpath / usage.cassette_dir
    if state.workers is not None:
        shared = state.workers.folder
        pruning = Pruning(folder, lambda: shared, known_registry(config, shared).find)
    elif state.run is not None:
        pruning = Pruning(folder, state.run.scratch, state.run.recorder.registry.find)
    else:
        return []
    return pruning.prune(found)
