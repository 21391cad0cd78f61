"""What a cassette has to hold: what vcrpy reads is let pass, all else has its place told."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from pytest_bill.cassettes.shape import Misshapen, check

CASSETTE: dict[str, Any] = {
    "interactions": [
        {
            "request": {"method": "GET", "uri": "https://a.b/c", "headers": {}, "body": None},
            "response": {
                "status": {"code": 200, "message": "OK"},
                "headers": {"a": ["b"]},
                "body": {"string": ""},
            },
        }
    ],
    "version": 1,
}
DELETED = object()


def with_changed(place: str, value: Any) -> Any:
    """The cassette with something else at a place, or nothing."""
    data = copy.deepcopy(CASSETTE)
    *way, last = [int(key) if key.isdecimal() else key for key in place.split(".")]
    part: Any = data
    for key in way:
        part = part[key]
    if value is DELETED:
        del part[last]
    else:
        part[last] = value
    return data


RESPONSE = "interactions.0.response"
REQUEST = "interactions.0.request"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("version", "1"),
        ("metadata", {"ours": [1]}),
        (f"{REQUEST}.headers", None),
        (f"{REQUEST}.headers", {"a": "b", "c": [b"d"], "e": 5}),
        (f"{REQUEST}.body", {"a": [1]}),
        (f"{REQUEST}.body", [b"a", "b"]),
        (f"{RESPONSE}.body", {}),
        (f"{RESPONSE}.status.code", "404"),
        (f"{RESPONSE}.status.message", None),
        (f"{RESPONSE}.headers", {"a": []}),
        (RESPONSE, {"status_code": 200, "headers": {}, "content": "a"}),
    ],
)
def test_what_vcrpy_reads_passes(place, value):
    check(with_changed(place, value))


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (f"{REQUEST}.uri", DELETED, "request has no uri"),
        (f"{REQUEST}.headers", {"a": []}, "request.headers.a has no value"),
        (f"{REQUEST}.headers", {"a": [["b"]]}, "request.headers.a holds a list"),
        (f"{REQUEST}.headers", {(1,): "a"}, "request.headers has a name that is a li"),
        (f"{RESPONSE}.status", None, "response.status is empty, and has to be a map"),
        (f"{RESPONSE}.status.code", True, "response.status.code is True, and has to"),
        (f"{RESPONSE}.status.code", 20.5, "response.status.code is 20.5, and has to"),
        (f"{RESPONSE}.body.string", 5, "response.body.string is a number, and has t"),
        (f"{RESPONSE}.body", {"base64_string": "YQ=="}, "response.body has no stri"),
        (RESPONSE, {"status_code": 200, "headers": {}}, "response has no content"),
        ("interactions.0.recorded_at", [], "recorded_at is a list, and has to be te"),
        ("interactions", {}, "interactions is a mapping, and has to be a list"),
        ("version", DELETED, "it ends without its line 'version: 1'"),
        ("version", 2.5, "it says version 2.5, and version 1 is read here"),
    ],
)  # fmt: skip
def test_all_else_has_its_place_told(place, value, told):
    with pytest.raises(Misshapen) as refused:
        check(with_changed(place, value))
    assert str(refused.value).removeprefix("interaction 1, ").startswith(told)


@pytest.mark.parametrize("value", [None, 5, "text", b"", True, [], {}, [[]], [{}], {"a": {}}])
def test_any_value_at_any_place_is_let_pass_or_told_of(value):
    places = [
        *("interactions", "interactions.0", REQUEST, RESPONSE, "version", "metadata"),
        *(f"{REQUEST}.{name}" for name in ("method", "uri", "headers", "body")),
        *(f"{RESPONSE}.{name}" for name in ("status", "headers", "body", "body.string")),
        *(f"{RESPONSE}.status.{name}" for name in ("code", "message")),
    ]
    for place in places:
        try:
            check(with_changed(place, value))
        except Misshapen as error:
            assert len(str(error).splitlines()) == 1  # noqa: PT017
