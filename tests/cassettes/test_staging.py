"""Where the recordings of a run wait until its end."""

from __future__ import annotations

import pytest

from pytest_bill import real_files
from pytest_bill.cassettes.staging import FOLDER, Staging, is_marked, mark, marked


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / "run-1"
    folder.mkdir()
    return folder


@pytest.fixture
def staging(tmp_path, scratch):
    return Staging(tmp_path / "cassettes", lambda: scratch, lambda: scratch)


@pytest.fixture
def cassette(tmp_path):
    return tmp_path / "cassettes" / "tests" / "test_a.yaml"


def wait(staging, path, text="new"):
    staging.begin(path).write_text(text)
    mark(staging._scratch(), path)


def test_a_cassette_is_read_from_its_own_file_until_it_is_recorded(staging, cassette):
    assert staging.file_of(cassette) == cassette
    wait(staging, cassette)
    assert staging.file_of(cassette) == staging.place_of(cassette)


def test_what_no_process_has_needed_yet_is_not_made(tmp_path, cassette):
    staging = Staging(tmp_path / "cassettes", pytest.fail, lambda: None)
    assert staging.file_of(cassette) == cassette


def test_what_waits_is_known_to_all_processes_of_the_run(staging, scratch, cassette):
    assert not is_marked(scratch, cassette)
    wait(staging, cassette)
    assert is_marked(scratch, cassette)
    assert marked(scratch) == [cassette]


def test_what_waits_is_not_committed(staging, tmp_path, cassette):
    wait(staging, cassette)
    assert (tmp_path / "cassettes" / FOLDER / ".gitignore").read_text() == "*\n"


def test_two_workers_may_begin_at_once(staging, tmp_path, cassette, monkeypatch):
    move = real_files.move_file

    def move_after_another(path, place):
        move(path, place)
        move(path, place)

    monkeypatch.setattr(real_files, "move_file", move_after_another)
    wait(staging, cassette)
    assert (tmp_path / "cassettes" / FOLDER / ".gitignore").read_text() == "*\n"


def test_what_is_put_takes_the_place_of_the_cassette(staging, tmp_path, cassette):
    cassette.parent.mkdir(parents=True)
    cassette.write_text("old")
    wait(staging, cassette)
    assert cassette.read_text() == "old"
    staging.put(cassette)
    assert cassette.read_text() == "new"
    staging.tidy([cassette])
    assert not (tmp_path / "cassettes" / FOLDER).exists()


def test_what_still_waits_stays(staging, cassette):
    wait(staging, cassette)
    staging.tidy([])
    assert staging.place_of(cassette).read_text() == "new"


def test_what_a_run_has_left_goes_when_another_has_recorded_the_same(tmp_path, cassette):
    left = tmp_path / "cassettes" / FOLDER / "run-0" / "tests"
    left.mkdir(parents=True)
    for name in ("test_a.yaml", "test_b.yaml"):
        (left / name).touch()
    scratch = tmp_path / "run-1"
    scratch.mkdir()
    Staging(tmp_path / "cassettes", lambda: scratch, lambda: scratch).tidy([cassette])
    assert [each.name for each in left.iterdir()] == ["test_b.yaml"]


def test_what_another_run_records_now_is_its_own(tmp_path, cassette):
    (tmp_path / "run-0").mkdir()
    other = Staging(tmp_path / "cassettes", *[lambda: tmp_path / "run-0"] * 2)
    wait(other, cassette)
    scratch = tmp_path / "run-1"
    scratch.mkdir()
    Staging(tmp_path / "cassettes", lambda: scratch, lambda: scratch).tidy([cassette])
    assert other.place_of(cassette).exists()
