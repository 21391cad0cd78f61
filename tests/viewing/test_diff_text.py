"""What differs, in words."""

from __future__ import annotations

from pytest_bill.cassettes.changes.walk import ABSENT
from pytest_bill.viewing.diff_text import as_data, lines_of
from pytest_bill.viewing.differing import Changed, Difference, FileDifference, Single


def file(*found: Difference, **changed) -> FileDifference:
    one = FileDifference("a.yaml", [Changed(1, 1, "GET /v3/x", list(found))], [], [], [])
    return one._replace(**changed)


def told(*found: Difference) -> list[str]:
    """The lines about one interaction."""
    return list(lines_of([file(*found)], 1, lambda text, *_: text))[2:-2]


def test_values_say_it_themselves():
    assert told(Difference("answer", "a", "is 2, was 1", 1, 2)) == [
        "    answer a",
        "      - 1",
        "      + 2",
    ]
    assert told(Difference("answer", "", "is a list, was a text", "", [])) == [
        "    answer body",
        '      - ""',
    ]


def test_what_is_not_there_is_told_in_words():
    assert told(Difference("request", "a", "added", ABSENT, None)) == [
        "    request a added",
        "      + null",
    ]
    assert told(Difference("", "", "status 200 → 404")) == ["    status 200 → 404"]


def test_files_are_told_by_size_and_digest():
    lines = told(Difference("answer", "", "is another file", b"\xff", b"\xfe\0"))
    assert lines[1].startswith("      - (1 bytes of an unknown type, SHA-256 ")
    assert lines[2].startswith("      + (2 bytes of ")


def test_what_steers_a_terminal_is_escaped():
    hostile = file(name="\x1b.yaml", metadata=["\x9b"], gone=[Single(1, "GET /\u202e", "x\x07")])
    lines = lines_of([hostile], 1, lambda text, *_: text)
    assert "".join(lines).isprintable()


def test_what_is_counted():
    def last(*files: FileDifference) -> str:
        return list(lines_of(files, 3, lambda text, *_: text))[-1]

    assert last() == "3 cassettes compared: nothing differs"
    only = FileDifference("a", [], [], [Single(1, "a", "b")], [])
    assert last(only, only) == "3 cassettes compared: 2 differ (interactions: 2 added)"
    assert last(FileDifference("a", [], [], [], ["b"])) == "3 cassettes compared: 1 differs"


def test_data():
    (data,) = as_data([file(Difference("answer", "a", "added", ABSENT, b"\xff"))])
    (found,) = data["changed"][0]["differences"]
    assert found["new"].startswith("(1 bytes")
    assert "old" not in found
    assert data["only_in"] is None
