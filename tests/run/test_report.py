"""``--bill-report``: what is in the file; a place that cannot be written is told at once."""

from __future__ import annotations

import json
import os
import stat

import pytest

from pytest_bill.cassettes.on_way import Took
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.report import write_report
from pytest_bill.run.terminal_summary import Totals
from tests.plugin.suites import NO_CACHE

COUNTS = {"sign_ins": 1, "requests": 3, "recorded": 2, "replayed": 1, "live": 0}
NO_CASSETTES = {"written": 0, "proven": 0, "unchanged": 0, "unused": 0, "stale": 0}


def test_the_report(tmp_path):
    totals = Totals()
    totals.add({"counts": COUNTS, "notices": [], "cassettes": [], "of_cassettes": {"written": 2}})
    totals.slowest = [Took("GET /v3/vendors", 1.23456, "test_a.py::test_b")]
    totals.notices = [
        Notice(NoticeKind.UNRECORDED, "test_a.py::test_b", "GET /v3/vendors"),
        Notice(NoticeKind.UNSAVED, "test_a.py::test_b"),
    ]
    write_report(tmp_path / "report.json", totals, {"used": ["a.yaml"]})
    assert json.loads((tmp_path / "report.json").read_text()) == COUNTS | {
        "cassettes": NO_CASSETTES | {"written": 2},
        "slowest": [{"request": "GET /v3/vendors", "seconds": 1.235, "test": "test_a.py::test_b"}],
        "notices": [
            {"kind": "unrecorded", "owner": "test_a.py::test_b", "text": "GET /v3/vendors"},
            {"kind": "unsaved", "owner": "test_a.py::test_b", "text": ""},
        ],
        "usage": {"used": ["a.yaml"]},
    }


def test_the_report_of_nothing_has_all_keys(tmp_path):
    write_report(tmp_path / "report.json", Totals(), {})
    nothing = dict.fromkeys(COUNTS, 0) | {"cassettes": NO_CASSETTES}
    nothing |= {"slowest": [], "notices": [], "usage": {}}
    assert json.loads((tmp_path / "report.json").read_text()) == nothing


@pytest.fixture
def run(pytester):
    """Run a suite of one test that says that it ran, with a report in that place."""
    pytester.makepyfile(
        """
        def test_it(monkeypatch, tmp_path):
            open("ran.txt", "w").close()
            monkeypatch.chdir(tmp_path)
        """
    )

    def run(place: str, *args: str) -> pytest.RunResult:
        return pytester.runpytest_inprocess(*NO_CACHE, f"--bill-report={place}", *args)

    return run


@pytest.mark.parametrize("place", ["bill.json", "new/of/these/bill.json", "there/bill.json"])
def test_folders_are_made(pytester, run, place):
    (pytester.path / "there").mkdir()
    assert run(place).ret == 0
    assert json.loads((pytester.path / place).read_text())["requests"] == 0
    assert not list((pytester.path / place).parent.glob("*tmp*"))


def test_a_report_that_is_there_is_replaced_only_at_the_end(pytester, run):
    path = pytester.path / "bill.json"
    path.write_text("of the last run")
    (pytester.path / "bill.txt").symlink_to(path)
    assert run("bill.txt").ret == 0
    assert json.loads(path.read_text())["requests"] == 0


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("folder", ["*--bill-report: folder is a folder.", "*--bill-report=folder/bill.json"]),
        (
            "file/bill.json",
            ["*file/bill.json cannot be written: */file is a file, and no folder *"],
        ),
        (
            "file/new/bill.json",
            ["*cannot be written: */file is a file, and no folder can be there*"],
        ),
        ("", ["*--bill-report names no file.", "*--bill-report=bill.json"]),
        (f"{'n' * 300}/bill.json", ["*cannot be written: File name too long.", "*another place*"]),
        ("a\0b", ["*--bill-report: a\\u0000b cannot be written: *null byte*", "*another place*"]),
        (
            "/proc/bill.json",
            ["*--bill-report: /proc/bill.json cannot be written: *", "*another pl*"],
        ),
    ],
)
def test_a_place_that_cannot_be_written_is_told_before_the_first_test(pytester, run, place, told):
    (pytester.path / "folder").mkdir()
    (pytester.path / "file").touch()
    result = run(place)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(told)
    assert "Traceback" not in result.stderr.str()
    assert not (pytester.path / "ran.txt").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user with less rights")
def test_a_folder_without_permission_is_told_before_the_first_test(pytester, run):
    (pytester.path / "closed").mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    result = run("closed/bill.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*closed/bill.json cannot be written: Permission denied."])


def test_what_is_no_file_may_be_written_to(run):
    assert run("/dev/null").ret == 0


def test_workers_make_no_report(pytester, run):
    assert run("new/bill.json", "-n", "1").ret == 0
    assert json.loads((pytester.path / "new/bill.json").read_text())["requests"] == 0
