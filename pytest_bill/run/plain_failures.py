"""Failures that are shown in words: the plugin's own, and what Python and pytest say of a BILL
fixture that is used as none can be.

Their tracebacks would be those of clients, of unittest and of pytest, and name nothing of BILL's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_bill.did_you_mean import nearest
from pytest_bill.hiding.messages import message_of, name_of, says_all
from pytest_bill.hiding.plain_reports import as_longrepr
from pytest_bill.hiding.reports import short_report, users_line
from pytest_bill.patterns import late_pattern
from pytest_bill.run.collection import FIXTURES, imported_fixture, text_of
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.production_guard import ProductionGuard

_ALL = (*sorted(FIXTURES), "bill_config", "bill_sandbox", "bill_secrets", "bill_webhook")
_MISSING = late_pattern(r"missing \d+ required (?:positional|keyword-only) arguments?: (.*)")
_CALLED = late_pattern(r'^Fixture "(\w+)" called directly')
_UNKNOWN_MARKER = late_pattern(
    r"(?:Unknown pytest\.mark\.|')(\w+)(?: - is|' not found in `markers`)"
)
_QUOTED = late_pattern(r"'(\w+)'")


_IN_A_FIXTURE = (
    "Nothing of it is recorded or replayed. Ask in a test, or in a fixture of the scope session, "
    "which is asked once and has a cassette of its own."
)


def show(
    report: pytest.TestReport, excinfo: pytest.ExceptionInfo[BaseException], item: pytest.Item
) -> None:
    """Show a failure of a test in words, if it is one of those."""
    if not report.failed:
        return
    error, rootdir = excinfo.value, item.config.rootpath
    if says_all(error):
        text = short_report(excinfo, rootdir)
        report.longrepr = as_longrepr(excinfo, text, _summary_of(error), item.config)
        return
    if isinstance(error, pytest.FixtureLookupError):
        report.longrepr = _not_found(error, rootdir) or report.longrepr
        return
    said = _of_unittest(error, item) or _not_asked_for(error, item) or _called(error, item.name)
    if said:
        report.longrepr = f"{users_line(excinfo, rootdir) or _line_of(item)}{said}"


def _summary_of(error: BaseException) -> str:
    """The line that stands beside the test in pytest's short summary."""
    said = getattr(error, "summary", "") or message_of(error).partition("\n")[0]
    return f"{name_of(error)}: {said}"


def look_at_collected(
    report: pytest.CollectReport, collector: pytest.Collector, production: ProductionGuard
) -> list[Notice]:
    """The same for what failed while a module was imported, or collected otherwise.

    Gives what is to be told of one that did not fail, and asked BILL.
    """
    asked = ", ".join(sorted(production.bills_hosts))
    if not report.failed:
        what = f"{asked} was asked while it was imported: no test runs by then.\n{_IN_A_FIXTURE}"
        return [Notice(NoticeKind.UNRECORDED, report.nodeid, what)] if asked else []
    call: Any = getattr(report, "call", None)
    if call is None or call.excinfo is None:
        return []
    error = call.excinfo.value
    # What an import raised is what pytest's own error came from.
    error = (error.__cause__ or error) if isinstance(error, collector.CollectError) else error
    excinfo = pytest.ExceptionInfo.from_exception(error)
    where = users_line(excinfo, collector.config.rootpath)
    if says_all(error):
        report.longrepr = short_report(excinfo, collector.config.rootpath)
    elif where and (said := _said_of(error)):
        report.longrepr = f"{where}{said}"
    elif where and asked:
        report.longrepr = (
            f"{where}{type(error).__name__}\n{asked} was asked while this was imported: no "
            f"test runs by then, so it has no cassette.\n{_IN_A_FIXTURE}"
        )
    return []


def _said_of(error: BaseException) -> str:
    """What is said of an error for which there need be no test."""
    return (
        _called(error, "test_one") or _not_asked_for(error, None) or unknown_marker(text_of(error))
    )


def _of_unittest(error: BaseException, item: pytest.Item) -> str:
    """A method of a ``TestCase`` that takes a fixture: unittest gives it none."""
    found = _MISSING.search(text_of(error)) if isinstance(error, TypeError) else None
    if found is None or type(item).__name__ != "TestCaseFunction":
        return ""
    names = [name for name in _QUOTED.findall(found[1]) if name in _ALL]
    if not names:
        return ""
    method, name = text_of(error).partition("(")[0], names[0]
    return (
        f"{method} takes the fixture {name} as an argument, and unittest.TestCase gives none.\n"
        "Put it into the class, and use self.bill in its tests; or let the class be no TestCase:\n"
        "    @pytest.fixture(autouse=True)\n"
        f"    def _bill(self, {name}):\n"
        f"        self.bill = {name}\n"
        "A test whose own client asks BILL needs @pytest.mark.bill_cassette only."
    )


def _not_found(error: pytest.FixtureLookupError, rootdir: Path) -> str:
    """A fixture of another name: pytest lists all that there are."""
    if error.argname is None:
        return ""
    told: Any = error.formatrepr()
    available = told.errorstring.partition("available fixtures: ")[2].partition("\n")[0]
    meant = nearest(error.argname, [*available.split(", "), *_ALL])
    if meant not in _ALL:
        return ""
    path = Path(str(told.filename))
    shown = path.relative_to(rootdir) if path.is_relative_to(rootdir) else path
    return (
        f"{shown}:{told.firstlineno + 1}: there is no fixture {error.argname}.\n"
        f"Did you mean {meant}? BILL's fixtures are: {', '.join(_ALL)}."
    )


def _not_asked_for(error: BaseException, item: pytest.Item | None) -> str:
    name = error.name if isinstance(error, NameError) else None
    if isinstance(error, AttributeError):
        name = imported_fixture(error.obj)
    if name not in _ALL:
        return ""
    what = f"{item.name.partition('[')[0]} does not ask for it" if item else "no test is running"
    return f"{name} is a fixture, and {what}.\n{_ask_for(name, item.name if item else 'test_one')}"


def _called(error: BaseException, test: str) -> str:
    found = _CALLED.search(text_of(error)) if isinstance(error, pytest.fail.Exception) else None
    if found is None or found[1] not in _ALL:
        return ""
    return f"the fixture {found[1]} was called as a function.\n{_ask_for(found[1], test)}"


def _ask_for(fixture: str, test: str) -> str:
    return (
        "pytest makes it for a test, or a fixture, that names it as an argument:\n"
        f"    def {test.partition('[')[0]}({fixture}):"
    )


def _line_of(item: pytest.Item) -> str:
    path, line, _ = item.location
    return f"{path}:{(line or 0) + 1}: "


def unknown_marker(said: str) -> str:
    """What to say of a marker that is nearly ours, instead of what pytest does; or nothing."""
    found = _UNKNOWN_MARKER.match(said)
    if found is None or found[1] == "bill_cassette" or not nearest(found[1], ["bill_cassette"]):
        return ""
    return (
        f"Unknown pytest.mark.{found[1]}: it does nothing. "
        "Did you mean pytest.mark.bill_cassette? pytest --markers has what it takes."
    )
