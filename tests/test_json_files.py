"""JSON that people may have edited: what is wrong with it is said in words, with its line."""

from __future__ import annotations

import pytest

from pytest_bill import json_files
from pytest_bill.json_files import NotJson


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b'{"a": 1,\n', "line 2, column 1: expecting property name"),
        (b'{"a": 1}\n{', "line 2, column 1: extra data"),
        (b'{\n<<<<<<< HEAD\n"a": 1}', "line 2 is the mark of a merge conflict"),
        (b'{"a": 1,\n"a": 2}', "'a' stands twice in one object"),
        (b'{"a": "\n\xff"}', "line 2 is not UTF-8"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b"9" * 5_000, "it holds a number that is too long"),
        (b"\0" * 9, "line 1, column 1: expecting value"),
    ],
)
def test_what_is_no_json(tmp_path, content, what):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(NotJson) as refused:
        json_files.read(tmp_path / "a.json")
    assert str(refused.value).startswith(what)


def test_what_is_json_is_read_with_or_without_bom(tmp_path):
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": [1, null]}')
    assert json_files.read(tmp_path / "a.json") == {"a": [1, None]}


def test_what_is_too_large_or_no_file_is_not_read(tmp_path):
    (tmp_path / "a.json").write_text("[1, 2, 3]")
    with pytest.raises(OSError, match="it has 9 bytes, and 8 are the most"):
        json_files.read(tmp_path / "a.json", most=8)
    with pytest.raises(OSError, match="it is a folder"):
        json_files.read(tmp_path)
