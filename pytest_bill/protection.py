"""Keeps secrets out of everything that pytest shows, logs, caches or sends to another process.

One plugin object, registered when the first secret of the run is known. What a test itself writes
to a file of its own, or a subprocess of it to the terminal, is not in reach from here.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any

import pytest

from pytest_bill.reports import hide_in_collect_report, hide_in_place, hide_secrets
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.shown import TextHider, hidden_value


class Protection:
    """Hides the secrets of a registry; the registry may change and may grow."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._registry = SecretRegistry()
        self._hider = TextHider(self._registry)
        self._public: dict[str, None] = {}
        self._undo: list[Callable[[], None]] = []
        # Looked up once: pytest's own comparison runs within ours.
        self._comparing = False

    def use(self, registry: SecretRegistry) -> None:
        """Hide this registry's secrets from now on."""
        for text in self._public:
            registry.make_public(text)
        self._registry, self._hider = registry, TextHider(registry)

    def hide(self, text: str) -> str:
        """The text without secrets."""
        return self._hider(text)

    def hide_in_report(self, report: pytest.TestReport) -> None:
        """Hide in everything that a report shows."""
        hide_secrets(report, self.hide, self._hider.changes_none)

    def start(self) -> None:
        """Stand between pytest and its outputs."""
        self._terminal()
        self._streams()
        self._logging()
        self._cache()
        self._trace()

    def stop(self) -> None:
        """Take everything back, last first."""
        while self._undo:
            self._undo.pop()()

    # --- outputs -----------------------------------------------------------------------------

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

    def _streams(self) -> None:
        """Wrap what reaches the real stdout and stderr: with ``-s``, ``tee-sys``, in hooks."""
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

    def _logging(self) -> None:
        """Hide in what any handler formats: files, streams, live logs.

        Not in what ``caplog`` keeps in memory: a test may check there that its code logs nothing.
        """
        real = logging.Handler.format
        hide = self.hide

        def format(handler: logging.Handler, record: logging.LogRecord) -> str:
            text = real(handler, record)
            in_memory = type(handler).__module__ == "_pytest.logging" and hasattr(
                handler, "records"
            )
            return text if in_memory else hide(text)

        self._replace(logging.Handler, "format", format)

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
            self._replace(root, "_writer", lambda text: write(self._traced(text)))

    def _traced(self, text: str) -> str:
        head, arrow, _ = text.partition("-->")
        # pytest compares what is not hidden, too; its explanation has colours within the values.
        if arrow and "finish pytest_assertrepr_compare" in head:
            return head + "\n"
        return self.hide(text)

    # --- names -------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_parametrize_id(self, val: object) -> str | None:
        """Name a parameter that is a secret by its placeholder: ids are cached and are files."""
        if not isinstance(val, str | bytes):
            return None
        text = val if isinstance(val, str) else val.decode("utf-8", "backslashreplace")
        hidden = self.hide(text)
        return None if hidden == text else hidden

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Whoever sees the suite knows the paths in it."""
        self._make_public(str(getattr(collector, "path", "")))

    def _make_public(self, text: str) -> None:
        self._public[text] = None
        self._registry.make_public(text)

    @pytest.hookimpl(tryfirst=True)
    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """The same for ids that were given by hand; a function's name stands in its file."""
        if isinstance(item, pytest.Function):
            self._make_public(item.originalname)
        nodeid = self.hide(item.nodeid)
        if nodeid == item.nodeid:
            return
        old = item.name
        item.name = self.hide(old)
        _rename(item, nodeid)
        if item.nodeid != nodeid:
            raise pytest.UsageError(
                f"The id of {nodeid} holds a secret, and ids are written to pytest's cache.\n"
                "Give the parameter another id."
            )
        markers = getattr(item.keywords, "_markers", {})
        markers.pop(old, None)
        markers[item.name] = item

    # --- reports -----------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Hide in what a test module says when it cannot be collected."""
        report = yield
        hide_in_collect_report(report, self.hide)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Hide in reports that pytest makes or completes later: those of subtests."""
        self.hide_in_report(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: Any) -> None:
        """Hide in pytest's own failures, which xdist sends on."""
        hide_in_place(excrepr, self.hide)

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: Any) -> None:
        """Hide in warnings, which xdist sends on."""
        message = warning_message.message
        with suppress(AttributeError, TypeError):
            message.args = hidden_value(tuple(message.args), self.hide)

    @pytest.hookimpl(tryfirst=True)
    def pytest_assertrepr_compare(
        self, config: pytest.Config, op: str, left: object, right: object
    ) -> list[str] | None:
        """Let pytest compare what is hidden: its explanations cut and wrap texts."""
        if self._comparing:
            return None
        hidden = hidden_value(left, self.hide), hidden_value(right, self.hide)
        if hidden[0] is left and hidden[1] is right:
            return None
        self._comparing = True
        try:
            explanations: list[list[str]] = config.hook.pytest_assertrepr_compare(
                config=config, op=op, left=hidden[0], right=hidden[1]
            )
        finally:
            self._comparing = False
        for explanation in explanations:
            if explanation:
                return explanation
        return [f"{hidden[0]!r} {op} {hidden[1]!r}"]

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


def hide_in_junit(xml: Any, hide: Callable[[str], str]) -> None:
    """Hide in what pytest's JUnit plugin is about to write."""
    xml.global_properties[:] = [(hide(name), hide(value)) for name, value in xml.global_properties]
    for reporter in xml.node_reporters_ordered:
        reporter.to_xml = _hidden_element(reporter.to_xml, hide)


def _hidden_element(make: Callable[[], Any], hide: Callable[[str], str]) -> Callable[[], Any]:
    def to_xml() -> Any:
        root = make()
        for element in root.iter():
            element.text = hide(element.text) if element.text else element.text
            for name, value in list(element.attrib.items()):
                element.set(name, hide(str(value)))
        return root

    return to_xml


def _rename(item: Any, nodeid: str) -> None:
    """Set what pytest computes the node id from: an object since pytest 9.2, text before."""
    if hasattr(item, "_id"):
        item._id = type(item._id).parse(nodeid)
    elif hasattr(item, "_nodeid"):
        item._nodeid = nodeid


class HidingStream:
    """A text stream that hides secrets in each piece written to it."""

    def __init__(self, stream: Any, hide: Callable[[str], str]) -> None:
        self._stream = stream
        self._hide = hide

    def write(self, text: str) -> Any:
        """Write the text without secrets; the length is that of what was given."""
        self._stream.write(self._hide(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each line without secrets."""
        for line in lines:
            self.write(line)

    @property
    def buffer(self) -> Any:
        """The bytes below, which are searched as well."""
        return HidingBuffer(self._stream.buffer, self._hide)

    def __iter__(self) -> Any:
        return iter(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class HidingBuffer:
    """As :class:`HidingStream`, for bytes."""

    def __init__(self, buffer: Any, hide: Callable[[str], str]) -> None:
        self._buffer = buffer
        self._hide = hide

    def write(self, data: Any) -> int:
        """Write the bytes without secrets."""
        text = bytes(data).decode("utf-8", "surrogateescape")
        self._buffer.write(self._hide(text).encode("utf-8", "surrogateescape"))
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._buffer, name)
