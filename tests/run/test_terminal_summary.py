"""What is said at the end of a run."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.state import RunState
from pytest_bill.run.terminal_summary import Totals, write_report, write_summary

OF_A_WORKER = {
    "counts": {"sign_ins": 1, "requests": 3, "recorded": 2, "replayed": 1},
    "recorded": [["test_a.py::test_b", "/suite/cassettes/test_a/test_b.yaml"]],
    "notices": [
        ["UNRECORDED", "test_a.py::test_b", "GET /v3/vendors"],
        ["UNSAVED", "test_a.py::test_b", ""],
    ],
    "cassettes": ["/suite/cassettes/test_a/test_b.yaml"],
}


class Reporter:
    """What a terminal reporter is asked for."""

    def __init__(self, verbosity: int = 0, **options) -> None:
        self.lines: list[str] = []
        self.config = SimpleNamespace(
            get_verbosity=lambda: verbosity,
            getoption=options.get,
            getini=lambda _: True,
        )

    def write_line(self, line: str) -> None:
        self.lines.append(line)

    def section(self, title: str, **_) -> None:
        self.lines.append(f"== {title}")


@pytest.fixture
def totals():
    totals = Totals()
    totals.add(OF_A_WORKER)
    return totals


def test_those_of_several_workers_are_added_up(totals):
    totals.add(json.loads(json.dumps(OF_A_WORKER)))
    assert totals.counts == {"sign_ins": 2, "requests": 6, "recorded": 4, "replayed": 2}
    assert totals.as_dict()["notices"] == OF_A_WORKER["notices"] * 2
    assert totals.as_dict()["cassettes"] == OF_A_WORKER["cassettes"]


def test_those_of_a_run_and_its_workers(totals):
    state = RunState(None)
    assert Totals.of(state).as_dict() == Totals().as_dict()
    state.workers = SimpleNamespace(totals=totals)
    unsaved = Notice(NoticeKind.UNSAVED, "test_c.py::test_d")
    state.notices.append(unsaved)
    assert Totals.of(state).notices == [unsaved, *totals.notices]
    assert Totals.of(state).counts == totals.counts


def test_a_silent_test_is_told_unless_a_fixture_that_it_uses_has_asked():
    state = RunState(None)
    silent = Notice(NoticeKind.SILENT, "test_c.py::test_d")
    state.silences.append((frozenset({"vendor"}), silent))
    assert Totals.of(state).notices == [silent]
    state.asking_fixtures.add("vendor")
    assert Totals.of(state).notices == []


def test_the_summary(totals):
    reporter = Reporter()
    write_summary(reporter, totals)
    assert reporter.lines == [
        "== bill: tests and fixtures that did not end well: their recordings were not saved",
        "test_a.py::test_b",
        "== bill: neither recorded nor played",
        "test_a.py::test_b: GET /v3/vendors",
        "bill: 1 sign-ins, 3 requests, 2 recorded, 1 replayed",
    ]


def test_what_was_asked_again_is_counted(totals):
    totals.counts |= {"verified": 3, "drifted": 1}
    reporter = Reporter()
    write_summary(reporter, totals)
    assert reporter.lines[-1] == "bill: 3 recorded answers asked again and compared, 1 differ"


def test_a_quiet_run_leaves_the_counts_out(totals):
    reporter = Reporter(verbosity=-1)
    write_summary(reporter, totals)
    assert not [line for line in reporter.lines if "sign-ins" in line]


def test_a_run_without_bill_says_nothing():
    reporter = Reporter()
    write_summary(reporter, Totals())
    assert reporter.lines == []


def test_a_long_list_is_cut(totals):
    totals.notices += [Notice(NoticeKind.UNRECORDED, f"{number}") for number in range(30)]
    reporter = Reporter()
    write_summary(reporter, totals)
    assert "… and 11 more" in reporter.lines
    assert "request 19" not in reporter.lines


def test_the_report(totals, tmp_path):
    write_report(tmp_path / "report.json", totals, {"used": ["a.yaml"]})
    report = json.loads((tmp_path / "report.json").read_text())
    assert report.pop("usage") == {"used": ["a.yaml"]}
    notices = report.pop("notices")
    assert report == OF_A_WORKER["counts"]
    assert notices == [
        {"kind": "unrecorded", "owner": "test_a.py::test_b", "text": "GET /v3/vendors"},
        {"kind": "unsaved", "owner": "test_a.py::test_b", "text": ""},
    ]
    write_report(tmp_path / "report.json", Totals(), {})
    nothing = {"sign_ins": 0, "requests": 0, "recorded": 0, "replayed": 0, "notices": []}
    nothing |= {"usage": {}}
    assert json.loads((tmp_path / "report.json").read_text()) == nothing
