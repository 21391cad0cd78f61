"""What the two runs tell each other."""

from __future__ import annotations

import stat

import pytest

from pytest_bill.cassettes.differences import Difference
from pytest_bill.cassettes.use import Miss
from pytest_bill.proof.replay import Replay, Wanted, read_outcome, write_outcome

MISS = Miss("no recorded answer", "GET /a", "GET /b", (Difference("path", "/a", "/b"),))


def test_what_is_wanted_comes_back(tmp_path):
    wanted = Wanted({"a.yaml": "waiting/a.yaml"}, ("t1", "t2"), is_reversed=True, outcome="o.json")
    wanted.write(tmp_path / "wanted.json")
    assert Wanted.read(tmp_path / "wanted.json") == wanted


def test_what_came_of_it_comes_back_in_order(tmp_path):
    replays = {
        "t2": Replay("failed", "error", "call", ["b.yaml"], [MISS], ["GET /b"]),
        "t1": Replay("passed"),
    }
    write_outcome(tmp_path / "outcome.json", replays)
    read = read_outcome(tmp_path / "outcome.json")
    assert read == replays
    assert list(read) == ["t2", "t1"]


@pytest.mark.parametrize("text", [None, "", "{"])
def test_a_run_that_broke_off_has_left_nothing(tmp_path, text):
    if text is not None:
        (tmp_path / "outcome.json").write_text(text)
    assert read_outcome(tmp_path / "outcome.json") is None


@pytest.mark.parametrize(
    ("replay", "passed"),
    [
        (Replay("passed"), True),
        (Replay("failed"), False),
        (Replay(), False),
        (Replay("skipped"), True),
        (Replay("skipped", unplayed=["GET /a"]), False),
    ],
)
def test_who_did_as_in_the_recording_passed(replay, passed):
    assert replay.passed is passed


def test_what_they_tell_is_for_this_user_only(tmp_path):
    write_outcome(tmp_path / "outcome.json", {})
    assert stat.S_IMODE((tmp_path / "outcome.json").stat().st_mode) == 0o600
