"""The facts of one process, and how those of several are added up."""

from __future__ import annotations

import json

import pytest

from pytest_bill.run.collection import Collected
from pytest_bill.run.state import RunState
from pytest_bill.run.usage import Usage, usage_of
from tests.helpers.cassettes import write_cassette


def part(**changes) -> Usage:
    """What a worker knows that has all tests of one module and ran one of them."""
    values = {
        "cassette_dir": "cassettes",
        "roots": {"."},
        "folders": {"."},
        "modules": {"test_a.py"},
        "tests": {"test_a.py::test_1": "a.yaml", "test_a.py::test_2": "a.yaml"},
        "outcomes": {"test_a.py::test_1": "passed"},
        "used": {"a.yaml"},
        "unplayed": {"a.yaml": {1: "GET /v3/bills", 2: "GET /v3/vendors"}},
        "recorded": {"a.yaml": 3},
    }
    return Usage(**(values | changes))


def sent(usage: Usage) -> dict:
    return json.loads(json.dumps(usage.as_dict()))


def added(*parts: Usage) -> Usage:
    whole = Usage()
    for each in parts:
        whole.add(sent(each))
    return whole


def test_what_is_known_goes_to_another_process():
    assert added(part()) == part()
    assert Usage().as_dict() == {}


def test_what_one_process_has_played_was_played():
    both = added(part(), part(unplayed={"a.yaml": {0: "GET /v3/invoices", 2: "GET /v3/vendors"}}))
    assert both.unplayed == {"a.yaml": {2: "GET /v3/vendors"}}
    assert added(part(), part(unplayed={}, recorded={})).unplayed == {}
    assert added(part(unplayed={}, recorded={}), part()).unplayed == {"a.yaml": {}}


def test_who_did_not_use_a_cassette_says_nothing_of_it():
    other = part(used={"b.yaml"}, unplayed={}, recorded={})
    assert added(part(), other).unplayed == part().unplayed
    assert added(other, part()).unplayed == part().unplayed


def test_cassettes_of_other_sizes_are_not_compared():
    assert added(part(), part(recorded={"a.yaml": 4})).changed == {"a.yaml"}


@pytest.mark.parametrize(
    ("outcomes", "worst"),
    [
        (["passed", "skipped"], "skipped"),
        (["failed", "passed"], "failed"),
        (["passed", "passed"], "passed"),
    ],
)
def test_a_test_that_several_ran_ended_as_it_did_worst(outcomes, worst):
    both = added(*(part(outcomes={"test_a.py::test_1": each}) for each in outcomes))
    assert both.outcomes == {"test_a.py::test_1": worst}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"is_narrowed": True}, "left tests out"),
        ({"unknown": {"test_b.py"}}, "test_b.py was not collected as a whole"),
        ({"unknown": {"test_a.py"}}, ""),
        ({"folders": set()}, ". was not collected"),
        ({"roots": {"tests", "more"}, "folders": {"tests"}}, "more was not collected"),
        ({"roots": {"tests/unit"}, "folders": {"tests"}}, ""),
        ({"roots": {"test"}, "folders": {"tests"}}, "test was not collected"),
        ({"roots": {"test_a.py"}, "folders": set()}, ""),
        ({"roots": set()}, "the suite was not collected"),
    ],
)
def test_whether_all_tests_of_the_suite_were_collected(changes, why):
    usage = part(**changes)
    assert why in usage.why_not_whole()
    assert usage.is_whole is not bool(why)


def test_a_shard_may_have_collected_what_another_one_did_not():
    first = part(folders=set(), modules=set(), unknown={"test_a.py"})
    assert not first.is_whole
    assert added(first, part()).is_whole


@pytest.fixture
def known(pytester):
    """What a process knows that has collected these tests with these arguments."""

    def known(*arguments: str, tests=(), of_bill=(), places=None, outcomes=None) -> Usage:
        state = RunState(None)
        state.collected = collected = Collected()
        collected.tests += [*tests, *of_bill]
        collected.of_bill = dict(of_bill)
        collected.places = places or {}
        collected.outcomes = outcomes or {}
        config = pytester.parseconfig(*arguments)
        config.add_cleanup(lambda: None)
        return usage_of(config, state)

    return known


def test_which_cassettes_tests_have(known):
    of_bill = {"test_a.py::test_1": "", "test_a.py::test_2": "lists/all", "test_a.py::test_3": "/"}
    usage = known(
        of_bill=of_bill, outcomes={"test_a.py::test_1": "passed", "test_b.py::t": "passed"}
    )
    assert usage.tests == {
        "test_a.py::test_1": "test_a/test_1.yaml",
        "test_a.py::test_2": "lists/all.yaml",
    }
    assert usage.named == {"lists/all.yaml"}
    assert usage.outcomes == {"test_a.py::test_1": "passed"}


def test_files_of_tests_that_have_another_cassette_or_none(known, pytester):
    for name in ("test_1", "test_2", "test_4"):
        write_cassette(pytester.path / f"cassettes/test_a/{name}.yaml", "/v3/bills")
    tests = ["test_a.py::test_1", "test_a.py::test_3", "test_b.py::test_1", "::status"]
    of_bill = {"test_a.py::test_2": "lists/all", "test_a.py::test_4": ""}
    assert known(tests=tests, of_bill=of_bill).idle == {
        "test_a.py::test_1": "test_a/test_1.yaml",
        "test_a.py::test_2": "test_a/test_2.yaml",
    }


@pytest.fixture
def modules(pytester):
    (pytester.path / "tests").mkdir()
    (pytester.path / "tests/test_a.py").touch()
    return {"tests/test_a.py": "passed", "tests/test_b.py": "skipped"}


@pytest.mark.parametrize(
    ("arguments", "folders", "whole"),
    [
        ((), {"."}, True),
        (("tests",), {"tests"}, True),
        (("tests/test_a.py",), set(), True),
        (("tests/test_a.py::test_1",), set(), False),
        (("tests", "tests/test_a.py::test_1[a::b]"), {"tests"}, False),
        (("--lf",), set(), False),
        (("--ignore=tests/slow", "tests"), set(), True),
        (("-o", "python_files=check_*.py"), set(), True),
        (("-o", "cache_dir=.other"), {"."}, True),
        (("no_such_package",), set(), True),
        (("no_such_package::test_1",), set(), False),
    ],
)
def test_what_was_collected_as_a_whole(known, modules, arguments, folders, whole):
    usage = known(*arguments, places=modules)
    assert usage.folders == folders
    assert usage.modules == ({"tests/test_a.py"} if whole else set())
    assert "tests/test_b.py" in usage.unknown


def test_a_conftest_that_leaves_modules_out(known, pytester, modules):
    pytester.makeconftest("collect_ignore = ['tests/test_b.py']")
    assert known(places=modules).is_narrowed
    pytester.makeconftest("collect_ignore = []")


def test_the_suite_is_where_the_ini_file_says(known, pytester, modules):
    pytester.makeini("[pytest]\ntestpaths = test* none*\n")
    assert known("tests", places={}).is_whole
    assert known("tests", places={}).roots == {"tests"}
