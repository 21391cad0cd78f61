"""Several workers of pytest-xdist: they sign in once, and what they record replays."""

from __future__ import annotations

import json

import pytest

from tests.plugin.suites import LOCAL, RECORD, SUITE, counts


@pytest.mark.parametrize("how", ["--bill-record-mode=all", "--bill-live"])
@pytest.mark.sampled(2)
def test_two_workers_sign_in_once_per_credential(pytester, subprocess_run, how):
    pytester.makepyfile(test_a=SUITE, test_b=SUITE, test_c=SUITE)
    result = subprocess_run("-n", "2", *LOCAL, how, "--bill-report=report.json")
    assert result.ret == 0, result.stdout.str()
    assert json.loads((pytester.path / "report.json").read_text())["sign_ins"] == 4


def test_what_two_workers_record_replays(pytester, subprocess_run):
    pytester.makepyfile(test_a=SUITE, test_b=SUITE, test_c=SUITE)
    result = subprocess_run("-n", "2", *RECORD)
    assert result.ret == 0, result.stdout.str()
    assert len(list((pytester.path / "cassettes").rglob("*.yaml"))) == 4 + 3 * 6
    replay = subprocess_run("--disable-socket", "-W", "ignore")
    assert replay.ret == 0, replay.stdout.str()


@pytest.mark.nightly
def test_a_wide_fixture_is_not_recorded_by_several_workers(pytester, subprocess_run, run):
    pytester.makepyfile(
        test_bill="""
        import pytest

        @pytest.fixture(scope="session")
        def vendor(bill_dev_session):
            return bill_dev_session.call("GET", "/v3/vendors")["results"][0]

        @pytest.mark.parametrize("number", range(4))
        def test_vendor(vendor, number):
            assert vendor["id"]
        """
    )
    result = subprocess_run("-n", "2", *RECORD)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "*fixture vendor (set up for *): no recorded answer*",
            "*A fixture wider than one test is recorded by one process: leave out -n.",
        ]
    )
    counts(pytester, run, *RECORD)
    for mode in ("none", "once"):  # what is recorded is replayed by any number of workers
        again = subprocess_run("-n", "2", *LOCAL, f"--bill-record-mode={mode}")
        assert again.ret == 0, again.stdout.str()
