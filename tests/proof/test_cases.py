"""Tests that pass while they record and do not replay: the proof tells each of them."""

from __future__ import annotations

import json

import pytest

from tests.plugin.suites import LOCAL
from tests.proof.cases import CASES

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
    "replaced_value": "Likely cause: the test compares or computes with data that is recorded as",
    "now_in_a_filter": "Likely cause: a value of the clock is in the request.",
    "uuid_in_a_body": "Likely cause: a new uuid is in the request.",
    "lost_by_a_thread": "Likely cause: a request was answered after the test had ended, or never",
    "order_of_a_list": "with GET /connect/v3/vendors the other way round:",
    "data_used_up": "Likely cause: the test needs something that was there only once",
    "order_of_tests": "Likely cause: the test depends on the tests that ran before it",
}


@pytest.mark.parametrize("stand_ins", [True, False], ids=["with stand-ins", "without"])
def test_each_case_is_told_when_it_is_recorded(proven, stand_ins):
    cases = [case for case in CASES if case.stand_ins == stand_ins]
    vendors = [name for case in cases for name in case.vendors]
    proven.makeconftest(CONFTEST.format(vendors=vendors, stand_ins=stand_ins))
    for case in cases:
        case.write(proven.path)
    record = (*LOCAL, "--bill-record-mode=once", "--bill-report=report.json")
    result = proven.runpytest_subprocess("-p", "no:cacheprovider", *record)
    assert set(result.parseoutcomes()) == {"passed"}
    assert result.ret == 1
    told = {
        notice["owner"].partition(".py")[0].removeprefix("test_"): notice["text"]
        for notice in json.loads((proven.path / "report.json").read_text())["notices"]
        if notice["kind"] in ("unproven", "list_order") and "::" in notice["owner"]
    }
    assert told.keys() == {case.name for case in cases}
    assert {name: TOLD[name] in text for name, text in told.items()} == dict.fromkeys(told, True)
