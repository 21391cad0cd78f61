"""`pytest-bill report merge`: several runs with a part of the tests each, judged as one."""

from __future__ import annotations

import json

import pytest

from pytest_bill.cli import main

A, B = "test_a.py::test_1", "test_a.py::test_2"


@pytest.fixture
def reports(tmp_path, monkeypatch):
    """Two reports: each run had one of two tests that share a cassette of three answers."""
    monkeypatch.chdir(tmp_path)
    requests = {str(number): f"GET /v3/bills?page={number}" for number in range(3)}

    def report(name: str, test: str, played: str, **changes) -> str:
        usage = {"cassette_dir": "cassettes", "roots": ["."], "folders": ["."]}
        usage |= {"tests": {A: "a.yaml", B: "a.yaml"}, "named": ["a.yaml"], "used": ["a.yaml"]}
        usage |= {"outcomes": {test: "passed"}, "recorded": {"a.yaml": 3}}
        usage["unplayed"] = {
            "a.yaml": {number: each for number, each in requests.items() if number != played}
        }
        told = {"sign_ins": 0, "requests": 1, "recorded": 0, "replayed": 1}
        told |= {"notices": [], "usage": usage}
        (tmp_path / name).write_text(json.dumps(told | changes))
        return name

    return report


def test_what_none_of_them_has_played(reports, capsys):
    first, second = reports("1.json", A, "0"), reports("2.json", B, "2")
    assert main(["report", "merge", first, second]) == 0
    told = capsys.readouterr().out
    assert "a.yaml: 1 of 3 not played: GET /v3/bills?page=1" in told
    assert "bill: 2 reports: 0 sign-ins, 2 requests, 0 recorded, 2 replayed" in told
    assert "0 unused, 0 of tests that are gone, 1 with answers" in told
    assert "more may be left over" not in told
    assert main(["report", "merge", first, second, "--strict"]) == 1
    assert (
        main(["report", "merge", first, "--strict"]) == 0
    )  # it does not know what the other one plays


def test_a_report_that_is_missing_is_told(reports, capsys):
    first = reports("1.json", A, "0")
    assert main(["report", "merge", first]) == 0
    told = capsys.readouterr().out
    assert f"1 of 2 tests that use BILL ended in none of these runs, such as {B}" in told


def test_a_part_that_was_not_collected_is_told(reports, capsys):
    usage = {"roots": ["."], "folders": [], "unknown": ["test_b.py"], "tests": {A: "a.yaml"}}
    first = reports("1.json", A, "0", usage=usage)
    assert main(["report", "merge", first]) == 0
    assert (
        "more may be left over: test_b.py was not collected as a whole" in capsys.readouterr().out
    )


def test_what_each_has_told_stays_and_what_is_judged_is_judged_anew(reports, capsys, tmp_path):
    notices = [
        {"kind": "silent", "owner": A, "text": "asks for bill_environ"},
        {"kind": "unplayed", "owner": "b.yaml", "text": "1 of 2"},
    ]
    first = reports("1.json", A, "0", notices=notices)
    assert main(["report", "merge", first, "--output", "all.json"]) == 0
    told = capsys.readouterr().out
    assert f"{A}: asks for bill_environ" in told
    assert "b.yaml" not in told
    written = json.loads((tmp_path / "all.json").read_text())
    assert [each["kind"] for each in written["notices"]] == ["silent"]
    assert written["usage"]["outcomes"] == {A: "passed"}


def test_one_report_is_one(reports, capsys):
    assert main(["report", "merge", reports("1.json", A, "0")]) == 0
    told = "bill: 1 report: 0 sign-ins, 1 request, 0 recorded, 1 replayed\n"
    assert told in capsys.readouterr().out


def test_cassettes_and_slowest_requests_are_added_up(reports, capsys, tmp_path):
    cassettes = {"written": 1, "proven": 1, "unchanged": 2, "unused": 7, "stale": 7}
    slowest = [{"request": "GET /v3/bills", "seconds": 1.5, "test": A}]
    names = [
        reports(name, A, "0", live=0, cassettes=cassettes, slowest=slowest)
        for name in ("1.json", "2.json")
    ]
    assert main(["report", "merge", *names, "--output", "all.json"]) == 0
    told = capsys.readouterr().out
    assert "2 replayed; 2 cassettes written, 2 proven, 4 unchanged" in told
    written = json.loads((tmp_path / "all.json").read_text())
    # What is unused is judged anew, and what is stale is told of each.
    assert written["cassettes"] == cassettes | {
        "written": 2,
        "proven": 2,
        "unchanged": 4,
        "unused": 0,
        "stale": 0,
    }
    assert written["slowest"] == slowest * 2
    assert main(["report", "merge", "all.json"]) == 0


def test_what_another_version_wrote_is_told_and_left_out(reports, capsys):
    names = [reports("1.json", A, "0", mood="good", hits={"a": 1}), reports("2.json", B, "2")]
    assert main(["report", "merge", *names]) == 0
    told = capsys.readouterr().out
    assert "bill: 1.json: not known here, and left out: 'hits', 'mood'\n" in told
    assert "2.json: not known" not in told
    assert "bill: 2 reports: 0 sign-ins, 2 requests" in told


def test_what_would_steer_a_terminal_is_escaped(reports, capsys):
    notices = [{"kind": "silent", "owner": A, "text": "asks for \x1b[2J\x9b and\nmore"}]
    assert main(["report", "merge", reports("1.json", A, "0", notices=notices)]) == 0
    told = capsys.readouterr().out
    assert "asks for \\u001b[2J\\u009b and\n  more" in told


@pytest.mark.parametrize("text", ["no JSON", "[]", "{}", '{"notices": [{"kind": "new"}]}'])
def test_what_is_no_report(tmp_path, capsys, text):
    path = tmp_path / "report.json"
    path.write_text(text)
    assert main(["report", "merge", str(path)]) == 2
    assert "is no report of a run" in capsys.readouterr().err
    path.unlink()
    assert main(["report", "merge", str(path)]) == 2
