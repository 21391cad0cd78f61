"""What a controller of pytest-xdist gives its workers, and what they hand back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.state import RunState
from pytest_bill.run.terminal_summary import Totals
from pytest_bill.run.workers import Workers, hand_over


@pytest.fixture
def workers(pytester):
    """Those of a run with these options; closed at the end."""
    made = []

    def workers(*options: str) -> Workers:
        made.append(Workers(pytester.parseconfig(*options)))
        return made[-1]

    yield workers
    for each in made:
        each.close()


def test_a_worker_is_told_the_folder_and_what_was_typed(workers, tmp_path):
    node = SimpleNamespace(workerinput={})
    workers("--bill-record-mode=once").give(node)
    assert "--bill-record-mode=once" in node.workerinput["bill_typed"]
    assert node.workerinput["bill_folder"]


def test_what_workers_did_is_added_up(workers, pytester):
    controller, output, state = workers(), {}, RunState(None)
    unsaved = Notice(NoticeKind.UNSAVED, "test_a.py::test_b")
    state.notices.append(unsaved)
    state.collected.of_bill["test_a.py::test_b"] = ""
    hand_over(output, pytester.parseconfig(), state)
    for node in (SimpleNamespace(workeroutput=output), SimpleNamespace()):
        controller.take(node)
    assert controller.totals.notices == [unsaved]
    assert controller.usage.tests == {"test_a.py::test_b": "test_a/test_b.yaml"}


def test_settings_that_cannot_be_used_are_left_to_the_tests(workers):
    controller = workers("--bill-live", "--bill-record-mode=once")
    controller.begin()
    assert controller.totals.as_dict() == Totals().as_dict()


def test_the_folder_is_gone_at_the_end(pytester):
    controller = Workers(pytester.parseconfig())
    node = SimpleNamespace(workerinput={})
    controller.give(node)
    folder = pytester.path / node.workerinput["bill_folder"]
    assert folder.is_dir()
    controller.close()
    assert not folder.exists()
