"""What really differs between two recordings, as data."""

from __future__ import annotations

import json
from dataclasses import replace

from pytest_bill.cassettes.changes.walk import ABSENT
from pytest_bill.cassettes.store import Recording
from pytest_bill.viewing.differing import Difference, Pair, differences
from tests.helpers.recorded import form, recorded

OLD_ID, NEW_ID = "00901AAAAAAAAAAAAAAA", "00901BBBBBBBBBBBBBBB"


def found(old, new, *, everything: bool = False) -> list[Difference]:
    """What differs between an old interaction and a new one."""
    pairs = {"a.yaml": Pair(Recording([old]), Recording([new]))}
    return [
        each
        for file in differences(pairs, everything=everything)
        for changed in file.changed
        for each in changed.differences
    ]


def answered(answer: object):
    return recorded("GET", "/v3/vendors", answer)


def test_paths_lead_through_lists_in_lists():
    old = answered({"a": [{"b": [[1, 2], [3, 4]]}]})
    new = answered({"a": [{"b": [[1, 2], [3, 5]]}]})
    assert found(old, new, everything=True) == [
        Difference("answer", "a[0].b[1][1]", "is 5, was 4", 4, 5)
    ]


def test_a_field_that_one_lacks():
    assert found(answered({"a": 1}), answered({"b": [1]})) == [
        Difference("answer", "a", "is gone", 1, ABSENT),
        Difference("answer", "b", "added", ABSENT, [1]),
    ]


def test_another_type_and_a_whole_body():
    assert found(answered({"a": 1}), answered({"a": "1"})) == [
        Difference("answer", "a", "is a text, was a number", 1, "1")
    ]
    assert found(answered([1]), answered({"a": 1}))[0].path == ""


def test_queries_and_forms_of_requests():
    old, new = (recorded("GET", f"/v3/vendors?max={each}", {}) for each in (1, 2))
    assert found(old, new) == [Difference("request", "max", "is another text", "1", "2")]
    old, new = (form("/v2/List/Vendor.json", {"max": each}, {}) for each in (1, 2))
    assert found(old, new) == [Difference("request", "data.max", "is 2, was 1", 1, 2)]


def test_what_is_of_the_whole_comes_first():
    old = recorded("GET", "/v3/vendors", {"a": 1})
    new = replace(old, status=404, answer_body=json.dumps({"a": 2}).encode())
    first, second = found(old, new)
    assert first == Difference("", "", "status 200 → 404")
    assert second.path == "a"


def test_a_text_with_several_ids_is_told_once():
    old = recorded("GET", f"/v3/vendors?filters=id:in:{OLD_ID},{OLD_ID[:-1]}C", {})
    new = recorded("GET", f"/v3/vendors?filters=id:in:{NEW_ID},{NEW_ID[:-1]}D", {})
    assert len(found(old, new)) == 1


def test_the_metadata():
    old, new = (Recording([answered({})], {"acme": each}) for each in (1, 2))
    (file,) = differences({"a.yaml": Pair(old, new)})
    assert file.metadata == ["the metadata's acme is another"]


def test_a_cassette_that_one_side_lacks():
    gone, added = differences(
        {"a": Pair(Recording([answered({})]), None), "b": Pair(None, Recording())}
    )
    assert (gone.only_in, len(gone.gone), added.only_in, added.added) == ("old", 1, "new", [])


def test_what_is_equal_in_all_is_equal():
    pairs = {"a.yaml": Pair(Recording([answered({"a": 1})]), Recording([answered({"a": 1})]))}
    assert differences(pairs, everything=True) == []
