"""Values that are put into a ``.env`` file."""

from __future__ import annotations

import os
import stat
import sys

import pytest

from pytest_bill.credentials.env_file import read_env_file
from pytest_bill.credentials.env_writing import with_values, write_values
from pytest_bill.exceptions import SettingsError

ID, DEVICE = "BILL_REMEMBER_ME_ID", "BILL_DEVICE"
VALUES = {ID: "0a1b2c+/==", DEVICE: "Dana's laptop"}
WRITTEN_DEVICE = f"{DEVICE}='Dana\\'s laptop'\n"
WRITTEN = f"{ID}=0a1b2c+/==\n{WRITTEN_DEVICE}"


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".env"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", WRITTEN),
        ("A=1", f"A=1\n{WRITTEN}"),
        ("# a\n\nA='x # y'\n", f"# a\n\nA='x # y'\n{WRITTEN}"),
        (f"A=1\n\n{ID}=\nB=2\n", f"A=1\n\n{ID}=0a1b2c+/==\nB=2\n{WRITTEN_DEVICE}"),
        (
            f'export {ID}="old"\n  {DEVICE}=x',
            "export " + WRITTEN.replace("\n", "\n  ", 1)[:-1],
        ),
        (f"{ID}=1\n{ID}=1\n{DEVICE}=2\n", f"{ID}=0a1b2c+/==\n{WRITTEN}"),
        ("not a line\nA=1\r\n", "not a line\nA=1\r\n" + WRITTEN.replace("\n", "\r\n")),
        (f"{ID}_OLD=1\n#{ID}=2\n", f"{ID}_OLD=1\n#{ID}=2\n{WRITTEN}"),
    ],
)
def test_only_their_lines_change(path, before, after):
    assert with_values(before, VALUES) == after
    path.write_bytes(before.encode())
    write_values(path, VALUES)
    assert path.read_bytes() == after.encode()
    assert {name: read_env_file(path).values[name] for name in VALUES} == VALUES


def test_what_is_new_has_a_comment_above_it():
    assert with_values("A=1\n", {ID: "x"}, "why") == f"A=1\n# why\n{ID}=x\n"
    assert with_values(f"{ID}=y\n", {ID: "x"}, "why") == f"{ID}=x\n"


@pytest.mark.parametrize("value", ["a b", "a#b", " a", "$A", '"', "\\", "\\'", "é", "=", "a=b"])
def test_any_text_of_one_line_comes_back(path, value):
    write_values(path, {DEVICE: value})
    assert read_env_file(path).values[DEVICE] == value


def test_a_byte_order_mark_stays(path):
    path.write_bytes(b"\xef\xbb\xbfA=1\n")
    write_values(path, VALUES)
    assert path.read_bytes() == b"\xef\xbb\xbfA=1\n" + WRITTEN.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="has no such modes")
def test_nobody_else_may_read_it(path):
    path.write_text("A=1\n")
    path.chmod(0o644)
    write_values(path, {})
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("A=1\n", 0o600)
    path.unlink()
    write_values(path, {})
    assert not path.exists()
    write_values(path, VALUES)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_stays_one(path, tmp_path):
    real = tmp_path / "elsewhere" / "bill.env"
    real.parent.mkdir()
    real.write_text("A=1\n")
    path.symlink_to(real)
    write_values(path, VALUES)
    assert path.is_symlink()
    assert real.read_text() == f"A=1\n{WRITTEN}"


@pytest.mark.parametrize("value", ["a\nb", "a\r", "a\0"])
def test_what_cannot_stand_there_is_refused(path, value):
    path.write_text("A=1\n")
    with pytest.raises(SettingsError, match=f"{DEVICE} cannot stand in a .env file") as refused:
        write_values(path, {DEVICE: value})
    assert value not in str(refused.value)
    assert path.read_text() == "A=1\n"


def test_what_is_not_utf8_is_left_alone(path):
    path.write_bytes(b"A=\xff\n")
    with pytest.raises(SettingsError, match="not UTF-8"):
        write_values(path, VALUES)
    assert path.read_bytes() == b"A=\xff\n"


def test_where_nothing_can_be_written_it_is_as_it_was(path):
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        write_values(path, VALUES)
    assert os.listdir(path.parent) == [".env"]
