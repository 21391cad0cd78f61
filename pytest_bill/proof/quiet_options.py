"""What a second run leaves out: what spreads or repeats tests, picks some, or writes reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

QUIET: dict[str, Any] = {
    # pytest
    "maxfail": 0,
    "lf": False,
    "failedfirst": False,
    "newfirst": False,
    "stepwise": False,
    "stepwise_skip": False,
    "usepdb": False,
    "trace": False,
    "xmlpath": None,
    "pastebin": None,
    "setuponly": False,
    "setupplan": False,
    "setupshow": False,
    # Other styles read each source file anew for each line of a traceback, which nobody sees.
    "tbstyle": "native",
    "showlocals": False,
    # pytest-xdist
    "numprocesses": None,
    "dist": "no",
    "tx": [],
    "looponfail": False,
    # pytest-rerunfailures, flaky, pytest-retry, pytest-repeat, pytest-flakefinder
    "reruns": 0,
    "force_flaky": False,
    "retries": 0,
    "count": 1,
    "flake_finder_enable": False,
    # reports: pytest-html, pytest-json-report, pytest-reportlog, allure-pytest, pytest-csv,
    # pytest-md, pytest-ctrf, pytest-monitor
    "htmlpath": None,
    "json_report": False,
    "json_report_file": None,
    "report_log": None,
    "allure_report_dir": None,
    "csv_path": None,
    "mdpath": None,
    "ctrf": None,
    # ours: the mode is none in any case
    "bill_live": False,
    "bill_record_mode": None,
    "bill_report": None,
    "bill_html": None,
    "bill_strict": False,
}
"""Options by their names within pytest, and what they are then."""

LEFT_OUT = frozenset({"vscode_pytest", "teamcity.pytest_plugin", "teamcity"})
"""Plugins of editors that tell them of each test."""

KEEP_RESULTS = ("lfplugin", "nfplugin", "stepwiseplugin")
"""Plugins of pytest that remember how the tests of the last run ended: that is the first one."""


def make_quiet(config: pytest.Config, basetemp: Path) -> None:
    """Give the options that are there these values; temporary files go below ``basetemp``."""
    for name, value in QUIET.items():
        if hasattr(config.option, name):
            setattr(config.option, name, value)
    # That of the first run may be given, and would be emptied; another one is never cleaned up.
    config.option.basetemp = str(basetemp)


def forget_results(config: pytest.Config) -> None:
    """Keep nothing of how the tests end."""
    for name in KEEP_RESULTS:
        config.pluginmanager.unregister(name=name)


def quiet_arguments(arguments: Sequence[str], plugins: Sequence[str]) -> list[str]:
    """The arguments of the first run as the second one gets them.

    ``plugins`` are the names of those that are there: pytest-cov starts before any hook.
    """
    kept = list(_without_plugins(arguments))
    if "pytest_cov" in plugins or "_cov" in plugins:
        kept.append("--no-cov")
    return kept


def _without_plugins(arguments: Sequence[str]) -> Iterator[str]:
    following = iter(arguments)
    for each in following:
        if each == "-p":
            name = next(following, "")
            if name not in LEFT_OUT:
                yield from (each, name)
        elif each.removeprefix("-p") not in LEFT_OUT:
            yield each
