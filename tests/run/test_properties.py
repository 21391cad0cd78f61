"""What a JUnit file holds of BILL: properties of tests and of the suite."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.plugin.suites import LOCAL, NO_CACHE, RECORD

SUITE = """
import pytest

def test_two(bill_dev_session):
    bill_dev_session.get("/v3/vendors", params={"max": 1})
    bill_dev_session.get("/v3/bills", params={"max": 1})

def test_none(bill_dev_session):
    pass

def test_elsewhere():
    pass

@pytest.fixture(scope="module")
def vendor(bill_dev_session):
    return next(bill_dev_session.paginate("/v3/vendors"))

def test_of_a_fixture(vendor, bill_dev_session):
    bill_dev_session.get("/v3/vendors/" + vendor["id"])
"""


@pytest.fixture
def properties(pytester, monkeypatch):
    """Run a suite, and give the properties of all its tests, by name, and of the suite."""
    monkeypatch.delenv("BILL_ENVIRONMENT", raising=False)

    def properties(*args: str, status: int = 0) -> dict[str, dict[str, str]]:
        result = pytester.runpytest_inprocess(*NO_CACHE, "--junit-xml=junit.xml", *args)
        assert result.ret == status, result.stdout.str()
        root = ElementTree.parse(pytester.path / "junit.xml").getroot()
        suite = root[0]
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        nodes = {"": suite} | {each.get("name"): each for each in suite.findall("testcase")}
        return {
            name: {
                each.get("name"): each.get("value") for each in node.findall("properties/property")
            }
            for name, node in nodes.items()
        }

    return properties


def test_what_was_recorded_and_replayed_is_with_each_test_that_asked(pytester, properties):
    pytester.makepyfile(test_a=SUITE)
    recorded = properties(*RECORD, "--bill-no-prove")
    assert recorded["test_two"] == {
        "bill.replayed": "0",
        "bill.recorded": "2",
        "bill.cassette": "cassettes/test_a/test_two.yaml",
    }
    assert recorded["test_none"] == recorded["test_elsewhere"] == {}
    assert recorded["test_of_a_fixture"]["bill.recorded"] == "1"  # what it asked by itself
    assert recorded[""]["bill.sign_ins"] == "1"
    assert recorded[""]["bill.requests"] == recorded[""]["bill.recorded"] == "5"
    assert recorded[""]["bill.cassettes_written"] == "4"
    replayed = properties()
    assert replayed["test_two"] == recorded["test_two"] | {
        "bill.replayed": "2",
        "bill.recorded": "0",
    }
    assert replayed[""]["bill.replayed"] == "5"
    assert replayed[""]["bill.cassettes_written"] == "0"


@pytest.mark.nightly
def test_with_workers_they_are_the_same(pytester, properties):
    pytester.makepyfile(test_a=SUITE)
    recorded = properties(*RECORD, "--bill-no-prove", "-n", "2")
    assert recorded["test_two"]["bill.recorded"] == "2"
    assert recorded["test_two"]["bill.cassette"] == "cassettes/test_a/test_two.yaml"
    assert recorded[""]["bill.recorded"] == "5"
    assert recorded[""]["bill.cassettes_written"] == "4"


def test_a_test_that_went_live_has_no_cassette(pytester, properties):
    pytester.makepyfile(test_a=SUITE)
    live = properties(*LOCAL, "--bill-live")
    assert live["test_two"] == {"bill.live": "2"}
    assert live["test_none"] == {}
    assert live["test_of_a_fixture"] == {"bill.live": "2"}  # with that of the fixture
    assert live[""]["bill.live"] == "4"


def test_a_test_that_found_nothing_recorded_has_the_cassette_where_it_looked(pytester, properties):
    pytester.makepyfile(
        test_a="""
        def test_own(bill_spend_client):
            bill_spend_client.get("/v3/spend/budgets")
        """
    )
    missed = properties(status=1)["test_own"]
    assert missed == {
        "bill.replayed": "0",
        "bill.recorded": "0",
        "bill.cassette": "cassettes/test_a/test_own.yaml",
    }


def test_a_test_that_is_tried_again_has_those_of_its_last_attempt(pytester):
    """As other reporters see them: the JUnit file has a case for each attempt."""
    pytester.makeconftest(
        """
        def pytest_runtest_logreport(report):
            if report.when == "teardown":
                print("SEEN", dict(report.user_properties))
        """
    )
    pytester.makepyfile(
        test_a="""
        tries = []

        def test_flaky(bill_spend_client, record_property):
            tries.append(1)
            record_property("mine", len(tries))
            bill_spend_client.get("/v3/spend/budgets")
            if len(tries) > 1:
                bill_spend_client.get("/v3/spend/users")
            assert len(tries) > 1
        """
    )
    rerun = ("-p", "pytest_rerunfailures", "--reruns", "1", "-s")
    result = pytester.runpytest_inprocess(*NO_CACHE, *RECORD, "--bill-no-prove", *rerun)
    assert result.ret == 0
    own = "'mine': 2, 'bill.replayed': 0, 'bill.recorded': 2"
    result.stdout.fnmatch_lines(
        ["*SEEN {'mine': 1, *'bill.recorded': 1, *", "*SEEN {" + own + ", 'bill.cassette': 'cas*"]
    )


def test_a_suite_without_bill_has_none(pytester, properties):
    pytester.makepyfile(test_a="def test_it():\n    pass")
    assert properties() == {"": {}, "test_it": {}}


def test_without_a_terminal_they_are_there_as_well(pytester, properties):
    pytester.makepyfile(test_a=SUITE)
    live = properties(*LOCAL, "--bill-live", "-p", "no:terminal")
    assert live[""]["bill.live"] == "4"
