"""The table of interactions, as wide and coloured as is wanted."""

from __future__ import annotations

from pytest_bill.viewing.interactions import Row
from pytest_bill.viewing.table import drawn

ROW = Row(1, "GET", "/v3/vendors?filters=[a]", "404", 1234, "local", "2026-11-02T10:00:00Z")


def test_what_stands_in_brackets_is_text():
    shown = drawn([ROW])
    assert "/v3/vendors?filters=[a]" in shown
    assert "1,234" in shown
    assert not [line for line in shown.split("\n") if line.endswith(" ")]


def test_a_pipe_gets_whole_lines(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    long = "/v3/vendors?" + "x" * 500
    assert long in drawn([ROW._replace(path=long)])


def test_a_narrow_terminal_folds_the_path(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    shown = drawn([ROW._replace(path="/v3/" + "x" * 50)])
    assert max(map(len, shown.split("\n"))) <= 60
    assert shown.count("x") == 50
