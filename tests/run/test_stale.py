"""Cassettes that are older than they may be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pytest_bill.cassettes import store, times
from pytest_bill.exceptions import SettingsError
from pytest_bill.interaction import Interaction
from pytest_bill.max_age import MaxAge, Stale
from pytest_bill.record_modes import RecordMode
from pytest_bill.run.notices import NoticeKind
from pytest_bill.run.stale import Renewal, notices

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
OLD, NEW = NOW - timedelta(days=91), NOW - timedelta(days=89)
AGE = timedelta(days=90)
ROOT = Path("/suite")


def told(age: MaxAge, **oldest: str) -> list[str]:
    paths = {ROOT / "cassettes" / f"{name}.yaml": moment for name, moment in oldest.items()}
    found = list(notices(paths, age, ROOT, NOW))
    assert {each.kind for each in found} <= {NoticeKind.STALE}
    return list(map(str, found))


def test_what_is_older_is_told_and_what_is_not_is_not():
    found = told(MaxAge(AGE, "90d"), old=times.written(OLD), new=times.written(NEW), unknown="")
    advice = "record it anew with --bill-stale=record"
    assert found == [
        f"cassettes/old.yaml: recorded 2026-08-30; {advice}",
        f"cassettes/unknown.yaml: does not say when it was recorded; {advice}",
    ]


def test_to_the_second():
    limit = NOW - AGE
    assert told(MaxAge(AGE, "90d"), a=times.written(limit)) == []
    assert told(MaxAge(AGE, "90d"), a=times.written(limit - timedelta(seconds=1)))


class Suite:
    """Cassettes in a folder, and the fixtures that the users of the tests' ones use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fixtures: dict[Path, frozenset[str]] = {}

    def write(self, name: str, moment: datetime | None, *fixtures: str) -> Path:
        path = self.folder / name
        recorded_at = times.written(moment) if moment is not None else ""
        url = "https://gateway.stage.bill.com/connect/v3/vendors"
        made = Interaction("GET", url, {}, b"", 200, "OK", recorded_at=recorded_at)
        store.save(path, store.Recording([made]), lambda _: None)
        if not path.name.startswith("fixture."):
            self.fixtures[path] = frozenset({*fixtures, "request"})
        return path

    def modes(self, *paths: Path, mode: str = "none", **changes) -> list[str]:
        age = MaxAge(AGE, "90d", Stale.RECORD, **changes)
        renewal = Renewal(age, self.folder, lambda: self.fixtures, lambda: NOW)
        return [
            renewal.mode(path, RecordMode(mode), path.name.partition(".")[2].partition(".")[0])
            for path in paths
        ]


@pytest.fixture
def suite(tmp_path):
    return Suite(tmp_path / "cassettes")


def test_a_test_whose_cassette_is_older_is_recorded_anew(suite):
    old, new = suite.write("a/test_a.yaml", OLD), suite.write("a/test_b.yaml", NEW)
    unknown, missing = suite.write("a/test_c.yaml", None), suite.folder / "a/test_d.yaml"
    for mode in ("none", "once", "new_episodes"):
        assert suite.modes(old, new, unknown, missing, mode=mode) == ["all", mode, "all", mode]
    assert suite.modes(old, new, mode="all") == ["all", "all"]


def test_a_part_that_is_older_is_enough(suite):
    path = suite.write("a/test_a.yaml", NEW)
    recording = store.load(path)
    recording.interactions += store.load(suite.write("a/test_b.yaml", OLD)).interactions
    store.save(path, recording, lambda _: None)
    assert suite.modes(path) == ["all"]


def test_what_shares_a_fixture_is_recorded_together(suite):
    vendor = suite.write("conftest/fixture.vendor.yaml", NEW)
    customer = suite.write("test_c/fixture.TestA.customer-0.yaml", NEW)
    apart = suite.write("conftest/fixture.apart.yaml", NEW)
    suite.write("test_a/test_old.yaml", OLD, "vendor")
    both = suite.write("test_a/test_both.yaml", NEW, "vendor", "customer")
    third = suite.write("test_c/test_third.yaml", NEW, "customer")
    alone = suite.write("test_d/test_alone.yaml", NEW, "apart")
    assert suite.modes(vendor, both, third, alone, apart) == ["all", "all", "all", "none", "none"]
    age = MaxAge(AGE, "90d", Stale.RECORD)
    renewal = Renewal(age, suite.folder, lambda: suite.fixtures, lambda: NOW)
    assert renewal.mode(customer, RecordMode.NONE, "customer") is RecordMode.ALL


def test_the_tests_of_a_fixture_whose_cassette_is_older_are_recorded_anew(suite):
    fixture = suite.write("conftest/fixture.vendor.yaml", OLD)
    user = suite.write("test_a/test_a.yaml", NEW, "vendor")
    other = suite.write("test_a/test_b.yaml", NEW)
    assert suite.modes(fixture, user, other) == ["all", "all", "none"]


def test_a_run_that_may_not_record_refuses_with_words(suite):
    old, new = suite.write("a/test_a.yaml", OLD), suite.write("a/test_b.yaml", NEW)
    why = "with CI set, recording has to be typed on the command line"
    assert suite.modes(new, may_record=False, why_not=why) == ["none"]
    with pytest.raises(SettingsError) as refused:
        suite.modes(old, may_record=False, why_not=why)
    assert str(refused.value) == (
        "cassettes/a/test_a.yaml is older than 90d, and bill_stale=record would record it anew; "
        f"but {why}.\nType --bill-stale=record, or --bill-stale=warn."
    )


def test_a_run_that_was_told_to_replay_replays(suite):
    assert suite.modes(suite.write("a/test_a.yaml", OLD), may_record=False) == ["none"]


@pytest.mark.parametrize("age", [None, MaxAge(AGE, "90d"), MaxAge(AGE, "90d", Stale.FAIL)])
def test_without_the_wish_nothing_is_read_and_nothing_recorded(suite, age):
    path = suite.write("a/test_a.yaml", OLD)
    renewal = Renewal(age, suite.folder, pytest.fail, lambda: NOW)
    assert renewal.mode(path, RecordMode.NONE) is RecordMode.NONE


def test_a_cassette_that_is_damaged_is_told_by_who_uses_it(suite):
    path = suite.write("a/test_a.yaml", OLD)
    path.write_text("damaged")
    assert suite.modes(path) == ["none"]
