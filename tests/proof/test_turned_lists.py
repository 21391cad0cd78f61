"""Lists the other way round, where BILL does not promise their order."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from pytest_bill.cassettes.store import Recording
from pytest_bill.interaction import Interaction
from pytest_bill.proof.turned_lists import turned, unsorted_lists

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
V2 = "https://api-stage.bill.com/api/v2/List/Vendor.json"
ONE_TWO = [{"id": "1"}, {"id": "2"}]


def listed(found, url=URL, method="GET", body=b"", name="results", status=200):
    answer = json.dumps({name: found, "nextPage": "x"}).encode()
    headers = {"Content-Length": [str(len(answer))], "Content-Type": ["application/json"]}
    return Interaction(method, url, {}, body, status, "OK", headers, answer)


def v2(**asked):
    body = urlencode({"data": json.dumps(asked), "devKey": "PLACEHOLDER"}).encode()
    return listed(ONE_TWO, V2, "POST", body, "response_data")


@pytest.mark.parametrize(
    ("interaction", "name"), [(listed(ONE_TWO), "results"), (v2(), "response_data")]
)
def test_a_list_without_a_sort_is_turned_round(interaction, name):
    (made,) = turned(Recording([interaction], {"a": 1})).interactions
    assert json.loads(made.answer_body) == {name: ONE_TWO[::-1], "nextPage": "x"}
    assert made.answer_headers["Content-Length"] == [str(len(made.answer_body))]
    assert unsorted_lists([interaction]) == [interaction]


@pytest.mark.parametrize(
    "interaction",
    [
        listed(ONE_TWO, URL + "?sort=name:asc"),
        listed(ONE_TWO[:1]),
        listed([ONE_TWO[0]] * 2),
        listed([]),
        listed("no list"),
        listed(ONE_TWO, method="POST"),
        listed(ONE_TWO, status=404),
        v2(sort=[{"field": "name", "asc": "true"}]),
        Interaction("GET", URL, {}, b"", 200, "OK", {}, b"no JSON"),
        Interaction("GET", URL, {}, b"", 200, "OK", {}, b"[1, 2]"),
    ],
)
def test_all_else_stays(interaction):
    assert turned(Recording([interaction])) is None
    assert unsorted_lists([interaction]) == []


def test_the_rest_of_a_recording_stays_as_it_is():
    other = listed([])
    recording = turned(Recording([other, listed(ONE_TWO)], {"a": 1}))
    assert recording.interactions[0] is other
    assert recording.metadata == {"a": 1}
