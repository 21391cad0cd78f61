"""Several workers of pytest-xdist: they sign in once, and what they record replays."""

from __future__ import annotations

import json
import sys

import pytest

from pytest_bill.cassettes.set_ups import LONGEST_SECONDS
from tests.plugin.suites import LOCAL, RECORD, SUITE, counts


@pytest.mark.parametrize("how", ["--bill-record-mode=all", "--bill-live"])
@pytest.mark.sampled(2)
def test_two_workers_sign_in_once_per_credential(pytester, subprocess_run, how):
    pytester.makepyfile(test_a=SUITE, test_b=SUITE, test_c=SUITE)
    result = subprocess_run("-n", "2", *LOCAL, how, "--bill-report=report.json")
    assert result.ret == 0, result.stdout.str()
    assert json.loads((pytester.path / "report.json").read_text())["sign_ins"] == 4


VENDOR = """
import pytest


@pytest.fixture(scope="session")
def vendor(bill_dev_session):
    address = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
    new = {"name": "Difference Engines", "address": address}
    made = bill_dev_session.call("POST", "/v3/vendors", json=new)
    yield made
    assert bill_dev_session.call("POST", f"/v3/vendors/{made['id']}/archive")["archived"]


@pytest.mark.parametrize("number", range(4))
def test_vendor(vendor, bill_dev_session, number):
    assert not bill_dev_session.call("GET", f"/v3/vendors/{vendor['id']}")["archived"]
"""
"""Its fixture takes away what its tests need."""


@pytest.mark.nightly
def test_what_two_workers_record_replays(pytester, subprocess_run):
    """One of them records the fixture; its teardown is sent when all its tests have ended."""
    pytester.makepyfile(test_a=SUITE, test_b=SUITE, test_c=SUITE, test_vendor=VENDOR)
    result = subprocess_run("-n", "2", *RECORD)
    assert result.ret == 0, result.stdout.str()
    assert len(list((pytester.path / "cassettes").rglob("*.yaml"))) == 4 + 3 * 6 + 4 + 1
    fixture = (pytester.path / "cassettes/test_vendor/fixture.vendor.yaml").read_text()
    assert fixture.count("method: POST") == 2
    replay = subprocess_run("--disable-socket", "-W", "ignore")
    assert replay.ret == 0, replay.stdout.str()


@pytest.mark.nightly
@pytest.mark.parametrize("dist", ["load", "worksteal", "loadfile", "loadscope", "loadgroup"])
@pytest.mark.parametrize("mode", ["all", "new_episodes", "once"])
def test_a_wide_fixture_is_recorded_once_however_tests_are_spread(
    proven, subprocess_run, dist, mode
):
    """By four workers, twice; then it replays, in one process and in three."""
    proven.makepyfile(test_a=VENDOR, test_b=VENDOR.replace('"session"', '"module"'))
    (proven.path / "conftest.py").touch()
    for again in (mode, "all"):
        recording = ("-n", "4", f"--dist={dist}", *LOCAL, f"--bill-record-mode={again}")
        result = subprocess_run(*recording, "--bill-strict")
        assert result.ret == 0, result.stdout.str()
        for name in ("test_a", "test_b"):
            text = (proven.path / f"cassettes/{name}/fixture.vendor.yaml").read_text()
            assert text.count("method: POST") == 2
    for workers in ("0", "3"):
        assert subprocess_run("-n", workers, "--bill-strict").ret == 0


CRASHING = """
import os
import pytest


@pytest.mark.parametrize("number", range(12))
def test_number(bill_dev_session, number):
    assert bill_dev_session.call("GET", "/v3/vendors", params={"max": number + 1})
    if number in (3, 7) and os.environ.get("CRASHES"):
        os._exit(3)
"""


@pytest.mark.nightly
@pytest.mark.parametrize("restarts", ["0", "5"])
def test_what_a_worker_that_crashed_has_recorded_arrives(
    proven, subprocess_run, monkeypatch, restarts
):
    proven.makepyfile(test_a=CRASHING)
    monkeypatch.setenv("CRASHES", "1")
    recording = ("-n", "3", f"--max-worker-restart={restarts}", *RECORD)
    result = subprocess_run(*recording, "--bill-report=report.json")
    assert result.ret == 1
    report = json.loads((proven.path / "report.json").read_text())
    unsaved = {each["owner"]: each["text"] for each in report["notices"]}
    assert unsaved
    for test, text in unsaved.items():
        assert test in ("test_a.py::test_number[3]", "test_a.py::test_number[7]")
        assert "crashed; what it had recorded for cassettes/test_a/test_number-" in text
    cassettes = {each.name for each in (proven.path / "cassettes/test_a").iterdir()}
    # A sign-in, and each test that has a cassette.
    assert report["recorded"] == len(cassettes) + 1
    ended = {test for test, how in report["usage"]["outcomes"].items() if how == "passed"}
    if restarts == "5":
        assert len(cassettes) == 10
    else:
        assert len(cassettes) >= len(ended)
    assert not (proven.path / "cassettes/.unproven").exists()
    monkeypatch.delenv("CRASHES")
    counts(proven, subprocess_run, "-n", "2", *RECORD)
    assert counts(proven, subprocess_run)["replayed"] == 13


@pytest.mark.nightly
def test_where_tests_are_left_out_nobody_waits_for_them(proven, subprocess_run):
    proven.makepyfile(
        test_a=VENDOR,
        test_b="""
        import pytest


        @pytest.mark.parametrize("number", range(40))
        def test_fails(number):
            assert number < 2
        """,
    )
    result = subprocess_run("-n", "3", "--maxfail=1", *RECORD)
    assert result.ret != 0
    assert "torn down before all tests" not in result.stdout.str()
    assert result.duration < LONGEST_SECONDS


@pytest.mark.nightly
def test_workers_may_have_another_python(proven, subprocess_run):
    """Of another version, where there is one that has all that is needed; else by its own path."""
    proven.makepyfile(test_a=SUITE)
    proven.makeini("[pytest]")
    workers = (f"--tx=2*popen//python={sys.executable}", "-d")
    recorded = counts(proven, subprocess_run, *workers, *LOCAL, "--bill-record-mode=all")
    assert recorded["sign_ins"] == 4
    assert counts(proven, subprocess_run, *workers)["recorded"] == 0
