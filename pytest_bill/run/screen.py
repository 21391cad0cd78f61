"""What a run shows at its start and its end: pytest's hooks, which ``plugin`` has as its own.

pytest imports this module in every run: it imports nothing heavy.
"""

from __future__ import annotations

import pytest

from pytest_bill import options
from pytest_bill.run.state import RunState, has_state, state_of


def check_files(config: pytest.Config) -> None:
    """Refuse files that options name and that cannot be written, and begin to note what they tell.

    Raises:
        pytest.UsageError: one cannot be written, or what makes it is not installed.
    """
    if config.getoption("bill_report") is not None and not hasattr(config, "workerinput"):
        from pytest_bill.run.report import check_place

        check_place(config)
    if config.getoption("bill_html") is not None:
        from pytest_bill.run import page

        page.begin(config)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say which BILL is asked and how, where anything of ours is set or there."""
    if not has_state(config) or state_of(config).proof is not None:
        return None
    state = state_of(config)
    folder = config.getoption("bill_cassette_dir") or "cassettes"
    if not (state.is_set or options.has_variables(config) or (config.rootpath / folder).is_dir()):
        return None
    from pytest_bill.run.header import header

    return header(config, state)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what happened to the requests of the run."""
    state = state_of(config)
    if not state.has_anything:
        return
    from pytest_bill.run.terminal_summary import Totals, write_summary

    write_summary(terminalreporter, Totals.of(state))
    state.when_told()
    write_scan(terminalreporter, state)


def write_scan(reporter: pytest.TerminalReporter, state: RunState) -> None:
    """Say once what the scan at the end found."""
    scan, state.scan = state.scan, None
    if scan is not None and not scan.is_clean:
        from pytest_bill.run import end_scan

        end_scan.write_scan(reporter, scan)
