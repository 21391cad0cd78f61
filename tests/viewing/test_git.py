"""What git has of files at an earlier revision."""

from __future__ import annotations

import os
import subprocess

import pytest

from pytest_bill.exceptions import SettingsError
from pytest_bill.viewing.git import files_at


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """One commit with some files; the working folder is a folder in it."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    names = ("a.yaml", "in/b.yaml", 'in/ö "q"\n.yaml', "in/deep/c.yml", "in/.unproven/d.yaml", "e")
    for number, name in enumerate(names):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\0\n" * number)
    (tmp_path / "in/link.yaml").symlink_to("b.yaml")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "a")):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *command],
            cwd=tmp_path,
            check=True,
        )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_files_of_a_folder_whatever_they_are_called(repository):
    for name in ("in/b.yaml", "in/deep/c.yml"):
        (repository / name).unlink()
    from_here = dict(files_at("HEAD", (repository / "in").relative_to(repository)))
    assert from_here == {
        "in/b.yaml": b"\0\n",
        'in/ö "q"\n.yaml': b"\0\n" * 2,
        "in/deep/c.yml": b"\0\n" * 3,
    }
    assert len(dict(files_at("HEAD", repository))) == 4


def test_a_file_by_its_name(repository):
    assert dict(files_at("HEAD", repository / "e")) == {(repository / "e").as_posix(): b"\0\n" * 5}
    assert dict(files_at("HEAD", repository / "new.yaml")) == {}


def test_a_folder_that_is_gone(repository):
    subprocess.run(["rm", "-r", "in"], check=True)
    assert len(dict(files_at("HEAD", repository / "in"))) == 3


def test_what_is_no_commit(repository):
    with pytest.raises(SettingsError, match="--since HEAD~9: git knows no such commit here"):
        list(files_at("HEAD~9", repository))


def test_where_there_is_no_repository(tmp_path):
    with pytest.raises(SettingsError, match="is in no git repository"):
        list(files_at("HEAD", tmp_path))
