"""What is left over of what is known of a run, and what could be another test's."""

from __future__ import annotations

import os

import pytest

from pytest_bill.run.leftovers import is_ours, leftovers
from pytest_bill.run.notices import NoticeKind
from pytest_bill.run.usage import Usage
from tests.helpers.cassettes import write_cassette

ONE, TWO, SHARED = "tests/test_a.py::test_1", "tests/test_a.py::test_2", "tests/test_a.py::test_s"
OWN = "tests/test_a/test_1.yaml"


@pytest.fixture
def suite(tmp_path, monkeypatch):
    """A suite with one module, run as a whole; what is given is another than there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests").mkdir()
    for name in ("conftest.py", "test_a.py", "test_ignored.py"):
        (tmp_path / "tests" / name).touch()

    def suite(**changes) -> Usage:
        tests = {ONE: OWN, TWO: "tests/test_a/test_2.yaml", SHARED: "lists/all.yaml"}
        values = {
            "cassette_dir": "cassettes",
            "roots": {"tests"},
            "folders": {"tests"},
            "modules": {"tests/test_a.py"},
            "tests": tests,
            "named": {"lists/all.yaml"},
            "outcomes": dict.fromkeys(tests, "passed"),
        }
        return Usage(**(values | changes))

    return suite


@pytest.fixture
def files(tmp_path):
    """Put cassettes in place."""

    def files(*names: str, metadata=None) -> None:
        for name in names:
            write_cassette(tmp_path / "cassettes" / name, "/v3/bills", metadata=metadata)

    return files


@pytest.fixture
def told(tmp_path):
    """What is told, by kind."""

    def told(usage: Usage) -> list[tuple[NoticeKind, str, str]]:
        found = leftovers(usage, tmp_path)
        return [(each.notice.kind, each.notice.owner, each.notice.text) for each in found]

    return told


def unplayed(file: str, *numbers: int) -> dict:
    answers = {number: f"GET /v3/bills?page={number}" for number in numbers}
    return {"unplayed": {file: answers}, "recorded": {file: 9}, "used": {file}}


def test_a_run_that_left_nothing_over(suite, files, told):
    files(OWN, "lists/all.yaml", ".unproven/run-1/tests/test_a/test_9.yaml")
    assert told(suite()) == []
    assert told(Usage()) == []


# --- what was not played ------------------------------------------------------------------------


def test_what_was_not_played(suite, told):
    [(kind, owner, text)] = told(suite(**unplayed(OWN, 3, 1)))
    assert kind is NoticeKind.UNPLAYED
    assert owner == f"cassettes/{OWN}"
    assert text == "2 of 9 not played: GET /v3/bills?page=1, GET /v3/bills?page=3"
    [(_, _, text)] = told(suite(**unplayed(OWN, *range(9))))
    assert text.endswith("page=2 and 6 more")


@pytest.mark.parametrize(
    "file", [OWN, "lists/all.yaml", "sign_in/own.yaml", "tests/a/fixture.yaml"]
)
@pytest.mark.parametrize(
    ("changes", "whose"),
    [
        ({}, {"own", "shared", "sign-in", "fixture"}),
        ({"outcomes": {ONE: "passed"}}, {"own", "fixture"}),
        ({"outcomes": {ONE: "passed", TWO: "passed"}}, {"own", "fixture"}),
        ({"outcomes": {ONE: "skipped", SHARED: "passed"}}, {"shared", "fixture"}),
        ({"outcomes": {ONE: "failed", SHARED: "passed"}}, {"shared"}),
        ({"folders": set(), "modules": set()}, {"own", "fixture"}),
        ({"is_narrowed": True}, {"own", "fixture"}),
        ({"is_live": True}, set()),
    ],
)
def test_of_whose_cassette_it_is_known(suite, told, file, changes, whose):
    kinds = {OWN: "own", "lists/all.yaml": "shared", "sign_in/own.yaml": "sign-in"}
    found = told(suite(**unplayed(file, 1), **changes))
    assert bool(found) is (kinds.get(file, "fixture") in whose)


def test_of_what_was_recorded_into_nothing_is_said(suite, told):
    assert told(suite(**unplayed(OWN, 1), changed={OWN})) == []
    assert told(suite(**unplayed(OWN))) == []


# --- what no test uses --------------------------------------------------------------------------

GONE = "tests/test_a/test_old.yaml"
CLASS = "tests/test_a/TestVendors.test_old.yaml"
MODULE = "tests/test_old/test_1.yaml"
IGNORED = "tests/test_ignored/test_1.yaml"
NAMED = "lists/old.yaml"
IN_MODULE = "tests/test_a/shared.yaml"
SIGN_IN = "sign_in/spend.yaml"
FIXTURE = "tests/test_a/fixture.vendor.yaml"
OF_CONFTEST = "tests/conftest/fixture.vendor.yaml"
OF_OLD = "tests/test_old/fixture.vendor.yaml"
ALL = {GONE, CLASS, MODULE, IGNORED, NAMED, IN_MODULE, SIGN_IN, FIXTURE, OF_CONFTEST, OF_OLD}
OF_TESTS = {GONE, CLASS, MODULE, OF_OLD}


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({}, ALL - {IGNORED}),
        # Not all ran: what wide fixtures, sign-ins and named cassettes are for is not known.
        ({"outcomes": {ONE: "passed", TWO: "passed"}}, OF_TESTS | {IN_MODULE}),
        ({"outcomes": dict.fromkeys([ONE, TWO, SHARED], "failed")}, OF_TESTS | {IN_MODULE}),
        ({"outcomes": dict.fromkeys([ONE, TWO, SHARED], "skipped")}, OF_TESTS | {IN_MODULE}),
        # One module alone, one test alone, a module that could not be imported, --ignore, --lf.
        ({"folders": set()}, {GONE, CLASS}),
        ({"folders": set(), "modules": set(), "unknown": {"tests/test_a.py"}}, set()),
        ({"unknown": {"tests/test_ignored.py"}}, {GONE, CLASS}),
        ({"folders": set(), "is_narrowed": True}, {GONE, CLASS}),
        ({"folders": set(), "modules": set(), "is_narrowed": True}, set()),
        # A folder that is not all of the suite.
        ({"roots": {"tests", "more"}}, OF_TESTS),
        ({"roots": {"tests", "more"}, "folders": {"more", "../tests"}}, {GONE, CLASS}),
        ({"used": ALL}, set()),
        ({"is_live": True}, set()),
        ({"tests": {}}, set()),
    ],
)
def test_cassettes_that_no_test_uses(suite, files, told, changes, left):
    files(OWN, *ALL)
    found = told(suite(**changes))
    assert {owner.removeprefix("cassettes/") for _, owner, _ in found} == left
    of_gone = {owner for kind, owner, _ in found if kind is NoticeKind.GONE}
    assert of_gone == {f"cassettes/{each}" for each in left & (OF_TESTS | {IN_MODULE})}


def test_why_no_test_uses_them(suite, files, told):
    files(OWN, GONE, MODULE, NAMED, SIGN_IN, FIXTURE)
    (_, test_2), *_ = [*suite().tests.items()][1:]
    assert {owner.removeprefix("cassettes/"): text for _, owner, text in told(suite())} == {
        GONE: f"tests/test_a.py has no such test; {TWO} looks like its new name: "
        f"move it to cassettes/{test_2}",
        MODULE: "there is no module tests/test_old",
        NAMED: "no test names it",
        SIGN_IN: "no test signs in with it",
        FIXTURE: "no fixture uses it",
    }
    files(test_2)
    text = next(text for _, owner, text in told(suite()) if owner.endswith(GONE))
    assert text.endswith(" looks like its new name, and has a cassette")


def test_a_test_that_uses_another_cassette_or_none(suite, files, told):
    other, plain, not_run = (f"tests/test_a/test_{each}.yaml" for each in ("s", "p", "n"))
    files(other, plain, not_run)
    tests = {SHARED: other, "tests/test_a.py::test_p": plain, "tests/test_a.py::test_n": not_run}
    usage = suite(idle=tests)
    usage.outcomes["tests/test_a.py::test_p"] = "passed"
    usage.outcomes["tests/test_a.py::test_n"] = "skipped"
    assert [(kind, text) for kind, _, text in told(usage)] == [
        (NoticeKind.UNUSED, "tests/test_a.py::test_p passes without it"),
        (NoticeKind.UNUSED, f"{SHARED} uses lists/all.yaml"),
    ]


def test_files_that_may_be_another_tools_are_left_alone(suite, files, told, tmp_path):
    files(GONE, metadata={})
    (tmp_path / "cassettes/tests/test_a/notes.yaml").write_text("some: notes")
    (tmp_path / "cassettes/tests/test_a/test_notes.txt").write_text("notes")
    (tmp_path / "cassettes/tests/test_a/test_damaged.yaml").write_text("interactions: {")
    assert told(suite()) == []


def test_a_link_is_none_of_ours(files, tmp_path):
    files(GONE)
    path = tmp_path / "cassettes" / GONE
    assert is_ours(path)
    os.symlink(path, tmp_path / "link.yaml")
    assert not is_ours(tmp_path / "link.yaml")
    assert not is_ours(tmp_path / "none.yaml")
