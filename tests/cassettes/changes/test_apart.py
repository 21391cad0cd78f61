"""Which cassettes ask with ids that a fixture was told."""

from __future__ import annotations

import json

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.changes.apart import cassettes_that_ask, ids_asked, ids_told
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3"
OLD, OTHER = "009YPGIXQMILBI5ETYEL", "009PNZPFA3ELNI4D5FYR"


def interaction(path: str, body=None, answer=None, method: str = "GET") -> Interaction:
    sent, told = (b"" if each is None else json.dumps(each).encode() for each in (body, answer))
    kind = {"Content-Type": "application/json"}
    answer_headers = {name: [value] for name, value in kind.items()}
    return Interaction(method, URL + path, kind, sent, 200, "OK", answer_headers, told)


@pytest.fixture
def cassette(tmp_path):
    def cassette(name: str, *interactions: Interaction):
        store.save(tmp_path / name, store.Recording(list(interactions)), lambda _: None)
        return tmp_path / name

    return cassette


def test_the_ids_in_answers_are_told():
    answer = {"id": OLD, "name": "Ada", "number": "12", "uuid": "short1", "at": "2026-01-01"}
    assert ids_told([interaction("/vendors", answer=answer)]) == {OLD}


@pytest.mark.parametrize(
    "asking",
    [
        interaction(f"/vendors/{OLD}"),
        interaction(f"/bills?filters=vendorId:eq:{OLD}"),
        interaction("/bills", {"vendorId": OLD}, method="POST"),
    ],
    ids=["path", "query", "body"],
)
def test_a_test_that_asks_with_one_is_found(cassette, tmp_path, asking):
    path = cassette("tests/test_a.yaml", asking)
    assert ids_asked([asking], {OLD, OTHER}) == {OLD}
    assert list(cassettes_that_ask(tmp_path, {OLD}, but=())) == [path]
    assert list(cassettes_that_ask(tmp_path, {OLD}, but={path})) == []
    assert list(cassettes_that_ask(tmp_path, {OTHER}, but=())) == []


def test_who_is_only_told_one_does_not_depend_on_it(cassette, tmp_path):
    cassette("test_list.yaml", interaction("/vendors", answer={"results": [{"id": OLD}]}))
    assert list(cassettes_that_ask(tmp_path, {OLD}, but=())) == []


def test_what_waits_and_what_is_no_cassette_is_left_out(cassette, tmp_path):
    cassette(".unproven/run/test_a.yaml", interaction(f"/vendors/{OLD}"))
    (tmp_path / "damaged.yaml").write_text(f"interactions: [{OLD}")
    (tmp_path / "notes.txt").write_text(OLD)
    assert list(cassettes_that_ask(tmp_path, {OLD}, but=())) == []
