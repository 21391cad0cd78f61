"""`make drift` from outside: what it prints, and its exit status."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.drift import __main__ as command
from tools.drift import report

from .material import collection, request

ROOT = Path(__file__).parents[3]
VENDORS = "{{baseUrl}}/v3/vendors"


@pytest.fixture
def drift(tmp_path, monkeypatch, capsys):
    """Runs it over requests of a collection; gives the exit status and what is printed."""

    def run(*requests, options=()):
        file = tmp_path / "collection.json"
        file.write_text(collection(*requests), encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["drift", *options, str(file)])
        status = command.main()
        return status, capsys.readouterr().out.splitlines()

    return run


def test_nothing_new(drift):
    status, lines = drift(request("GET", VENDORS, None, {"results": [{"autoPay": {"a": 1}}]}))
    assert status == 0
    assert lines == [
        "BILL (Postman collection): 1 operation, 5 fields; 2 differences, none of them new"
    ]


def test_what_is_new_is_told_by_operation(drift):
    status, lines = drift(request("GET", VENDORS, None, {"results": [{"aura": "red"}]}))
    assert status == 1
    assert lines == [
        "BILL (Postman collection): 1 operation, 4 fields; 1 difference, 1 of them new",
        "  GET /v3/vendors",
        "    answer results[].aura: not here",
    ]


def test_rows_for_what_is_new_are_proposed(drift):
    _, lines = drift(request("GET", VENDORS, None, {"aura": "red"}), options=["--propose"])
    _, resource, place, what, names, reason = lines[-1].split("\t")
    assert (resource, place, what, names) == ("/v3/vendors", "answer", "not here", "aura")
    assert reason == "?"


def test_rows_that_nothing_has_any_more_are_told(drift):
    status, lines = drift(request("GET", VENDORS, None, {"autoPay": {}}), options=["--unused"])
    assert status == 0
    assert "no more: /v3/vendors answer paymentInformation.virtualCard (not here)" in lines
    assert "no more: /v3/vendors answer autoPay (not here)" not in lines


def test_the_result_is_noted_in_the_documentation(drift, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "HELD", tmp_path / "held.tsv")
    monkeypatch.setattr(report, "DOCUMENT", tmp_path / "drift.md")
    drift(request("GET", VENDORS, None, {"aura": "red"}), options=["--write"])
    options = ["--write", "--of", "2025-11"]
    drift(request("GET", VENDORS, None, {"aura": "red", "a": 1}), options=options)
    document = (tmp_path / "drift.md").read_text(encoding="utf-8")
    (row,) = [line for line in document.splitlines() if "(Postman collection)" in line]
    assert row.endswith("| BILL (Postman collection) | 2025-11 | 1 | 3 | 0 | 2 | 2 |")


def test_bad_input_is_told_in_two_lines(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["drift", "nowhere.json"])
    assert command.main() == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 2)
    assert err.startswith("nowhere.json is not there.\nGive ")


def test_nothing_to_compare_with_is_told_to_who_types_it():
    done = subprocess.run(
        [sys.executable, "-m", "tools.drift"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    first, second = done.stderr.splitlines()
    assert first == "Nothing to compare with."
    assert second.startswith('Give files or addresses with FROM="…"')
