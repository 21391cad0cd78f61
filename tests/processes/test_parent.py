"""The run that answers the processes that its tests start."""

from __future__ import annotations

import os
import stat
import threading
from dataclasses import replace

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.client_requests import Asked
from pytest_bill.credentials.environ import with_tokens_at
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import (
    LateRequest,
    PytestBillError,
)
from pytest_bill.interaction import Interaction
from pytest_bill.processes.child import RunInfo

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
REQUEST = Interaction("GET", URL, {}, b"")
ANSWERED = replace(REQUEST, status=200, reason="OK", answer_body=b"[1]")
SECRET = "a-secret-of-some-length"
NAME = "pytest-bill answers processes"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs Unix")


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


def test_a_process_knows_where_tokens_are_handed_out(run, use):
    address = "https://idp.acme.example/oauth/v2"
    it = run(environment=with_tokens_at(at_origin("http://127.0.0.1:9", "custom"), address))
    with it.recorder.using(use()):
        child = it.child()
        assert child.takes(address)
        assert not child.takes(f"{address}/other")


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
                os.write(writing, it.parent.run_info().encode())
            finally:
                os._exit(0)
        it.parent.after_fork()
        it.parent.go_on()
        os.waitpid(pid, 0)
        info_handed_on = os.read(reading, 10_000).decode()
        assert RunInfo.read(info_handed_on) == RunInfo.read(it.parent.run_info())
    os.close(reading)
    os.close(writing)
    assert len(store.load(use().path).interactions) == 1
    assert (it.recorder.counts.requests, it.recorder.counts.recorded) == (1, 1)
