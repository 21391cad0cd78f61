"""Failures that are shown in words, and those that stay as pytest shows them."""

from __future__ import annotations

import pytest

from tests.plugin.suites import NO_CACHE

LEFT_ALONE = {
    "a fixture that is like none of BILL's": "def test_it(vendor_of_acme):\n    pass\n",
    "a fixture that is like one of the suite's own": """
import pytest


@pytest.fixture
def bill_dev_session_of_acme():
    return 1


def test_it(bill_dev_session_of_acm):
    pass
""",
    "a function that was given too little": """
def asks(bill_dev_session, path):
    pass


def test_it():
    asks("/v3/vendors")
""",
    "another name": "def test_it():\n    bill_dev_sessions.get('/v3/vendors')\n",
    "an attribute of something else": "def test_it():\n    test_it.bill_dev_session\n",
    "an error that cannot be shown": """
class Odd(TypeError):
    def __str__(self):
        raise KeyError("bill_dev_session")


class Any:
    def __getattr__(self, name):
        raise KeyError(name)


def test_it():
    error = Odd("bill_dev_session")
    error.obj = Any()
    raise error
""",
    "an attribute of what gives none": """
class Any:
    def __getattribute__(self, name):
        if name == "__class__":
            return Any
        raise KeyError(name) if name == "__name__" else AttributeError(name, obj=self, name=name)


def test_it():
    Any().bill_dev_session
""",
    "unittest without BILL": """
import unittest


class TestIt(unittest.TestCase):
    def test_it(self, tmp_path):
        pass
""",
}


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_what_is_none_of_bills_is_shown_as_pytest_shows_it(pytester, case):
    pytester.makepyfile(LEFT_ALONE[case])
    result = pytester.runpytest_inprocess(*NO_CACHE)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    shown = result.stdout.str()
    assert "BILL's fixtures are" not in shown
    assert "names it as an argument" not in shown
    assert "@pytest.fixture(autouse=True)" not in shown
    assert "INTERNALERROR" not in shown
    assert "test_it" in shown


def test_what_unittest_is_told_to_do_works(pytester):
    pytester.makepyfile(
        """
        import unittest

        import pytest


        class TestVendors(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _bill(self, bill_dev_session):
                self.bill = bill_dev_session

            def test_it(self):
                assert self.bill.get("/v3/vendors").ok
        """
    )
    asked = ("--bill-environment=local", "--bill-record-mode=once")
    pytester.runpytest_inprocess(*NO_CACHE, *asked).assert_outcomes(passed=1)
    pytester.runpytest_inprocess(*NO_CACHE).assert_outcomes(passed=1)


def test_a_marker_that_is_none_ends_the_run_where_markers_are_strict(pytester):
    pytester.makepyfile("import pytest\n\n\n@pytest.mark.bill_casette\ndef test_it():\n    pass\n")
    result = pytester.runpytest_inprocess(*NO_CACHE, "--strict-markers")
    result.stdout.fnmatch_lines(["*.py:4: Unknown pytest.mark.bill_casette: it does nothing. Did*"])


def test_a_module_that_asked_bill_and_was_imported_is_told_of(pytester):
    """As where its client had an answer; no name is looked up for this."""
    pytester.makepyfile(
        test_it="""
        import sys

        sys.audit("socket.getaddrinfo", "gateway.stage.bill.com", 443, 0, 0, 0)


        def test_it():
            pass
        """
    )
    result = pytester.runpytest_inprocess(*NO_CACHE, "--bill-strict")
    result.stdout.fnmatch_lines(
        [
            "*neither recorded nor played*",
            "test_it.py",
            "  gateway.stage.bill.com was asked while it*",
        ]
    )
    assert result.ret == 1
