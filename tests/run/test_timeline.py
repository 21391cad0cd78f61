"""What is noted of a run where a page of it is wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_bill.cassettes.on_way import OnWay
from pytest_bill.run.timeline import Entry, Timeline
from tests.helpers.recorded import recorded

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Recorder:
    def __init__(self, *, live: bool = False) -> None:
        self.seconds = 0.0
        self.live = live
        self.on_way = OnWay(
            lambda text: text.replace("secret", "PLACEHOLDER"),
            lambda: "test_a.py::test_b",
            lambda: self.seconds,
        )
        self.when_played: Any = None


@pytest.fixture
def noted():
    recorder = Recorder()
    timeline = Timeline(Path("/suite"), "gw0", lambda: NOON + timedelta(seconds=recorder.seconds))
    timeline.watch(recorder)
    return timeline, recorder


def test_what_is_sent_begins_when_it_leaves(noted):
    timeline, recorder = noted
    number = recorder.on_way.begin(
        "GET", "https://gateway.stage.bill.com/connect/v3/bills/secret?a=1"
    )
    recorder.seconds = 2.0
    recorder.on_way.end(number, 200)
    (entry,) = timeline.entries
    assert entry == Entry(
        at=NOON.timestamp(),
        seconds=2.0,
        kind="request",
        what="GET /v3/bills/PLACEHOLDER",
        how="sent",
        status=200,
        test="test_a.py::test_b",
        worker="gw0",
    )


def test_what_is_played_says_from_where(noted):
    timeline, recorder = noted
    opened = SimpleNamespace(use=SimpleNamespace(owner="bill_dev_session"))
    played = recorded("POST", "/v3/login", {})
    recorder.when_played(played, opened, Path("/suite/cassettes/sign_in/developer_key.yaml"))
    (entry,) = timeline.entries
    assert (entry.kind, entry.how, entry.test) == ("sign-in", "played", "bill_dev_session")
    assert entry.cassette == "cassettes/sign_in/developer_key.yaml"


def test_a_token_of_oauth_is_a_sign_in(noted):
    timeline, recorder = noted
    recorder.on_way.end(
        recorder.on_way.begin("POST", "https://auth.stage.bill.com/authx/token"), 200
    )
    assert (timeline.entries[0].kind, timeline.entries[0].what) == ("sign-in", "POST /authx/token")


def test_what_is_waited_for(noted):
    timeline, _ = noted
    timeline.waited("GET /v3/bills: BILL says to come again; waiting 7 s", "test_a.py::test_b")
    assert timeline.entries[0].kind == "wait"


def test_who_watched_before_still_does():
    recorder = Recorder(live=True)
    seen = []
    recorder.on_way.watcher = SimpleNamespace(
        begun=lambda way: seen.append("begun"), ended=lambda way, took, status: seen.append(status)
    )
    timeline = Timeline(Path("/suite"))
    timeline.watch(recorder)
    recorder.on_way.end(recorder.on_way.begin("GET", "https://x.example/v3/bills"))
    assert seen == ["begun", 0]
    assert (timeline.entries[0].how, timeline.entries[0].status) == ("live", 0)


def test_what_another_process_noted(noted):
    timeline, _ = noted
    timeline.waited("a", "b")
    other = Timeline(Path("/suite"))
    other.add(timeline.as_lists())
    assert other.entries == timeline.entries
