"""Cassettes are put into their places, and what is killed is finished."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes import commit, killed_runs
from pytest_bill.cassettes.staging import Staging

SIGN_IN, FIXTURE, TEST = "sign_in/developer_key.yaml", "z/fixture.vendor.yaml", "a/test_a.yaml"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "cassettes"
    made.mkdir()
    return made


@pytest.fixture
def scratch(tmp_path):
    made = tmp_path / "pytest-bill-run"
    made.mkdir()
    return made


@pytest.fixture
def where(folder, scratch):
    staging = Staging(folder, lambda: scratch, lambda: scratch)
    for name in (TEST, FIXTURE, SIGN_IN):
        staging.begin(folder / name).write_text(f"new {name}")
    return staging


@pytest.fixture
def paths(folder):
    return [folder / name for name in (TEST, FIXTURE, SIGN_IN)]


def test_what_others_depend_on_is_put_first(where, paths, monkeypatch):
    put = []
    monkeypatch.setattr(where, "put", put.append)
    commit.put_all(where, paths, pytest.fail)
    assert put[-1] == paths[0]
    assert set(put[:-1]) == set(paths[1:])


def test_a_cassette_that_cannot_be_put_does_not_stop_the_others(where, paths, folder):
    (folder / "a").write_text("in the way")
    refused = []
    commit.put_all(where, paths, lambda path, error: refused.append(path))
    assert refused == [folder / TEST]
    assert (folder / FIXTURE).read_text() == f"new {FIXTURE}"


class Killed(BaseException):
    """As SIGKILL: nothing is tidied."""


@pytest.mark.parametrize("after", range(3))
def test_what_a_killed_run_has_begun_to_put_the_next_one_finishes(
    where, paths, folder, scratch, monkeypatch, after
):
    put, done = where.put, []

    def put_or_die(path):
        if len(done) == after:
            raise Killed
        put(path)
        done.append(path)

    monkeypatch.setattr(where, "put", put_or_die)
    with pytest.raises(Killed):
        commit.put_all(where, paths, pytest.fail)
    assert killed_runs.finish(folder) == []  # it may be at it yet
    scratch.rmdir()
    assert set(killed_runs.finish(folder)) == set(paths) - set(done)
    assert [each.read_text() for each in paths] == [
        f"new {TEST}",
        f"new {FIXTURE}",
        f"new {SIGN_IN}",
    ]
    assert killed_runs.finish(folder) == []
