"""Which tests use BILL, and the cassettes that pytest sets up for them.

pytest imports this module in every run: it imports nothing itself before a test uses BILL.
"""

from __future__ import annotations

from typing import Any

import pytest

from pytest_bill.run.own_ids import keep_own_id, own_id

FIXTURES = frozenset(
    {
        "bill_dev_session",
        "bill_sync_session",
        "bill_console_session",
        "bill_spend_client",
        "bill_partner_session",
        "bill_oauth_session",
        "bill_environ",
    }
)
"""A test that asks for one of these uses BILL."""

MARKER = "bill_cassette"
CONFIG = "bill_config"
_RUN_FIXTURE = "_bill_run"
_CASSETTE_FIXTURE = "_bill_cassette"
_OF_EACH_TEST = (_RUN_FIXTURE, _CASSETTE_FIXTURE, CONFIG)
_SEEN = pytest.StashKey[dict[str, Any]]()


class Collected:
    """What was collected in this process, and how each test that ran ended."""

    def __init__(self) -> None:
        self.tests: list[str] = []
        """All of them, also those that are deselected later."""
        self.of_bill: dict[str, str] = {}
        """Those that use BILL, and the name that a marker gives to their cassette, if one does."""
        self.places: dict[str, str] = {}
        """Modules that were looked into for tests, with how that ended."""
        self.outcomes: dict[str, str] = {}
        """How tests ended: passed, skipped (also those expected to fail), failed."""
        self.examples: dict[pytest.Collector | None, pytest.Item] = {}
        """One test that uses BILL of each module or class, also of those that are deselected."""
        self._last: pytest.Item | None = None

    def add(self, item: pytest.Item) -> None:
        """One more test, which has its cassette."""
        nodeid = keep_own_id(item)
        self.tests.append(nodeid)
        if has_cassette(item):
            marker = item.get_closest_marker(MARKER)
            name = marker.args[0] if marker is not None and marker.args else ""
            self.of_bill[nodeid] = name if isinstance(name, str) else ""
            if not has_own_config(item):
                self.examples.setdefault(getattr(item, "parent", None), item)

    def add_place(self, collector: pytest.Collector, report: pytest.CollectReport) -> None:
        """One more module that was looked into; or a class or a folder, where that failed."""
        place = report.nodeid.partition("::")[0]
        if report.outcome != "passed":
            self.places[place] = report.outcome
        elif isinstance(collector, pytest.File):
            self.places.setdefault(place, report.outcome)

    def add_report(self, item: pytest.Item, report: pytest.TestReport) -> None:
        """How a part of a test ended, once that is final; of its repetitions the worst counts."""
        nodeid = own_id(item)
        is_again, self._last = self._last is item, item
        if report.failed:
            self.outcomes[nodeid] = "failed"
        elif report.when == "setup" and is_again:
            self.outcomes.pop(nodeid, None)  # that of an earlier attempt
        if report.skipped or hasattr(report, "wasxfail"):
            if self.outcomes.get(nodeid) != "failed":
                self.outcomes[nodeid] = "skipped"
        elif report.passed and report.when == "call":
            self.outcomes.setdefault(nodeid, "passed")


def may_be_of_bill(error: BaseException) -> bool:
    """Whether an error may be shown in words; told so that a run without BILL imports nothing."""
    from pytest_bill.exceptions import SAID

    if type(error).__module__.startswith("pytest_bill.") or SAID in vars(error):
        return True
    if isinstance(error, pytest.FixtureLookupError):
        return True
    if isinstance(error, AttributeError):
        return bool(imported_fixture(error.obj))
    is_misuse = isinstance(error, TypeError | NameError | pytest.fail.Exception)
    return is_misuse and "bill_" in text_of(error)


def text_of(error: BaseException) -> str:
    """What was given to an error first, if that is a text; its ``str`` may do anything."""
    return next((each for each in error.args[:1] if isinstance(each, str)), "")


def imported_fixture(thing: object) -> str:
    """The name of one of BILL's fixtures that was imported, and is not what it gives."""
    # Other objects may do anything when they are asked for an attribute.
    if type(thing).__name__ not in ("FixtureFunctionDefinition", "function"):
        return ""
    name = str(getattr(thing, "__name__", ""))
    return name if name.startswith("bill_") else ""


def give_cassette(item: pytest.Item) -> None:
    """Set the cassette of a test that uses BILL up before anything else of it."""
    names: list[str] | None = getattr(item, "fixturenames", None)
    if names is None or has_cassette(item):
        return
    if item.get_closest_marker(MARKER) is not None or not FIXTURES.isdisjoint(names):
        # The run first: a wide fixture may start a process that asks BILL later.
        names[:0] = [_RUN_FIXTURE, _CASSETTE_FIXTURE]
        _tell_definitions(item)


def _tell_definitions(item: pytest.Item) -> None:
    """Find once what all tests of a module, or a class, see; pytest would for each of them."""
    info = getattr(item, "_fixtureinfo", None)
    manager = getattr(getattr(item, "session", None), "_fixturemanager", None)
    if info is None or manager is None or item.parent is None:
        return
    found = item.parent.stash.get(_SEEN, None)
    if found is None:
        seen = {name: manager.getfixturedefs(name, item) for name in _OF_EACH_TEST}
        found = item.parent.stash[_SEEN] = {name: each for name, each in seen.items() if each}
    for name, each in found.items():
        info.name2fixturedefs.setdefault(name, each)


def has_own_config(item: pytest.Item) -> bool:
    """Whether a parameter of the test takes the place of the fixture ``bill_config``."""
    return CONFIG in getattr(getattr(item, "callspec", None), "params", ())


def has_cassette(item: pytest.Item) -> bool:
    """Whether a test was given a cassette."""
    return _CASSETTE_FIXTURE in getattr(item, "fixturenames", ())


def has_asked_for_bill(item: pytest.Item) -> bool:
    """Whether a test has asked for a BILL fixture while it was running."""
    asked = getattr(getattr(item, "_request", None), "_fixture_defs", ())
    return not FIXTURES.isdisjoint(asked)


def refuse_one_file_for_two(items: list[pytest.Item]) -> None:
    """Refuse two tests whose automatic cassettes a disk that ignores case would mix up.

    Raises:
        pytest.UsageError: there are two such tests.
    """
    seen: dict[str, str] = {}
    for item in items:
        if not has_cassette(item):
            continue
        marker = item.get_closest_marker(MARKER)
        if marker is not None and marker.args:
            continue
        from pytest_bill.cassettes.naming import place_of_test

        nodeid = own_id(item)
        place = "/".join(map(str, place_of_test(nodeid))).casefold()
        other = seen.setdefault(place, nodeid)
        if other != nodeid:
            raise pytest.UsageError(
                f"{other} and {nodeid} would share the cassette {place} on a disk that "
                "ignores case.\nRename one, or name its cassette with @pytest.mark.bill_cassette."
            )
