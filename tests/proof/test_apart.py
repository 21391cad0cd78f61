"""A fixture that was recorded anew, and tests that go with its old recording."""

from __future__ import annotations

import json

import pytest

from pytest_bill.cassettes import staging, store
from pytest_bill.cassettes.changes.quiet import Decision, Outcome
from pytest_bill.interaction import Interaction
from pytest_bill.proof.apart import judge, new_ids
from pytest_bill.run.notices import FAILING, NoticeKind

URL = "https://gateway.stage.bill.com/connect/v3"
OLD, NEW = "009YPGIXQMILBI5ETYEL", "009PNZPFA3ELNI4D5FYR"
COMMAND = "pytest --bill-record-mode=all"


def told(identity: str) -> store.Recording:
    answer = json.dumps({"id": identity}).encode()
    headers = {"Content-Type": ["application/json"]}
    return store.Recording([Interaction("GET", URL, {}, b"", 200, "OK", headers, answer)])


def asking(identity: str) -> store.Recording:
    return store.Recording([Interaction("GET", f"{URL}/vendors/{identity}", {}, b"", 200, "OK")])


@pytest.fixture
def where(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scratch = tmp_path / "run-1"
    scratch.mkdir()
    return staging.Staging(tmp_path / "cassettes", lambda: scratch, lambda: scratch)


@pytest.fixture
def waiting(where):
    """A recording that waits to be put."""

    def waiting(name: str, recording: store.Recording):
        path = where.cassette_dir / name
        store.save(path, recording, lambda _: None, where)
        staging.mark(where.scratch, path)
        return path

    return waiting


@pytest.fixture
def fixture(waiting):
    return waiting("fixture.vendor.yaml", told(NEW))


def ids_of(fixture, old=OLD, new=NEW, outcome=Outcome.CHANGED):
    return new_ids(Decision(fixture, outcome, told(new)), told(old))


def test_ids_that_are_gone_and_that_have_come(fixture):
    ids = ids_of(fixture)
    assert (ids.gone, ids.come) == ({OLD}, {NEW})


def test_where_no_id_is_gone_there_is_nothing_to_look_for(fixture):
    assert ids_of(fixture, new=OLD) is None
    assert ids_of(fixture, outcome=Outcome.FOLLOWED) is None
    assert new_ids(Decision(fixture, Outcome.NEW, told(NEW)), None) is None
    test = fixture.with_name("test_a.yaml")
    assert new_ids(Decision(test, Outcome.CHANGED, told(NEW)), told(OLD)) is None


@pytest.mark.parametrize("keeps_back", [True, False])
def test_other_tests_that_ask_with_the_old_ids_are_told(where, waiting, fixture, keeps_back):
    users = [waiting("test_a.yaml", asking(NEW)), waiting("test_b.yaml", asking("009ELSE"))]
    for number in range(5):
        path = where.cassette_dir / f"test_c{number}.yaml"
        store.save(path, asking(OLD), lambda _: None)
    judged = judge(
        {fixture: ids_of(fixture)},
        [fixture, *users],
        where,
        keeps_back=keeps_back,
        command=COMMAND,
    )
    (notice,) = judged.notices
    assert notice.owner == "cassettes/fixture.vendor.yaml"
    first, *others, last = notice.text.splitlines()
    assert first == (
        "it has other ids now, and 5 cassettes that this run did not record ask with the old "
        "ones: cassettes/test_c0.yaml, cassettes/test_c1.yaml, cassettes/test_c2.yaml and 2 more"
    )
    assert last == f"Record all of them in one run: {COMMAND}"
    if keeps_back:
        assert judged.kept_back == {fixture, users[0]}
        assert notice.kind in FAILING
        assert others == ["It stays as it was; what was recorded is in cassettes/.unproven/run-1"]
    else:
        assert judged.kept_back == set()
        assert notice.kind is NoticeKind.APART
        assert others == []


def test_where_all_that_use_it_were_recorded_nothing_is_told(where, waiting, fixture):
    user = waiting("test_a.yaml", asking(NEW))
    store.save(user, asking(OLD), lambda _: None)
    judged = judge(
        {fixture: ids_of(fixture)}, [fixture, user], where, keeps_back=True, command=COMMAND
    )
    assert (judged.notices, judged.kept_back) == ([], set())


def test_a_fixture_that_is_not_put_breaks_nothing(where, fixture):
    store.save(where.cassette_dir / "test_c.yaml", asking(OLD), lambda _: None)
    judged = judge({fixture: ids_of(fixture)}, [], where, keeps_back=True, command=COMMAND)
    assert judged.notices == []
