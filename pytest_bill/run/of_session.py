"""The run of a pytest session: made when the first test needs BILL, and joined to pytest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from pytest_bill.exceptions import SettingsError
from pytest_bill.fakes import without_fakes
from pytest_bill.no_collections import no_collections
from pytest_bill.real_files import relative_to_here
from pytest_bill.run.cassette_lifetimes import open_on_demand
from pytest_bill.run.collection import MARKER, has_cassette
from pytest_bill.run.config_fixtures import given_to
from pytest_bill.run.endings import look_at_reports
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.own_ids import own_id
from pytest_bill.run.state import RunState, shared_folder, state_of
from pytest_bill.run.waiting import tell_now

if TYPE_CHECKING:
    from pytest_bill.credentials.env_file import Variables
    from pytest_bill.run.run import Run


def run_of(session: pytest.Session) -> Run:
    """The run, a new one if there is none yet.

    Raises:
        SettingsError: the settings cannot be used, or a ``bill_config``, or two contradict each
            other.
    """
    return state_of(session.config).run or _begin(session)


def _begin(session: pytest.Session) -> Run:
    config, state = session.config, state_of(session.config)
    refused = getattr(config, "workerinput", {}).get("bill_refused")
    if refused:
        raise SettingsError(refused)
    given = given_to(state.collected.examples.values())
    with without_fakes(), no_collections():
        from pytest_bill.cassettes.running_tests import RunningTests
        from pytest_bill.run.configs import checked
        from pytest_bill.run.hiding import protect
        from pytest_bill.run.journal import Journal
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
        if proof is None and folder is None:
            finish_left(state, settings.cassette_dir)
        cache = getattr(config, "cache", None)
        run = Run(
            *(settings, {}, folder, state.early, ids, tests, file_of),
            network=state.network,
            tell_now=partial(tell_now, config, state),
            configs=checked(given),
            kept_in=partial(cache.mkdir, "bill") if cache is not None and proof is None else None,
            worker=getattr(config, "workerinput", {}).get("workerid", ""),
        )
        state.production.step_aside()
        env_file = settings.variables.env_file
        if env_file.problem:
            state.notices.append(
                Notice(NoticeKind.UNREAD, str(env_file.path), env_file.problem.splitlines()[0])
            )
        state.notices += _lookalikes(settings.variables)
    run.threads.begin(state.nodeid)
    state.run, state.journal = run, Journal()
    run.recorder.on_way.watcher = state.progress
    if state.timeline is not None:
        state.timeline.watch(run.recorder, run.set_ups.add_line if run.set_ups else None)
    if run.sandbox is not None and folder is None:
        _tell_of_sandbox(state, run.sandbox.origin)
    look_at_reports(config)
    protect(config, run.recorder.registry).start()
    return run


def _tell_of_sandbox(state: RunState, origin: str) -> None:
    """Tell where it answers, at once on a terminal; the header of the run was earlier."""
    if state.progress is not None:
        state.progress.tell_at_once(f"the local sandbox answers at {origin}")
    else:
        state.sandbox_at = origin


def _lookalikes(variables: Variables) -> list[Notice]:
    """Variables whose names are nearly those of ours."""
    from pytest_bill.credentials.lookalikes import lookalikes

    return [
        Notice(
            NoticeKind.UNKNOWN,
            f"{name} ({variables.place_of(name)})",
            f"pytest-bill reads no such variable. Did you mean {meant}?",
        )
        for name, meant in lookalikes(variables).items()
    ]


def finish_left(state: RunState, cassette_dir: Path) -> None:
    """Put what a run that was killed had begun to put, before any cassette is read; tell of it."""
    from pytest_bill.cassettes.killed_runs import finish

    done = finish(cassette_dir)
    if done:
        shown = str(relative_to_here(cassette_dir))
        text = (
            f"what one had proven ({len(done)}) and not put in its place yet, is there now.\n"
            f"Look at it and commit it: git status {shown}"
        )
        state.notices.append(Notice(NoticeKind.KILLED, shown, text))


def _fixtures_of(items: Iterable[pytest.Item]) -> dict[PurePosixPath, frozenset[str]]:
    """The fixtures of all tests that have a cassette, by its place."""
    from pytest_bill.cassettes import naming

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
