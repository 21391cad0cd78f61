"""What a run tells of recordings that nobody should keep."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.run.notices import NoticeKind
from pytest_bill.run.state import RunState
from pytest_bill.run.unkept import may_be_saved, tell_of_unanswered

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
GOOD = Interaction("GET", URL, {}, b"", 200)
BUSY = Interaction("GET", URL, {}, b"", 503, "Busy s3cret")
TIMEOUT = Interaction("GET", URL, {}, b"", fault="timeout")


class Recorder:
    def __init__(self):
        self.registry = SimpleNamespace(hide=lambda text: text.replace("s3cret", "PLACEHOLDER"))

    def described(self, interaction):
        return f"{interaction.method} /v3/vendors"


def opened(*recorded, fixture="", lost=()):
    use = SimpleNamespace(keep=frozenset(), fixture=fixture, record_command="pytest test_a.py")
    return SimpleNamespace(
        cassette=SimpleNamespace(recorded=list(recorded)), use=use, lost=list(lost)
    )


@pytest.fixture
def told():
    """Whether it may be saved, and the notices by kind."""

    def told(it):
        state = RunState(None)
        run = SimpleNamespace(environment=SANDBOX, recorder=Recorder(), sandbox=None)
        may = may_be_saved(state, run, "test_a", it)
        return may, [(each.kind, each.text) for each in state.notices]

    return told


def test_what_was_answered_well_is_saved(told):
    assert told(opened(GOOD)) == (True, [])
    assert told(opened()) == (True, [])


def test_what_is_refused_says_what_came_and_what_to_do(told):
    may, [(kind, text)] = told(opened(BUSY, TIMEOUT, lost=["GET /v3/bills was lost"]))
    assert (may, kind) == (False, NoticeKind.UNKEPT)
    assert text.splitlines() == [
        "GET /v3/vendors was answered 503 (Busy PLACEHOLDER)",
        "GET /v3/vendors got no whole answer: timeout",
        "GET /v3/bills was lost",
        "Record it again: pytest test_a.py --bill-record-mode=all.",
        "To record it as it was, name it: @pytest.mark.bill_cassette(keep=[503, 'timeout'])",
    ]


def test_a_fixture_has_no_marker(told):
    _, [(_, text)] = told(opened(BUSY, fixture="vendor"))
    assert text.endswith('name it: bill_config["keep"] = [503]')


def test_many_are_the_first_of_them(told):
    _, [(_, text)] = told(opened(*[BUSY] * 9))
    assert "\n… and 6 more\n" in text


def test_what_was_asked_again_is_told_and_saved(told):
    it = opened(BUSY, GOOD)
    may, [(kind, text)] = told(it)
    assert (may, kind, it.cassette.recorded) == (True, NoticeKind.RETRIED, [GOOD])
    assert "asked again at once" in text


def test_of_a_test_that_failed_it_is_told_what_had_no_answer():
    state = RunState(None)
    run = SimpleNamespace(recorder=Recorder())
    tell_of_unanswered(state, run, "test_a", opened(BUSY, TIMEOUT, lost=["lost"]))
    assert [each.text for each in state.notices] == [
        "lost",
        "GET /v3/vendors was sent and not answered: timeout",
    ]
    assert {each.kind for each in state.notices} == {NoticeKind.UNRECORDED}
