"""What killed runs left is put in its place, removed, or told."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from pytest_bill.cassettes.killed_runs import (
    end,
    finish,
    leave_word,
    put_rest,
    take_word_back,
    waiting,
)
from pytest_bill.cassettes.staging import FOLDER, Staging, mark


@pytest.fixture
def cassettes(tmp_path, monkeypatch):
    """The folder of cassettes, and one for what the processes of runs share."""
    shared = tmp_path / "temporary"
    shared.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(shared))
    return tmp_path / "cassettes"


def run(cassettes: Path, name: str, *recorded: str) -> Staging:
    """A run that has recorded some cassettes."""
    scratch = Path(tempfile.gettempdir()) / name
    scratch.mkdir(exist_ok=True)
    where = Staging(cassettes, lambda: scratch, lambda: scratch)
    for each in recorded:
        where.begin(cassettes / each).write_text(f"new {each}")
        mark(scratch, cassettes / each)
    return where


def kill(where: Staging) -> None:
    """Its process is gone, and somebody has removed what it shared."""
    scratch = where._scratch()
    for each in scratch.iterdir():
        each.unlink()
    scratch.rmdir()


def test_where_nothing_waits_nothing_is_done(cassettes):
    assert finish(cassettes) == []
    assert waiting(cassettes) == {}
    assert not cassettes.exists()


def test_what_was_about_to_be_put_is_put(cassettes):
    names = ["a.yaml", "tests/b.yaml", "tests/c.yaml"]
    where = run(cassettes, "run-1", *names)
    (cassettes / "a.yaml").write_text("old a.yaml")
    leave_word(where, [cassettes / name for name in names])
    where.put(cassettes / "tests/b.yaml")  # and then it is killed
    kill(where)
    assert finish(cassettes) == [cassettes / "a.yaml", cassettes / "tests/c.yaml"]
    assert {name: (cassettes / name).read_text() for name in names} == {
        name: f"new {name}" for name in names
    }
    assert sorted(os.listdir(cassettes)) == ["a.yaml", "tests"]
    assert finish(cassettes) == []


def test_a_run_that_is_still_at_it_is_left_alone(cassettes):
    where = run(cassettes, "run-1", "a.yaml")
    leave_word(where, [cassettes / "a.yaml"])
    assert finish(cassettes) == []
    assert where.is_waiting(cassettes / "a.yaml")
    assert waiting(cassettes) == {}


def test_a_cassette_that_was_changed_since_then_stays_and_its_recording_waits(cassettes):
    where = run(cassettes, "run-1", "a.yaml", "b.yaml")
    leave_word(where, [cassettes / "a.yaml", cassettes / "b.yaml"])
    kill(where)
    (cassettes / "a.yaml").write_text("somebody's")
    said = (where.cassette_dir / FOLDER / "run-1/.put").stat().st_mtime
    os.utime(cassettes / "a.yaml", (said + 1, said + 1))
    assert finish(cassettes) == [cassettes / "b.yaml"]
    assert (cassettes / "a.yaml").read_text() == "somebody's"
    assert waiting(cassettes) == {cassettes / FOLDER / "run-1": 1}


def test_what_was_not_proven_waits_and_is_told_until_it_is_recorded_again(cassettes):
    kill(run(cassettes, "run-1", "a.yaml", "tests/b.yaml"))
    told = run(cassettes, "run-0", "a.yaml")
    end(told, [cassettes / "a.yaml"])
    kill(told)
    assert finish(cassettes) == []
    assert waiting(cassettes) == {cassettes / FOLDER / "run-1": 2}
    again = run(cassettes, "run-2", "a.yaml", "tests/b.yaml")
    for name in ("a.yaml", "tests/b.yaml"):
        again.put(cassettes / name)
    again.tidy([cassettes / "a.yaml", cassettes / "tests/b.yaml"])
    assert waiting(cassettes) == {}
    assert not (cassettes / FOLDER).exists()


def test_what_a_run_itself_has_told_is_not_told_again(cassettes):
    where = run(cassettes, "run-1", "a.yaml")
    end(where, [cassettes / "a.yaml"])
    kill(where)
    assert waiting(cassettes) == {}
    assert finish(cassettes) == []
    assert (cassettes / FOLDER / "run-1/a.yaml").exists()


def test_what_a_run_does_not_know_of_is_told_by_the_next(cassettes):
    """A worker was interrupted when it had written a recording, and not yet said so."""
    where = run(cassettes, "run-1", "a.yaml", "b.yaml")
    end(where, [cassettes / "a.yaml"])
    kill(where)
    assert waiting(cassettes) == {cassettes / FOLDER / "run-1": 2}


def test_what_a_killed_run_had_only_begun_to_write_is_removed(cassettes):
    where = run(cassettes, "run-1")
    where.begin(cassettes / "a.yaml").with_name(".a.yaml.1234.pytest-bill").write_text("half of")
    kill(where)
    assert finish(cassettes) == []
    assert not (cassettes / FOLDER).exists()


def test_a_run_that_has_put_everything_leaves_no_word(cassettes):
    where = run(cassettes, "run-1", "a.yaml")
    leave_word(where, [cassettes / "a.yaml"])
    where.put(cassettes / "a.yaml")
    take_word_back(where)
    where.tidy([cassettes / "a.yaml"])
    assert os.listdir(cassettes) == ["a.yaml"]


def test_a_run_that_is_interrupted_puts_the_rest_itself(cassettes):
    where = run(cassettes, "run-1", "a.yaml", "b.yaml", "c.yaml")
    leave_word(where, [cassettes / "a.yaml", cassettes / "b.yaml"])
    where.put(cassettes / "a.yaml")
    assert put_rest(where) == 1
    assert sorted(os.listdir(cassettes)) == [FOLDER, "a.yaml", "b.yaml"]


def test_where_all_was_put_when_it_was_interrupted_nothing_is_left(cassettes):
    where = run(cassettes, "run-1", "a.yaml")
    leave_word(where, [cassettes / "a.yaml"])
    assert put_rest(where) == 0
    end(where, [cassettes / "a.yaml"])
    assert os.listdir(cassettes) == ["a.yaml"]
