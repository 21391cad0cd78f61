"""What is replaced: whole secrets, with what belongs to them, and nothing around them."""

import csv
import html
import json
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from pytest_bill.scrubbing.search import replacing
from pytest_bill.scrubbing.search.search import Search

SECRET = 'Pa/ss+w\u00f6rd "&<42>'
PLACEHOLDER = "PLACEHOLDER_BILL_PASSWORD"


@pytest.fixture
def searching() -> Search:
    return Search({SECRET: PLACEHOLDER})


def replaced(it: Search, text: str) -> str:
    return it.replace(text.encode()).decode()


@pytest.mark.parametrize("value", ['"0000123', '0000123"', '"000"123"', "\"0000'123"])
@pytest.mark.parametrize(
    ("written", "read"),
    [
        (lambda value: json.dumps([value]), lambda text: json.loads(text)[0]),
        (
            lambda value: json.dumps(json.dumps([value])),
            lambda text: json.loads(json.loads(text))[0],
        ),
        (
            lambda value: f'<a b="{html.escape(value)}"/>',
            lambda text: ElementTree.fromstring(text).get("b"),
        ),
        (
            lambda value: json.dumps('1,"{}"'.format(value.replace('"', '""'))),
            lambda text: next(csv.reader([json.loads(text)]))[1],
        ),
    ],
    ids=["JSON", "JSON in JSON", "an attribute", "CSV in JSON"],
)
def test_a_quote_at_its_end_is_not_taken_for_one_that_is_doubled(value, written, read):
    text = written(value)
    assert read(text) == value
    replaced = Search({value: PLACEHOLDER}).replace(text.encode()).decode()
    assert read(replaced) == PLACEHOLDER


@pytest.mark.parametrize(("quote_", "value"), [('"', 'pa"ss"word'), ("'", "o'brien's key")])
def test_what_is_left_of_doubled_quotes_is_the_field_around(quote_, value):
    it = Search({value: PLACEHOLDER})
    text = f"a,{quote_}x {value.replace(quote_, 2 * quote_)}{quote_},b"
    assert replaced(it, text) == f"a,{quote_}x {PLACEHOLDER}{quote_},b"


def test_a_secret_that_contains_another_is_replaced_whole():
    it = Search({"12345678": "PLACEHOLDER_A", "x12345678y": "PLACEHOLDER_B"})
    assert replaced(it, "x12345678y 12345678") == "PLACEHOLDER_B PLACEHOLDER_A"
    assert replaced(it, quote("x12345678y") + "%31%32345678") == "PLACEHOLDER_BPLACEHOLDER_A"


@pytest.mark.parametrize("text", ["abcdefghijkl", "abcdefghefghijkl", "abcdefghabcdefghijkl"])
def test_secrets_that_overlap_or_touch(text):
    it = Search({"abcdefgh": "PLACEHOLDER_A", "efghijkl": "PLACEHOLDER_B"})
    hidden = replaced(it, text)
    assert "abcdefgh" not in hidden
    assert "efghijkl" not in hidden
    assert "PLACEHOLDER_A" in hidden
    assert it.find(hidden.encode()) is None


def test_each_of_many_secrets_in_one_text():
    values = {f"secret-number-{n:04}": f"PLACEHOLDER_{n}" for n in range(300)}
    it = Search(values)
    assert replaced(it, " ".join(values)) == " ".join(values.values())


def test_rather_nothing_but_the_placeholder_than_a_secret(searching, monkeypatch):
    """Where replacing fails to take a secret out, whatever the reason."""
    monkeypatch.setattr(replacing, "_with_replacements", lambda data, replacements: data)
    assert searching.replace(f"a {SECRET} b".encode()) == PLACEHOLDER.encode()
