"""What a run played is asked again at its end."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_bill.cassettes.played import Played
from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.run.notices import NoticeKind
from pytest_bill.run.production_guard import ProductionGuard
from pytest_bill.run.state import RunState, keep
from pytest_bill.run.terminal_summary import Totals
from pytest_bill.run.verification import verify
from tests.helpers.recorded import recorded

TOKEN = "token-0123456789-abcdef"
SPEND = {"apiToken": "PLACEHOLDER_BILL_SPEND_API_TOKEN"}
BUDGETS = recorded("GET", "/v3/spend/budgets", {"results": [{"x": 1}]}, headers=SPEND)
DELETED = recorded("DELETE", "/v3/spend/budgets/1", status=204, headers=SPEND)
JSON = {"Content-Type": "application/json"}


def played(*interactions) -> list[Played]:
    return [Played(each, Path("a.yaml"), "test_a") for each in interactions]


@pytest.fixture
def session():
    config = SimpleNamespace(
        stash=pytest.Stash(), option=SimpleNamespace(collectonly=False), workerinput={}
    )
    config.pluginmanager = SimpleNamespace(get_plugin=lambda _: None)
    state = RunState(ProductionGuard(config))
    keep(config, state)
    return SimpleNamespace(config=config, exitstatus=0, state=state)


@pytest.fixture
def bill(server):
    return server()


@pytest.fixture
def run(session, made, bill, tmp_path):
    """The run of the session, at a server; give what was played."""

    def run(*interactions, **changes):
        variables = {"BILL_SPEND_API_TOKEN": TOKEN}
        values = {
            "verify": True,
            "base_url": bill.origin,
            "variables": Variables(variables, EnvFile(tmp_path / ".env", exists=False)),
        }
        made_run = session.state.run = made(**(values | changes))
        made_run.recorder.played.extend(played(*interactions))
        return made_run

    return run


def told(session) -> list[tuple[NoticeKind, str]]:
    return [(notice.kind, str(notice)) for notice in session.state.notices]


def test_drift_is_told_and_counted(session, run, bill):
    run(BUDGETS, BUDGETS, DELETED)
    bill.default = (200, JSON, b'{"results": [{"x": 1, "y": 2}]}')
    verify(session)
    assert told(session) == [
        (
            NoticeKind.DRIFT,
            "GET /v3/spend/budgets: field `results[].y` is new (2 answers)",
        ),
        (
            NoticeKind.NOT_COMPARED,
            "not asked again: 1 unsafe request: DELETE /v3/spend/budgets/{id}. "
            "--bill-verify-unsafe asks them, too",
        ),
    ]
    counts = Totals.of(session.state).counts
    assert (counts["verified"], counts["drifted"]) == (2, 2)
    ((_, _, headers, _),) = bill.received
    assert headers["apitoken"] == TOKEN


def test_with_consent_what_changes_something_is_asked_too(session, run, bill):
    run(DELETED, verify_unsafe=True)
    bill.default = (204, {}, b"")
    verify(session)
    assert told(session) == []
    assert bill.received[0][0] == "DELETE"


def test_no_secret_is_told(session, run, bill):
    run(BUDGETS)
    bill.default = (200, JSON, json.dumps({"results": [{TOKEN: 1}]}).encode())
    verify(session)
    lines = [line for _, line in told(session)]
    assert "field `results[].PLACEHOLDER_BILL_SPEND_API_TOKEN` is new" in " ".join(lines)
    assert TOKEN not in " ".join(lines)


def test_a_missing_credential_says_which(session, run, tmp_path):
    run(BUDGETS, variables=Variables({}, EnvFile(tmp_path / ".env", exists=False)))
    verify(session)
    ((kind, line),) = told(session)
    assert kind is NoticeKind.UNVERIFIED
    assert line.startswith("bill_spend_client: needs the Spend & Expense API token")
    assert "BILL_SPEND_API_TOKEN" in line


def test_a_bill_out_of_reach_is_told(session, run, bill):
    run(BUDGETS)
    bill.close()
    verify(session)
    ((kind, line),) = told(session)
    assert kind is NoticeKind.UNVERIFIED
    assert line.startswith("BILL: cannot be reached")


@pytest.mark.parametrize("has_run", [True, False])
def test_a_run_that_played_nothing_is_told(session, run, has_run):
    if has_run:
        run()
    verify(session)
    ((kind, line),) = told(session)
    assert kind is NoticeKind.UNVERIFIED
    assert "no recorded answer was played" in line


def test_an_interrupted_run_asks_nothing(session, run, bill):
    run(BUDGETS)
    session.exitstatus = pytest.ExitCode.INTERRUPTED
    verify(session)
    assert "was interrupted" in told(session)[0][1]
    assert bill.received == []


def test_a_run_that_only_collects_says_nothing(session):
    session.config.option.collectonly = True
    verify(session)
    assert told(session) == []


def test_a_worker_without_bill_tests_says_nothing(session):
    session.config.workeroutput = {}
    verify(session)
    assert told(session) == []


def test_a_worker_asks_when_no_other_does(session, run, bill, tmp_path):
    run(BUDGETS)
    session.config.workeroutput = {}
    session.config.workerinput = {"bill_folder": str(tmp_path)}
    verify(session)
    assert len(bill.received) == 1
    assert (tmp_path / "verify.lock").exists()


@pytest.mark.parametrize(("replayed", "count"), [(0, 1), (3, 0)])
def test_the_controller_asks_nothing_and_tells_if_nobody_did(session, replayed, count):
    totals = Totals()
    totals.counts = {"verified": 0, "replayed": replayed}
    session.state.workers = SimpleNamespace(totals=totals)
    verify(session)
    assert len(told(session)) == count
