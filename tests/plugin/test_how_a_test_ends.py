"""A recording is saved if its test came to its end, and kept as it was if not."""

from __future__ import annotations

import pytest

from tests.plugin.suites import LOCAL, ONE, RECORD, counts, tree


def test_a_failing_test_keeps_the_old_recording(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    before = tree(pytester.path / "cassettes/test_bill")
    pytester.makepyfile(test_bill=ONE + "    assert False\n")
    result = run(*LOCAL, "--bill-record-mode=all")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*bill: tests and fixtures that did not end well*not saved*", "test_bill.py::test_one"]
    )
    assert tree(pytester.path / "cassettes/test_bill") == before


@pytest.mark.parametrize("end", ["raise KeyboardInterrupt", "import pytest; pytest.exit('enough')"])
def test_an_interrupted_test_keeps_the_old_recording(pytester, run, end):
    two = ONE + '    assert bill_dev_session.get("/v3/bills").ok\n'
    pytester.makepyfile(test_bill=two)
    counts(pytester, run, *RECORD)
    before = tree(pytester.path / "cassettes/test_bill")
    pytester.makepyfile(test_bill=ONE + f"    {end}\n")
    run(*LOCAL, "--bill-record-mode=all", no_reraise_ctrlc=True)
    assert tree(pytester.path / "cassettes/test_bill") == before


@pytest.mark.parametrize("end", ["pytest.xfail('known')", "pytest.skip('enough')"])
def test_a_test_that_ends_as_it_means_to_is_saved(pytester, run, end):
    pytester.makepyfile(test_bill="import pytest\n" + ONE + f"    {end}\n")
    run(*RECORD)
    assert (pytester.path / "cassettes/test_bill/test_one.yaml").exists()
