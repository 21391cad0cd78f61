"""Which recordings are proven."""

from __future__ import annotations

from pathlib import Path

from pytest_bill.proof.replay import Replay
from pytest_bill.proof.verdicts import verdicts

A, B, FIXTURE, SIGN_IN = map(Path, ("a.yaml", "b.yaml", "fixture.yaml", "sign_in.yaml"))


def replays(**opened: list[Path]) -> dict[str, Replay]:
    """Tests in their order, and the cassettes that each was the first to open."""
    return {
        name: Replay("passed", cassettes=list(map(str, paths))) for name, paths in opened.items()
    }


def test_a_tests_cassette_is_proven_by_all_that_use_it():
    found = verdicts([A, B], {A: ["t1", "t2"], B: ["t3"]}, replays(t1=[A], t2=[], t3=[B]), {"t2"})
    assert (found.proven, found.kept_back) == ([B], {A: ["t2"]})


def test_a_fixtures_cassette_is_proven_by_one_of_them():
    ran = replays(t1=[A, FIXTURE], t2=[B])
    users = {A: ["t1"], B: ["t2"]}
    assert verdicts([FIXTURE], users, ran, {"t1"}).proven == [FIXTURE]
    assert verdicts([FIXTURE], users, ran, {"t1", "t2"}).kept_back == {FIXTURE: []}


def test_a_test_that_passed_before_it_was_opened_proves_nothing():
    ran = replays(t1=[A], t2=[B, SIGN_IN])
    found = verdicts([SIGN_IN], {A: ["t1"], B: ["t2"]}, ran, {"t2"})
    assert found.kept_back == {SIGN_IN: []}


def test_what_nobody_opened_is_not_proven():
    assert verdicts([FIXTURE], {A: ["t1"]}, replays(t1=[A]), set()).kept_back == {FIXTURE: []}
