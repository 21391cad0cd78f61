"""Traffic is the same with and without the plugin: whole pytest runs, compared.

The measured suite (``traffic/``) makes each kind of traffic with each client as user code would,
and writes down all that user code can see of it. It is run without the plugin, and with it in tests
that use BILL: at another host, while BILL is recorded, and while BILL is replayed and gone. What
was seen has to be equal; a replay may differ in what a cassette does not hold, which is in the
table of ``differences``.

To try one client or one kind, name it, and more with commas, in the environment:
``TRAFFIC_ONLY=urllib3-kept_alive pytest tests/clients/test_same_with_and_without.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.clients.differences import (
    as_recorded,
    as_replayed,
    as_seen,
    differing,
    errors_in,
    is_unanswered,
)
from tests.clients.runs import Observed, Project, RunFailed
from tests.clients.traffic.kinds import Kind
from tests.clients.traffic.registry import CLIENTS, is_wanted, kinds_of
from tests.clients.traffic.with_urllib3 import NOT_IN_1

Runs = dict[str, Observed]
OLD = "urllib3-1.26"
OLD_FOLDER = Path(os.environ.get("URLLIB3_1", Path(__file__).parents[2] / ".venv" / OLD))
ONLY = [name for name in os.environ.get("TRAFFIC_ONLY", "").split(",") if name]
IN_THE_NIGHT = ["async_httpx", "trio_httpx", "urllib", "urllib3"]
KINDS = [
    f"{client}-{kind}"
    for client in CLIENTS
    if client not in IN_THE_NIGHT
    for kind in kinds_of(client)
]
GROUPS = {
    "": KINDS[::6],
    "rest": [kind for number, kind in enumerate(KINDS) if number % 6],
    "more": IN_THE_NIGHT,
    OLD: ["requests", "urllib3"],
}
"""Which clients run, or kinds of theirs, and with what: what is installed, or an older urllib3.

CI runs the first group, each sixth kind of the clients that the others are built on.
"""
RUNS = ("other", "recorded", "replayed")
NO_VIEW = "builtins.AttributeError"
"""What the measuring itself meets: urllib3 1.26 has fewer attributes to be looked at."""
MOST_SHOWN = 40


def clients_in(group: str) -> list[str]:
    """The clients of a group."""
    return list(dict.fromkeys(name.partition("-")[0] for name in GROUPS[group]))


def kinds_in(group: str) -> list[tuple[str, Kind]]:
    """The kinds of traffic of a group, with their clients."""
    return [
        (client, kind)
        for client in clients_in(group)
        for kind in kinds_of(client).values()
        if is_wanted(client, kind.name, GROUPS[group])
        if not ONLY or is_wanted(client, kind.name, ONLY)
        if not (group == OLD and client == "urllib3" and kind.name in NOT_IN_1)
    ]


def cases() -> list[Any]:
    """Each client in each run; a test for each kind would take longer to report than to compare."""
    clients = [(group, client) for group in GROUPS for client in clients_in(group)]
    return [
        pytest.param(
            group,
            client,
            run,
            id="-".join(filter(None, [client, run, group])),
            marks=[pytest.mark.nightly] if group else [],
        )
        for group, client in clients
        for run in RUNS
        if any(client == each and run in kind.runs for each, kind in kinds_in(group))
    ]


def groups() -> list[Any]:
    return [
        pytest.param(group, marks=[pytest.mark.nightly] if group else [])
        for group in GROUPS
        if kinds_in(group)
    ]


@pytest.fixture(scope="session")
def runs_of(tmp_path_factory) -> Callable[[str], Runs]:
    """The runs of a group of clients; the first worker that asks makes them for all."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    known: dict[str, Runs] = {}

    def runs_of(group: str) -> Runs:
        if group not in known:
            known[group] = _made_once(shared / f"traffic-{group or 'installed'}", group)
        return known[group]

    return runs_of


def _made_once(folder: Path, group: str) -> Runs:
    """Also where a run fails: each of thousands of tests would try again."""
    kept = folder / "runs.json"
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not kept.exists():
            beside = [str(OLD_FOLDER)] if group == OLD else []
            told: Any = ""
            try:
                runs = Project(folder, ONLY or GROUPS[group], beside).all_runs()
                told = {name: vars(observed) for name, observed in runs.items()}
            except (RunFailed, subprocess.TimeoutExpired) as error:
                told = str(error)
            kept.write_text(json.dumps(told))
    told = json.loads(kept.read_text())
    if isinstance(told, str):
        pytest.fail(told, pytrace=False)
    return {name: Observed(**observed) for name, observed in told.items()}


@pytest.fixture
def _old_urllib3_is_there(request) -> None:
    if request.node.callspec.params["group"] == OLD and not OLD_FOLDER.exists():
        pytest.fail(f"{OLD_FOLDER} is not there: make installs it, or name another in URLLIB3_1.")


def found(runs: Runs, run: str, kind: str) -> tuple[Any, list[str]]:
    """What a run saw of a kind, None if nothing; how its test ended otherwise than well."""
    for name in (run, f"{run}_tls"):
        if name in runs and kind in runs[name].seen:
            return runs[name].seen[kind], runs[name].outcomes.get(kind, [])
    outcomes = [
        line for name in runs if name.startswith(run) for line in runs[name].outcomes.get(kind, [])
    ]
    return None, [f"It took no part in the run {run}.", *outcomes]


def differences(runs: Runs, run: str, kind: str) -> list[str]:
    """What user code sees otherwise than without the plugin."""
    (plain, missing), (told, outcomes) = found(runs, "plain", kind), found(runs, run, kind)
    if plain is None or told is None:
        return missing or outcomes
    if run == "replayed" and is_unanswered(plain):
        # What came of a body is not recorded, and the words are the client's for what did come.
        wanted, met = (set(errors_in(each["seen"])) - {NO_VIEW} for each in (plain, told))
        return [] if wanted <= met else [f"errors: {wanted} -> {met}"]
    shown = {"replayed": as_replayed, "recorded": as_recorded}.get(run, as_seen)
    return [*differing(shown(plain), shown(told)), *outcomes]


@pytest.mark.usefixtures("_old_urllib3_is_there")
@pytest.mark.parametrize(("group", "client", "run"), cases())
def test_user_code_sees_what_it_sees_without_the_plugin(runs_of, group, client, run):
    runs = runs_of(group)
    kinds = [kind for each, kind in kinds_in(group) if each == client and run in kind.runs]
    failing = []
    for kind in kinds:
        lines = differences(runs, run, f"{client}-{kind.name}")
        if lines:
            title = f"{client}-{kind.name}: {len(lines)} differences (plain -> {run}):"
            failing += [title, *lines[:MOST_SHOWN]]
    if failing:
        pytest.fail("\n".join(failing), pytrace=False)
    assert kinds


@pytest.mark.parametrize("group", groups())
@pytest.mark.usefixtures("_old_urllib3_is_there")
def test_without_the_plugin_every_kind_comes_to_an_end(runs_of, group):
    plain = runs_of(group)["plain"]
    assert [kind for kind, told in plain.seen.items() if "hang" in told["seen"]] == []
    assert plain.outcomes == {}


@pytest.mark.parametrize("group", groups())
@pytest.mark.usefixtures("_old_urllib3_is_there")
def test_nobody_asks_bill_while_its_answers_are_replayed(runs_of, group):
    runs = runs_of(group)
    assert runs["replayed"].asked_of_bill == runs["replayed_tls"].asked_of_bill == []
