"""Our text of a cassette is vcrpy's, to the byte."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bill.cassettes import writer
from pytest_bill.interaction import Interaction
from tests.helpers.generated import INTERACTIONS, JSON, TEXTS, text_of_vcrpy


@given(st.lists(INTERACTIONS, max_size=3), st.dictionaries(TEXTS, JSON, max_size=2))
@settings(deadline=None)
def test_any_cassette(interactions, metadata):
    try:
        expected = text_of_vcrpy(interactions, metadata)
    except ValueError:
        return  # vcrpy cannot take the URL apart
    assert writer.write(interactions, metadata) == expected


@pytest.mark.parametrize("words", range(60, 100))
@pytest.mark.parametrize("word", ["a", "it's", "ab  c"])
def test_json_is_folded_where_vcrpy_folds_it(words, word):
    body = json.dumps({"description": f"{word} " * words + "x" * (words % 7)}).encode()
    interaction = Interaction("POST", "https://a.b/c", {}, body, 200, "OK", {}, body)
    assert writer.write([interaction], {}) == text_of_vcrpy([interaction], {})


def test_most_values_of_bills_traffic_are_not_given_to_pyyaml(monkeypatch):
    """What makes it fast: PyYAML sees none of the usual."""
    asked = []
    monkeypatch.setattr(writer, "_by_yaml", lambda request, before: asked.append(request) or "")
    headers = {"Accept": "*/*", "Content-Length": "863", "sessionId": "PYTEST_BILL_SESSION_ID"}
    answer = {"date": ["Wed, 25 Nov 2026 01:00:00 GMT"], "content-type": ["application/json"]}
    for number in range(10):
        url = f"https://gateway.stage.bill.com/connect/v3/vendors/009{number}?max=5&page=a%3Db"
        body = json.dumps({"id": f"009{number}", "name": "It's a vendor"}).encode()
        writer.write([Interaction("GET", url, headers, body, 200, "OK", answer, body)], {})
    assert asked == [{"headers": {"a": ["*/*"]}}] * 10
