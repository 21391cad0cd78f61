"""Texts, and pieces of texts, that a YAML parser reads."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes import by_yaml, reader, vcr_yaml
from pytest_bill.cassettes.damaged import Damaged, NotByItself

ENTRY = """\
- response: {body: {string: b}, headers: {a: [c]}, status: {code: 200, message: OK}}
  request: {body: null, headers: {}, method: GET, uri: "https://a.example/"}
"""


def test_the_whole_is_read_as_the_pieces_are():
    text = f"interactions:\n{ENTRY}version: 1\n"
    interactions, metadata = by_yaml.whole(text)
    piece = by_yaml.Pieces(text).interaction(ENTRY, len("interactions:\n"), 0)
    assert interactions == [piece]
    assert metadata == {}


def test_what_needs_the_rest_of_the_text_is_not_read_by_itself():
    text = f"interactions:\n{ENTRY}{ENTRY}version: 1\n"
    pieces = by_yaml.Pieces(text)
    with pytest.raises(NotByItself):
        pieces.interaction(ENTRY + ENTRY, len("interactions:\n"), 0)
    with pytest.raises(NotByItself):
        pieces.interaction(ENTRY.replace("b}", "*there}"), len("interactions:\n"), 0)


def test_what_is_missing_is_told_with_its_line_in_the_whole_text():
    broken = ENTRY.replace("method: GET, ", "")
    text = f"interactions:\n{ENTRY}{broken}version: 1\n"
    with pytest.raises(Damaged, match="method") as damage:
        by_yaml.Pieces(text).interaction(broken, text.index(broken), 1)
    assert damage.value.line == 5


def test_what_is_written_is_read_by_both_alike(tmp_path):
    text = f"interactions:\n{vcr_yaml.dump(vcr_yaml.load(ENTRY))}version: 1\n"
    assert reader.read(text) == by_yaml.whole(text)
