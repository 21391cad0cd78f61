"""Requests that have no recorded answer."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

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


LOGGED = ("-p", "pytest_reportlog.plugin", "--report-log=out.json")
PLACE = "test_bill.py:2"
SUMMARY = "FAILED test_bill.py::test_one - NotInCassette: GET /v3/vendors?max=7 was not recorded"


@pytest.fixture
def missing(pytester, run, monkeypatch):
    """A suite whose only test misses its request."""
    monkeypatch.setenv("COLUMNS", "120")
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(test_bill=ONE.replace("/v3/vendors", "/v3/vendors?max=7"))


@pytest.mark.parametrize(
    "options", [(), ("--tb=long",), ("--tb=short",), ("--tb=native",), ("-n", "2")]
)
@pytest.mark.sampled(3)
def test_the_summary_says_what_was_missed(missing, run, subprocess_run, options):
    result = (subprocess_run if "-n" in options else run)(*options)
    result.stdout.fnmatch_lines([f"{PLACE}: NotInCassette", "*no recorded answer*", SUMMARY])
    assert "\x1b" not in result.stdout.str()
    assert "transport.py" not in result.stdout.str()


def test_in_one_line(pytester, missing, run):
    run("--tb=line").stdout.fnmatch_lines(
        [f"*{PLACE}: NotInCassette: GET /v3/vendors?max=7 was not recorded"]
    )


def test_on_a_ci_server_the_summary_is_one_line_too(pytester, missing, run, monkeypatch):
    monkeypatch.setenv("CI", "true")
    lines = run().stdout.str().split("\n")
    (place,) = [number for number, line in enumerate(lines) if line == SUMMARY]
    assert lines[place + 1].startswith("=")


def test_junit_has_the_summary_and_all_of_it(pytester, missing, run, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    run("--junit-xml=out.xml")
    (failure,) = ElementTree.parse(pytester.path / "out.xml").iter("failure")
    assert failure.get("message") == "NotInCassette: GET /v3/vendors?max=7 was not recorded"
    assert "  differs (- recorded, + now):\n    + query max: 7\n" in failure.text
    assert "#x1B" not in failure.text


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
@pytest.mark.nightly
def test_what_differs_is_in_colour_where_pytest_is(pytester, missing, subprocess_run, workers):
    shown = subprocess_run(*LOGGED, "--color=yes", *workers).stdout.str()
    assert "\x1b[32m    + query max: 7\x1b[0m" in shown
    assert "\x1b" not in (pytester.path / "out.json").read_text().replace("\\u001b", "\x1b")
    assert "\x1b[32m    +" not in subprocess_run("--color=no", *workers).stdout.str()


def test_a_test_that_was_renamed(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(test_bill=ONE.replace("test_one", "test_only_one"))
    run().stdout.fnmatch_lines(
        [
            "  cassette: cassettes/test_bill/test_only_one.yaml does not exist.",
            "  renamed? this looks like test_bill.py::test_one, which is gone: move "
            "cassettes/test_bill/test_one.yaml to cassettes/test_bill/test_only_one.yaml",
        ]
    )


def test_each_of_our_errors_has_its_summary(pytester, run):
    pytester.makepyfile(
        test_bill="""
        import pytest

        @pytest.fixture
        def broken(bill_dev_session):
            bill_dev_session.get("/v3/bills")

        def test_fixture(broken): ...

        @pytest.mark.bill_cassette(nonsense=1)
        def test_marker(): ...
        """
    )
    result = run()
    result.stdout.fnmatch_lines_random(
        [
            "ERROR test_bill.py::test_fixture - NotInCassette: POST /v3/login was not rec*",
            "ERROR test_bill.py::test_marker - SettingsError: @pytest.mark.bill_cassette o*",
        ]
    )
