"""Keeps secrets out of everything that pytest shows, logs, caches or sends to another process.

Registered when the first secret of the run is known. A secret is hidden where pytest makes text of
it: before any other plugin's hook sees it, and once more after the last one.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any

import pytest

from pytest_bill.hiding.errors import hide_in_error
from pytest_bill.hiding.items import (
    hide_in_id,
    hide_in_item,
    hide_in_results,
    is_named_in_its_file,
)
from pytest_bill.hiding.outputs import Outputs
from pytest_bill.hiding.reporters import Reporters
from pytest_bill.hiding.reports import (
    hide_in_collect_report,
    hide_in_junit,
    hide_in_place,
    hide_secrets,
)
from pytest_bill.hiding.text import TextHider
from pytest_bill.scrubbing.registry import SecretRegistry

_NAME = "bill-protection"


class Protection:
    """Hides the secrets of a registry; the registry may change and may grow."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._registry = SecretRegistry()
        self._hider = TextHider(self._registry)
        self._public: dict[str, None] = {}
        self._outputs = Outputs(config, self.hide)
        self._reporters = Reporters(config, self.hide)
        self._innermost = _Innermost(self)
        self._has_started = False

    def use(self, registry: SecretRegistry) -> None:
        """Hide this registry's secrets from now on."""
        for text in self._public:
            registry.make_public(text)
        self._registry, self._hider = registry, TextHider(registry)

    def hide(self, text: str) -> str:
        """The text without secrets."""
        return self._hider(text)

    def hide_in_error(self, error: BaseException) -> None:
        """Hide in an exception that somebody is going to show."""
        hide_in_error(error, self.hide)

    def hide_in_report(self, report: pytest.TestReport) -> None:
        """Hide in everything that a report shows."""
        hide_secrets(report, self.hide, self._hider.changes_none)

    def begin(self) -> None:
        """Hide in what pytest says when a run cannot begin."""
        self._register()
        self._outputs.begin()

    def _register(self) -> None:
        manager = self._config.pluginmanager
        for plugin, name in ((self, _NAME), (self._innermost, f"{_NAME}-innermost")):
            if manager.is_registered(plugin):
                manager.unregister(plugin)
            manager.register(plugin, name)

    def start(self) -> None:
        """Stand between pytest and its outputs, and before and after all other plugins."""
        if self._has_started:
            return
        self._has_started = True
        self._register()  # once more: who comes last is the outermost
        self._outputs.start()
        self._reporters.start()

    def stop(self) -> None:
        """Take everything back, last first.

        What is on its way out of pytest by then is shown later: by Python, or as an error in usage.
        """
        leaving = sys.exc_info()[1]
        if leaving is not None:
            self.hide_in_error(leaving)
        self._reporters.stop()
        self._outputs.stop()

    # --- names -------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_parametrize_id(self, val: object) -> str | None:
        """Name a parameter that is a secret by its placeholder: ids are cached and are files."""
        if isinstance(val, bytes):
            text = val.decode("utf-8", "backslashreplace")
        elif isinstance(val, str | int | float | complex) and not isinstance(val, bool):
            text = str(val)
        else:
            return None
        hidden = self.hide(text)
        return None if hidden == text else hidden

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Whoever sees the suite knows the paths in it, and the names of functions."""
        self._make_public(str(getattr(collector, "path", "")))

    def _make_public(self, text: str) -> None:
        self._public[text] = None
        self._registry.make_public(text)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_itemcollected(self, item: pytest.Item) -> Generator[None, None, None]:
        """Hide what is known of a test before any other plugin sees it."""
        if isinstance(item, pytest.Function) and is_named_in_its_file(item):
            self._make_public(item.originalname)
        hide_in_item(item, self.hide)
        return (yield)

    # --- reports -----------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Hide in what was raised, before all other plugins, and in what they added."""
        # What unittest reported is with the item until pytest takes it from there.
        for excinfo in (call.excinfo, *(getattr(item, "_excinfo", None) or ())):
            if excinfo is not None:
                hide_in_error(excinfo.value, self.hide)
        # One that came to be known after the test was collected: xdist compares both.
        hide_in_id(item, self.hide)
        hide_in_results(item, self.hide)
        report = yield
        self.hide_in_report(report)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Hide in what a test module says when it cannot be collected."""
        report = yield
        hide_in_collect_report(report, self.hide)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, None, None]:
        """Hide in reports that pytest makes or completes later: of subtests, of a lost worker."""
        self.hide_in_report(report)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collectreport(self, report: pytest.CollectReport) -> Generator[None, None, None]:
        """The same for those that came from a worker."""
        hide_in_collect_report(report, self.hide)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_internalerror(
        self, excrepr: Any, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> Generator[None, Any, Any]:
        """Hide in pytest's own failures, which xdist sends on."""
        hide_in_error(excinfo.value, self.hide)
        hide_in_place(excrepr, self.hide)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_keyboard_interrupt(
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> Generator[None, Any, Any]:
        """Hide in why a run was ended."""
        hide_in_error(excinfo.value, self.hide)
        return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: Any) -> None:
        """Hide in warnings, which xdist sends on. (pytest lets nobody wrap this hook.)"""
        if isinstance(warning_message.message, BaseException):
            hide_in_error(warning_message.message, self.hide)
        for name in ("filename", "line"):
            value = getattr(warning_message, name, None)
            if isinstance(value, str):
                setattr(warning_message, name, self.hide(value))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Hide in the JUnit file about to be written, and in why a worker stopped."""
        for name in ("shouldstop", "shouldfail"):
            reason = getattr(session, name, False)
            if isinstance(reason, str) and self.hide(reason) != reason:
                setattr(session, name, self.hide(reason))
        for plugin in self._config.pluginmanager.get_plugins():
            if type(plugin).__module__ == "_pytest.junitxml":
                hide_in_junit(plugin, self.hide)
        return (yield)


class _Innermost:
    """Hides in reports as pytest makes them, before the wrappers of other plugins see them."""

    def __init__(self, protection: Protection) -> None:
        self._protection = protection

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        self._protection.hide_in_report(report)
        return report

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        call = getattr(report, "call", None)
        if call is not None and call.excinfo is not None:
            hide_in_error(call.excinfo.value, self._protection.hide)
        hide_in_collect_report(report, self._protection.hide)
        return report
