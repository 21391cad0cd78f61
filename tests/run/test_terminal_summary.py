"""What is said at the end of a run."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from pytest_bill.cassettes.on_way import Took
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.state import RunState
from pytest_bill.run.terminal_summary import Totals, counts_line, write_summary

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
    state.workers = SimpleNamespace(totals=totals, sandbox_origin="http://127.0.0.1:1")
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
        "bill: 1 sign-in, 3 requests, 2 recorded, 1 replayed",
    ]


def test_what_was_asked_again_is_counted(totals):
    totals.counts |= {"verified": 3, "drifted": 1}
    reporter = Reporter()
    write_summary(reporter, totals)
    asked = "3 recorded answers asked again and compared, 1 differs"
    assert reporter.lines[-1] == f"bill: 1 sign-in, 3 requests, 2 recorded, 1 replayed; {asked}"


def test_a_quiet_run_has_one_line_of_counts_beside_its_notices(totals):
    totals.told = ["bill: 2 recordings proven by a replay"]
    totals.slowest = [Took("GET /v3/vendors", 7.0, "test_a.py::test_b")]
    reporter = Reporter(verbosity=-1)
    write_summary(reporter, totals)
    assert reporter.lines[-1] == "bill: 1 sign-in, 3 requests, 2 recorded, 1 replayed"
    assert len(reporter.lines) == 5


@pytest.mark.parametrize(
    ("is_strict", "kinds"), [(False, ["unkept"]), (True, ["unkept", "unsaved"])]
)
def test_a_very_quiet_run_has_what_fails_it_and_no_more(totals, is_strict, kinds):
    totals.told = ["bill: 2 recordings proven by a replay"]
    totals.notices = [
        Notice(NoticeKind.UNKEPT, "unkept"),
        Notice(NoticeKind.UNSAVED, "unsaved"),
        Notice(NoticeKind.AGAIN, "again"),
    ]
    reporter = Reporter(verbosity=-2, bill_strict=is_strict)
    reporter.config.getini = lambda _: False
    write_summary(reporter, totals)
    told = [line for line in reporter.lines if not line.startswith("==")]
    assert sorted(told) == kinds


NO_COUNTS = dict.fromkeys(("sign_ins", "requests", "recorded", "replayed", "live"), 0)


@pytest.mark.parametrize(
    ("counts", "of_cassettes", "said"),
    [
        ({}, {}, ""),
        (NO_COUNTS, {}, ""),
        ({"requests": 1, "live": 1}, {}, "0 sign-ins, 1 request, 0 recorded, 0 replayed, 1 live"),
        ({}, {"written": 1, "proven": 1}, "1 cassette written, 1 proven"),
        (
            {},
            {"written": 2, "proven": 3, "unchanged": 1},
            "2 cassettes written, 3 proven, 1 unchanged",
        ),
        ({}, {"written": 2}, "2 cassettes written without proof"),
        ({}, {"written": 0, "proven": 1, "unchanged": 1}, "1 cassette proven, 1 unchanged"),
        (
            {"requests": 2, "recorded": 2},
            {"written": 2, "proven": 2},
            "0 sign-ins, 2 requests, 2 recorded, 0 replayed; 2 cassettes written, 2 proven",
        ),
        (
            {**NO_COUNTS, "verified": 1, "drifted": 0},
            {},
            "1 recorded answer asked again and compared, 0 differ",
        ),
    ],
)
def test_the_counts_in_words(counts, of_cassettes, said):
    totals = Totals()
    totals.add({"counts": counts, "of_cassettes": of_cassettes, "notices": [], "cassettes": []})
    assert counts_line(totals) == said


def test_what_is_unused_and_stale_is_counted():
    totals = Totals()
    totals.notices = [
        Notice(NoticeKind.UNUSED, "a.yaml"),
        Notice(NoticeKind.GONE, "b.yaml"),
        Notice(NoticeKind.STALE, "c.yaml"),
    ]
    assert counts_line(totals) == "2 cassettes unused, 1 stale"


@pytest.mark.parametrize(
    ("verbosity", "shown"),
    [
        (0, ["bill: slowest requests:", "  1.50 s GET /v3/bills (test_a.py::test_b)"]),
        (
            1,
            [
                "bill: slowest requests:",
                "  1.50 s GET /v3/bills (test_a.py::test_b)",
                "  0.25 s POST /v3/login",
            ],
        ),
        (-1, []),
    ],
)
def test_slow_requests_are_told_and_others_where_more_is_asked_for(verbosity, shown):
    totals = Totals()
    took = [["POST /v3/login", 0.25, ""], ["GET /v3/bills", 1.5, "test_a.py::test_b"]]
    for each in took:
        totals.add({"counts": {}, "slowest": [each], "notices": [], "cassettes": []})
    reporter = Reporter(verbosity)
    write_summary(reporter, totals)
    assert reporter.lines == shown


def test_of_several_workers_the_three_slowest_of_all_are_known():
    totals = Totals()
    for seconds in (1.0, 4.0, 2.0, 3.0):
        sent = {"counts": {}, "slowest": [["GET /", seconds, ""]], "notices": [], "cassettes": []}
        totals.add(json.loads(json.dumps(sent)))
    assert [each.seconds for each in totals.slowest] == [4.0, 3.0, 2.0]
    again = Totals()
    again.add(json.loads(json.dumps(totals.as_dict())))
    assert again.slowest == totals.slowest


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


def test_what_would_steer_a_terminal_is_escaped():
    totals = Totals()
    totals.notices = [Notice(NoticeKind.UNPLAYED, "a.yaml", "1 of 2: GET /v3/\x1b[2Ja\nb")]
    totals.told = ["bill: 1 of 2 cassettes as before\x07"]
    totals.slowest = [Took("GET /a", 2.0, "test_a[\x1b]")]
    reporter = Reporter()
    write_summary(reporter, totals)
    assert all(line.replace("\n", "").isprintable() for line in reporter.lines)
    assert "a.yaml\n  1 of 2: GET /v3/\\u001b[2Ja\n  b" in reporter.lines
