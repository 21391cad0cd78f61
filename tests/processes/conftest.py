"""A run, and what a process asks with that its test starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.processes.child import Remote, RunInfo
from pytest_bill.processes.parent import Parent
from pytest_bill.processes.threads import Threads


class Run:
    """A run with a test, and what a process asks with that the test starts."""

    def __init__(self, recorder, folder: Path) -> None:
        self.threads = Threads()
        self.threads.watch()
        self.recorder = recorder(RunningTests(ended_owner=self.threads.whose))
        self.parent = Parent(self.recorder, self.threads, lambda: folder)

    def child(self, secrets=dict) -> Remote:
        return Remote(RunInfo.read(self.parent.run_info()), secrets)

    def close(self) -> None:
        self.parent.close()
        self.threads.close()


@pytest.fixture
def run(recorder, tmp_path):
    """Make a run; it ends with the test."""
    made = []

    def run(**options) -> Run:
        made.append(Run(lambda tests: recorder(tests=tests, **options), tmp_path))
        made[-1].threads.begin("test_a")
        return made[-1]

    yield run
    for each in made:
        each.close()
