"""``bill_sandbox`` is steered where it answers; elsewhere that is refused, with what to type."""

from __future__ import annotations

import pytest

from tests.plugin.suites import RECORD

STEERS = """
from datetime import timedelta

import pytest


def test_steers(bill_dev_session, bill_sandbox):
    bill_sandbox.fail("listVendors", status=503)
    assert bill_dev_session.get("/v3/vendors").status_code == 503


@pytest.mark.bill_cassette("new")
def test_new(bill_sandbox):
    bill_sandbox.advance(timedelta(minutes=1))


def test_with_a_sandbox_of_its_own(bill_sandbox):
    bill_sandbox.advance(timedelta(minutes=1))


@pytest.fixture(scope="session")
def seeded(bill_sandbox):
    bill_sandbox.expire_sessions()


def test_fixture(seeded, bill_dev_session):
    assert bill_dev_session.get("/v3/vendors").ok
"""


def test_what_was_steered_while_it_was_recorded_replays(pytester, run, subprocess_run, proven):
    pytester.makepyfile(test_it=STEERS)
    subprocess_run(*RECORD, "-k", "not new").assert_outcomes(passed=3, deselected=1)
    result = run()
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            "test_it.py:*: SettingsError",
            "test_it.py::test_new: bill_sandbox would be steered (clock) and answers nothing here: "
            "this run replays (record mode none), and cassettes/new.yaml does not exist.",
            "Let it answer, and record that: pytest test_it.py::test_new*"
            "--bill-environment=local --bill-record-mode=once",
        ]
    )


@pytest.mark.parametrize(
    ("typed", "why", "command"),
    [
        ("--bill-record-mode=once", "records from", "--bill-record-mode=once"),
        ("--bill-live", "asks", "--bill-live"),
    ],
)
def test_a_run_that_asks_bill_itself_steers_nothing(pytester, run, typed, why, command):
    pytester.makepyfile(test_it=STEERS)
    result = run(typed, "-k", "new or own")
    result.assert_outcomes(passed=1, failed=1, deselected=2)
    result.stdout.fnmatch_lines(
        [
            f"*answers nothing here: this run {why} BILL (BILL_ENVIRONMENT=sandbox).",
            f"Let it answer, and record that: pytest*--bill-environment=local {command}",
        ]
    )
