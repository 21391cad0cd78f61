"""When commands write in colour."""

from __future__ import annotations

import io
import sys

import pytest

from pytest_bill.cli.colours import has_colours, painted


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "terminal", "file"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
    ],
)
def test_colour_is_for_terminals_unless_the_user_says_otherwise(
    monkeypatch, variables, terminal, file
):
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert has_colours(Terminal()) is terminal
    assert has_colours(io.StringIO()) is file


def test_an_older_console_of_windows_gets_no_codes(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "WT_SESSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert not has_colours(Terminal())
    monkeypatch.setenv("WT_SESSION", "a")
    assert has_colours(Terminal())


def test_a_painted_text():
    assert painted("a", "red", "bold") == "\x1b[31;1ma\x1b[0m"
    assert painted("", "red") == ""
    assert painted("a") == "a"
