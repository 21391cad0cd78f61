"""The run that answers the processes that its tests start."""

from __future__ import annotations

import gc
import os
import stat
import threading
import weakref
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.client_requests import Asked
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.exceptions import (
    LateRequest,
    NetworkRefused,
    NotInCassette,
    PlaceholderSent,
    PytestBillError,
)
from pytest_bill.interaction import Interaction
from pytest_bill.processes.child import Remote, Word
from pytest_bill.processes.parent import Parent
from pytest_bill.processes.threads import Threads
from pytest_bill.scrubbing.registry import SecretRegistry

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
REQUEST = Interaction("GET", URL, {}, b"")
ANSWERED = replace(REQUEST, status=200, reason="OK", answer_body=b"[1]")
SECRET = "a-secret-of-some-length"
NAME = "pytest-bill answers processes"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs Unix")


class Run:
    """A run with a test, and what a process asks with that the test starts."""

    def __init__(self, recorder, folder: Path) -> None:
        self.threads = Threads()
        self.threads.watch()
        self.recorder = recorder(RunningTests(ended_owner=self.threads.whose))
        self.parent = Parent(self.recorder, self.threads, lambda: folder)

    def child(self, secrets=dict) -> Remote:
        return Remote(Word.read(self.parent.word()), secrets)

    def close(self) -> None:
        self.parent.close()
        self.threads.close()


@pytest.fixture
def run(recorder, tmp_path):
    """Make a run; it ends with the test."""
    made = []

    def run(**options) -> Run:
        made.append(Run(lambda tests: recorder(tests=tests, **options), tmp_path))
        made[-1].threads.begin("test_a")
        return made[-1]

    yield run
    for each in made:
        each.close()


def answering() -> set[threading.Thread]:
    """The threads that answer processes, also that of the run of these tests."""
    return {thread for thread in threading.enumerate() if thread.name == NAME}


def test_what_is_started_between_tests_is_answered_in_the_next(run, use):
    it = run()
    child = it.child()
    assert not child.takes(URL)
    with it.recorder.using(use()):
        assert child.takes(URL)
    assert not child.takes(URL)


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


def test_what_a_process_leaves_unfinished_is_told(run, use):
    it = run()
    with it.recorder.using(use()) as opened:
        child = it.child()
        child.unanswered(child.ask(REQUEST), TimeoutError())
        child.abandoned(REQUEST)
    assert opened.unanswered == [
        f"GET {URL} was sent and not answered: TimeoutError",
        f"GET {URL} was begun and never finished",
    ]


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


def test_a_process_works_for_the_test_that_started_it(run, use):
    it = run()
    with it.recorder.using(use()):
        child = it.child()
        it.threads.end()
        it.threads.begin("test_next")
        with pytest.raises(LateRequest, match=f"GET {URL} was asked for by .* test_a left behind"):
            child.ask(REQUEST)
        it.child().ask(REQUEST)
    assert len(it.recorder.late) == 1
    assert it.recorder.counts.requests == 1


def test_an_error_of_the_runs_own_is_told_and_the_next_question_answered(run, use):
    def fails(*_):
        raise RuntimeError("what is this")

    it = run()
    with it.recorder.using(use()):
        it.child().answered(Asked(REQUEST, None, it.child().ask(REQUEST).opened), ANSWERED)
    with it.recorder.using(use("none", match_on=("method", "uri", fails))):
        child = it.child()
        for _ in range(2):
            with pytest.raises(PytestBillError, match="RuntimeError: what is this"):
                child.ask(REQUEST)
        assert child.may_play


def test_threads_of_a_process_ask_at_once(run, use):
    it = run()
    requests = [replace(REQUEST, url=f"{URL}/{number}") for number in range(50)]
    with it.recorder.using(use()):
        child, own = it.child(), it.child()

        def ask(each: Interaction) -> None:
            for remote in (child, own):
                remote.answered(remote.ask(each), replace(ANSWERED, url=each.url))

        threads = [threading.Thread(target=ask, args=[each]) for each in requests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    urls = [each.url for each in store.load(use().path).interactions]
    assert sorted(urls) == sorted(2 * [each.url for each in requests])


def test_the_socket_is_this_users_and_gone_when_the_run_ends(run, use, tmp_path):
    it, before = run(), answering()
    with it.recorder.using(use()):
        child = it.child()
        assert child.may_send
        (socket,) = tmp_path.glob("*.socket")
        assert stat.S_ISSOCK(socket.stat().st_mode)
        it.parent.close()
        assert not socket.exists()
        with pytest.raises(LateRequest, match="outlived the test run"):
            child.ask(REQUEST)
    assert answering() == before


def test_it_rests_while_the_process_forks_and_goes_on_after(run, use):
    it, before = run(), answering()
    with it.recorder.using(use()):
        child = it.child()
        assert child.may_send
        it.parent.before_fork()
        assert answering() == before
        it.parent.after_fork()
        it.parent.go_on()
        assert len(answering()) == len(before) + 1
        assert child.ask(REQUEST).recorded is None


def test_a_forked_process_asks_its_parent_and_hands_on_where_that_is(run, use):
    it = run()
    reading, writing = os.pipe()
    with it.recorder.using(use()):
        it.parent.before_fork()
        pid = os.fork()
        if not pid:
            try:
                it.parent.after_fork_in_child()
                it.recorder.answered(it.recorder.ask(REQUEST), ANSWERED)
                os.write(writing, it.parent.word().encode())
            finally:
                os._exit(0)
        it.parent.after_fork()
        it.parent.go_on()
        os.waitpid(pid, 0)
        handed_on = os.read(reading, 10_000).decode()
        assert Word.read(handed_on) == Word.read(it.parent.word())
    os.close(reading)
    os.close(writing)
    assert len(store.load(use().path).interactions) == 1
    assert (it.recorder.counts.requests, it.recorder.counts.recorded) == (1, 1)


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
    assert it.recorder.late == [f"GET {URL} was answered after test_a.py::test_b had ended"]
