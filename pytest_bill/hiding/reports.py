"""Test reports without secrets, and the plugin's own errors without its insides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from pytest_bill.hiding.items import hide_in_class
from pytest_bill.hiding.messages import message_of, name_of
from pytest_bill.hiding.values import Hide, hidden_value

_PACKAGE = Path(__file__).parent.parent
_PYTESTS_OWN = frozenset(
    {
        *("nodeid", "location", "keywords", "outcome", "longrepr", "when", "user_properties"),
        *("sections", "duration", "start", "stop", "wasxfail", "context", "_id"),
    }
)


def hide_secrets(
    report: pytest.TestReport,
    hide: Hide,
    changes_none: Callable[[tuple[str, ...]], bool] = lambda _: False,
) -> None:
    """Replace secrets in everything that a report shows: traceback, locals, captured output.

    ``changes_none`` says that of several texts none has to be changed, where that is known sooner.
    """
    if report.longrepr is not None:
        report.longrepr = _hidden(report.longrepr, hide)
    if report.sections:
        report.sections = [(hide(title), hide(text)) for title, text in report.sections]
    if report.user_properties:
        report.user_properties = [_hidden_property(each, hide) for each in report.user_properties]
    names = (report.nodeid, report.location[0], report.location[2], *report.keywords)
    if not changes_none(names):
        report.nodeid = hide(report.nodeid)
        report.location = _hidden(report.location, hide)
        report.keywords = {hide(name): value for name, value in report.keywords.items()}
    # The reason of an expected failure; the message and parameters of a subtest.
    kept = vars(report)
    for name in ("wasxfail", "context"):
        if name in kept:
            _set_hidden(report, name, hide)
    if not kept.keys() <= _PYTESTS_OWN:
        for name in kept.keys() - _PYTESTS_OWN:
            _set_plain_hidden(report, name, hide)


def _set_plain_hidden(report: pytest.TestReport, name: str, hide: Hide) -> None:
    """Hide in what another plugin has put on a report."""
    value = getattr(report, name)
    hidden = hidden_value(value, hide)
    if hidden is not value:
        setattr(report, name, hidden)


def hide_in_collect_report(report: pytest.CollectReport, hide: Hide) -> None:
    """Replace secrets in what the collection of a file says."""
    report.nodeid = hide(report.nodeid)
    report.longrepr = _hidden(report.longrepr, hide)
    report.sections = [(hide(title), hide(text)) for title, text in report.sections]
    for node in getattr(report, "result", None) or ():
        if isinstance(node, pytest.Class):
            hide_in_class(node, hide)


def hide_in_place(node: Any, hide: Hide) -> None:
    """Replace secrets in one of pytest's reprs of an exception."""
    _hidden(node, hide)


def _hidden_property(named: tuple[str, Any], hide: Hide) -> tuple[str, Any]:
    """The very same one where nothing is hidden: a run keeps those of all its tests."""
    name, value = named
    text = str(value)
    hidden_name, hidden = hide(name), hide(text)
    if hidden_name == name and hidden == text:
        return named
    return hidden_name, value if hidden == text else hidden


def _hidden(node: Any, hide: Hide) -> Any:
    """The same structure with every text replaced; pytest's objects are changed in place."""
    if isinstance(node, str):
        return hide(node)
    if isinstance(node, tuple):
        return tuple(_hidden(item, hide) for item in node)
    if isinstance(node, list):
        return [_hidden(item, hide) for item in node]
    if isinstance(node, dict):
        return {_hidden(name, hide): _hidden(value, hide) for name, value in node.items()}
    if isinstance(node, type):
        return node
    names = {each.name for each in fields(node)} if is_dataclass(node) else set()
    if type(node).__module__.startswith("_pytest."):
        names |= set(getattr(node, "__dict__", ()))  # a dataclass may have heirs that are none
    for name in names:
        _set_hidden(node, name, hide)
    return node


def _set_hidden(node: Any, name: str, hide: Hide) -> None:
    value = getattr(node, name, None)
    hidden = _hidden(value, hide)
    if hidden is not value:
        # Some of pytest's reprs are frozen dataclasses.
        object.__setattr__(node, name, hidden)


def short_report(excinfo: pytest.ExceptionInfo[BaseException], rootdir: Path) -> str:
    """How one of the plugin's own errors is shown: the user's line that led to it, the message.

    The traceback would show the insides of clients and of this plugin, and locals with them.
    """
    error = excinfo.value
    return f"{users_line(excinfo, rootdir)}{name_of(error)}\n{message_of(error)}"


def users_line(excinfo: pytest.ExceptionInfo[BaseException], rootdir: Path) -> str:
    """The line of the suite that led to an error, with what parts it from more; or nothing."""
    place = users_place(excinfo, rootdir)
    return f"{place[0]}:{place[1]}: " if place is not None else ""


def users_place(
    excinfo: pytest.ExceptionInfo[BaseException], rootdir: Path
) -> tuple[Path, int] | None:
    """The user's file, from the rootdir, and the line in it; None where none led to the error."""
    entries = [entry for entry in excinfo.traceback if _is_users(Path(str(entry.path)), rootdir)]
    if not entries:
        return None
    return Path(str(entries[-1].path)).relative_to(rootdir), entries[-1].lineno + 1


def _is_users(path: Path, rootdir: Path) -> bool:
    return (
        path.is_relative_to(rootdir)
        and not path.is_relative_to(_PACKAGE)
        and "site-packages" not in path.parts
    )


def hide_in_junit(xml: Any, hide: Hide) -> None:
    """Hide in what pytest's JUnit plugin is about to write."""
    xml.global_properties[:] = [(hide(name), hide(value)) for name, value in xml.global_properties]
    for reporter in xml.node_reporters_ordered:
        reporter.to_xml = _hidden_element(reporter.to_xml, hide)


def _hidden_element(make: Callable[[], Any], hide: Hide) -> Callable[[], Any]:
    def to_xml() -> Any:
        root = make()
        for element in root.iter():
            element.text = hide(element.text) if element.text else element.text
            for name, value in list(element.attrib.items()):
                element.set(name, hide(str(value)))
        return root

    return to_xml
