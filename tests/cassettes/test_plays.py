"""Which recorded answers nobody played, over all who opened a cassette."""

from __future__ import annotations

import json

import pytest

from pytest_bill.cassettes import store
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def get(number: int) -> Interaction:
    return Interaction("GET", f"{URL}/{number}", {}, b"", 200, "OK")


def sign_in(user: str) -> Interaction:
    body = json.dumps({"username": user}).encode()
    headers = {"content-type": "application/json"}
    url = "https://gateway.stage.bill.com/connect/v3/login"
    answer = b'{"sessionId": "PLACEHOLDER_SESSION"}'
    return Interaction("POST", url, headers, body, 200, "OK", {}, answer)


@pytest.fixture
def played(recorder, use, tmp_path):
    """Play from a cassette with three answers, in one opening of it for each list of numbers."""
    store.save(
        tmp_path / "cassette.yaml", store.Recording([get(1), get(2), get(3)]), lambda _: None
    )

    def played(*openings: list[int], mode: str = "none", keep: bool = True):
        made = recorder()
        for numbers in openings:
            opened = made.open(use(mode))
            for number in numbers:
                made.serve(get(number), lambda number=number: get(number))
            made.close(opened, keep=keep)
        return made.plays

    return played


def test_what_was_not_played(played, tmp_path):
    assert list(played([3, 1]).unplayed()) == [(tmp_path / "cassette.yaml", {1})]
    assert list(played([1, 2, 3]).unplayed()) == []


def test_several_who_share_a_cassette_count_together(played):
    assert list(played([1], [2], [], [3]).unplayed()) == []
    assert [numbers for _, numbers in played([1], [], [1]).unplayed()] == [{1, 2}]


def test_a_cassette_in_which_nothing_was_looked_for_is_not_read(played, tmp_path):
    (tmp_path / "cassette.yaml").write_text("no cassette")
    plays = played([])
    assert list(plays.unplayed()) == [(tmp_path / "cassette.yaml", None)]
    assert list(plays.files) == [tmp_path / "cassette.yaml"]


@pytest.mark.parametrize("mode", ["new_episodes", "all"])
def test_of_what_may_be_recorded_into_nothing_is_said(played, tmp_path, mode):
    plays = played([1], mode=mode, keep=False)
    assert list(plays.unplayed()) == []
    assert list(plays.changed) == [tmp_path / "cassette.yaml"]


def test_with_once_a_cassette_that_is_there_is_only_played(played, tmp_path):
    assert [numbers for _, numbers in played([1], mode="once").unplayed()] == [{1, 2}]
    (tmp_path / "cassette.yaml").unlink()
    assert list(played([1], mode="once").unplayed()) == []


def test_sign_ins_that_answer_any_test_count_too(recorder, use, tmp_path):
    path = tmp_path / "sign_in.yaml"
    store.save(path, store.Recording([sign_in("ada"), sign_in("eve")]), lambda _: None)

    def use_of_sign_in(name: str):
        return use("none", "sign_in.yaml") if name == "own" else None

    from pytest_bill.cassettes.running_tests import RunningTests

    made = recorder(tests=RunningTests(use_of_sign_in=use_of_sign_in))
    with made.using(use("none")):
        made.ask(sign_in("eve"))
        made.ask(sign_in("eve"))
    assert dict(made.plays.unplayed())[path] == {0}
    assert made.asked == 2
