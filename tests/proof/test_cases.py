"""Tests that do not replay as other tools record them: each is told when it is recorded."""

from __future__ import annotations

import json

import pytest

from tests.plugin.suites import LOCAL
from tests.proof.cases import CASES, Case

CONFTEST = """
import pytest

VENDORS = {vendors!r}
ADDRESS = {{"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}}


@pytest.fixture(scope="session")
def bill_config():
    return {{"stand_ins": True}} if {stand_ins} else {{}}


@pytest.fixture(scope="session")
def filled(request):
    # What the proof replays has no sandbox that was filled.
    if request.config.getoption("bill_record_mode") == "once":
        request.getfixturevalue("bill_sandbox").seed_from(
            {{"/v3/vendors": [{{"name": name, "address": ADDRESS}} for name in VENDORS]}}
        )


@pytest.fixture
def bill(filled, bill_dev_session):
    return bill_dev_session
"""
TOLD = {
    "now_in_a_filter": "Likely cause: a value of the clock is in the request.",
    "uuid_in_a_body": "Likely cause: a new uuid is in the request.",
    "lost_by_a_thread": "Likely cause: a request was answered after the test had ended, or never",
    "order_of_a_list": "with GET /connect/v3/vendors the other way round:",
    "data_used_up": "Likely cause: the test needs something that was there only once",
    "order_of_tests": "Likely cause: the test depends on the tests that ran before it",
}


@pytest.fixture
def recorded(proven):
    """Record the suites of some cases in one run."""

    def recorded(*cases: Case) -> pytest.RunResult:
        vendors = [name for case in cases for name in case.vendors]
        stand_ins = any(case.stand_ins for case in cases)
        proven.makeconftest(CONFTEST.format(vendors=vendors, stand_ins=stand_ins))
        for case in cases:
            case.write(proven.path)
        record = (*LOCAL, "--bill-record-mode=once", "--bill-report=report.json")
        return proven.runpytest_subprocess("-p", "no:cacheprovider", *record)

    return recorded


def test_what_is_replaced_is_told_by_the_test_itself(recorded):
    result = recorded(*(case for case in CASES if case.stand_ins))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: assert * == 'Happy Music Supplies Ltd'",
            "*4 values were shown to this test as stand-ins, as in each replay: *",
        ]
    )


def test_each_other_case_is_told_when_it_is_recorded(recorded, proven):
    cases = [case for case in CASES if not case.stand_ins]
    result = recorded(*cases)
    # pytest may warn of a thread that was refused, in whichever test runs by then.
    assert set(result.parseoutcomes()) <= {"passed", "warnings", "warning"}
    assert result.ret == 1
    told = {
        notice["owner"].partition(".py")[0].removeprefix("test_"): notice["text"]
        for notice in json.loads((proven.path / "report.json").read_text())["notices"]
        if notice["kind"] in ("unproven", "list_order") and "::" in notice["owner"]
    }
    assert told.keys() == {case.name for case in cases}
    assert {name: TOLD[name] in text for name, text in told.items()} == dict.fromkeys(told, True)
