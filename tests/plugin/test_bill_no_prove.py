"""What is recorded is kept if it replays: the second run of a run that records."""

from __future__ import annotations

import json

import pytest

from tests.plugin.suites import LOCAL, ONE, tree

RECORD = (*LOCAL, "--bill-record-mode=all", "--bill-report=report.json")

CASES = """
import datetime
import random
import threading
import uuid
from pathlib import Path

KNOWN = {}


def vendors(session, **params):
    return session.call("GET", "/v3/vendors", params=params)["results"]


def test_a_thread_that_nobody_joins(bill_dev_session):
    vendors(bill_dev_session, max=1)
    threading.Timer(0.1, vendors, [bill_dev_session], {"max": 2}).start()


def test_now(bill_dev_session):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat()
    vendors(bill_dev_session, filters=f"createdTime:lt:{now}")


def test_this_month_in_utc(bill_dev_session):
    month = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m")
    vendors(bill_dev_session, filters=f"createdTime:lt:{month}-01")


def test_today(bill_dev_session):
    vendors(bill_dev_session, filters=f'createdTime:lt:"{datetime.date.today()}T00:00:00"')


def test_uuid(bill_dev_session):
    body = {"name": "Acme", "email": f"{uuid.uuid4()}@example.com"}
    bill_dev_session.post("/v3/vendors", json=body)


def test_random(bill_dev_session):
    bill_dev_session.post("/v3/vendors", json={"name": f"Acme {random.getrandbits(64)}"})


def test_set(bill_dev_session):
    ids = {f"id{number}" for number in range(20)}
    bill_dev_session.get("/v3/vendors", params={"filters": "id:in:" + ",".join(ids)})


def test_used_up(bill_dev_session):
    vendors(bill_dev_session)
    Path("once.txt").unlink()


def test_that_leaves_something(bill_dev_session):
    KNOWN["id"] = vendors(bill_dev_session, max=3)[0]["id"]


def test_that_needs_it(bill_dev_session):
    assert bill_dev_session.get(f"/v3/vendors/{KNOWN['id']}").ok


def test_that_compares_the_order_of_a_list(bill_dev_session):
    found = vendors(bill_dev_session, max=3)
    assert found[0] == vendors(bill_dev_session, max=1)[0]


def test_that_asks_for_an_order(bill_dev_session):
    first, second = vendors(bill_dev_session, max=2, sort="name:asc")
    assert first["name"] < second["name"]


def test_that_asks_for_the_first_of_a_list(bill_dev_session):
    first = vendors(bill_dev_session, max=3)[0]
    assert bill_dev_session.get(f"/v3/vendors/{first['id']}").ok


def test_that_replays(bill_dev_session, tmp_path):
    assert len(vendors(bill_dev_session, max=4)) == 4
    (tmp_path / "own.txt").write_text("each time")
"""

CAUSES = {
    "a_thread_that_nobody_joins": "a request was answered after the test had ended",
    "now": "a value of the clock is in the request.",
    "this_month_in_utc": "a value of the clock is in the request.",
    "today": "a value of the clock is in the request.",
    "uuid": "a new uuid is in the request.",
    "random": "a value of a random generator is in the request.",
    "set": "the request holds the same values in another order",
    "used_up": "the test needs something that was there only once",
    "that_needs_it": "the test depends on the tests that ran before it",
}
REPLAY = [
    "that_leaves_something",
    "that_replays",
    "that_compares_the_order_of_a_list",
    "that_asks_for_an_order",
    "that_asks_for_the_first_of_a_list",
]


def _causes(report) -> dict[str, str]:
    """The likely cause of each test whose recording was not kept."""
    found = {}
    for notice in report["notices"]:
        if notice["kind"] == "unproven":
            lines = notice["text"].splitlines()
            cause = next(each for each in lines if each.startswith("Likely cause: "))
            found[notice["owner"].partition("::test_")[2]] = cause.removeprefix("Likely cause: ")
    return found


def test_what_does_not_replay_is_not_kept_and_its_cause_is_told(proven, subprocess_run):
    proven.makepyfile(test_cases=CASES)
    (proven.path / "once.txt").touch()
    old = proven.path / "cassettes" / "test_cases" / "test_uuid.yaml"
    old.parent.mkdir(parents=True)
    old.write_text("interactions: []\nversion: 1\n")

    result = subprocess_run(*RECORD)
    assert result.ret == 1
    result.assert_outcomes(passed=14)
    causes = _causes(json.loads((proven.path / "report.json").read_text()))
    assert causes.keys() == CAUSES.keys()
    assert {name: causes[name][: len(cause)] for name, cause in CAUSES.items()} == CAUSES
    # Only there: the thread may have been told of in a warning of any test.
    (heading,) = (line for line in result.outlines if "compare the order of a list" in line)
    told = result.outlines[result.outlines.index(heading) :]
    assert not [line for line in told if "asks_for" in line]
    result.stdout.fnmatch_lines(
        [
            "*bill: recordings that do not replay*",
            "test_cases.py::test_now",
            "  recorded: passed, 1 request. Replayed from that: failed.",
            "  no recorded answer: GET https://*createdTime*",
            "  differs: query filters: createdTime:lt:* replayed, createdTime:lt:* recorded",
            "  cassettes/test_cases/test_now.yaml was not written; what was recorded is in *",
            "  cassettes/test_cases/test_uuid.yaml stays as it was; *",
            "*bill: tests that compare the order of a list*",
            "test_cases.py::test_that_compares_the_order_of_a_list",
            "  with GET /connect/v3/vendors the other way round:",
            "  Ask with sort, or compare without the order.",
            "bill: 6 recordings proven by a replay",
        ]
    )

    assert old.read_text() == "interactions: []\nversion: 1\n"
    kept = {path.stem for path in old.parent.iterdir()} - {"test_uuid"}
    assert kept == {f"test_{name}" for name in REPLAY}
    waiting = [path.stem for path in proven.path.glob("cassettes/.unproven/*/test_cases/*")]
    assert sorted(waiting) == sorted(f"test_{name}" for name in CAUSES)
    subprocess_run("-k", " or ".join(REPLAY)).assert_outcomes(passed=5, deselected=9)


@pytest.mark.parametrize(
    "workers",
    [
        pytest.param((), id="without workers"),
        pytest.param(("-n", "2"), id="by workers", marks=pytest.mark.nightly),
    ],
)
def test_what_replays_is_put_in_its_place(proven, subprocess_run, workers):
    proven.makepyfile(test_one=ONE)
    result = subprocess_run(*RECORD, *workers)
    assert result.ret == 0
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["bill: 2 recordings proven by a replay*"])
    cassettes = proven.path / "cassettes"
    assert sorted(tree(cassettes)) == ["sign_in/developer_key.yaml", "test_one/test_one.yaml"]
    assert not (cassettes / ".unproven").exists()


def test_a_recording_is_kept_unproven_where_that_is_asked_for(proven, subprocess_run):
    proven.makepyfile(test_cases=CASES)
    result = subprocess_run(*RECORD, "--bill-no-prove", "-k", "uuid")
    assert result.ret == 0
    assert "proven by a replay" not in result.stdout.str()
    assert (proven.path / "cassettes/test_cases/test_uuid.yaml").exists()
    assert not (proven.path / "cassettes/.unproven").exists()


OWN = """
import httpx
import pytest


@pytest.mark.bill_cassette
def test_own(bill_environ):
    login = {"username": bill_environ["username"], "password": bill_environ["password"]}
    login |= {"organizationId": bill_environ["organization_id"], "devKey": bill_environ["dev_key"]}
    with httpx.Client(base_url=bill_environ["v3_url"]) as client:
        session_id = client.post("/v3/login", json=login).json()["sessionId"]
        headers = {"devKey": login["devKey"], "sessionId": session_id}
        assert client.get("/v3/vendors", headers=headers).status_code == 200
"""


@pytest.mark.nightly
def test_the_sign_in_of_a_client_that_signs_in_by_itself_is_proven(proven, subprocess_run):
    proven.makepyfile(test_own=OWN)
    result = subprocess_run(*RECORD)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["bill: 2 recordings proven by a replay*"])
    subprocess_run().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "setting",
    [
        "bill_fail_on_secrets = true",
        pytest.param("addopts = --bill-fail-on-secrets", marks=pytest.mark.nightly),
    ],
)
def test_a_run_that_fails_for_secrets_is_proven_too(proven, subprocess_run, setting):
    proven.makeini(f"[pytest]\n{setting}\n")
    proven.makepyfile(ONE)
    recorded = subprocess_run(*RECORD)
    recorded.stdout.fnmatch_lines(["bill: 2 recordings proven by a replay"])
    assert recorded.ret == 0
