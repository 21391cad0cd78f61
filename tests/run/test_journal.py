"""What a worker tells of its tests, and what its controller makes of that where it crashed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.cassettes.counts import Counts
from pytest_bill.cassettes.set_ups import SetUps
from pytest_bill.run.journal import Journal, cassette_place, left_by
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.state import RunState


@pytest.fixture
def run(tmp_path):
    return SimpleNamespace(
        set_ups=SetUps(lambda: tmp_path, "gw0"),
        recorder=SimpleNamespace(counts=Counts()),
        settings=SimpleNamespace(cassette_dir=tmp_path / "cassettes"),
    )


def test_each_test_tells_what_is_new_since_the_one_before(run, tmp_path):
    state, journal, counts = RunState(None), Journal(), run.recorder.counts
    for number in (1, 2):
        counts.requests += number
        state.notices.append(Notice(NoticeKind.SILENT, f"test_{number}", "asks nothing"))
        path = tmp_path / f"cassettes/a/{number}.yaml"
        state.recorded.append((f"test_{number}", str(path)))
        journal.begin(run, f"test_{number}", path)
        journal.done(run, state, f"test_{number}")
    left = left_by(tmp_path, "gw0")
    assert left.totals["counts"] == {"requests": 3}
    assert [each[1] for each in left.totals["notices"]] == ["test_1", "test_2"]
    assert left.totals["recorded"] == [["test_1", "a/1.yaml"], ["test_2", "a/2.yaml"]]
    assert left.cassettes == {}


def test_a_test_that_was_not_done_has_a_cassette(run, tmp_path):
    Journal().begin(run, "test_1", tmp_path / "cassettes/a/1.yaml")
    assert left_by(tmp_path, "gw0").cassettes == {"test_1": "a/1.yaml"}


def test_of_a_worker_that_told_nothing_nothing_is_known(tmp_path):
    left = left_by(tmp_path, "gw0")
    assert (left.totals["counts"], left.cassettes) == ({}, {})


def test_a_cassette_outside_of_the_folder_keeps_its_path(tmp_path):
    assert cassette_place(tmp_path, "/elsewhere/a.yaml") == "/elsewhere/a.yaml"
