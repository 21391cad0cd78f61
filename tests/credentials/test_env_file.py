"""Variables from the environment and one `.env` file."""

import os
import sys
from pathlib import Path

import pytest

from pytest_bill import real_files
from pytest_bill.credentials.env_file import EnvFile, Variables, read_env_file
from pytest_bill.exceptions import SettingsError


@pytest.fixture
def env_file(tmp_path):
    """Write a `.env` file of these bytes and read it."""

    def env_file(content: bytes) -> EnvFile:
        path = tmp_path / ".env"
        path.write_bytes(content)
        return read_env_file(path)

    return env_file


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"A=plain", "plain"),
        (b"A='single quoted'", "single quoted"),
        (b'A="double \\"quoted\\""', 'double "quoted"'),
        (b"export A=exported", "exported"),
        (b"A=crlf\r\nB=x\r\n", "crlf"),
        (b"\xef\xbb\xbfA=bom", "bom"),
        (b"A=gr\xc3\xbcn", "gr\u00fcn"),
        (b"A='${HOME}'", "${HOME}"),
        (b"A=with # comment", "with"),
        (b"A='hash#inside'", "hash#inside"),
        (b"A=first\nA=last", "last"),
        (b"A=  padded  ", "padded"),
    ],
)
def test_values_as_people_write_them(env_file, content, value):
    assert Variables({}, env_file(content)).get("A") == value


@pytest.mark.parametrize("content", [b"", b"A=", b"A", b"A=''", b"A='   '", b"# A=1"])
def test_no_value_is_none(env_file, content):
    assert Variables({}, env_file(content)).get("A") is None


def test_a_file_that_is_not_utf_8_is_refused_without_showing_it(env_file):
    with pytest.raises(SettingsError) as refused:
        env_file(b"A=1\nBILL_PASSWORD=gr\xfcn-secret\n").check()
    assert "not UTF-8 (line 2)" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert refused.value.__context__ is None


def test_a_folder_in_its_place_is_explained(tmp_path):
    with pytest.raises(SettingsError, match=r"it is a folder, not a file\.\nMend it, or name"):
        read_env_file(tmp_path).check()


def test_a_missing_file_is_no_error(tmp_path):
    variables = Variables({}, read_env_file(tmp_path / ".env"))
    assert variables.get("A") is None
    assert "no such file" in variables.described()


def test_a_line_that_is_no_assignment_is_named(env_file):
    variables = Variables({}, env_file(b"A=1\n'unfinished\nB=2\n"))
    assert "line 2" in variables.described()
    assert "unfinished" not in variables.described()


def test_the_environment_wins_unless_it_is_empty(env_file):
    file = env_file(b"A=file\nB=file\n")
    variables = Variables({"A": "environment", "B": " "}, file)
    assert variables.get("A") == "environment"
    assert variables.get("B") == "file"


def test_nothing_reaches_the_process_environment_or_a_repr(env_file):
    before = dict(os.environ)
    variables = Variables({"X": "environment-secret"}, env_file(b"A=file-secret"))
    variables.get("A")
    assert dict(os.environ) == before
    assert "secret" not in repr(variables)
    assert "secret" not in repr(variables.get("A"))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"A=1\nBILL_PASSWORD=ab\0cd-secret\n", ":2 holds a NUL character"),
        (b"A=1\n<<<<<<< HEAD\nBILL_PASSWORD=x\n=======\n", ":2 is the mark of a merge conflict"),
        (b"A=1\nB=2\n>>>>>>> branch\n", ":3 is the mark of a merge conflict"),
        (
            b"BILL_PASSWORD=one-secret\n\n#\n\n BILL_PASSWORD='two-secret'\n",
            ":5 sets BILL_PASSWORD to another value than line 1.",
        ),
        (b"BILL_PASSWORD=x\n" * 70_000, " cannot be read: it has 1,120,000 bytes, and 1,048,576"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(env_file, content, what):
    read = env_file(content)
    with pytest.raises(SettingsError, match=r"--bill-env-file\.$") as refused:
        read.check()
    assert f".env{what}" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert len(str(refused.value).splitlines()) == 2
    assert "cannot be used" in Variables({}, read).described()


@pytest.mark.parametrize(
    "content", [b"A=1\nA=2\n", b"BILL_X=same\nBILL_X='same'\n", b"BILL_X=\xc3\xbc\n", b""]
)
def test_what_is_usual_is_no_problem(env_file, content):
    env_file(content).check()


def test_values_of_a_file_that_cannot_be_used_are_known_to_be_hidden(env_file):
    read = env_file(b"<<<<<<< HEAD\nBILL_PASSWORD=hunter2hunter2\n")
    assert read.problem
    assert Variables({}, read).get("BILL_PASSWORD") == "hunter2hunter2"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX has these")
def test_what_is_no_file_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "gone").symlink_to("/nowhere")
    for name, what in [("fifo", "it is a FIFO"), ("zero", "a device"), ("gone", "to /nowhere")]:
        with pytest.raises(SettingsError, match=what):
            read_env_file(tmp_path / name).check()
    assert read_env_file(Path(os.devnull)).problem == ""


def test_a_file_is_read_once_unless_it_changes(tmp_path, monkeypatch):
    path = tmp_path / ".env"
    path.write_text("A=1\n")
    reads = []
    read = real_files.read_bytes
    monkeypatch.setattr(real_files, "read_bytes", lambda *given: reads.append(1) or read(*given))
    assert read_env_file(path) is read_env_file(path)
    path.write_text("A=22\n")
    assert read_env_file(path).values["A"] == "22"
    path.unlink()
    assert not read_env_file(path).exists
    assert len(reads) == 3
