"""Whole pytest runs in a folder of their own, without a variable of BILL's."""

from __future__ import annotations

import os
import socket

import pytest

# Imported here, so that they stay imported: pytester forgets what an in-process run imports, and
# PyYAML's C extension cannot be imported twice.
import pytest_bill.run.run
import pytest_bill.sandbox
import pytest_bill.sessions.session  # noqa: F401
from tests.plugin.suites import NO_CACHE


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def run(pytester):
    """Run pytest in-process, and give the result."""

    def run(*args, **options):
        return pytester.runpytest_inprocess(*NO_CACHE, *args, **options)

    return run


@pytest.fixture
def subprocess_run(pytester):
    """Run pytest in a process of its own, and give the result."""

    def run(*args):
        return pytester.runpytest_subprocess(*NO_CACHE, *args)

    return run


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
