"""The real file system, whatever a test has put in its place."""

from __future__ import annotations

import builtins
import io
import os
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pyfakefs import fake_filesystem_unittest

from pytest_bill import real_files
from pytest_bill.cassettes import store
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
REQUEST = Interaction("GET", URL, {}, b"")


def refuse(*_, **__):
    raise OSError("patched")


PATCHED = {
    **{f"Path.{name}": (Path, name) for name in ("open", "read_text", "read_bytes", "write_text")},
    **{f"Path.{name}": (Path, name) for name in ("exists", "mkdir", "stat", "replace", "unlink")},
    "builtins.open": (builtins, "open"),
    "io.open": (io, "open"),
    **{
        f"os.{name}": (os, name)
        for name in ("open", "read", "write", "close", "fsync", "stat", "mkdir", "makedirs")
    },
    **{
        f"os.{name}": (os, name)
        for name in ("replace", "rename", "unlink", "remove", "umask", "chmod", "getcwd")
    },
}


@contextmanager
def patched(*names: str) -> Iterator[None]:
    """The block in which these are patched; pytest itself needs them again after it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setattr(*PATCHED[name], refuse)
        yield


def test_files_are_read_and_written_with_everything_patched(tmp_path):
    path, folder = tmp_path / "a.txt", tmp_path / "new/folder"
    made = folder / "made"
    with patched(*PATCHED):
        real_files.replace_file(path, b"\x00 text" * 300_000, 0o640)
        read = real_files.read_bytes(path)
        real_files.make_folders(folder)
        real_files.make_folders(folder)
        first, second = real_files.create(made), real_files.create(made)
        mode = real_files.mode_of_new_files()
        shown = real_files.relative_to_here(path)
    assert read == b"\x00 text" * 300_000 == path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert folder.is_dir()
    assert (first, second) == (True, False)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert mode & 0o600 == 0o600
    assert shown == path
    assert {each.name for each in tmp_path.iterdir()} == {"a.txt", "new"}


@pytest.mark.parametrize("name", PATCHED)
def test_a_cassette_is_read_with_anything_patched(recorder, use, name):
    it = recorder()
    with it.using(use()):
        it.serve(REQUEST, lambda: replace(REQUEST, status=200, reason="OK", answer_body=b"[1]"))
    again = use("none")
    with patched(name), it.using(again):
        answered = it.ask(REQUEST).recorded.answer_body
    assert answered == b"[1]"


FOR_THE_LOCK = {"os.open", "os.close", "os.stat"} | {
    name for name in PATCHED if name.startswith("Path.")
}
"""What the package of the locks needs, too; Python's pathlib calls some of it."""


@pytest.mark.parametrize("name", sorted(PATCHED.keys() - FOR_THE_LOCK))
def test_a_cassette_is_written_with_anything_patched(recorder, use, name):
    it = recorder()
    opened = it.open(use(name="new/folder/cassette.yaml"))
    it.serve(REQUEST, lambda: replace(REQUEST, status=200, reason="OK", answer_body=b"[1]"))
    with patched(name):
        it.close(opened)
    assert len(store.load(opened.use.path).interactions) == 1


# --- one by one ------------------------------------------------------------------------------


def test_what_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        real_files.read_bytes(tmp_path / "nothing")
    with pytest.raises(IsADirectoryError):
        real_files.read_bytes(tmp_path)


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file/folder"):
        with pytest.raises((FileExistsError, NotADirectoryError)):
            real_files.make_folders(path)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("before")
    real_files.replace_file(path, b"after", 0o644)
    assert path.read_text() == "after"
    (tmp_path / "folder/in").mkdir(parents=True)
    with pytest.raises((IsADirectoryError, PermissionError)):
        real_files.replace_file(tmp_path / "folder", b"after", 0o644)
    assert {each.name for each in tmp_path.iterdir()} == {"a.txt", "folder"}  # nothing temporary


def test_an_empty_file_is_written_and_read(tmp_path):
    real_files.replace_file(tmp_path / "a", b"", 0o600)
    assert real_files.read_bytes(tmp_path / "a") == b""


@pytest.mark.parametrize("mask", [0o022, 0o077, 0])
def test_new_files_are_as_readable_as_any(mask):
    before = os.umask(mask)
    try:
        assert real_files.mode_of_new_files() == 0o666 & ~mask
        assert os.umask(mask) == mask
    finally:
        os.umask(before)


def test_a_path_is_shown_from_the_working_folder_where_it_lies_below_that(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert real_files.relative_to_here(tmp_path / "here/cassettes/a.yaml") == Path(
        "cassettes/a.yaml"
    )
    assert real_files.relative_to_here(tmp_path / "a.yaml") == tmp_path / "a.yaml"


def test_what_a_killed_process_had_begun_is_removed_once_it_is_old(tmp_path, monkeypatch):
    path = tmp_path / "a.yaml"
    write = real_files._System.write
    with monkeypatch.context() as patch:
        patch.setattr(real_files._System, "unlink", lambda _: None)
        patch.setattr(real_files._System, "write", lambda *_: sys.exit())  # as if killed
        with pytest.raises(SystemExit):
            real_files.replace_file(path, b"text", 0o644)
    assert real_files._System.write is write
    (begun,) = tmp_path.iterdir()
    assert begun.name.startswith(".a.yaml.")
    mine = tmp_path / ".notes.pytest-bill.txt"
    mine.write_text("mine")
    monkeypatch.setattr(real_files, "_looked_at", set())
    real_files.replace_file(path, b"text", 0o644)
    assert begun.exists()  # somebody may be writing it
    os.utime(begun, (0, 0))
    monkeypatch.setattr(real_files, "_looked_at", set())
    real_files.replace_file(tmp_path / "b.yaml", b"text", 0o644)
    assert sorted(each.name for each in tmp_path.iterdir()) == [mine.name, "a.yaml", "b.yaml"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("operation", ["open", "flock", "write", "fsync", "chmod", "replace"])
def test_whenever_a_writer_is_killed_the_file_is_whole_and_soon_alone(tmp_path, operation, ending):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"before")
    for after in (False, True):
        child = os.fork()
        if child == 0:
            real = getattr(real_files._System, operation)

            def killed(*args, real=real, after=after):
                if after:
                    real(*args)
                os.kill(os.getpid(), ending)

            setattr(real_files._System, operation, staticmethod(killed))
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            real_files._looked_at.add(tmp_path)
            real_files.replace_file(path, b"after", 0o644)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -ending
        assert path.read_bytes() == (b"after" if after and operation == "replace" else b"before")
        for begun in tmp_path.glob(".*"):
            assert begun.stat().st_mode & 0o777 == (0o644 if operation == "replace" else 0o600) or (
                operation == "chmod"
            )
            if begun.stat().st_size == 0:  # it might be about to be locked
                os.utime(begun, (begun.stat().st_atime, begun.stat().st_mtime - 61))
        real_files.remove_unfinished(tmp_path)
        assert [each.name for each in tmp_path.iterdir()] == ["a.yaml"]


@pytest.mark.skipif(not real_files._LOCKS, reason="no locks")
def test_what_another_process_writes_now_stays(tmp_path):
    path = tmp_path / "a.yaml"
    write = real_files._System.write

    def looked_at(*args):
        written = write(*args)
        (begun,) = tmp_path.iterdir()
        os.utime(begun, (begun.stat().st_atime, begun.stat().st_mtime - 300))
        real_files.remove_unfinished(tmp_path)
        return written

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real_files._System, "write", looked_at)
        real_files.replace_file(path, b"text", 0o644)
    assert path.read_bytes() == b"text"


# --- another file system ---------------------------------------------------------------------


def test_the_file_system_of_pyfakefs_holds_no_cassette(recorder, use, tmp_path):
    it = recorder()
    first, second = use(), use("none")
    with fake_filesystem_unittest.Patcher() as fake:
        with it.using(first):
            it.serve(REQUEST, lambda: replace(REQUEST, status=200, reason="OK", answer_body=b"[1]"))
        with it.using(second):
            answered = it.ask(REQUEST).recorded.answer_body
        is_there = fake.fs.exists(str(first.path))
    assert answered == b"[1]"
    assert not is_there
    assert first.path.is_file()


def test_what_a_user_named_is_written_whole_or_into_what_is_no_file(tmp_path):
    path = tmp_path / "new/a.json"
    real_files.write_file(path, b"one")
    (tmp_path / "link").symlink_to(path)
    real_files.write_file(tmp_path / "link", b"two")
    assert path.read_bytes() == b"two"
    assert (tmp_path / "link").is_symlink()
    real_files.write_file(Path(os.devnull), b"three")
    assert os.listdir(path.parent) == ["a.json"]
    with pytest.raises(OSError, match="directory"):
        real_files.write_file(tmp_path, b"")


def test_a_long_name_is_no_longer_while_it_is_written(tmp_path):
    path = tmp_path / f"{'x' * 250}.yaml"
    real_files.replace_file(path, b"all", 0o600)
    assert path.read_bytes() == b"all"
