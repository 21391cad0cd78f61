"""Files: what is there stays as it is, to the byte; what is in the way is told."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pytest_bill import SettingsError, real_files
from pytest_bill.cli.init.files import Step, appended, lines_of, new_file, read, write

NOT_ROOT = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is refused to root"
)


def done(step: Step) -> bytes:
    write([step])
    return step.path.read_bytes()


def test_a_new_file_is_written_with_its_folders(tmp_path):
    step = new_file(tmp_path, "a/b/test_c.py", "é\n")
    assert not (tmp_path / "a").exists()
    assert step.told == "written"
    assert done(step) == "é\n".encode()


def test_a_file_that_is_there_is_kept(tmp_path):
    (tmp_path / "a.py").write_bytes(b"mine")
    step = new_file(tmp_path, "a.py", "ours")
    assert (step.told, done(step)) == ("kept, it was there", b"mine")
    assert new_file(tmp_path, "a.py", "mine").told == "kept, it is as it would be"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"x\ny\n"),
        (b"a\n", b"a\nx\ny\n"),
        (b"a", b"a\nx\ny\n"),
        (b"a\r\nb\r\n", b"a\r\nb\r\nx\r\ny\r\n"),
        (b"a\r\nb", b"a\r\nb\r\nx\r\ny\r\n"),
        (b"a\r\nb\n", b"a\r\nb\nx\ny\n"),
        (b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfa\nx\ny\n"),
        (b"caf\xe9\n", b"caf\xe9\nx\ny\n"),
    ],
)
def test_lines_are_added_at_the_end_and_nothing_else_changes(tmp_path, before, after):
    (tmp_path / "f").write_bytes(before)
    step = appended(tmp_path, "f", ["x", "y"])
    assert (step.told, done(step)) == ("added 2 lines", after)


def test_one_line_is_one_line(tmp_path):
    (tmp_path / "f").touch()
    assert appended(tmp_path, "f", ["x"]).told == "added 1 line"


def test_the_mode_of_a_file_stays(tmp_path):
    (tmp_path / "f").touch(mode=0o600)
    done(appended(tmp_path, "f", ["x"]))
    assert stat.S_IMODE((tmp_path / "f").stat().st_mode) == 0o600


def test_a_file_in_utf_16_is_kept_and_its_lines_are_told(tmp_path):
    before = "a\n".encode("utf-16")
    (tmp_path / "f").write_bytes(before)
    step = appended(tmp_path, "f", ["x", "y"])
    assert step.told == "kept, it is in no encoding that extends ASCII; add to it: x, y"
    assert done(step) == before


def test_a_link_is_kept_and_its_lines_are_told(tmp_path):
    (tmp_path / "real").write_bytes(b"a\n")
    (tmp_path / "f").symlink_to("real")
    step = appended(tmp_path, "f", ["x"])
    assert step.told == "kept, it is a link to real; add to it: x"
    write([step])
    assert (tmp_path / "f").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"a\n"


def test_lines_are_read_without_what_stands_around_them(tmp_path):
    assert lines_of(tmp_path, "f") == []
    (tmp_path / "f").write_bytes(b"\xef\xbb\xbf.env \r\n\tb\n")
    assert lines_of(tmp_path, "f") == [".env", "b"]


def refused(tmp_path: Path, name: str) -> str:
    with pytest.raises(SettingsError) as told:
        new_file(tmp_path, name, "x")
    assert len(str(told.value).splitlines()) == 2
    return str(told.value)


def test_what_is_no_file_is_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    assert refused(tmp_path, "folder").startswith("folder cannot be read: it is a folder, not a")
    (tmp_path / "nowhere").symlink_to("gone")
    assert "it is a link to gone, where nothing is" in refused(tmp_path, "nowhere")
    (tmp_path / "loop").symlink_to("loop")
    assert "loop cannot be read: Too many levels" in refused(tmp_path, "loop")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "fifo")
        assert "it is a FIFO, not a file" in refused(tmp_path, "fifo")


def test_a_file_that_is_too_large_is_refused(tmp_path):
    (tmp_path / "f").write_bytes(b"x" * (2**20 + 1))
    assert "1,048,577 bytes" in refused(tmp_path, "f")


def test_a_file_where_a_folder_belongs_is_refused(tmp_path):
    (tmp_path / "tests").touch()
    assert refused(tmp_path, "tests/test_a.py").startswith("tests is in the way in ")


def test_a_folder_that_lies_elsewhere_is_refused(tmp_path):
    project, other = tmp_path / "project", tmp_path / "other"
    project.mkdir()
    other.mkdir()
    (project / "tests").symlink_to(other)
    assert f"tests is a link to {other}, which is not in" in refused(project, "tests/test_a.py")
    (project / "real").mkdir()
    (project / "within").symlink_to("real")
    assert new_file(project, "within/test_a.py", "x").told == "written"
    (project / "broken").symlink_to("gone")
    assert "broken is in the way" in refused(project, "broken/test_a.py")


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path):
    steps = [new_file(tmp_path, "a", "ours"), new_file(tmp_path, "b", "ours")]
    (tmp_path / "b").write_bytes(b"theirs")
    with pytest.raises(
        SettingsError, match="b cannot be written: it was changed meanwhile"
    ) as told:
        write(steps)
    assert "Written before: a. Run it again" in str(told.value)
    assert (tmp_path / "b").read_bytes() == b"theirs"


@NOT_ROOT
def test_a_folder_that_may_not_be_written_is_told(tmp_path):
    (tmp_path / "tests").mkdir(mode=0o500)
    with pytest.raises(SettingsError, match=r"Permission denied\.\nNothing was written\."):
        write([new_file(tmp_path, "tests/test_a.py", "x")])


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    (tmp_path / "b").write_bytes(b"before\n")
    steps = [new_file(tmp_path, "a", "ours"), appended(tmp_path, "b", ["x"])]
    replace = real_files.replace_file

    def refuse(path, data, mode):
        if path.name == "b":
            raise OSError(28, "No space left on device")
        replace(path, data, mode)

    monkeypatch.setattr(real_files, "replace_file", refuse)
    with pytest.raises(SettingsError, match="b cannot be written: No space left") as told:
        write(steps)
    assert "Written before: a." in str(told.value)
    assert (tmp_path / "b").read_bytes() == b"before\n"


def test_an_interrupt_is_told_with_what_was_written(tmp_path, monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(real_files, "replace_file", interrupt)
    with pytest.raises(SettingsError, match=r"^Interrupted\.\nNothing was written\."):
        write([new_file(tmp_path, "a", "ours")])


def test_nothing_is_read_where_nothing_is(tmp_path):
    assert read(tmp_path, "a/b/c") is None
