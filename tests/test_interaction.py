"""One request and its answer as plain data, which shows nothing of what is in it."""

import pytest

from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def test_a_repr_shows_method_host_and_status():
    asked = Interaction(
        "POST",
        "https://user-secret@gateway.stage.bill.com/connect/path-secret?q=query-secret#secret",
        {"X": "header-secret", "X-secret": "1"},
        b"body-secret",
    )
    assert repr(asked) == "<Interaction POST gateway.stage.bill.com: no answer>"
    answered = Interaction(
        "GET", URL, {}, b"", 200, "reason-secret", {"X": ["header-secret"]}, b"answer-secret"
    )
    assert repr(answered) == str(answered) == "<Interaction GET gateway.stage.bill.com: 200>"


@pytest.mark.parametrize("url", ["https://[not-an-address/secret", "//[", "secret", ""])
def test_the_repr_of_one_with_a_broken_url_is_no_error(url):
    assert repr(Interaction("GET", url, {}, b"")) == "<Interaction GET: no answer>"


def test_it_cannot_be_changed_by_accident():
    with pytest.raises(AttributeError):
        Interaction("GET", URL, {}, b"").body = b"other"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            {"X-Content": "1", "CONTENT-Type": "Text/JSON; Charset=UTF-8"},
            "text/json; charset=utf-8",
        ),
        ({"Content-Types": "text/json"}, ""),
        ({}, ""),
    ],
)
def test_what_a_request_and_an_answer_say_of_their_bodies(headers, expected):
    lists = {name: [value, "another"] for name, value in headers.items()} | {"X-None": []}
    interaction = Interaction("GET", URL, headers, b"", 200, "OK", lists)
    assert interaction.content_type == interaction.answer_content_type == expected
