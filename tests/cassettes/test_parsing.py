"""The text of a cassette: it is read whole, or what is wrong is said in words, with its line."""

from __future__ import annotations

import json
import time
import tracemalloc
from dataclasses import replace

import pytest
import yaml

from pytest_bill.cassettes import by_yaml, damaged, reader, vcr_yaml, writer
from pytest_bill.cassettes.damaged import Damaged
from pytest_bill.cassettes.parsing import parse
from pytest_bill.interaction import Interaction

ONE = Interaction(
    "POST",
    "https://gateway.stage.bill.com/connect/v3/vendors?max=1",
    {"Content-Type": "application/json"},
    b'{"name": "x"}',
    201,
    "Created",
    {"Content-Type": ["application/json"]},
    b'{"id": "009"}',
)
TWO = replace(ONE, method="GET", body=b"", answer_body=b"\xff\x00\x89PNG")
ABOUT = {"pytest_bill": {"environment": "local", "stand_ins": {"kinds": ["names"]}}}
TEXT = writer.write([ONE, TWO], ABOUT)


def damage(text: str) -> Damaged:
    with pytest.raises(Damaged) as damaged:
        parse(text)
    return damaged.value


def test_a_text_cut_anywhere_is_refused_with_its_line():
    for text in (TEXT, writer.write([ONE], {}), writer.write([], ABOUT)):
        for end in range(1, len(text) - 1):
            damaged = damage(text[:end])
            assert 0 < damaged.line <= text.count("\n"), text[:end][-80:]
        assert parse(text[:-1]) == parse(text)  # the last line break is no loss


def test_where_it_was_cut_off_is_said():
    cut = damage(TEXT.removesuffix("version: 1\n"))
    assert str(cut).startswith("it ends without its line 'version: 1': it was cut off")
    assert cut.line == TEXT.count("\n") - 1


SAID = [
    ("version: 1\n", "version: 99\n", "version: 99", "it says version 99, and version 1 is read"),
    ("version: 1\n", "version: one\n", "version: one", "it says version one"),
    ("version: 1\n", "version: true\n", "version: true", "it says version True"),
    ("version: 1\n", "version: 1\nversion: 1\n", "version: 1", "'version' stands twice"),
    ("interactions:\n", "interactions: []\ninteractions:\n", "interactions:", "stands twice"),
    ("    method: POST\n", "    method: GET\n    method: POST\n", "    method: POST", "twice in"),
    ("    method: GET\n", "<<<<<<< ours\n    method: GET\n", "<<<<<<< ours", "a merge conflict"),
    ("    method: GET\n", "    method: 7\n", "    method: 7", "interaction 2, request.method is"),
    ("    method: GET\n", "", "- request:", "interaction 2, request has no method"),
    ("      code: 201\n", "      code: soon\n", "      code: soon", "status.code is 's"),
    ("      code: 201\n", "      code: 9999\n", "      code: 9999", "such as 200"),
    ("      code: 201\n", "", "    status:", "interaction 1, response.status has no code"),
    ("      message: Created\n", "      message: [a]\n", "      message: [a]", "to be text"),
    ("    body: null\n", "    body: 5\n", "    body: 5", "is a number, and has to be text, !!bin"),
    ("    body: null\n", "    body: 2026-01-02\n", "    body: 2026-01-02", "is a date, and has to"),
    ("    body: null\n", "    body: 2026-13-02\n", "    body: 2026-13-02", "no such timestamp"),
    ("    body: null\n", "    body: [1]\n", "    body: [1]", "request.body is a list, and has to"),
    ("    body: null\n", "    body: {a: 2026-01-02}\n", "    body: {a", "that JSON cannot hold"),
    ("    uri: https", "    uri: https://[x\n    x: https", "    uri: https://[x", "is no URL"),
    ("        /wCJ", "        /w$J", "      string: !!binary |", "!!binary is no base64"),
    ("        /wCJ", "        /w==CJ", "      string: !!binary |", "!!binary is no base64"),
    ("      string: '{", "      text: '{", "    body:", "1, response.body has no string"),
    ("  pytest_bill:\n", "  pytest_bill: 3\n  x:\n", "  pytest_bill: 3", "metadata.pytest_bill is"),
    ("      kinds:\n      - names\n", "      kinds: 5\n", "      kinds: 5", "kinds is a num"),
    ("metadata:\n", "metadata: text\nx:\n", "metadata: text", "metadata is text, and has to be"),
    ("- request:", "- 7\n- request:", "- 7", "interaction 1 is a number, and has to be a mapping"),
    ("  response:\n", "  response: no\n  x:\n", "  response: no", "response is a truth value"),
    ("interactions:\n", "interactions: 3\nx:\n", "interactions: 3", "interactions is a n"),
    ("    method: GET\n", "    method: G\x00ET\n", "    method: G\x00ET", "the character U+0000"),
    ("    method: GET\n", "    method: 'GET\n", "    method: 'GET", "a quoted scalar"),
    ("    method: GET\n", "    method: *a\n", "    method: *a", "undefined alias"),
    ("    method: GET\n", "    method: !!python/name:x y\n", "    method: !!py", "constructor"),
    ("- request:", "- !!python/object/apply:os.system [id]\n- request:", "- !!py", "constructor"),
    ("    headers:\n      C", "    headers: [a]\n    x:\n      C", "    headers: [", "is a list"),
    ("      - application", "      - [a]\n      - application", "      Content-", "holds a list"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "line", "what"), SAID)
@pytest.mark.parametrize("is_unusual", [False, True], ids=["in its shape", "by a YAML parser"])
def test_what_is_wrong_is_said_in_words_with_its_line(before, after, line, what, is_unusual):
    """Also where another key first makes all of it a YAML parser's."""
    assert before in TEXT
    text = TEXT.replace(before, after, 1)
    if is_unusual:
        text = f"recorded_by: hand\n{text}"
    damaged = damage(text)
    assert what in str(damaged)
    assert "' object" not in str(damaged)  # Python's words
    lines = text.split("\n")
    if "a quoted scalar" not in what:  # which ends where the next one begins
        assert lines[damaged.line - 1].startswith(line), (damaged.line, str(damaged))
    assert len(damaged.told_of("The cassette a.yaml").splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("just text", "it is text, not a mapping with interactions"),
        ("http:\n- a\n", "it has no interactions"),
        ("[]", "it is a list, not a mapping"),
        ("null", "it is empty, not a mapping"),
        ("- request: {}\n  response: {}\n", "it is of a vcrpy before 1.0"),
        ('{"interactions": 1, "version": 1}', "interactions is a number"),
        ("interactions: &a [*a]\nversion: 1\n", "an alias stands for itself"),
        ("interactions: " + "[" * 100_000, "nesting"),
        ("interactions:\n" + "- " * 100_000, "nesting"),
        ("%YAML 9.9\n---\ninteractions: []\n", "found incompatible YAML document"),
    ],
)
def test_what_is_no_cassette_at_all(text, what):
    assert what in str(damage(text))


def test_a_later_version_is_called_so():
    told = damage(TEXT.replace("version: 1\n", "version: 2\n")).told_of("The cassette a.yaml")
    assert "is of a later version of the format: it says version 2" in told
    assert "Update pytest-bill" in told


@pytest.mark.parametrize(
    "text",
    [
        f"# a comment\n\n{TEXT}",
        f"---\n{TEXT}",
        TEXT.replace("- request", "# of the second\n\n- request"),
        TEXT.replace("metadata:", "# about\nmetadata:"),
        f"{TEXT}# the end",
    ],
)
def test_comments_between_interactions_are_read_past_quickly(text):
    assert reader.read(text) == parse(TEXT)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("    method: GET\n", "    # by hand\n    method: GET\n"),
        TEXT.replace("    method: GET\n", "    method: GET\n    protocol: h2\n"),
        TEXT.replace("    body: null\n", "    body:\n"),
        TEXT.replace("    uri:", "    uri: >-\n     "),
        TEXT.replace("version: 1\n", "version: '1'\n"),
        TEXT.replace("version: 1\n", "version: 1\nrecorded_by: hand\n"),
        TEXT.replace("    method: POST", "    method: &m POST").replace(": GET", ": *m"),
        TEXT.replace('\'{"name": "x"}\'', '\'{"name":\n"x"}\''),
        f"version: 1\n{TEXT.removesuffix('version: 1' + chr(10))}",
        json.dumps(yaml.safe_load(writer.write([ONE], {}))),
    ],
)
def test_what_is_edited_by_hand_is_read_as_a_yaml_parser_reads_it(text):
    data = vcr_yaml.load(text)
    assert parse(text) == (vcr_yaml.interactions_in(data), data.get("metadata") or {})


def test_only_what_was_edited_is_read_by_a_yaml_parser(monkeypatch):
    pieces = []
    load = vcr_yaml.load_marked
    monkeypatch.setattr(vcr_yaml, "load_marked", lambda text: pieces.append(text) or load(text))
    text = writer.write([ONE] * 50, {}).replace("method: POST", "method:  POST", 1)
    assert parse(text)[0] == [ONE] * 50
    assert [piece.count("request:") for piece in pieces] == [1]


def test_a_damaged_interaction_is_found_without_reading_all_the_rest(monkeypatch):
    """What makes the error of a large cassette quick."""
    monkeypatch.setattr(by_yaml, "whole", lambda _: pytest.fail("all of it was read"))
    text = writer.write([ONE] * 50, {})
    place = text.index("      code", len(text) // 2)
    assert "code is" in str(damage(f"{text[:place]}      code: x\n{text[place + 16 :]}"))


def test_what_only_a_yaml_parser_can_read_has_a_bound():
    assert "33,554,432 are the most" in str(damage("x" * (damaged.MOST_UNUSUAL + 1)))


@pytest.mark.nightly
def test_twenty_thousand_interactions_with_a_comment_are_read_quickly():
    text = "# a comment\n" + writer.write([ONE] * 20_000, ABOUT)
    begun = time.process_time()
    assert len(parse(text)[0]) == 20_000
    assert time.process_time() - begun < 5


@pytest.mark.nightly
def test_a_large_body_needs_a_few_times_its_size_of_memory():
    body = json.dumps([{"note": "lorem ipsum " * 20}] * 100_000).encode()
    text = writer.write([replace(ONE, answer_body=body)], {})
    tracemalloc.start()
    assert parse(text)[0][0].answer_body == body
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * len(text)
