"""Requests of which no cassette holds anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_bill.cassettes import unrecorded as unrecorded_module
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.cassettes.unrecorded import Unrecorded
from pytest_bill.exceptions import LateRequest
from pytest_bill.interaction import Interaction

REQUEST = Interaction("GET", "https://gateway.stage.bill.com/connect/v3/vendors", {}, b"")


def unrecorded(**tests) -> Unrecorded:
    return Unrecorded(
        lambda request: f"{request.method} a-secret",
        lambda text: text.replace("a-secret", "PLACEHOLDER"),
        RunningTests(**tests),
    )


@pytest.fixture
def opened(recorder, use):
    return recorder().open(use())


def test_who_works_for_a_running_test_is_not_late():
    it = unrecorded()
    it.refuse_late(REQUEST)
    assert it.late == []


def test_who_is_late_is_refused_and_named():
    it = unrecorded(ended_owner=lambda: "test_a", name_now=lambda: "test_b")
    with pytest.raises(LateRequest) as refused:
        it.refuse_late(REQUEST)
    line = (
        "GET PLACEHOLDER was asked for by a thread or process that test_a left behind, "
        "while test_b was running"
    )
    assert it.late == [("test_a", str(refused.value))]
    assert it.late[0][1].startswith(f"{line}.\nIt was neither played nor recorded. Join it before")


def test_an_answer_that_is_late_is_named():
    it = unrecorded()
    it.add_late_answer(REQUEST, "test_a")
    assert it.late == [("test_a", "GET PLACEHOLDER was answered after test_a had ended")]


@pytest.mark.parametrize(
    ("why", "text"),
    [
        (None, "the answer was cut off"),
        (TimeoutError("a-secret"), "TimeoutError"),
        ("ReadTimeout", "ReadTimeout"),
    ],
)
def test_what_has_no_whole_answer_is_named_with_its_cassette(opened, why, text):
    unrecorded().add_unanswered(REQUEST, opened, why)
    assert opened.lost == [f"GET PLACEHOLDER was sent and not answered: {text}"]


def test_what_was_begun_and_not_finished_is_named_with_its_cassette(opened):
    unrecorded().add_abandoned(REQUEST, opened)
    assert opened.unanswered == ["GET PLACEHOLDER was begun and never finished"]


def test_what_has_no_cassette_is_named_nowhere():
    it = unrecorded()
    it.add_abandoned(REQUEST, None)
    assert it.late == []


@pytest.mark.parametrize("side", ["body", "answer_body"])
def test_a_body_that_is_too_large_is_neither_recorded_nor_searched(
    recorder, use, monkeypatch, side
):
    monkeypatch.setattr(unrecorded_module, "MOST_BODY", 99)
    it = recorder()
    large = replace(REQUEST, status=200, reason="OK", **{side: b"x" * 100})
    learnt = []
    monkeypatch.setattr(it, "learn", learnt.append)
    with it.using(use()) as opened:
        assert it.serve(REQUEST, lambda: large) is large
    assert opened.unanswered == [
        "GET https://gateway.stage.bill.com/connect/v3/vendors has a body of 100 bytes: 99 are the "
        "most that is recorded"
    ]
    assert [(each.body, each.answer_body) for each in learnt] == [(b"", b"")]
    assert not use().path.exists()
