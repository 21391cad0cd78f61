"""What a run shows at its start and its end: all by default, less with -q, least with -qq."""

from __future__ import annotations

import json

import pytest

# Stay imported, as in tests/plugin/conftest.py.
import pytest_bill.proof.at_end
import pytest_bill.run.run
import pytest_bill.sandbox
import pytest_bill.sessions.session  # noqa: F401
from tests.plugin.suites import NO_CACHE, ONE, RECORD


@pytest.fixture
def run(pytester, monkeypatch):
    """The lines of ours in what a run prints."""
    monkeypatch.delenv("CI", raising=False)

    def run(*args: str, status: int = 0, apart: bool = False) -> list[str]:
        start = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
        result = start(*NO_CACHE, *args)
        assert result.ret == status, result.stdout.str()
        return [line for line in result.stdout.lines if "bill: " in line]

    return run


COUNTS = "bill: 1 sign-in, 2 requests, 2 recorded, 0 replayed; 2 cassettes written, 2 proven"
AGAIN = "bill: 1 sign-in, 2 requests, 0 recorded, 2 replayed"


def test_a_recording_and_its_replay(proven, run):
    proven.makepyfile(ONE)
    header, told, counts, sandbox = run(*RECORD, apart=True)
    assert header.startswith("bill: environment local")
    assert told.startswith("bill: 2 recordings proven by a replay")
    assert counts == COUNTS
    assert sandbox.startswith("bill: the local sandbox answered at http://127.0.0.1:")
    assert run()[1:] == [AGAIN]
    assert run("-q") == [AGAIN]
    assert run("-qq") == run("-qqq") == []
    assert run("-p", "no:terminal") == []


@pytest.mark.nightly
def test_a_quiet_recording_has_one_line(proven, run):
    proven.makepyfile(ONE)
    assert run("-q", *RECORD, apart=True) == [COUNTS]


def test_one_that_is_not_proven_says_so(pytester, run):
    pytester.makepyfile(ONE)
    unproven = "bill: 1 sign-in, 2 requests, 2 recorded, 0 replayed; 2 cassettes written without"
    assert run("-q", *RECORD, "--bill-no-prove")[0] == f"{unproven} proof"


def test_what_is_recorded_anew_and_did_not_change_is_unchanged(pytester, run):
    pytester.makepyfile(ONE)
    run("-qq", *RECORD)
    again = run("-q", "--bill-environment=local", "--bill-record-mode=all")
    counts = "bill: 1 sign-in, 2 requests, 2 recorded, 0 replayed"
    assert again == [f"{counts}; 2 cassettes unchanged"]


def test_a_very_quiet_run_tells_of_what_fails_it(pytester, run):
    pytester.makepyfile(
        """
        def test_nothing(bill_spend_client):
            pass
        """
    )
    silent = "tests that asked for BILL and sent it nothing"
    assert silent in run("-q")[0]
    assert run("-qq") == []
    (told,) = run("-qq", "--bill-strict", status=1)
    assert silent in told


def test_a_suite_without_bill_shows_nothing(pytester, run):
    pytester.makepyfile("def test_it():\n    pass")
    assert run() == []
    assert run("-v") == []


def test_a_run_that_asked_nothing_has_no_counts(pytester, run):
    pytester.makepyfile(
        """
        def test_it(bill_environ):
            pass
        """
    )
    told = run(*RECORD)
    assert not [line for line in told if "sign-in" in line or "0 requests" in line]


def test_unused_cassettes_are_counted(pytester, run):
    pytester.makepyfile(ONE)
    run("-qq", *RECORD)
    folder = next((pytester.path / "cassettes").glob("test_*"))
    (folder / "test_gone.yaml").write_bytes((folder / "test_one.yaml").read_bytes())
    assert run("-q", "--bill-report=bill.json")[-1] == f"{AGAIN}; 1 cassette unused"
    report = json.loads((pytester.path / "bill.json").read_text())
    assert report["cassettes"]["unused"] == 1
