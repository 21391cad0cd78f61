"""What is read quickly is what vcrpy reads; anything else is left to vcrpy."""

import json
import random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from vcr.serialize import deserialize
from vcr.serializers import yamlserializer

from pytest_bill.cassettes import reader, store
from pytest_bill.interaction import Interaction
from tests.helpers.generated import INTERACTIONS, text_of_vcrpy

BODY = json.dumps({"id": "009", "note": "It's so; " * 30}).encode()
HEADERS = {"Accept": "*/*", "Content-Length": "863", "sessionId": "PYTEST_BILL_SESSION_ID"}
ANSWER = {"date": ["Wed, 25 Nov 2026 01:00:00 GMT"], "Set-Cookie": ["a=1", "b=2"]}
USUAL = [
    Interaction("GET", "https://a.b/v3/vendors/1?max=5", HEADERS, b"", 200, "OK", ANSWER, BODY),
    Interaction("POST", "https://a.b/v3/vendors", HEADERS, BODY, 404, "", {}, b"\xff\x00"),
    Interaction("POST", "https://a.b/v3/vendors", {}, "ü\n\n'x\t".encode(), 200, "OK", ANSWER, b""),
]
ABOUT = {"pytest_bill": {"environment": "local"}}
TEXT = text_of_vcrpy(USUAL, ABOUT)


def read_by_vcrpy(text):
    requests, responses, *metadata = deserialize(text, yamlserializer)
    pairs = zip(requests, responses, strict=True)
    return [store.from_vcr(*pair) for pair in pairs], metadata[0] if metadata else {}


def test_what_vcrpy_writes_is_read():
    assert reader.read(TEXT) == (USUAL, ABOUT)


@given(st.lists(INTERACTIONS, min_size=1, max_size=3))
@settings(deadline=None)
def test_any_cassette_is_read_as_by_vcrpy_or_not_at_all(interactions):
    try:
        text = text_of_vcrpy(interactions, {})
        expected = read_by_vcrpy(text)
    except (ValueError, TypeError, yaml.YAMLError):
        return
    assert reader.read(text) in (expected, None)


FRAGMENTS = [
    *("\n", "  ", "- ", "'", '"', ": ", " #x", "null", "yes", "&a ", "*a ", "|\n", "{}", "[]"),
    *("\t", "é", "\\n", "\x00", "? ", "''", "1", "~", "---\n", "\n\n", "    ", " ", "%", "@"),
    *(">-\n", "!!str ", "<<: ", ",", "\u2028", "-", "....", "''\n        b", "\n---\n", "[", "]"),
    *("      X-A:\n      - b\n", "!!binary |\n        aGVs\n", "\r\n", "\uff22"),
]


def changed(text: str, chance: random.Random) -> str:
    """A text as a slip of the hand leaves it."""
    place = chance.randrange(len(text))
    match chance.randrange(4):
        case 0:
            return text[:place] + chance.choice(FRAGMENTS) + text[place:]
        case 1:
            return text[:place] + text[place + chance.randint(1, 12) :]
        case 2:
            lines = text.split("\n")
            lines.insert(chance.randrange(len(lines)), lines[chance.randrange(len(lines))])
            return "\n".join(lines)
        case _:
            lines = text.split("\n")
            del lines[chance.randrange(len(lines))]
            return "\n".join(lines)


@pytest.mark.parametrize("start", range(0, 1500, 300))
def test_an_edited_cassette_is_read_as_by_vcrpy_or_not_at_all(start):
    read = 0
    for seed in range(start, start + 300):
        chance = random.Random(seed)
        text = TEXT
        for _ in range(chance.randint(1, 3)):
            text = changed(text, chance)
        try:
            quick = reader.read(text)
        except (ValueError, yaml.YAMLError):
            quick = None
        if quick is not None:
            read += 1
            assert quick == read_by_vcrpy(text), f"seed {seed}"
    assert read > 20


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("interactions:\n", "version: 1\ninteractions:\n"),
        ("version: 1\n", "version: 1\nrecorded_by: hand\n"),
        ("    method: GET\n", "    method: GET\n    protocol: h2\n"),
        ("    body: null\n", "    body:\n"),
        ("    body: null\n", "    body: &empty null\n"),
        ("      code: 200\n", "      code: two hundred\n"),
        ("https://a.b/v3", "https://[a.b/v3"),
        ("      date:\n", "      Set-cookie:\n"),
    ],
)
def test_another_shape_is_not_read(before, after):
    assert before in TEXT
    assert reader.read(TEXT.replace(before, after, 1)) is None


def test_headers_that_come_again_are_held_once():
    interactions, _ = reader.read(text_of_vcrpy(USUAL[:1] * 3, {}))
    assert len({id(interaction.headers) for interaction in interactions}) == 1
    assert len({id(interaction.answer_headers) for interaction in interactions}) == 1


def test_yaml_is_asked_for_what_is_not_plain_only(monkeypatch):
    """What makes it fast."""
    asked = []
    monkeypatch.setattr(reader, "_by_yaml", lambda written: asked.append(written) or "")
    reader.read(text_of_vcrpy(USUAL[:1] * 3, {}))
    assert asked == []


def test_small_cassettes_share_what_is_the_same_in_them():
    first, second = (reader.read(text)[0] for text in (TEXT, TEXT.replace("max=5", "max=6")))
    assert first[0].url != second[0].url
    assert first[0].headers is second[0].headers
    assert first[0].answer_headers is second[0].answer_headers


def test_what_they_share_is_no_more_than_some():
    def text_with(value):
        return TEXT.replace("PYTEST_BILL_SESSION_ID", value)

    for number in range(3 * reader._FEW_SHARED):
        assert reader.read(text_with(f"S{number}"))[0][0].headers["sessionId"] == f"S{number}"
    assert len(reader._of_small._sent) <= reader._FEW_SHARED + 1
    long = "y" * reader._SMALL
    assert reader.read(text_with(long))[0][0].headers["sessionId"] == long
    assert not any(long in each for each in reader._of_small._sent)
