"""The run of a pytest session: made when the first test needs BILL, and joined to pytest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from pytest_bill.fakes import without_fakes
from pytest_bill.run.cassette_lifetimes import open_on_demand
from pytest_bill.run.collection import MARKER, has_cassette
from pytest_bill.run.config_fixtures import given_to
from pytest_bill.run.endings import look_at_reports
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.own_ids import own_id
from pytest_bill.run.state import shared_folder, state_of
from pytest_bill.run.waiting import tell_now

if TYPE_CHECKING:
    from pytest_bill.run.run import Run


def run_of(session: pytest.Session) -> Run:
    """The run, a new one if there is none yet.

    Raises:
        SettingsError: the settings cannot be used, or two ``bill_config`` contradict each other.
    """
    return state_of(session.config).run or _begin(session)


def _begin(session: pytest.Session) -> Run:
    config, state = session.config, state_of(session.config)
    given = given_to(state.collected.examples.values())
    with without_fakes():
        from pytest_bill.cassettes.running_tests import RunningTests
        from pytest_bill.run.configs import usable
        from pytest_bill.run.hiding import protect
        from pytest_bill.run.run import Run
        from pytest_bill.settings import load_settings

        ids = [own_id(item) for item in session.items]
        tests = RunningTests(
            name_now=lambda: state.nodeid,
            open_cassette=partial(open_on_demand, state),
            fixtures_of=lambda: _fixtures_of(session.items),
        )
        proof = state.proof
        settings, folder = load_settings(config, has_variables=proof is None), shared_folder(config)
        file_of = proof.file_of if proof is not None else None
        run = Run(
            *(settings, {}, folder, state.early, ids, tests, file_of),
            network=state.network,
            tell_now=partial(tell_now, config, state),
            configs=usable(given),
        )
        state.production.step_aside()
        env_file = settings.variables.env_file
        if env_file.problem:
            state.notices.append(
                Notice(NoticeKind.UNREAD, str(env_file.path), env_file.problem.splitlines()[0])
            )
    run.threads.begin(state.nodeid)
    state.run = run
    look_at_reports(config)
    protect(config, run.recorder.registry).start()
    return run


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
                place = naming.cassette_of_test(own_id(item))
        except SettingsError:
            continue  # the test says so
        names = frozenset(getattr(item, "fixturenames", ()))
        found[place] = found.get(place, frozenset()) | names
    return found
