"""What was typed on the command line of a run."""

from __future__ import annotations

from types import SimpleNamespace

from pytest_bill.command_line import options_in, typed_arguments


def test_what_is_added_is_not_typed(pytester, monkeypatch):
    pytester.makeini("[pytest]\naddopts = --bill-live\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--bill-no-scan")
    config = pytester.parseconfig("-q", "--bill-report", "a.json")
    assert config.getoption("bill_live")
    typed = typed_arguments(config)
    assert {"-q", "--bill-report", "a.json"} <= set(typed)
    assert not {"--bill-live", "--bill-no-scan"} & set(typed)


def test_a_worker_knows_what_was_typed_to_its_controller():
    told = SimpleNamespace(workerinput={"bill_typed": ["--bill-live"]})
    assert typed_arguments(told) == ["--bill-live"]


def test_options_are_read_wherever_they_stand():
    options = {"--bill-live": {"action": "store_true"}, "--bill-report": {}}
    found = options_in(["tests", "--bill-report", "a.json", "-x", "--bill-live"], options)
    assert (found.bill_live, found.bill_report) == (True, "a.json")
    found = options_in(["tests", "--bill-reports=a.json", "--bill-li"], options)
    assert (found.bill_live, found.bill_report) == (False, None)
