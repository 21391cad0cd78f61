"""When a request is the recorded one."""

import gzip
from dataclasses import replace

import pytest

from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import SettingsError
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from tests.helpers.matching import STAGE, get, matcher, post, same

API = "https://api-stage.bill.com/api"
V2 = f"{API}/v2/List/Vendor.json"
LOCAL = at_origin("http://127.0.0.1:8080", "local")


STOOD_IN = frozenset({"organization_name"})
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (get(), get("https://gateway.prod.bill.com/connect/v3/vendors")),
        (get(), get("https://gateway.stage.bill.com:443/connect/v3/vendors")),
        (get(STAGE + "?a=1&b=2"), get(STAGE + "?b=2&a=1")),
        (get(devKey="one"), get(devKey="two", accept="x")),
        (get(STAGE + "?sessionId=one"), get(STAGE + "?sessionId=two")),
        (post({"a": 1, "b": [2]}), post(b'{"b":[2],\n "a":1}')),
        (post({"password": "one"}), post({"password": "two"})),
        (post(b"a=1&b=2", FORM), post(b"b=2&a=1", FORM)),
        (
            post(b"data=%7B%22a%22%3A1%2C%22b%22%3A2%7D", FORM),
            post(b"data=%7B%22b%22%3A+2%2C+%22a%22%3A+1%7D", FORM),
        ),
        (
            post(b"--X\r\n\r\n1\r\n--X--", "multipart/form-data; boundary=X"),
            post(b"--Y\r\n\r\n1\r\n--Y--", 'multipart/form-data; boundary="Y"'),
        ),
        (post({"devKey": "1"}, url=STAGE + "/login"), post({"devKey": "2"}, url=STAGE + "/login")),
        (post(b"data=1&devKey=1&sessionId=2", FORM, V2), post(b"sessionId=3&data=1", FORM, V2)),
        (post(b"data=1&devKey=1&sessionId=2", FORM, V2), post(b"data=1", FORM, V2)),
        (post(b"devKey=1&sessionId=2", FORM, V2), Interaction("POST", V2, {}, b"")),
        (
            post(b"devKey=1", FORM, V2.replace("api-stage.bill.com", "api.bill.com")),
            post(b"", FORM, V2),
        ),
        (
            post(
                b'--Y\r\n\r\n1\r\n--Y\r\nA: form-data; name="devKey"\r\n\r\n2\r\n--Y--',
                "multipart/form-data; boundary=Y",
                V2,
            ),
            post(b"--X\r\n\r\n1\r\n--X--", "multipart/form-data; boundary=X", V2),
        ),
    ],
)
def test_requests_that_are_the_same(one, other):
    assert same(one, other)
    assert matcher().differences(one, other) == []


@pytest.mark.parametrize("match_on", [DEFAULT_MATCH_ON, ["headers"], ["raw_body", "uri"], ["path"]])
def test_what_decides_the_key_decides_it_alone(match_on):
    """Requests that look the same to it have the same key; what it leaves out does not matter."""
    matching = matcher(match_on)
    kinds = ["application/json", FORM, "text/plain"]
    everything = [
        Interaction(method, url, {"content-TYPE": kind, **headers}, body)
        for method in ("GET", "POST")
        for url in (STAGE, STAGE + "?a=1", STAGE + "?a=2")
        for kind in kinds
        for headers in ({}, {"organizationId": "1"}, {"x": "1"}, {"Content-Encoding": "gzip"})
        for body in (b"", b"a=1&b=2", b"b=2&a=1", b'{"a":1}', gzip.compress(b'{"a":1}'))
    ]
    keys: dict = {}
    for interaction in everything:
        key = keys.setdefault(
            matching.deciding(interaction), matching.compared(interaction, STOOD_IN)
        )
        assert key == matching.compared(interaction, STOOD_IN)
    assert len(keys) > 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (get(), replace(get(), method="DELETE")),
        (get(), get(STAGE + "/")),
        (get(), get("https://api-stage.bill.com/api/v3/vendors")),
        (get(STAGE + "?a=1"), get(STAGE + "?a=2")),
        (get(STAGE + "?a=1"), get(STAGE + "?a=1&a=1")),
        (get(organizationId="008A"), get(organizationId="008B")),
        (get(), get(organizationId="008B")),
        (post({"a": 1}), post({"a": "1"})),
        (post({"a": [1, 2]}), post({"a": [2, 1]})),
        (post(b"\xff", "text/plain"), post(b"\xfe", "text/plain")),
        (post(b"a=1", FORM), post(b"a=2", FORM)),
        (post(b"data=%7B%22a%22%3A1%7D", FORM), post(b"data=%7B%22a%22%3A2%7D", FORM)),
        (post(b"data=%7Ba%7D", FORM), post(b"data=%7Bb%7D", FORM)),
        (post(b"devKey=1&data=1", FORM, V2), post(b"devKey=1&data=2", FORM, V2)),
        (post(b"data=1&devKey=1", FORM), post(b"data=1", FORM)),
        (post(b"devKey=1", FORM, f"{API}/v2/Login.json"), post(b"", FORM, f"{API}/v2/Login.json")),
    ],
)
def test_requests_that_are_not(one, other):
    assert not same(one, other)
    assert matcher().differences(one, other)


def test_a_local_sandbox_is_bill():
    assert same(get("http://127.0.0.1:8080/connect/v3/vendors"), get(), environment=LOCAL)


def test_a_known_secret_is_its_placeholder():
    registry = SecretRegistry([("PLACEHOLDER_BILL_ORGANIZATION_ID", "00801SECRETORGANIZA")])
    matching = matcher(registry=registry)
    recorded = get(STAGE + "/PLACEHOLDER_BILL_ORGANIZATION_ID")
    assert matching.key(get(STAGE + "/00801SECRETORGANIZA")) == matching.key(recorded)


def test_a_choice_of_parts():
    only_path = matcher(["path"])
    assert only_path.key(get()) == only_path.key(post({"a": 1}))


def test_an_unknown_part_is_explained():
    with pytest.raises(SettingsError, match="no part named colour"):
        matcher(["method", "colour"])
