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
