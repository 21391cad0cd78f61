"""What the HTTP clients of a run ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_bill.cassettes.counts import Counts
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import LateRequest, NetworkRefused, NotInCassette, PlaceholderSent
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def request(url: str = URL, **changes) -> Interaction:
    return replace(Interaction("GET", url, {}, b""), **changes)


def answered(asked: Interaction) -> Interaction:
    return replace(asked, status=200, reason="OK", answer_body=b"[1]")


def test_bills_urls_are_taken_while_a_test_runs(recorder, use):
    it = recorder()
    assert not it.takes(URL)
    with it.using(use()):
        assert it.takes(URL)
        assert it.takes_at(URL)
        assert not it.takes("https://example.com/connect/v3/vendors")


def test_production_is_refused_where_no_test_runs(recorder):
    with pytest.raises(NetworkRefused):
        recorder().takes("https://gateway.prod.bill.com/connect/v3/vendors")


def test_what_was_answered_is_played(recorder, use):
    it = recorder()
    with it.using(use()):
        assert (it.may_send, it.may_play) == (True, False)
        asked = it.ask(request())
        assert asked.recorded is None
        it.answered(asked, answered(request()))
    with it.using(use("none")):
        assert (it.may_send, it.may_play) == (False, True)
        assert it.ask(request()).recorded.answer_body == b"[1]"


def test_what_is_sent_is_on_its_way_until_it_is_answered_or_fails(recorder, use):
    it = recorder()
    with it.using(use("all")):
        first, second = it.ask(request()), it.ask(request(f"{URL}/1?name=Acme"))
        assert [each for each, _ in it.on_way.now()] == ["GET /v3/vendors", "GET /v3/vendors/1"]
        it.answered(first, answered(request()))
        assert [each for each, _ in it.on_way.now()] == ["GET /v3/vendors/1"]
        it.unanswered(second, OSError("cut"))
        assert it.on_way.now() == []
    assert {each.request for each in it.on_way.slowest} == {"GET /v3/vendors", "GET /v3/vendors/1"}


def test_what_is_played_or_refused_is_never_on_its_way(recorder, use):
    it = recorder()
    with it.using(use()):
        it.answered(it.ask(request()), answered(request()))
    it = recorder()
    with it.using(use("none")):
        assert it.ask(request()).recorded is not None
        with pytest.raises(NotInCassette):
            it.ask(request(f"{URL}/1"))
    with it.using(use("all")), pytest.raises(PlaceholderSent):
        it.ask(request(f"{URL}?devKey=PLACEHOLDER_BILL_DEV_KEY"))
    assert it.on_way.now() == it.on_way.slowest == []


@pytest.mark.parametrize("error", [None, OSError("cut")])
def test_in_a_live_run_what_was_sent_is_live(recorder, error):
    it = recorder(live=True)
    with it.watching():
        asked = it.ask(request())
        assert it.counts == Counts(requests=1)
        if error is None:
            it.answered(asked, answered(request()))
        else:
            it.unanswered(asked, error)
    assert it.counts == Counts(requests=1, live=1)


def test_where_nothing_is_recorded_for_a_request_nothing_happens(recorder, use):
    it = recorder()
    with it.using(use("none")) as opened:
        assert it.recorded_for(request()) is None
    assert (opened.misses, it.counts.requests) == ([], 0)


@pytest.mark.parametrize("place", ["url", "headers", "body"])
def test_a_placeholder_is_not_sent(recorder, place):
    text = "PLACEHOLDER_BILL_DEV_KEY"
    asked = {
        "url": request(f"{URL}?devKey={text}"),
        "headers": request(headers={"devKey": text}),
        "body": request(body=f'{{"devKey": "{text}"}}'.encode()),
    }[place]
    with pytest.raises(PlaceholderSent, match=text):
        recorder().check_leaving(asked)


def test_a_connection_is_opened_at_once_where_all_that_is_asked_may_be_sent(recorder, use):
    it = recorder()
    with it.using(use("all")):
        assert it.may_connect(URL)
        assert not it.may_connect("https://gateway.prod.bill.com/connect/v3/vendors")
    with it.using(use("none")):
        assert not it.may_connect(URL)


def test_hosts_are_reached_for_bill_while_something_may_be_sent(recorder, use):
    link = answered(request())
    link = replace(link, answer_body=b'{"url": "https://files.example.com/1"}')
    it = recorder()
    assert not it.may_reach("gateway.stage.bill.com")
    with it.using(use()):
        assert it.may_reach("gateway.stage.bill.com")
        assert not it.may_reach("files.example.com")
        it.answered(it.ask(request()), link)
        assert it.may_reach("files.example.com")
        assert not it.may_reach("example.com")
    with it.using(use("none")):
        assert not it.may_reach("gateway.stage.bill.com")
        assert not it.may_reach("files.example.com")
    assert recorder(live=True).may_reach("gateway.stage.bill.com")


def test_in_a_run_of_the_local_sandbox_nothing_is_connected_to_bill(recorder, use):
    it = recorder(at_origin("http://127.0.0.1:8080", "local"))
    with it.using(use("all")):
        assert it.may_connect("http://127.0.0.1:8080/connect/v3/vendors")
        assert not it.may_connect(URL)


def test_who_outlived_a_test_is_taken_and_refused(recorder, use):
    it = recorder(tests=RunningTests(ended_owner=lambda: "test_that_ended"))
    assert it.takes(URL)
    with it.using(use()), pytest.raises(LateRequest):
        it.ask(request())
    assert len(it.late) == 1


class Parent:
    """The process that this one was forked from."""

    may_play, may_send = True, False

    def __init__(self) -> None:
        self.calls = []

    def is_in_test(self) -> bool:
        return True

    def ask_recorded(self, request):
        return answered(request), 7

    def recorded_for(self, request):
        return answered(request)

    def answered(self, asked, interaction) -> None:
        self.calls.append(("answered", asked.opened))

    def unanswered(self, asked, error, head=None) -> None:
        self.calls.append(("unanswered", asked.opened))

    def abandoned(self, request) -> None:
        self.calls.append("abandoned")


def test_a_process_that_was_forked_asks_its_parent(recorder):
    it, parent = recorder(), Parent()
    it.ask_instead(parent)
    assert (it.asks_parent, it.may_play, it.may_send) == (True, True, False)
    assert it.takes(URL)
    asked = it.ask(request())
    assert (asked.recorded.answer_body, asked.opened) == (b"[1]", 7)
    assert it.recorded_for(request()).answer_body == b"[1]"
    it.answered(asked, asked.recorded)
    it.unanswered(asked, None)
    it.abandoned(request())
    assert parent.calls == [("answered", 7), ("unanswered", 7), "abandoned"]


def test_a_process_that_was_forked_and_runs_tests_by_itself_asks_itself(recorder, use):
    it = recorder()
    it.ask_instead(Parent())
    with it.using(use()):
        assert not it.asks_parent
        assert it.ask(request()).recorded is None


def test_what_is_sent_is_seen(recorder):
    it = recorder()
    assert not it.sees_requests
    with it.sending():
        assert it.sees_requests
    with it.watching():
        assert it.sees_requests
    assert not it.sees_requests
