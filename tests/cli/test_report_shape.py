"""What the report of a run has to hold, and where one does not."""

from __future__ import annotations

import pytest

from pytest_bill.cli.report_shape import unknown_in, wrong_in

NOTICE = {"kind": "silent", "owner": "test_a", "text": ""}
USAGE = {
    "cassette_dir": "cassettes",
    "is_live": False,
    "roots": ["."],
    "tests": {"test_a": "a.yaml"},
    "unplayed": {"a.yaml": {"0": "GET /"}},
    "recorded": {"a.yaml": 3},
}
REPORT = {"requests": 1, "notices": [NOTICE], "usage": USAGE}
SLOW = {"request": "GET /v3/vendors", "seconds": 1.5, "test": "test_a"}
NEW = {"live": 0, "cassettes": {"written": 1}, "slowest": [SLOW]}


def test_a_report_is_one():
    assert wrong_in(REPORT) == ""
    assert wrong_in(REPORT | NEW) == ""
    assert unknown_in(REPORT | NEW) == []


def test_what_is_not_known_is_named():
    assert unknown_in(REPORT | {"mood": "good", "\x1b[31m": 1}) == ["'\\x1b[31m'", "'mood'"]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"requests": "1"}, "requests is no number"),
        ({"requests": True}, "requests is no number"),
        ({"live": -1}, "live is no number"),
        ({"cassettes": 3}, "cassettes is no object of numbers"),
        ({"cassettes": {"written": "3"}}, "cassettes is no object of numbers"),
        ({"slowest": {}}, "slowest is no list"),
        ({"slowest": [SLOW, {}]}, "slowest request 2 has no request, seconds and test"),
        ({"slowest": [SLOW | {"seconds": True}]}, "slowest request 1 has no"),
        ({"slowest": [SLOW | {"seconds": float("inf")}]}, "slowest request 1 has no"),
        ({"slowest": [SLOW | {"test": None}]}, "slowest request 1 has no"),
        ({"notices": {}}, "notices is no list"),
        ({"notices": [NOTICE, 7]}, "notice 2 has no kind, owner and text"),
        ({"notices": [NOTICE | {"text": None}]}, "notice 1 has no kind, owner and text"),
        ({"notices": [NOTICE | {"kind": "new"}]}, "notice 1 is of the kind 'new', which is not"),
        ({"usage": []}, "usage is no object"),
        ({"usage": USAGE | {"cassette_dir": 1}}, "usage.cassette_dir is no text"),
        ({"usage": USAGE | {"is_live": "no"}}, "usage.is_live is neither true nor false"),
        ({"usage": USAGE | {"roots": "."}}, "usage.roots is no list of texts"),
        ({"usage": USAGE | {"tests": {"a": 1}}}, "usage.tests is no object of texts"),
        ({"usage": USAGE | {"recorded": {"a": "1"}}}, "usage.recorded is no object of numbers"),
        (
            {"usage": USAGE | {"unplayed": {"a": {"x": "GET"}}}},
            "usage.unplayed is no object of",
        ),
    ],
)
def test_what_is_wrong_is_said(changes, what):
    assert wrong_in(REPORT | changes).startswith(what)


@pytest.mark.parametrize("report", [None, 1, "text", [], {}, {"notices": []}])
def test_what_is_no_report(report):
    assert wrong_in(report).startswith(("it is no object", "it has no "))
