"""What `pytest-bill check` writes."""

from __future__ import annotations

import json

from pytest_bill import __version__
from pytest_bill.drift.check import ANSWER, Checked, Finding, NotHeld
from pytest_bill.drift.documented import DifferenceKind
from pytest_bill.drift.report import Report, as_json, as_text

PAGE = "https://developer.bill.com/reference/listvendors"


def finding(file="a.yaml", operation="GET /v3/vendors", path="results[].x") -> Finding:
    kind = DifferenceKind.UNDOCUMENTED
    return Finding(file, operation, ANSWER, kind, path, "is not documented", PAGE)


def report() -> Report:
    checked = Checked(interactions=4)
    checked.findings.update({finding(): 3, finding(path="y"): 1, finding("b.yaml"): 1})
    checked.not_held[NotHeld("a.yaml", "POST /v2/X.json", "v2 has it not")] = 2
    return Report(checked, "2026-11", "as of November 2026, this month", 2, 1, ["c.yaml: broken"])


def test_text():
    assert as_text(report()) == (
        "a.yaml\n"
        f"  GET /v3/vendors  {PAGE}\n"
        "    answer `results[].x` is not documented (3 places)\n"
        "    answer `y` is not documented\n"
        "b.yaml\n"
        f"  GET /v3/vendors  {PAGE}\n"
        "    answer `results[].x` is not documented\n"
        "not held: a.yaml: POST /v2/X.json: v2 has it not (2 places)\n"
        "cannot check: c.yaml: broken\n"
        "held against BILL's documentation as of November 2026, this month, as the local sandbox "
        f"of pytest-bill {__version__} describes it\n"
        "4 interactions of 2 cassettes checked, 1 other files left out: 3 findings, 2 not held\n"
    )


def test_nothing_found():
    checked = Checked(interactions=1)
    text = as_text(Report(checked, "2026-11", "as of November 2026", 1))
    assert text.endswith("1 interactions of 1 cassettes checked: no findings, nothing not held\n")


def test_json():
    data = json.loads(as_json(report()))
    assert data["documented_as_of"] == "2026-11"
    assert (data["files"], data["other_files"], data["interactions"]) == (2, 1, 4)
    assert data["findings"][0] == {
        "file": "a.yaml",
        "operation": "GET /v3/vendors",
        "part": "answer",
        "kind": "undocumented",
        "path": "results[].x",
        "what": "is not documented",
        "page": PAGE,
        "places": 3,
    }
    assert data["not_held"][0]["interactions"] == 2
    assert data["errors"] == ["c.yaml: broken"]
