"""What other reports hold of BILL: properties of tests, and of the suite in a JUnit file.

A test that asked BILL has ``bill.replayed`` and ``bill.recorded``, its own requests by number, and
``bill.cassette``, below the rootdir; in a run without cassettes it has ``bill.live``, what was sent
while it ran. A suite has the counts of the JSON report (``bill.requests`` …), where it used BILL.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill.run.state import RunState, TestState

if TYPE_CHECKING:
    from pytest_bill.run.terminal_summary import Totals

_PREFIX = "bill."
_CASSETTE = f"{_PREFIX}cassette"


def add_to_test(
    item: pytest.Item, report: pytest.TestReport, state: TestState, of_run: RunState
) -> None:
    """Add those of a test to its last report, which reporters take them from."""
    own = _of_test(item, state, of_run)
    for properties in (item.user_properties, report.user_properties):
        # What an attempt before had.
        properties[:] = [each for each in properties if not str(each[0]).startswith(_PREFIX)]
        properties += own


def _of_test(item: pytest.Item, state: TestState, of_run: RunState) -> list[tuple[str, Any]]:
    run, opened = of_run.run, state.opened
    if run is None:
        return []
    if opened is None:
        live = run.recorder.counts.live - state.live_before
        return [_counted("live", live)] if live else []
    recorded = len(opened.cassette.recorded)
    if not (opened.played or recorded or opened.misses):
        return []
    # Of each test: paths themselves take longer.
    shown = opened.use.path.as_posix().removeprefix(f"{item.config.rootpath.as_posix()}/")
    return [
        _counted("replayed", opened.played),
        _counted("recorded", recorded),
        (_CASSETTE, run.recorder.registry.hide(shown)),
    ]


@lru_cache(maxsize=256)
def _counted(what: str, count: int) -> tuple[str, Any]:
    """One for all tests that have as many: pytest keeps the reports of all until the end."""
    return f"{_PREFIX}{what}", count


def add_to_suite(config: pytest.Config, totals: Totals) -> None:
    """Add those of the suite to the JUnit file, if one is written.

    pytest has written it by now; what is known only at the very end makes it write the file again.
    """
    counts = totals.counts | {
        f"cassettes_{name}": count for name, count in totals.cassette_counts.items()
    }
    if not any(counts.values()):
        return
    for plugin in config.pluginmanager.get_plugins():
        if type(plugin).__module__ == "_pytest.junitxml":
            for name, count in counts.items():
                plugin.add_global_property(f"{_PREFIX}{name}", str(count))
            plugin.pytest_sessionfinish()
