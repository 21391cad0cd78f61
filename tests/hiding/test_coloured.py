"""A miss is in colour on the terminal, and plain wherever else its report goes.

Whole runs, with workers too, stand in ``tests/plugin/test_misses.py``.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.exceptions import NotInCassette, SettingsError
from pytest_bill.hiding.coloured import _Colours, show_in_colour
from pytest_bill.run import plain_failures

MESSAGE = "no recorded answer\n  differs:\n    - body a: 1\n    + body a: 2\n    … and 1 more"


class Writer:
    """As pytest's, which marks what it is told to."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, bool]]] = []

    def line(self, text: str = "", **markup: bool) -> None:
        self.lines.append((text, markup))

    def write(self, text: str) -> None:
        self.lines.append((text, {}))


def report_of(pytester, error: Exception) -> pytest.TestReport:
    with pytest.raises(type(error)) as caught:
        raise error
    report = pytest.TestReport("a", ("a", 1, "a"), {}, "failed", None, "call")
    plain_failures.show(report, caught, SimpleNamespace(config=pytester.parseconfig()))
    return report


def test_the_terminal_gets_colour_and_others_do_not(pytester, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    report = report_of(pytester, NotInCassette(MESSAGE))
    plain = report.longreprtext
    data = report._to_json()
    terminal, other = Writer(), Writer()
    _Colours(terminal).pytest_runtest_logreport(report)
    report.longrepr.toterminal(terminal)
    report.longrepr.toterminal(other)
    coloured = [(text, markup) for text, markup in terminal.lines if markup]
    assert coloured == [("    - body a: 1", {"red": True}), ("    + body a: 2", {"green": True})]
    assert not [markup for _, markup in other.lines if markup]
    assert report.longreprtext == plain
    assert report._to_json() == data
    assert pytest.TestReport._from_json(data).longreprtext == plain


@pytest.mark.parametrize(
    "shown", [None, "    - text", ("a", 1, "b"), SimpleNamespace(reprcrash=None)]
)
def test_what_is_none_of_ours_stays(shown):
    report = SimpleNamespace(longrepr=shown)
    _Colours(Writer()).pytest_runtest_logreport(report)
    assert report.longrepr is shown


def test_another_error_has_no_lines_of_that_kind(pytester):
    report = report_of(pytester, SettingsError("a\n    - b"))
    writer = Writer()
    _Colours(writer).pytest_runtest_logreport(report)
    report.longrepr.toterminal(writer)
    assert not [markup for _, markup in writer.lines if markup]


@pytest.mark.parametrize(("has_markup", "is_registered"), [(True, True), (False, False)])
def test_only_a_terminal_in_colour_is_seen_to(pytester, has_markup, is_registered):
    config = pytester.parseconfigure()
    config.get_terminal_writer().hasmarkup = has_markup
    for _ in range(2):
        show_in_colour(config)
    assert config.pluginmanager.has_plugin("bill-colours") is is_registered


def test_a_run_without_a_terminal(pytester):
    show_in_colour(pytester.parseconfig("-p", "no:terminal"))
