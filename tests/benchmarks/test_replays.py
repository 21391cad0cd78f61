"""benchmarks/replays: what it says of other tools is what they said."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from benchmarks.replays.report import LONGEST, cell, report, when_told
from benchmarks.replays.runs import RUNS, Ran, all_runs, notices_in, read
from benchmarks.replays.tools import OURS, TOOLS, VCRPY, WITH_BODY
from tests.proof.cases import CASES

DOCUMENT = Path(__file__).parents[2] / "docs/what-replays.md"
PASSED = Ran("1 passed", (), has_failed=False)
PRINTED = """
F.                                                                       [100%]
------------------------------- bill: stand-ins --------------------------------
4 values were shown.
Compare with what the test sent.
=========================== short test summary info ============================
FAILED test_a.py::test_b[x - y] - AssertionError: assert '/here/now/a' == 'b'
ERROR test_a.py::test_c
1 failed, 1 passed, 1 error in 0.04s
"""
SECTION = ("4 values were shown.", "Compare with what the test sent.")


def test_what_a_run_printed_is_read():
    ran = read(PRINTED, ["Likely cause: chance."], "/here/now", 1, reached=2)
    assert ran.outcomes == "1 failed, 1 passed, 1 error"
    assert ran.said == ("AssertionError: assert 'a' == 'b'", "", *SECTION, "Likely cause: chance.")
    assert (ran.has_failed, ran.has_warned, ran.reached) == (True, True, 2)


def test_a_run_that_came_to_no_end_is_no_result():
    with pytest.raises(SystemExit, match="no outcome in:\nImportError"):
        read("ImportError", [], "/here", 4)


def test_what_pytest_bill_tells_is_read_from_its_report(tmp_path):
    notices = [
        {"kind": "unproven", "text": "recorded: passed\nLikely cause: the clock.\nFreeze it.\nx"},
        {"kind": "list_order", "text": "with GET /a the other way round:\nE\ndiff\nAsk with sort."},
        {"kind": "unplayed", "text": "something else"},
    ]
    path = tmp_path / "report.json"
    path.write_text(json.dumps({"notices": notices}))
    assert notices_in(path) == [
        *("Likely cause: the clock.", "Freeze it."),
        *("with GET /a the other way round:", "E", "Ask with sort."),
    ]
    assert notices_in(path) == []  # of the next run there is none yet


def runs(**told: Ran) -> dict[str, Ran]:
    return dict(zip(RUNS, (told.get(f"run{number}", PASSED) for number in range(4)), strict=True))


def test_the_first_run_that_tells_counts():
    failed = Ran("1 failed", ("E",), has_failed=True)
    warned = Ran("1 passed", ("E",), has_failed=False, has_warned=True)
    asked = Ran("1 passed", (), has_failed=False, reached=1)
    assert when_told(runs()) == "never"
    assert when_told(runs(run1=failed, run3=failed)) == "in the first replay"
    assert when_told(runs(run0=warned)) == "when it is recorded, as a warning"
    assert when_told(runs(run2=asked)) == "never; replays ask BILL"


def test_what_was_said_is_quoted_short_and_in_one_cell():
    ran = Ran("1 failed", ("a | b `c`", "a | b `c`", "x" * 200), has_failed=True, reached=2)
    first, quoted, long, asked = cell(ran).split("<br>")
    assert (first, quoted, asked) == ("1 failed", "`a \\| b 'c'`", "2 requests went to BILL")
    assert len(long) == LONGEST + 2


def test_the_page_has_each_case_and_tool():
    results = {case.name: dict.fromkeys(TOOLS, runs()) for case in CASES}
    page = report(CASES, results, date(2030, 1, 2), ["vcrpy 1"])
    assert page.count("\n## ") == len(CASES)
    assert page.count("| vcrpy | 1 passed |") == len(CASES)
    assert all(case.text.splitlines()[-1] in page for case in CASES)


def test_the_page_that_is_kept_is_of_these_cases():
    page = DOCUMENT.read_text(encoding="utf-8")
    summary = page.partition("\n## ")[0]
    for case in CASES:
        assert case.text.partition('"""\n')[2].strip() in page
        (row,) = [line for line in summary.splitlines() if line.startswith(f"| {case.what} |")]
        assert "when it is recorded" in row.split(" | ")[-1]
    assert all(f"| {name} |" in page for name in TOOLS)


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["uuid_in_a_body", "order_of_a_list"])
def test_the_runs_show_what_the_page_says(tmp_path, name):
    case = next(each for each in CASES if each.name == name)
    python = Path(sys.executable)  # vcrpy is installed here, too
    told = {
        tool: when_told(all_runs(case, TOOLS[tool], python, tmp_path / str(number)))
        for number, tool in enumerate((VCRPY, WITH_BODY, OURS))
    }
    expected = {
        "uuid_in_a_body": ["never", "in the first replay", "when it is recorded"],
        "order_of_a_list": [
            *["when it is recorded again"] * 2,
            "when it is recorded, as a warning",
        ],
    }
    assert list(told.values()) == expected[name]
