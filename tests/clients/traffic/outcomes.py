"""Pytest plugin of the measured suite: how each test ended, beside what it saw."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    found = re.search(r"\[(.+)\]", report.nodeid)
    if report.outcome == "passed" or found is None:
        return
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash is not None else report.longreprtext
    line = {"test": found.group(1), "outcome": f"{report.when} {report.outcome}: {text[:300]}"}
    with Path(os.environ["TRAFFIC_OBSERVATIONS"]).open("a") as file:
        file.write(json.dumps(line) + "\n")
