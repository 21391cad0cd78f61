"""What a controller of pytest-xdist gives its workers, and what they hand back."""

from __future__ import annotations

import os
from types import SimpleNamespace

import execnet
import pytest

from pytest_bill.cassettes import set_ups
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.state import RunState
from pytest_bill.run.terminal_summary import Totals
from pytest_bill.run.workers import Workers, hand_over
from tests.helpers.channels import channel_pair


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


def node_at(spec: str = "popen") -> SimpleNamespace:
    """A worker that is about to start, by pytest-xdist's --tx."""
    gateway = SimpleNamespace(
        id="gw1", spec=execnet.XSpec(spec), newchannel=lambda: channel_pair()[0]
    )
    return SimpleNamespace(workerinput={}, gateway=gateway)


def test_a_worker_is_told_the_folder_and_what_was_typed(workers, tmp_path):
    node = node_at("popen//python=python3.13")
    workers("--bill-record-mode=once").give(node)
    assert "--bill-record-mode=once" in node.workerinput["bill_typed"]
    assert node.workerinput["bill_folder"]


@pytest.mark.parametrize(
    "spec", ["ssh=host", "socket=host:8888", "popen//chdir=elsewhere", "popen//via=proxy"]
)
def test_a_worker_that_may_stand_elsewhere_is_given_a_channel(workers, spec):
    node = node_at(spec)
    controller = workers("--bill-record-mode=once")
    controller.give(node)
    assert "--bill-record-mode=once" in node.workerinput["bill_typed"]
    assert "bill_folder" not in node.workerinput
    assert node.workerinput["bill_channel"]


KEY = "a-developer-key-of-some-length"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), {}),
        (("--bill-record-mode=once",), {"BILL_DEV_KEY": KEY}),
        (("--bill-live",), {"BILL_DEV_KEY": KEY}),
        (("--bill-record-mode=once", "--bill-environment=local"), {}),
    ],
    ids=["replays", "records", "live", "local"],
)
def test_credentials_go_to_another_machine_only_where_they_may_be_sent_from_there(
    workers, pytester, monkeypatch, options, told
):
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)
    (pytester.path / ".env").write_text(f"BILL_DEV_KEY={KEY}\nOTHER_KEY=x\n")
    controller = workers(*options)
    controller.begin()
    hello = controller._hello()
    assert hello["variables"] == told
    assert (hello["sandbox"] is not None) is ("--bill-environment=local" in options)
    assert hello["rootdir"] == pytester.path.name


def test_what_workers_did_is_added_up(workers, pytester):
    controller, output, state = workers(), {}, RunState(None)
    unsaved = Notice(NoticeKind.UNSAVED, "test_a.py::test_b")
    state.notices.append(unsaved)
    state.collected.of_bill["test_a.py::test_b"] = ""
    hand_over(output, pytester.parseconfig(), state)
    controller.take(SimpleNamespace(workeroutput=output))
    assert controller.totals.notices == [unsaved]
    assert controller.usage.tests == {"test_a.py::test_b": "test_a/test_b.yaml"}


def test_what_a_worker_did_that_crashed_is_added_up(workers):
    """Its counts and notices, the tests to prove; and the one that it was at is told."""
    controller = workers()
    lines = (
        {"begun": "test_a.py::test_1", "cassette": "a/1.yaml"},
        {
            "done": "test_a.py::test_1",
            "counts": {"requests": 2, "recorded": 2},
            "notices": [["SILENT", "test_a.py::test_0", "asks nothing"]],
            "recorded": [["test_a.py::test_1", "a/1.yaml"]],
        },
        {"begun": "test_a.py::test_2", "cassette": "a/2.yaml"},
    )
    for line in lines:
        set_ups.add_line(controller.folder, "gw1", line)
    with (controller.folder / "gw1.done").open("a") as file:
        file.write('{"done": "test_a.py::te')  # it ended within that
    set_ups.SetUps(lambda: controller.folder, "gw1").begin("fixture.vendor.yaml")
    controller.take(SimpleNamespace(gateway=SimpleNamespace(id="gw1")))
    totals = controller.totals
    assert totals.counts == {"requests": 2, "recorded": 2}
    assert totals.recorded == [("test_a.py::test_1", "a/1.yaml")]
    silent, unsaved = totals.notices
    assert silent.kind is NoticeKind.SILENT
    assert unsaved == Notice(
        NoticeKind.UNSAVED,
        "test_a.py::test_2",
        "its worker gw1 crashed; what it had recorded for a/2.yaml is lost",
    )
    assert controller.usage.outcomes == {"test_a.py::test_2": "failed"}
    # Nobody waits for it any more.
    assert set_ups.SetUps(lambda: controller.folder, "gw2").wait_for_others("fixture.vendor.yaml")


def test_cassettes_of_a_worker_elsewhere_are_those_of_the_controllers_folder(workers, pytester):
    controller = workers("--bill-cassette-dir=tapes")
    controller.begin()
    totals = {"counts": {}, "notices": [], "recorded": [("test_1", "a/1.yaml")]}
    output = {"bill": totals | {"cassettes": ["a/1.yaml"]}, "bill_usage": {}}
    controller.take(SimpleNamespace(workeroutput=output))
    path = str(pytester.path / "tapes/a/1.yaml")
    assert controller.totals.recorded == [("test_1", path)]
    assert controller.totals.cassettes == {path}


def test_a_worker_that_crashed_before_any_test_leaves_nothing(workers):
    controller = workers()
    controller.take(SimpleNamespace(gateway=SimpleNamespace(id="gw1")))
    assert controller.totals.notices == []


def test_settings_that_cannot_be_used_are_left_to_the_tests(workers):
    controller = workers("--bill-live", "--bill-record-mode=once")
    controller.begin()
    assert controller.totals.as_dict() == Totals().as_dict()


def test_the_folder_is_gone_at_the_end(pytester):
    controller = Workers(pytester.parseconfig())
    node = node_at()
    controller.give(node)
    folder = pytester.path / node.workerinput["bill_folder"]
    assert folder.is_dir()
    controller.close()
    assert not folder.exists()
