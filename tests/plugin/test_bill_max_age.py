"""``--bill-max-age`` and ``--bill-stale``: cassettes that are too old."""

from __future__ import annotations

import json

import pytest

from tests.plugin.suites import LOCAL, NO_CACHE, RECORD, counts

SUITE = """
import pytest

@pytest.fixture(scope="module")
def vendor(bill_dev_session):
    address = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
    return bill_dev_session.call("POST", "/v3/vendors", json={"name": "Ada", "address": address})

def test_old(bill_dev_session, vendor):
    assert bill_dev_session.call("GET", f"/v3/vendors/{vendor['id']}")["name"] == "Ada"

def test_new(bill_dev_session):
    assert bill_dev_session.get("/v3/bills").ok
"""
DAY = "2020-02-29T00:00:00Z"


@pytest.fixture
def aged(pytester, run):
    """A suite that was recorded, one test of it long ago."""
    pytester.makepyfile(test_ages=SUITE)
    counts(pytester, run, *RECORD)
    path = pytester.path / "cassettes/test_ages/test_old.yaml"
    lines = path.read_text().splitlines(keepends=True)
    dated = [line for line in lines if "recorded_at: " in line]
    path.write_text(path.read_text().replace(dated[0], f"  recorded_at: {DAY}\n"))
    return path


TOLD = [
    "*bill: older than --bill-max-age*",
    "cassettes/test_ages/test_old.yaml: recorded 2020-02-29; record it anew with *",
]


def test_what_is_too_old_is_told_fails_the_run_or_is_recorded_anew(pytester, run, aged):
    result = run("--bill-max-age=90d", "--bill-report=report.json")
    result.stdout.fnmatch_lines(TOLD)
    assert result.ret == 0
    (notice,) = json.loads((pytester.path / "report.json").read_text())["notices"]
    assert (notice["kind"], notice["owner"]) == ("stale", "cassettes/test_ages/test_old.yaml")

    pytester.makeini("[pytest]\nbill_max_age = 90d\nbill_stale = fail\n")
    result = run()
    result.stdout.fnmatch_lines(TOLD)
    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED

    # The test and the fixture that it uses; not the other one.
    done = counts(pytester, run, *LOCAL, "--bill-stale=record")
    assert (done["recorded"], done["replayed"]) == (3, 1)
    assert DAY not in aged.read_text()
    replayed = run("--disable-socket", "-W", "ignore")
    replayed.stdout.no_fnmatch_line("*--bill-max-age*")
    assert replayed.ret == 0


def test_with_ci_recording_has_to_be_typed(pytester, run, aged, monkeypatch):
    monkeypatch.setenv("CI", "true")
    pytester.makeini("[pytest]\nbill_max_age = 90d\nbill_stale = record\n")
    result = run(*LOCAL)
    result.stdout.fnmatch_lines(["*test_old.yaml is older than 90d, and bill_stale=record would*"])
    result.stdout.fnmatch_lines(["*Type --bill-stale=record, or --bill-stale=warn.*"])
    assert DAY in aged.read_text()


@pytest.mark.nightly
def test_workers_tell_once(pytester, aged):
    sign_in = pytester.path / "cassettes/sign_in/developer_key.yaml"
    text = sign_in.read_text().splitlines(keepends=True)
    sign_in.write_text("".join(line for line in text if "recorded_at" not in line))
    result = pytester.runpytest_subprocess(*NO_CACHE, "--bill-max-age=90d", "-n", "2")
    told = [line for line in result.outlines if "does not say when it was recorded" in line]
    assert len(told) == 1
    assert result.ret == 0
