"""Which cassettes of a run are written, and that what is in the files then replays."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pytest_bill.cassettes import times
from pytest_bill.cassettes.changes.quiet import Outcome, Recorded, decide
from pytest_bill.cassettes.store import Recording
from pytest_bill.interaction import Interaction
from tests.cassettes.changes.worlds import (
    BASE,
    FIXTURE,
    World,
    all_of,
    changed_suite,
    drawn_suite,
    files_after,
    fresh_ids,
    recorded_in,
    replay,
)
from tests.helpers.work import steps

SUITE = {
    FIXTURE: [("create", "Ada"), ("read", "0")],
    "test_bill.yaml": [("bill", "0", "5"), ("create", "Grace"), ("read", "1")],
    "test_list.yaml": [("list",), ("create", "Joan")],
}


def outcomes(decisions) -> dict[str, Outcome]:
    return {each.path.name: each.outcome for each in decisions}


def test_what_is_recorded_again_stays_as_it_is():
    old = recorded_in(World(fresh_ids("A")), SUITE)
    new = recorded_in(World(fresh_ids("B"), "2027-01-01"), SUITE)
    decisions = decide(all_of(old, new))
    assert set(outcomes(decisions).values()) == {Outcome.AS_BEFORE}
    assert [each.recording for each in decisions] == [None, None, None]


def test_a_fixture_that_changed_keeps_the_ids_that_the_tests_cassettes_have():
    old = recorded_in(World(fresh_ids("A")), SUITE)
    changed = {**SUITE, FIXTURE: [*SUITE[FIXTURE], ("bill", "0", "7")]}
    new = recorded_in(World(fresh_ids("B"), "2027-01-01"), changed)
    decisions = decide(all_of(old, new))
    assert outcomes(decisions) == {
        FIXTURE: Outcome.CHANGED,
        "test_bill.yaml": Outcome.AS_BEFORE,
        "test_list.yaml": Outcome.AS_BEFORE,
    }
    assert decisions[0].changes == ("one more interaction: POST /v3/bills (status 201)",)
    assert decisions[0].recording is not None
    # All but what is new is the old file's, to the letter.
    assert decisions[0].recording.interactions[:2] == old[FIXTURE].interactions
    replay(changed, files_after(old, decisions))


def test_a_test_that_changed_keeps_the_ids_that_its_fixtures_cassette_has():
    old = recorded_in(World(fresh_ids("A")), SUITE)
    changed = {**SUITE, "test_bill.yaml": [*SUITE["test_bill.yaml"], ("bill", "0", "9")]}
    new = recorded_in(World(fresh_ids("B")), changed)
    decisions = decide(all_of(old, new))
    assert outcomes(decisions)[FIXTURE] is Outcome.AS_BEFORE
    assert outcomes(decisions)["test_bill.yaml"] is Outcome.CHANGED
    replay(changed, files_after(old, decisions))


def test_a_new_test_gets_the_ids_that_its_fixtures_cassette_has():
    old = recorded_in(World(fresh_ids("A")), SUITE)
    grown = {**SUITE, "test_new.yaml": [("bill", "0", "1")]}
    new = recorded_in(World(fresh_ids("B")), grown)
    decisions = decide(all_of(old, new))
    assert outcomes(decisions)["test_new.yaml"] is Outcome.NEW
    assert outcomes(decisions)[FIXTURE] is Outcome.AS_BEFORE
    replay(grown, files_after(old, decisions))


def test_a_cassette_whose_ids_no_longer_go_with_its_fixtures_is_written():
    """Somebody recorded the fixture alone, so that the test's cassette was of no use."""
    old = recorded_in(World(fresh_ids("A")), SUITE)
    old[FIXTURE] = recorded_in(World(fresh_ids("C")), SUITE)[FIXTURE]
    with pytest.raises(AssertionError):
        replay(SUITE, old)
    decisions = decide(all_of(old, recorded_in(World(fresh_ids("B")), SUITE)))
    followed = [each for each in decisions if each.outcome is Outcome.FOLLOWED]
    assert followed
    assert all(each.recording is not None and not each.changes for each in followed)
    replay(SUITE, files_after(old, decisions))


def test_another_record_in_the_same_place_is_a_change():
    """The ids are drawn alike, and the test asks for the other one of two now."""
    before = {FIXTURE: [("create", "Ada"), ("create", "Ada"), ("read", "0")]}
    after = {FIXTURE: [("create", "Ada"), ("create", "Ada"), ("read", "1")]}
    old, new = (recorded_in(World(fresh_ids(w)), s) for w, s in (("A", before), ("B", after)))
    (decision,) = decide(all_of(old, new))
    assert decision.outcome is Outcome.CHANGED
    replay(after, files_after(old, [decision]))


DRAWN = range(400)


@pytest.mark.parametrize("start", range(0, len(DRAWN), 100))
def test_whatever_changed_and_whatever_ids_there_are_the_files_replay(start):
    kept = 0
    for seed in DRAWN[start : start + 100]:
        chance = random.Random(seed)
        suite = drawn_suite(chance)
        old = recorded_in(World(chance.sample(fresh_ids("A"), 60)), suite)
        for name in list(old)[1:]:
            if chance.random() < 0.3:  # recorded by itself, from another world, or not at all
                again = World(chance.sample(fresh_ids("A"), 60))
                del old[name]
                if chance.random() < 0.5:
                    old[name] = recorded_in(again, suite)[name]
        changed = changed_suite(suite, chance) if chance.random() < 0.7 else suite
        new = recorded_in(World(chance.sample(fresh_ids("A"), 60), "2027-01-01"), changed)
        decisions = decide(all_of(old, new))
        kept += sum(each.recording is None for each in decisions)
        try:
            replay(changed, files_after(old, decisions))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from None
    assert kept > 20


def test_whatever_is_recorded_again_stays_as_it_is():
    for seed in range(200):
        chance = random.Random(seed)
        suite = drawn_suite(chance)
        worlds = [World(chance.sample(fresh_ids(name), 60), day) for name, day in WORLDS]
        old, new = (recorded_in(world, suite) for world in worlds)
        decisions = decide(all_of(old, new))
        assert all(each.recording is None for each in decisions), f"seed {seed}"


WORLDS = (("A", "2026-11-29"), ("B", "2027-01-01"))
OLDER, NEWER = (datetime(2026, month, 1, tzinfo=UTC) for month in (6, 12))


def dated(recordings: dict[str, Recording], moment: datetime | None) -> dict[str, Recording]:
    recorded_at = times.written(moment) if moment is not None else ""
    return {
        name: Recording(
            [replace(each, recorded_at=recorded_at) for each in recording.interactions],
            recording.metadata,
        )
        for name, recording in recordings.items()
    }


@pytest.mark.parametrize("before", [OLDER, None], ids=["old", "of unknown age"])
def test_what_is_as_before_and_too_old_gets_new_dates_and_nothing_else(before):
    old = dated(recorded_in(World(fresh_ids("A")), SUITE), before)
    new = dated(recorded_in(World(fresh_ids("B"), "2027-01-01"), SUITE), NEWER)
    limit = datetime(2026, 7, 1, tzinfo=UTC)
    for each in decide(all_of(old, new), older_than=limit):
        assert each.outcome is Outcome.DATED
        assert each.recording == dated(old, NEWER)[each.path.name]
    young = decide(all_of(dated(old, limit), new), older_than=limit)
    assert {each.outcome for each in young} == {Outcome.AS_BEFORE}


def test_what_changed_says_when_it_was_recorded_and_what_did_not_stays_to_the_letter():
    old = dated(recorded_in(World(fresh_ids("A")), SUITE), OLDER)
    changed = {**SUITE, FIXTURE: [*SUITE[FIXTURE], ("bill", "0", "7")]}
    new = dated(recorded_in(World(fresh_ids("B")), changed), NEWER)
    (decision, *_) = decide(all_of(old, new))
    assert decision.recording is not None
    moments = [times.read(each.recorded_at) for each in decision.recording.interactions]
    assert moments == [OLDER, OLDER, NEWER]


def test_the_time_grows_with_the_traffic():
    def work(count: int) -> int:
        suite = {FIXTURE: [("create", "Ada"), ("bill", "0", "1"), ("read", "0")] * count}
        old, new = (recorded_in(World(fresh_ids(name, 3 * count)), suite) for name in "AB")
        return steps(lambda: decide(all_of(old, new)))

    assert work(80) < 5 * work(20)


def files(**asked: str) -> list[Recorded]:
    """Cassettes of one request each, of which the answer is the same; a path before and now."""
    found = []
    for name, paths in asked.items():
        before, now = (
            Recording([Interaction("GET", BASE + path, {}, b"", 200, "OK", {}, b"{}", "sandbox")])
            for path in paths.split(" → ")
        )
        found.append(Recorded(Path(f"{name}.yaml"), before, now))
    return found


@pytest.mark.parametrize(
    "paths",
    [
        "/vendors?max=2 → /vendors?max=3",
        "/vendors?name=Ada → /vendors?name=Grace",
        "/bills?due=2026-12-01 → /bills?due=2027-12-01",
        "/vendors/00901AAAAAAAAAAAAAAA → /vendors/00901BBBBBBBBBBBBBBB",
    ],
)
def test_what_a_test_asks_otherwise_is_a_change_though_the_answer_is_the_same(paths):
    (decision,) = decide(files(test=paths))
    assert decision.outcome is Outcome.CHANGED
    assert decision.recording == files(test=paths)[0].new
    assert [line.endswith("is another text") for line in decision.changes] == [True]


def test_a_value_that_another_cassette_was_told_is_no_change():
    old = ("2026-11-29T11:22:48.383Z", "00901AAAAAAAAAAAAAAA")
    new = ("2027-01-01T00:00:00.5Z", "00901BBBBBBBBBBBBBBB")
    told = [
        Recording(
            [
                Interaction(
                    *("GET", f"{BASE}/vendors", {}, b"", 200, "OK", {}),
                    json.dumps({"at": at, "id": identity}).encode(),
                )
            ]
        )
        for at, identity in (old, new)
    ]
    asked = files(test="/bills?at={}&id={} → /bills?at={}&id={}".format(*old, *new))
    fixture = Recorded(Path(FIXTURE), *told)
    assert [each.outcome for each in decide([fixture, *asked])] == [Outcome.AS_BEFORE] * 2
    other = files(test="/bills?id={} → /bills?id={}".format(old[1], new[1].replace("B", "C")))
    assert [each.outcome for each in decide([fixture, *other])] == [
        Outcome.AS_BEFORE,
        Outcome.CHANGED,
    ]
