"""What a run keeps of the answers that it played."""

from __future__ import annotations

from pytest_bill.cassettes import store
from tests.helpers.recorded import recorded

GIVEN = recorded("GET", "/v3/vendors", {"results": []})


def played_by(it, use):
    store.save(use().path, store.Recording([GIVEN, GIVEN]), lambda _: None)
    with it.using(use("none")):
        it.serve(GIVEN, lambda: GIVEN)
        it.recorded_for(GIVEN)
    return it.played


def test_each_answer_is_kept_in_order_with_where_it_came_from(recorder, use):
    first, second = played_by(recorder(keeps_played=True), use)
    assert first.interaction.url == second.interaction.url == GIVEN.url
    assert (first.path, first.owner, first.stood_in) == (use().path, use().owner, frozenset())


def test_other_runs_keep_none(recorder, use):
    assert played_by(recorder(), use) is None
