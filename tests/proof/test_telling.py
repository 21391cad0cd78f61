"""What is told of recordings that do not replay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pytest_bill.cassettes import staging, store
from pytest_bill.cassettes.differences import Difference
from pytest_bill.cassettes.use import Miss
from pytest_bill.interaction import Interaction
from pytest_bill.proof.replay import Replay
from pytest_bill.proof.telling import Recorded, Telling, recording_of
from pytest_bill.proof.verdicts import Verdicts
from pytest_bill.run.notices import NoticeKind

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
LIST = Interaction("GET", URL, {}, b"", 200, "OK", {}, b'{"results": [{"id": "1"}, {"id": "2"}]}')


@pytest.fixture
def telling(tmp_path, monkeypatch):
    """Tells of one cassette that waits, with these interactions."""
    monkeypatch.chdir(tmp_path)
    path, scratch = tmp_path / "cassettes/a.yaml", tmp_path / "run-1"
    scratch.mkdir()
    where = staging.Staging(tmp_path / "cassettes", lambda: scratch, lambda: scratch)

    def telling(*interactions, **metadata):
        store.save(path, store.Recording(list(interactions), metadata), lambda _: None, where)
        staging.mark(scratch, path)
        recorded = Recorded(tmp_path / "cassettes", scratch, {path: ["test_a"]}, frozenset())
        assert recording_of(path, where).interactions == list(interactions)
        return Telling(recorded, where, lambda text: text.replace("SECRET", "***"))

    return telling


def test_both_runs_what_differed_and_the_cause_are_told(telling):
    differences = (Difference("query max", "2", "1"),)
    miss = Miss("…", f"GET {URL}?max=2", f"GET {URL}?max=1", differences)
    replays = {"test_a": Replay("failed", "NotInCassette", misses=[miss])}
    assert telling(LIST).failed("test_a", replays, {}).text.splitlines() == [
        "recorded: passed, 1 request. Replayed from that: failed.",
        f"no recorded answer: GET {URL}?max=2",
        f"nearest recorded: GET {URL}?max=1",
        "differs: query max: 2 replayed, 1 recorded",
        "Likely cause: a value of a random generator is in the request.",
        "Seed the generator in the test, or give the code a fixed value.",
        "cassettes/a.yaml was not written; "
        "what was recorded is in cassettes/.unproven/run-1/a.yaml",
    ]


def test_an_old_cassette_stays(telling):
    it = telling(LIST)
    Path("cassettes/a.yaml").touch()
    told = it.failed("test_a", {"test_a": Replay("failed")}, {}).text
    assert "cassettes/a.yaml stays as it was; " in told


def test_no_secret_is_told(telling):
    told = telling(LIST).failed("test_a", {"test_a": Replay("failed", "KeyError: 'SECRET'")}, {})
    assert "KeyError: '***'" in told.text


@pytest.mark.parametrize(
    ("interactions", "metadata", "cause"),
    [
        ([LIST], {}, "depends on something that is not recorded"),
        ([LIST], {"pytest_bill": {"stand_ins": {"kinds": ["email"]}}}, "recorded as stand-ins"),
        ([LIST], {"pytest_bill": {"stand_ins": {"kinds": []}}}, "depends on something"),
        (
            [LIST, Interaction("GET", URL, {}, b"", 200, "OK", {}, b"{}")],
            {},
            "these answers were played in another order",
        ),
    ],
)
def test_the_cassette_tells_of_causes(telling, interactions, metadata, cause):
    failed = {"test_a": Replay("failed", "AssertionError: assert 1 == 2")}
    assert cause in telling(*interactions, **metadata).failed("test_a", failed, {}).text


def test_cassettes_that_nobody_proved_are_told(telling):
    judged = Verdicts(kept_back={Path("cassettes/s.yaml"): [], Path("cassettes/a.yaml"): ["t"]})
    (notice,) = telling(LIST).asked_by_nobody(judged)
    assert (notice.kind, notice.owner) == (NoticeKind.UNPROVEN, "cassettes/s.yaml")


def test_a_test_that_compares_an_order_is_told(telling):
    it = telling(LIST)
    replays = {"test_a": Replay("passed", turned_error="assert 'SECRET' == 2")}
    (notice,) = it.list_orders(set(), replays)
    assert (notice.kind, notice.owner) == (NoticeKind.LIST_ORDER, "test_a")
    assert notice.text.splitlines() == [
        "with GET /connect/v3/vendors the other way round:",
        "assert '***' == 2",
        "Ask with sort, or compare without the order.",
    ]
    assert it.list_orders({"test_a"}, replays) == []
    assert it.list_orders(set(), {"test_a": Replay("passed")}) == []


def test_a_date_that_may_be_the_clocks_is_told_once_a_cassette(telling):
    url = f"{URL}?filters=createdTime:gte:2026-11-29"
    dated = Interaction("GET", url, {}, b"", 200, "OK", {}, b"{}")
    it = telling(dated, dated)
    (notice,) = it.near_dates(set(), date(2026, 11, 30))
    assert (notice.kind, notice.owner) == (NoticeKind.DATED, "test_a")
    assert notice.text.startswith("2026-11-29 in GET /connect/v3/vendors: if it comes from the")
    assert it.near_dates({"test_a"}, date(2026, 11, 30)) == []
    assert it.near_dates(set(), date(2028, 11, 30)) == []
