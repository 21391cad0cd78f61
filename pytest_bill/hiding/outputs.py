"""What stands between pytest and its outputs: terminal, streams, logging, cache, debug trace.

What a test itself writes to a file of its own, or a subprocess of it to the terminal, is not in
reach from here.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any
from unittest import TestCase

import pytest
from _pytest.assertion import rewrite

from pytest_bill.hiding.assertions import hidden_explanations
from pytest_bill.hiding.of_unittest import hidden_assertions
from pytest_bill.hiding.records import hidden_record
from pytest_bill.hiding.streams import HidingStream
from pytest_bill.hiding.values import Hide, hidden_value

_PYTHONS_AND_PYTESTS = frozenset({"logging", "_pytest", "unittest"})


class Outputs:
    """Hides in all that pytest puts out by itself, from ``start`` to ``stop``."""

    def __init__(self, config: pytest.Config, hide: Hide) -> None:
        self._config = config
        self.hide = hide
        self._undo: list[Callable[[], None]] = []
        self._of_plugins: dict[type[logging.Handler], bool] = {}

    def begin(self) -> None:
        """Wrap what reaches the real stdout and stderr: with ``-s``, ``tee-sys``, in hooks.

        Plugins may keep these streams when they are configured.
        """
        manager = self._config.pluginmanager.get_plugin("capturemanager")
        capturing = getattr(manager, "_global_capturing", None)
        for name, part in (("stdout", "out"), ("stderr", "err")):
            capture = getattr(capturing, part, None)
            capture = getattr(capture, "syscapture", capture)
            tee: Any = getattr(capture, "tmpfile", None)
            if hasattr(tee, "_other"):
                self._replace(tee, "_other", HidingStream(tee._other, self.hide))
            stream = getattr(sys, name)
            if stream is None or stream is tee:
                continue
            hiding = HidingStream(stream, self.hide)
            if getattr(capture, "_old", None) is stream:
                # Restored whenever capturing pauses.
                self._replace(capture, "_old", hiding)
            self._replace(sys, name, hiding)

    def start(self) -> None:
        """Stand between pytest and its outputs."""
        self._terminal()
        self._captured()
        self._assertions()
        self._logging()
        self._cache()
        self._trace()

    def stop(self) -> None:
        """Take everything back, last first."""
        while self._undo:
            self._undo.pop()()

    def _replace(self, owner: Any, name: str, value: Any) -> None:
        """Set an attribute until the end; pytest's insides are taken as they are found."""
        missing = object()
        before = vars(owner).get(name, missing) if hasattr(owner, "__dict__") else missing
        setattr(owner, name, value)
        if before is missing:
            self._undo.append(lambda: delattr(owner, name))
        else:
            self._undo.append(lambda: setattr(owner, name, before))

    def _terminal(self) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        writer = getattr(reporter, "_tw", None)
        if writer is None:
            return
        write = writer.write
        self._replace(
            writer,
            "write",
            lambda text, *args, **kwargs: write(self.hide(text), *args, **kwargs),
        )

    def _captured(self) -> None:
        """Hide in what was captured where pytest takes it, and not in what ``capsys`` gives."""
        manager = self._config.pluginmanager.get_plugin("capturemanager")
        if manager is not None:
            read = manager.read_global_capture

            def read_hidden() -> Any:
                captured = read()
                return type(captured)(self.hide(captured.out), self.hide(captured.err))

            self._replace(manager, "read_global_capture", read_hidden)
        add = pytest.Item.add_report_section

        def add_hidden(item: pytest.Item, when: str, key: str, content: str) -> None:
            add(item, when, self.hide(key), self.hide(content))

        self._replace(pytest.Item, "add_report_section", add_hidden)

    def _assertions(self) -> None:
        for name, function in hidden_explanations(self.hide).items():
            self._replace(rewrite, name, function)
        for name, function in hidden_assertions(self.hide).items():
            self._replace(TestCase, name, function)

    def _logging(self) -> None:
        """Hide in what any handler formats, and in the records that a plugin's handler gets.

        Not in what is kept in memory for a test: it may check there that its code logs no secret.
        """
        hide = self.hide
        format_really, handle_really = logging.Handler.format, logging.Handler.handle

        def format(handler: logging.Handler, record: logging.LogRecord) -> str:
            text = format_really(handler, record)
            return text if _is_for_tests(handler) else hide(text)

        def handle(handler: logging.Handler, record: logging.LogRecord) -> Any:
            if self._is_of_a_plugin(type(handler)):
                record = hidden_record(record, hide)
            return handle_really(handler, record)

        self._replace(logging.Handler, "format", format)
        self._replace(logging.Handler, "handle", handle)

    def _is_of_a_plugin(self, kind: type[logging.Handler]) -> bool:
        """Whether a plugin keeps records, as those do that write them as JSON."""
        package = kind.__module__.partition(".")[0]
        if package in _PYTHONS_AND_PYTESTS:
            return False
        known = self._of_plugins.get(kind)
        if known is None:
            plugins = self._config.pluginmanager.get_plugins()
            names = {getattr(each, "__name__", type(each).__module__) for each in plugins}
            known = self._of_plugins[kind] = package in {name.partition(".")[0] for name in names}
        return known

    def _cache(self) -> None:
        cache = getattr(self._config, "cache", None)
        if cache is None:
            return
        keep = cache.set
        self._replace(
            cache,
            "set",
            lambda key, value: keep(self.hide(key), hidden_value(value, self.hide)),
        )

    def _trace(self) -> None:
        """``--debug`` writes the arguments of all hooks to a file."""
        root = getattr(self._config.trace, "root", None)
        write = getattr(root, "_writer", None)
        if write is not None:
            self._replace(root, "_writer", lambda text: write(self.hide(text)))


def _is_for_tests(handler: logging.Handler) -> bool:
    """Whether a test reads from it: ``caplog``, ``assertLogs``."""
    module = type(handler).__module__
    return module.startswith("unittest") or (
        module == "_pytest.logging" and hasattr(handler, "records")
    )
