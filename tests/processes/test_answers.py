"""What the run answers the processes that its tests start."""

from __future__ import annotations

import gc
import json
import os
import weakref
from dataclasses import replace

import pytest

from pytest_bill.cassettes import store
from pytest_bill.exceptions import (
    NetworkRefused,
    NotInCassette,
    PlaceholderSent,
    StandInSent,
)
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.stand_ins import StandIns
from tests.helpers.stand_ins import KEY

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
REQUEST = Interaction("GET", URL, {}, b"")
ANSWERED = replace(REQUEST, status=200, reason="OK", answer_body=b"[1]")
SECRET = "a-secret-of-some-length"
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs Unix")


def test_what_a_process_asks_is_recorded_and_played(run, use):
    it = run()
    with it.recorder.using(use()):
        child = it.child()
        assert (child.may_send, child.may_play) == (True, False)
        assert child.may_connect(URL)
        asked = child.ask(REQUEST)
        assert asked.recorded is None
        child.answered(asked, ANSWERED)
    (kept,) = store.load(use().path).interactions
    assert kept.answer_body == b"[1]"
    assert (it.recorder.counts.requests, it.recorder.counts.recorded) == (1, 1)
    with it.recorder.using(use("none")):
        assert (child.may_send, child.may_play) == (False, True)
        assert not child.may_connect(URL)
        assert child.ask(REQUEST).recorded.answer_body == b"[1]"
        with pytest.raises(NotInCassette, match="test_b: no recorded answer"):
            child.ask(REQUEST)
    assert it.recorder.counts.replayed == 1


def test_an_answer_is_kept_in_the_cassette_that_was_asked(run, use):
    it = run()
    with it.recorder.using(use(name="outer.yaml")):
        child = it.child()
        asked = child.ask(REQUEST)
        with it.recorder.using(use(name="inner.yaml")):
            child.answered(asked, ANSWERED)
    assert len(store.load(use(name="outer.yaml").path).interactions) == 1
    assert not use(name="inner.yaml").path.exists()


def test_a_process_takes_what_the_run_takes(run, use):
    it = run()
    with it.recorder.using(use()):
        child = it.child()
        for url in (URL, "https://api.bill.com/", "https://example.com/", "http://127.0.0.1:9/"):
            assert child.takes(url) == it.recorder.takes(url)
            assert child.takes_at(url) == it.recorder.takes_at(url)
        assert not child.takes("https://example.com/")


def test_what_the_run_refuses_it_refuses_a_process(run, use):
    it = run(registry=SecretRegistry([("PLACEHOLDER_BILL_PASSWORD", SECRET)]))
    with it.recorder.using(use()):
        child = it.child()
        with pytest.raises(NetworkRefused, match="It is BILL's production"):
            child.ask(replace(REQUEST, url="https://gateway.prod.bill.com/connect/v3/vendors"))
        with pytest.raises(PlaceholderSent, match="PLACEHOLDER_BILL_DEV_KEY"):
            child.ask(replace(REQUEST, headers={"devKey": "PLACEHOLDER_BILL_DEV_KEY"}))
        with pytest.raises(NetworkRefused, match="PLACEHOLDER_BILL_PASSWORD") as refused:
            child.check_elsewhere("example.com", f"GET /?{SECRET} HTTP/1.1\r\n\r\n".encode())
        assert SECRET not in str(refused.value)
        child.check_elsewhere("example.com", b"GET / HTTP/1.1\r\n\r\n")


def test_what_a_process_leaves_unfinished_is_reported(run, use):
    it = run()
    with it.recorder.using(use()) as opened:
        child = it.child()
        child.unanswered(child.ask(REQUEST), TimeoutError())
        child.unanswered(child.ask(REQUEST), KeyError())
        child.abandoned(REQUEST)
    assert [each.fault for each in opened.cassette.recorded] == ["timeout"]
    assert opened.lost == [f"GET {URL} was sent and not answered: KeyError"]
    assert opened.unanswered == [f"GET {URL} was begun and never finished"]


def test_the_secrets_that_a_process_came_to_know_are_hidden_everywhere(run, use):
    it = run()
    known = {"an-earlier-secret-text": "PLACEHOLDER_A"}
    with it.recorder.using(use()):
        child = it.child(lambda: dict(known))
        asked = child.ask(REQUEST)
        known[SECRET] = "PLACEHOLDER_B"
        child.answered(asked, replace(ANSWERED, answer_body=f'["{SECRET}"]'.encode()))
    (kept,) = store.load(use().path).interactions
    assert kept.answer_body == b'["PLACEHOLDER_B"]'
    assert it.recorder.registry.hide(SECRET) == "PLACEHOLDER_B"


def test_what_a_finished_test_recorded_does_not_stay_in_memory(run, use):
    it = run()
    with it.recorder.using(use()) as opened:
        child = it.child()
        asked = child.ask(REQUEST)
    gone = weakref.ref(opened)
    del opened
    with it.recorder.using(use(name="next.yaml")):
        it.child().ask(REQUEST)
        gc.collect()
        assert gone() is None
        child.answered(asked, ANSWERED)
    test = "test_a.py::test_b"
    assert it.recorder.late == [(test, f"GET {URL} was answered after {test} had ended")]


def test_a_process_sees_what_a_replay_shows_and_tells_what_is_real(run, use):
    vendor = {"id": "1", "name": "Happy Music Supplies", "email": "agatha@paperlessband.org"}
    answered = replace(ANSWERED, answer_body=json.dumps(vendor).encode())
    put = replace(REQUEST, method="PUT", headers={"Content-Type": "application/json"})
    options = {"stand_ins": StandIns(KEY), "stand_in_choice": StandInChoice()}
    it = run(**options)
    with it.recorder.using(use()):
        first, second = it.child(), it.child()
        asked = first.ask(REQUEST)
        assert asked.interaction is REQUEST
        seen = first.answered(asked, answered).answer_body
        assert b"Music" not in seen
        # What one process was shown another may send on.
        asked = second.ask(replace(put, body=seen))
        assert json.loads(asked.interaction.body) == vendor
        assert asked.by_test.body == seen
        plain = replace(asked.interaction, status=200, answer_body=b"{}")
        assert second.answered(asked, plain) is plain
    with run(**options).recorder.using(use("none")) as opened:
        assert opened.cassette.play(REQUEST).answer_body == seen
        assert opened.cassette.play(replace(put, body=seen)) is not None


def test_a_process_sends_no_stand_in_of_a_file(run, use):
    options = {"stand_ins": StandIns(KEY), "stand_in_choice": StandInChoice()}
    body = b'{"email": "agatha@paperlessband.org"}'
    recorder = run(**options).recorder
    with recorder.using(use("all")):
        recorder.answered(recorder.ask(REQUEST), replace(ANSWERED, answer_body=body))
    it = run(**options)
    with it.recorder.using(use("new_episodes")):
        child = it.child()
        seen = child.ask(REQUEST).recorded.answer_body
        with pytest.raises(StandInSent, match="test_b --bill-record-mode=all"):
            child.ask(replace(REQUEST, method="PUT", body=seen))
