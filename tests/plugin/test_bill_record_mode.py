"""``--bill-record-mode``: what each mode records and plays, and what goes before it."""

from __future__ import annotations

import pytest

from tests.plugin.suites import LOCAL, ONE, RECORD, SUITE, counts


def test_a_second_run_in_mode_once_signs_in_nowhere(pytester, run):
    pytester.makepyfile(test_bill=SUITE)
    counts(pytester, run, *RECORD)
    # No variable is set and the environment is BILL's own: whatever left the process would fail.
    done = counts(pytester, run, "--bill-record-mode=once", "--disable-socket", "-W", "ignore")
    assert done["replayed"] == done["requests"]


def test_mode_all_records_anew_and_drops_what_is_gone(pytester, run):
    two = ONE.replace("assert", 'bill_dev_session.get("/v3/bills")\n    assert')
    pytester.makepyfile(test_bill=two)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(test_bill=ONE)
    assert counts(pytester, run, *LOCAL, "--bill-record-mode=all")["replayed"] == 0
    cassette = (pytester.path / "cassettes/test_bill/test_one.yaml").read_text()
    assert "/v3/bills" not in cassette
    assert cassette.count("uri: ") == 1


def test_mode_new_episodes_adds_what_is_missing(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(test_bill=ONE + '    assert bill_dev_session.get("/v3/bills").ok\n')
    done = counts(pytester, run, *LOCAL, "--bill-record-mode=new_episodes")
    assert (done["recorded"], done["replayed"]) == (1, 2)  # the sign-in and the vendors
    assert counts(pytester, run)["replayed"] == 3


@pytest.mark.parametrize("source", ["ini", "marker", "bill_config", "all of them"])
def test_none_on_the_command_line_beats_everything(pytester, run, source):
    if source in ("ini", "all of them"):
        pytester.makeini("[pytest]\nbill_record_mode = all\nbill_environment = local\n")
    if source in ("bill_config", "all of them"):
        pytester.makeconftest(
            """
            import pytest

            @pytest.fixture(scope="session")
            def bill_config():
                return {"record_mode": "all"}
            """
        )
    marked = "import pytest\n\n@pytest.mark.bill_cassette(record_mode='all')"
    pytester.makepyfile(test_bill=(marked if source in ("marker", "all of them") else "") + ONE)
    result = run("--bill-record-mode=none", "--disable-socket", "-W", "ignore")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no recorded answer (record mode none)*"])
    assert not (pytester.path / "cassettes").exists()


def test_in_ci_recording_is_typed(pytester, run, monkeypatch):
    monkeypatch.setenv("CI", "true")
    pytester.makeini("[pytest]\nbill_record_mode = once\nbill_environment = local\n")
    pytester.makepyfile(test_bill=ONE)
    refused = run()
    refused.assert_outcomes(errors=1)
    refused.stdout.fnmatch_lines(
        [
            "*bill_record_mode=once is in tox.ini, and CI is set: only a record mode that *",
            "*To record, type --bill-record-mode=once; to replay, --bill-record-mode=none.",
        ]
    )
    assert not (pytester.path / "cassettes").exists()
    assert counts(pytester, run, "--bill-record-mode=once")["recorded"] == 2


@pytest.mark.nightly
def test_in_ci_workers_know_what_was_typed(pytester, subprocess_run, monkeypatch):
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile(test_bill=ONE)
    assert subprocess_run("-n", "2", *LOCAL, "--bill-record-mode=once").ret == 0
    assert len(list((pytester.path / "cassettes").rglob("*.yaml"))) == 2
    monkeypatch.setenv("PYTEST_ADDOPTS", "--bill-record-mode=all")
    refused = subprocess_run("-n", "2", *LOCAL)
    refused.assert_outcomes(errors=1)
    refused.stdout.fnmatch_lines(
        ["*--bill-record-mode=all is in addopts or PYTEST_ADDOPTS, and CI*"]
    )
