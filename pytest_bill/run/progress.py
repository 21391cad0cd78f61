"""What a person sees on a terminal while something is asked: a line that is gone with the answer.

It stands behind pytest's dots, and is taken away before pytest writes the next one. With ``-v``
each request gets a line that stays. Where nobody looks (a pipe, a log of CI, ``-q``), where the
cursor may be anywhere (``-s``, live logs, other plugins' terminals, Windows), and in the workers of
pytest-xdist, which have no terminal, nothing is shown: what a run waits for is told in any case
(``waiting``). Of what is played from cassettes nothing is shown.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from pytest_bill.run.state import RunState
from pytest_bill.run.waiting import write_now

if TYPE_CHECKING:
    from pytest_bill.cassettes.on_way import OnWay, Took

_NAME = "bill-progress"
_CI = ("CI", "BUILD_NUMBER")
"""Variables by which pytest, too, knows that what it writes is a log."""
_TICK_SECONDS = 1.0
_USUAL_COLUMNS = 80
_LEAST_ROOM = 24
"""In fewer columns nothing could be read."""
# As they are now: a test may replace the file system.
_write, _size_of = os.write, os.get_terminal_size


def show_progress(config: pytest.Config, state: RunState) -> None:
    """Show it from now on, where somebody sees it."""
    if state.progress is None and _is_seen(config, state):
        state.progress = Progress(config, state, os.dup(sys.__stdout__.fileno()))  # type: ignore[union-attr]
        config.pluginmanager.register(state.progress, _NAME)


def _is_seen(config: pytest.Config, state: RunState) -> bool:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if state.proof is not None or reporter is None or hasattr(config, "workerinput"):
        return False
    # Another plugin's may have the cursor anywhere.
    is_pytests = type(reporter).__module__ == "_pytest.terminal" and reporter.isatty
    # Else tests write to the terminal, too.
    is_captured = config.getoption("capture", None) == "fd"
    if not is_pytests or not is_captured or _has_live_logs(config) or config.get_verbosity() < 0:
        return False
    try:
        is_terminal = sys.__stdout__ is not None and os.isatty(sys.__stdout__.fileno())
    except (OSError, ValueError):  # it is closed, or no file
        return False
    is_log = any(os.environ.get(name) for name in _CI) or os.environ.get("TERM", "dumb") == "dumb"
    return is_terminal and not is_log and os.name == "posix"


def _has_live_logs(config: pytest.Config) -> bool:
    if config.pluginmanager.is_blocked("logging"):
        return False
    return bool(config.getini("log_cli") or config.getoption("log_cli_level"))


class Progress:
    """The line, and pytest's hooks between which it may be there. Safe to use from threads."""

    def __init__(self, config: pytest.Config, state: RunState, terminal: int) -> None:
        """``terminal`` is the descriptor of one, which pytest's capture does not know of."""
        self._config = config
        self._state = state
        self._terminal = terminal
        self._writer = config.get_terminal_writer()
        self._is_verbose = config.get_verbosity() > 0
        self._lock = threading.RLock()
        self._is_open = False
        self._is_drawn = False
        self._sent = 0
        self._lines: list[str] = []
        self._answered: threading.Event | None = None
        self._pid = os.getpid()

    # --- what is on its way --------------------------------------------------------------------

    def begun(self, way: OnWay) -> None:
        """One more request was sent."""
        if self._is_verbose or os.getpid() != self._pid:
            return
        with self._lock:
            self._sent += 1
            self._draw(way)
            if self._answered is None and self._state.run is not None:
                self._answered = answered = threading.Event()
                ticker = threading.Thread(
                    target=self._tick, args=(way, answered), name="pytest-bill shows", daemon=True
                )
                self._state.run.threads.start_for_nobody(ticker)

    def ended(self, way: OnWay, took: Callable[[], Took], status: int) -> None:
        """One has its answer, or has failed."""
        if os.getpid() != self._pid:
            return
        if self._is_verbose:
            done = took()
            self._tell(f"{done.request}: {status or 'no answer'}, {done.seconds:.2f} s")
            return
        with self._lock:
            self._draw(way)
            if not way.now() and self._answered is not None:
                self._answered.set()
                self._answered = None

    def _tick(self, way: OnWay, answered: threading.Event) -> None:
        while not answered.wait(_TICK_SECONDS):
            with self._lock:
                if not answered.is_set():
                    self._draw(way)

    def _tell(self, line: str) -> None:
        """A line that stays: at once in the thread that runs tests, else before the next dot.

        Only that one may have pytest's capture stand aside.
        """
        if self._is_open and threading.get_ident() == self._state.thread:
            self._write_lines()
            write_now(self._config, line)
        else:
            with self._lock:
                self._lines.append(line)

    def _write_lines(self) -> None:
        with self._lock:
            lines, self._lines = self._lines, []
        for line in lines:
            write_now(self._config, line)

    # --- the line ------------------------------------------------------------------------------

    def tell_at_once(self, line: str) -> None:
        """Show a line that stays."""
        self.clear()
        self._tell(line)

    def clear(self) -> None:
        """Take the line away, so that another may be written."""
        with self._lock:
            if self._is_drawn:
                self._is_drawn = False
                self._put(self._start())

    def _draw(self, way: OnWay) -> None:
        sent = way.now()
        if not sent or not self._is_open:
            self.clear()
            return
        request, seconds = sent[0]
        others = f" and {len(sent) - 1} more" if sent[1:] else ""
        text = f" bill: {self._sent} sent; {seconds:.0f} s {request}{others}"
        room = self._columns() - self._writer.width_of_current_line - 1
        if room >= _LEAST_ROOM:
            self._is_drawn = True
            self._put(self._start() + text[:room])

    def _start(self) -> str:
        """Goes where pytest has ended its line, and takes away what is behind."""
        return f"\x1b[{self._writer.width_of_current_line + 1}G\x1b[K"

    def _columns(self) -> int:
        try:
            return _size_of(self._terminal).columns or _USUAL_COLUMNS
        except OSError:
            return _USUAL_COLUMNS

    def _put(self, text: str) -> None:
        with suppress(OSError):  # nobody sees it any more
            _write(self._terminal, text.encode("ascii", "replace"))

    # --- when it may be there ------------------------------------------------------------------

    def open(self) -> None:
        """From now on pytest writes nothing."""
        with self._lock:
            self._is_open = True

    def close(self) -> None:
        """pytest may write from now on."""
        with self._lock:
            self.clear()
            self._is_open = False
        self._write_lines()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """A test begins."""
        self.open()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self) -> None:
        """It runs."""
        self.open()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self) -> None:
        """It ends."""
        self.open()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self) -> None:
        """A phase has ended, and pytest is about to tell of it."""
        self.close()

    def pytest_enter_pdb(self) -> None:
        """Somebody types."""
        self.close()

    def pytest_leave_pdb(self) -> None:
        """The test goes on."""
        self.open()

    def pytest_keyboard_interrupt(self) -> None:
        """It has ended without a report."""
        self.close()

    def pytest_unconfigure(self) -> None:
        """Nothing is shown any more."""
        with self._lock:
            self.clear()
            self._is_open = False
            if self._answered is not None:  # it was never answered, and nobody waits any more
                self._answered.set()
            os.close(self._terminal)
            self._terminal = -1  # its number is another file's from now on
