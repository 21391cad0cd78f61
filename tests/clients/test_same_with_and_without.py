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
GROUPS = {"": list(CLIENTS), OLD: ["requests", "urllib3"]}
"""Which clients run, and with what: with what is installed, or with an older urllib3."""
RUNS = ("other", "recorded", "replayed")
NOT_IN_CASSETTE = "pytest_bill.exceptions.NotInCassette"
MOST_SHOWN = 40


def kinds_in(group: str) -> list[tuple[str, Kind]]:
    """The kinds of traffic of a group, with their clients."""
    return [
        (client, kind)
        for client in GROUPS[group]
        for kind in kinds_of(client).values()
        if not ONLY or is_wanted(client, kind.name, ONLY)
        if not (group == OLD and client == "urllib3" and kind.name in NOT_IN_1)
    ]


def cases() -> list[Any]:
    return [
        pytest.param(
            group, f"{client}-{kind.name}", run, id="-".join([client, kind.name, run, *old])
        )
        for group in GROUPS
        for old in [[group] if group else []]
        for client, kind in kinds_in(group)
        for run in RUNS
        if run in kind.runs
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
    """What a run saw of a kind, and how its test ended otherwise than well."""
    for name in (run, f"{run}_tls"):
        if name in runs and kind in runs[name].seen:
            return runs[name].seen[kind], runs[name].outcomes.get(kind, [])
    outcomes = [
        line for name in runs if name.startswith(run) for line in runs[name].outcomes.get(kind, [])
    ]
    pytest.fail("\n".join([f"{kind} took no part in the run {run}", *outcomes]), pytrace=False)


@pytest.mark.usefixtures("_old_urllib3_is_there")
@pytest.mark.parametrize(("group", "kind", "run"), cases())
def test_user_code_sees_what_it_sees_without_the_plugin(runs_of, group, kind, run):
    runs = runs_of(group)
    plain, _ = found(runs, "plain", kind)
    told, outcomes = found(runs, run, kind)
    if run == "replayed" and is_unanswered(plain):
        assert NOT_IN_CASSETTE in errors_in(told["seen"]), "It has no answer that a cassette holds."
        return
    shown = {"replayed": as_replayed, "recorded": as_recorded}.get(run, as_seen)
    expected, seen = shown(plain), shown(told)
    lines = [*differing(expected, seen), *outcomes]
    if lines:
        title = f"{len(lines)} differences (plain -> {run}):"
        pytest.fail("\n".join([title, *lines[:MOST_SHOWN]]), pytrace=False)


@pytest.mark.parametrize("group", [group for group in GROUPS if kinds_in(group)])
@pytest.mark.usefixtures("_old_urllib3_is_there")
def test_without_the_plugin_every_kind_comes_to_an_end(runs_of, group):
    plain = runs_of(group)["plain"]
    assert [kind for kind, told in plain.seen.items() if "hang" in told["seen"]] == []
    assert plain.outcomes == {}


@pytest.mark.parametrize("group", [group for group in GROUPS if kinds_in(group)])
@pytest.mark.usefixtures("_old_urllib3_is_there")
def test_nobody_asks_bill_while_its_answers_are_replayed(runs_of, group):
    runs = runs_of(group)
    assert runs["replayed"].asked_of_bill == runs["replayed_tls"].asked_of_bill == []
