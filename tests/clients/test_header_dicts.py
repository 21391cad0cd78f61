"""Headers read and made in one go are those that requests and urllib3 make name by name."""

from __future__ import annotations

from collections import OrderedDict

import pytest
from requests.structures import CaseInsensitiveDict
from urllib3._collections import HTTPHeaderDict

from pytest_bill.clients import header_dicts

HEADERS = [
    {},
    {"Content-Type": ["application/json"], "X-Many": ["1", "2", "2"]},
    {"Set-Cookie": ["a=1", "b=2"], "date": ["now"]},
    {"X": ["1"], "x": ["2"], "Y": ["3"]},
    {"Empty": [], "Blank": [""]},
]


def by_name(headers: dict[str, list[str]]) -> HTTPHeaderDict:
    made = HTTPHeaderDict()
    for name, values in headers.items():
        for value in values:
            made.add(name, value)
    return made


@pytest.fixture(params=[True, False], ids=["usual insides", "other insides"])
def insides(request, monkeypatch):
    """Also of versions that keep headers otherwise."""
    assert header_dicts._IS_USUAL
    monkeypatch.setattr(header_dicts, "_IS_USUAL", request.param)


@pytest.mark.parametrize("headers", HEADERS, ids=str)
@pytest.mark.usefixtures("insides")
def test_an_answer_has_the_headers_that_its_client_makes(headers):
    expected = by_name(headers)
    of_urllib3, of_requests = header_dicts.of_answer(headers)
    assert list(of_urllib3.iteritems()) == list(expected.iteritems())
    assert list(of_urllib3) == list(expected)
    assert of_urllib3.getlist("x-many") == expected.getlist("x-many")
    if of_requests is not None:
        made = CaseInsensitiveDict(expected)
        assert type(of_requests) is CaseInsensitiveDict
        assert list(of_requests.items()) == list(made.items())
        assert list(of_requests.lower_items()) == list(made.lower_items())


@pytest.mark.usefixtures("insides")
def test_each_answer_has_headers_of_its_own():
    recorded = {"X": ["1"]}
    first, second = header_dicts.of_answer(recorded), header_dicts.of_answer(recorded)
    first[0].add("X", "2")
    if first[1] is not None:
        first[1]["X"] = "3"
        assert second[1] == {"x": "1"}
    assert recorded == {"X": ["1"]}
    assert second[0].getlist("X") == ["1"]


@pytest.mark.usefixtures("insides")
def test_the_headers_of_a_request_keep_their_names():
    headers = CaseInsensitiveDict({"X-One": "1", "accept": b"text/plain"})
    assert dict(header_dicts.pairs_of(headers)) == {"X-One": "1", "accept": b"text/plain"}
    assert header_dicts.pairs_of({"Own": "1"}) == {"Own": "1"}


def test_other_mappings_are_not_looked_into():
    class Own(CaseInsensitiveDict):
        pass

    assert header_dicts.kept_by({"X": "1"}) is None
    assert header_dicts.kept_by(Own(X="1")) is None
    kept = OrderedDict(x=("X", "1"))
    assert header_dicts.keeping(kept)["x"] == "1"
