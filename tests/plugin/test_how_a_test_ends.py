"""A recording is saved if its test came to its end, and kept as it was if not."""

from __future__ import annotations

import pytest

from tests.plugin.suites import LOCAL, ONE, RECORD, counts, tree

# Each test ends badly, in its own way, in a run in which ACME is set.
ENDINGS = """
import os
import unittest

import pytest

BAD = "ACME" in os.environ


def ask(session):
    assert session.get("/v3/vendors", params={"max": 2 if BAD else 1}).ok


def test_fails(bill_dev_session):
    ask(bill_dev_session)
    assert not BAD


@pytest.fixture
def torn_down(bill_dev_session):
    yield
    ask(bill_dev_session)
    assert not BAD


def test_teardown(torn_down):
    pass


@pytest.fixture(scope="module")
def wide(bill_dev_session):
    ask(bill_dev_session)
    yield
    assert not BAD


@pytest.mark.xfail(strict=True)
def test_strict(bill_dev_session):
    ask(bill_dev_session)
    assert BAD


def test_late(request):
    ask(request.getfixturevalue("bill_dev_session"))
    request.addfinalizer(lambda: pytest.fail("no") if BAD else None)


def test_by_report(bill_dev_session):
    ask(bill_dev_session)


def test_by_report_of_teardown(bill_dev_session):
    ask(bill_dev_session)


def test_logged(bill_dev_session):
    ask(bill_dev_session)


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest has subtests from 9.0 on")
def test_subtests(bill_dev_session, request):
    subtests = request.getfixturevalue("subtests")
    for number in range(3):
        with subtests.test(number=number):
            ask(bill_dev_session)
            assert not (BAD and number == 1)


class TestOfUnittest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _session(self, bill_dev_session):
        self.session = bill_dev_session

    def test_subtests(self):
        for number in range(3):
            with self.subTest(number=number):
                ask(self.session)
                assert not (BAD and number == 1)

    def test_cleanup(self):
        ask(self.session)
        self.addCleanup(self.assertFalse, BAD)


def test_wide(wide):
    pass
"""
HOOKS = """
import os
import pytest

BAD = "ACME" in os.environ


def fail(report):
    report.outcome = "failed"
    report.longrepr = "the hook says so"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    wanted = {"test_by_report": "call", "test_by_report_of_teardown": "teardown"}.get(item.name)
    if BAD and report.when == wanted:
        fail(report)
    return report


def pytest_runtest_logreport(report):
    if BAD and "test_logged" in report.nodeid and report.when == "call":
        fail(report)
"""


def test_whoever_ends_badly_keeps_the_old_recording(pytester, run, monkeypatch):
    pytester.makeconftest(HOOKS)
    pytester.makepyfile(test_bill=ENDINGS)
    assert run(*LOCAL, "--bill-record-mode=all").ret == 0
    folder = pytester.path / "cassettes/test_bill"
    before = tree(folder)
    assert len(before) >= 10
    monkeypatch.setenv("ACME", "1")
    result = run(*LOCAL, "--bill-record-mode=all")
    assert tree(folder) == before
    lines = result.outlines
    (told,) = [number for number, line in enumerate(lines) if "did not end well" in line]
    names = {line.rpartition("::")[2] for line in lines[told + 1 : told + 1 + len(before)]}
    unsaved = {path.removesuffix(".yaml").rpartition(".")[2] for path in before}
    assert names >= unsaved - {"wide"}
    assert "fixture wide (set up for test_bill.py::test_wide)" in lines


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
