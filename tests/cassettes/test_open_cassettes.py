"""Which cassettes of a run are open, and which of them serves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def request(url: str = URL, **changes) -> Interaction:
    return replace(Interaction("GET", url, {}, b""), **changes)


def answering(interaction: Interaction, body: bytes = b"{}"):
    return lambda: replace(interaction, status=200, reason="OK", answer_body=body)


def test_the_innermost_cassette_serves(recorder, use):
    it = recorder()
    with it.using(use(name="outer.yaml")) as outer:
        with it.using(use(name="inner.yaml")) as inner:
            it.serve(request(), answering(request()))
        assert it.current is outer
    assert inner.use.path.exists()
    assert not outer.use.path.exists()


def test_an_exception_keeps_the_old_file(recorder, use):
    it = recorder()
    with it.using(use("all")):
        it.serve(request(), answering(request()))
    before = use().path.read_bytes()

    def fail() -> None:
        with it.using(use("all")):
            it.serve(request(), answering(request(), b"other"))
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        fail()
    assert use().path.read_bytes() == before


def test_a_cassette_may_be_opened_on_demand(recorder, use):
    it = recorder(tests=RunningTests(open_cassette=lambda by_session: it.open(use())))
    assert it.serve(request(), answering(request())).status == 200
    it.close(it.current)
    assert use().path.exists()


def test_a_suspended_cassette_does_not_serve_until_it_is_resumed(recorder, use):
    it = recorder()
    opened = it.open(use())
    it.suspend(opened)
    assert it.current is None
    it.resume(opened)
    assert it.current is opened
    it.close(opened)
    assert it.current is None


@pytest.mark.parametrize("is_first", [True, False])
def test_a_test_knows_the_cassettes_of_the_fixtures_that_it_uses(recorder, use, is_first):
    it = recorder()
    of_test = use(name="test.yaml", fixtures=frozenset({"vendor"}))
    before = it.open(of_test) if is_first else None
    fixtures = [it.open(use(name=f"{name}.yaml", fixture=name)) for name in ("vendor", "other")]
    for each in fixtures:
        it.suspend(each)
    opened = before or it.open(of_test)
    assert opened.cassette.fixture_cassettes == [fixtures[0].cassette]


def test_what_was_open_when_a_process_was_forked_is_not_saved_by_it(recorder, use):
    it = recorder()
    with it.using(use(name="before.yaml")) as before:
        it.serve(request(), answering(request()))
        it.leave_to_parent()
        with it.using(use(name="after.yaml")) as after:
            it.serve(request(), answering(request()))
    assert not before.use.path.exists()
    assert len(store.load(after.use.path).interactions) == 1


def test_in_a_live_run_a_test_runs_while_it_is_watched(recorder):
    it = recorder(live=True)
    with it.watching():
        assert it.is_test_running
    assert not it.is_test_running


def test_all_files_that_were_opened_are_known(recorder, use):
    it = recorder()
    with it.using(use(name="a.yaml")), it.aside(use(name="b.yaml")):
        pass
    assert {path.name for path in it.cassette_files} == {"a.yaml", "b.yaml"}
