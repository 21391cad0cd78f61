"""What reporting plugins are given round pytest: allure by the test, pytest-metadata by options."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pytest_bill.hiding.values import Hide, hidden_value


class Reporters:
    """Hides in what is given to plugins that are there, from ``start`` to ``stop``."""

    def __init__(self, config: pytest.Config, hide: Hide) -> None:
        self._config = config
        self._hide = hide
        self._undo: list[Callable[[], None]] = []

    def start(self) -> None:
        """Stand before what they write."""
        allure = sys.modules.get("allure_commons")
        if allure is not None:
            self._allure(allure.plugin_manager.hook)
        metadata = sys.modules.get("pytest_metadata.plugin")
        if metadata is not None:
            options: dict[Any, Any] = self._config.stash.get(metadata.metadata_key, {})
            options.update(hidden_value(dict(options), self._hide))

    def stop(self) -> None:
        """Stand there no more."""
        while self._undo:
            self._undo.pop()()

    def _allure(self, hook: Any) -> None:
        """Before the hooks by which allure writes its files; a test gives it things by itself."""
        hide = self._hide
        write = hook.report_attached_data

        def attached_file(copy: Any, source: Any, file_name: str) -> Any:
            data = Path(source).read_bytes()
            hidden = hidden_value(data, hide)
            if hidden is data:
                return copy(source=source, file_name=file_name)
            return write(body=hidden, file_name=file_name)

        def attached_data(write: Any, body: Any, file_name: str) -> Any:
            return write(body=hidden_value(body, hide), file_name=file_name)

        self._before(hook, "report_attached_file", attached_file)
        self._before(hook, "report_attached_data", attached_data)
        for name in ("report_result", "report_container", "report_globals"):
            if hasattr(hook, name):
                self._before(hook, name, self._hide_and_report)

    def _hide_and_report(self, report: Any, **what: Any) -> Any:
        for each in what.values():
            _hide_within(each, self._hide)
        return report(**what)

    def _before(self, owner: Any, name: str, ours: Callable[..., Any]) -> None:
        theirs = getattr(owner, name)
        setattr(owner, name, partial(ours, theirs))
        self._undo.append(lambda: setattr(owner, name, theirs))


def _hide_within(node: Any, hide: Hide) -> None:
    """Hide in the fields of allure's results, and in the steps and parameters within them."""
    for name, value in vars(node).items():
        if isinstance(value, list):
            value[:] = [hidden_value(each, hide) for each in value]
        else:
            setattr(node, name, hidden_value(value, hide))
        for each in value if isinstance(value, list) else [value]:
            if type(each).__module__.partition(".")[0] == "allure_commons" and hasattr(
                each, "__dict__"
            ):
                _hide_within(each, hide)
