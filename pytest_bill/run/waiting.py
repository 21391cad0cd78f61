"""What a person sees while a run waits for BILL: a line before each wait, and again at the end."""

from __future__ import annotations

import sys
from contextlib import nullcontext

import pytest

from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.state import RunState


def tell_now(config: pytest.Config, state: RunState, line: str) -> None:
    """Show a line at once, past pytest's capture; a worker's goes where its errors go."""
    state.notices.append(Notice(NoticeKind.AGAIN, state.nodeid, line))
    if state.timeline is not None:
        state.timeline.waited(line, state.nodeid)
    if state.progress is not None:
        state.progress.clear()
    write_now(config, line)


def write_now(config: pytest.Config, line: str) -> None:
    """Write a line at once, past pytest's capture; a worker's goes where its errors go."""
    capture = config.pluginmanager.getplugin("capturemanager")
    reporter = config.pluginmanager.getplugin("terminalreporter")
    with capture.global_and_fixture_disabled() if capture is not None else nullcontext():
        if reporter is not None and not hasattr(config, "workerinput"):
            reporter.ensure_newline()
            reporter.write_line(f"bill: {line}")
            reporter.flush()
        else:
            sys.stderr.write(f"bill: {line}\n")
            sys.stderr.flush()
