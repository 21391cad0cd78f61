"""The run of a pytest session: made when the first test needs BILL, and joined to pytest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill.fakes import without_fakes
from pytest_bill.real_files import relative_to_here
from pytest_bill.run.cassette_lifetimes import open_on_demand
from pytest_bill.run.collection import MARKER, has_cassette
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.state import shared_folder, state_of

if TYPE_CHECKING:
    from pytest_bill.run.run import Run


def run_of(session: pytest.Session, bill_config: Any) -> Run:
    """The run, a new one if there is none yet.

    Raises:
        SettingsError: the settings, or those in ``bill_config``, cannot be used.
    """
    return state_of(session.config).run or _begin(session, bill_config)


def _begin(session: pytest.Session, bill_config: Any) -> Run:
    config, state = session.config, state_of(session.config)
    with without_fakes():
        from pytest_bill.cassettes.running_tests import RunningTests
        from pytest_bill.run.hiding import protect
        from pytest_bill.run.run import Run
        from pytest_bill.settings import load_settings

        ids = [item.nodeid for item in session.items]
        tests = RunningTests(
            name_now=lambda: state.nodeid,
            open_cassette=partial(open_on_demand, state),
            fixtures_of=lambda: _fixtures_of(session.items),
        )
        proof = state.proof
        settings, folder = load_settings(config, has_variables=proof is None), shared_folder(config)
        file_of = proof.file_of if proof is not None else None
        if proof is None:
            state.notices += _finished(settings.cassette_dir)
        run = Run(
            settings, bill_config, folder, state.early, ids, tests, file_of, network=state.network
        )
        state.production.step_aside()
    run.threads.begin(state.nodeid)
    state.run = run
    protect(config, run.recorder.registry).start()
    return run


def _finished(cassette_dir: Path) -> list[Notice]:
    """What was done for a run that was killed, before any cassette is read."""
    from pytest_bill.cassettes.killed_runs import finish

    done = finish(cassette_dir)
    if not done:
        return []
    text = (
        f"what one had proven ({len(done)}) and not put in its place yet, is there now.\n"
        f"Look at it and commit it: git status {relative_to_here(cassette_dir)}"
    )
    return [Notice(NoticeKind.KILLED, str(relative_to_here(cassette_dir)), text)]


def _fixtures_of(items: Iterable[pytest.Item]) -> dict[PurePosixPath, frozenset[str]]:
    """The fixtures of all tests that have a cassette, by its place."""
    from pytest_bill.cassettes import naming
    from pytest_bill.exceptions import SettingsError

    found: dict[PurePosixPath, frozenset[str]] = {}
    for item in filter(has_cassette, items):
        marker = item.get_closest_marker(MARKER)
        try:
            if marker is not None and marker.args:
                place = naming.cassette_by_name(str(marker.args[0]))
            else:
                place = naming.cassette_of_test(item.nodeid)
        except SettingsError:
            continue  # the test says so
        names = frozenset(getattr(item, "fixturenames", ()))
        found[place] = found.get(place, frozenset()) | names
    return found
