"""Requests that have no recorded answer."""

from __future__ import annotations

from tests.plugin.suites import ONE, RECORD, counts


def test_a_miss_names_the_request_the_nearest_and_the_command(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(test_bill=ONE.replace("/v3/vendors", "/v3/vendors?max=7"))
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "test_bill.py:2: NotInCassette",
            "test_bill.py::test_one: no recorded answer (record mode none).",
            "*request: GET https://gateway.stage.bill.com/connect/v3/vendors?max=7",
            "*cassette: cassettes/test_bill/test_one.yaml, 1 recorded.",
            "*nearest: GET https://gateway.stage.bill.com/connect/v3/vendors",
            "*differs (- recorded, + now):",
            "    + query max: 7",
            "Record it: pytest test_bill.py::test_one --bill-environment=local "
            "--bill-record-mode=new_episodes",
        ]
    )


def test_a_miss_that_the_code_under_test_swallows_fails_the_test(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(
        test_bill="""
        import unittest
        import pytest

        def test_one(bill_dev_session):
            try:
                bill_dev_session.get("/v3/bills")
            except Exception:
                pass

        class TestParts(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _session(self, bill_dev_session):
                self.session = bill_dev_session

            def test_parts(self):
                for number in range(4):
                    with self.subTest(number=number):
                        if number == 1:
                            self.session.get("/v3/bills")
        """
    )
    result = run("-rA")
    result.stdout.fnmatch_lines(["*hid an error*", "*no recorded answer*"])
    told = "hid an error of a request to BILL that has no recorded answer"
    assert result.stdout.str().count(told) == 1  # a subtest tells of its own miss


def test_a_request_in_a_test_without_bill_opens_no_socket_to_bill(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(
        test_bill=ONE
        + """

def test_without_a_fixture():
    import httpx
    httpx.get("https://gateway.stage.bill.com/connect/v3/vendors")
"""
    )
    result = run()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*A connection to gateway.stage.bill.com was refused*"])
