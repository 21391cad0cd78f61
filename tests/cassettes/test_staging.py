"""Where the recordings of a run wait until its end."""

from __future__ import annotations

import json
import os
import shutil
import time

import pytest

from pytest_bill import real_files
from pytest_bill.cassettes.staging import (
    FOLDER,
    Staging,
    base_of,
    is_in_use,
    is_marked,
    is_shared,
    keep_base,
    mark,
    marked,
)


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


@pytest.mark.parametrize(
    ("before", "after", "is_changed"),
    [
        ("old", "old", False),
        ("old", "other", True),
        (None, "other", True),
        (None, None, False),
        ("old", None, False),  # nothing is lost by writing it anew
    ],
)
def test_what_somebody_else_changed_meanwhile_is_known(
    staging, scratch, cassette, before, after, is_changed
):
    cassette.parent.mkdir(parents=True)
    assert not staging.was_changed(cassette)
    for text, is_noted in ((before, True), (after, False)):
        cassette.unlink(missing_ok=True)
        if text is not None:
            cassette.write_text(text)
        if is_noted:
            keep_base(scratch, cassette, is_shared=False)
    assert staging.was_changed(cassette) is is_changed
    keep_base(scratch, cassette, is_shared=False)  # the first word counts
    assert staging.was_changed(cassette) is is_changed


def test_what_was_changed_before_the_run_wrote_is_known(staging, scratch, cassette):
    cassette.parent.mkdir(parents=True)
    cassette.write_text("other")
    keep_base(scratch, cassette, is_shared=False, read=lambda: b"as it was read")
    assert staging.was_changed(cassette)


def test_a_recording_that_is_withdrawn_is_as_none(staging, scratch, cassette):
    wait(staging, cassette)
    mark(scratch, cassette)
    staging.withdraw(cassette)
    assert not staging.is_waiting(cassette)
    assert not is_marked(scratch, cassette)
    staging.withdraw(cassette)


def test_a_run_with_another_temporary_folder_is_not_taken_for_one_that_has_ended(
    tmp_path, cassette
):
    """As on another machine, or in another container."""
    elsewhere = tmp_path / "elsewhere" / "run-0"
    elsewhere.mkdir(parents=True)
    other = Staging(tmp_path / "cassettes", lambda: elsewhere, lambda: elsewhere)
    wait(other, cassette)
    scratch = tmp_path / "run-1"
    scratch.mkdir()
    ours = Staging(tmp_path / "cassettes", lambda: scratch, lambda: scratch)
    ours.tidy([cassette])
    assert other.place_of(cassette).exists()
    shutil.rmtree(elsewhere)
    ours.tidy([cassette])
    assert not (tmp_path / "cassettes" / FOLDER).exists()


def test_of_a_run_on_another_machine_only_its_age_is_known(staging, cassette, tmp_path):
    wait(staging, cassette)
    owner = staging.folder / ".owner"
    owner.write_text(json.dumps(["another machine", "/tmp/run-1"]))
    assert is_in_use(staging.folder, tmp_path)
    long_ago = time.time() - 2 * 24 * 60 * 60
    os.utime(staging.folder, (long_ago, long_ago))
    assert not is_in_use(staging.folder, tmp_path)


@pytest.mark.parametrize("before", [b"", b"old"])
def test_what_a_cassette_held_before_the_run_is_kept_once(scratch, cassette, before):
    cassette.parent.mkdir(parents=True)
    if before:
        cassette.write_bytes(before)
    keep_base(scratch, cassette, is_shared=bool(before))
    cassette.write_bytes(b"new")
    keep_base(scratch, cassette, is_shared=True)
    assert base_of(scratch, cassette).read_bytes() == before
    assert is_shared(scratch, cassette) is bool(before)
