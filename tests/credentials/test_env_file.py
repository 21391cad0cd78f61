"""Variables from the environment and one `.env` file."""

import os

import pytest

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
        env_file(b"A=1\nBILL_PASSWORD=gr\xfcn-secret\n")
    assert "not UTF-8 (line 2)" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_folder_in_its_place_is_explained(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        read_env_file(tmp_path)


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
