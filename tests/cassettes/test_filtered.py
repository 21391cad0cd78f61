"""Requests of other tools' cassettes replay although their secrets were filtered out."""

from dataclasses import replace

import pytest

from pytest_bill.cassettes import filtered, store
from pytest_bill.cassettes.cassette import Cassette
from pytest_bill.cassettes.index import Index
from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber, ScrubRules
from tests.helpers.matching import STAGE, get, post

API = "https://api-stage.bill.com/api/v2"
LOGIN = "https://gateway.stage.bill.com/connect/v3/login"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=Xy"
ONE, OTHER = "00800000000000000001", "00800000000000000002"
SIGN_IN = {"username": "a@example.com", "password": "p", "organizationId": ONE, "devKey": "k"}
HEADERS = (*DEFAULT_MATCH_ON, "headers")
RULES = ScrubRules(headers=frozenset({"x-acme-key"}), fields=frozenset({"badge"}))


@pytest.fixture
def play(tmp_path):
    """Play requests from a cassette with these recorded ones; gives their numbers, or None."""

    def play(recorded, *requests, match_on=DEFAULT_MATCH_ON, registry=None):
        path = tmp_path / "a.yaml"
        answered = [
            replace(each, status=200, answer_body=str(number).encode())
            for number, each in enumerate(recorded)
        ]
        store.save(path, store.Recording(answered), lambda _: None)
        scrubber = Scrubber(registry or SecretRegistry(), RULES, same_in_all_places=True)
        cassette = Cassette(path, "none", Matcher(SANDBOX, scrubber, match_on))
        played = map(cassette.play, requests)
        return [int(each.answer_body) if each is not None else None for each in played]

    return play


def form(body: str, url: str = f"{API}/List/Vendor.json") -> Interaction:
    return post(body.encode(), FORM, url)


def multipart(*names: str) -> Interaction:
    parts = [
        f'--Xy\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{name}\r\n' for name in names
    ]
    return post("".join([*parts, "--Xy--\r\n"]).encode(), MULTIPART, f"{STAGE}/files")


SAME = {
    "a header is gone": (get(), get(devKey="k", sessionId="s"), HEADERS),
    "a token is gone": (get(), get(Authorization="Bearer t"), HEADERS),
    "a header is replaced": (get(devKey="REDACTED"), get(devKey="k"), HEADERS),
    "a team's own header is gone": (get(), get(**{"X-Acme-Key": "k"}), HEADERS),
    "a cookie is gone": (get(), get(Cookie="a=b"), HEADERS),
    "a parameter is gone": (get(f"{STAGE}?max=2"), get(f"{STAGE}?sessionId=s&max=2"), ("query",)),
    "a parameter is gone, and the URL is compared": (
        *(get(f"{STAGE}?max=2"), get(f"{STAGE}?sessionId=s&max=2"), ("uri",)),
    ),
    "the only parameter is gone": (get(STAGE), get(f"{STAGE}?sessionId=s"), ("query",)),
    "a field of JSON is gone": (post({"name": "a"}), post({"name": "a", "password": "p"})),
    "a field of JSON is null": (post({"a": 1, "token": None}), post({"a": 1, "token": "t"})),
    "a nested field is gone": (post({"a": [{}]}), post({"a": [{"cvv": "123"}]})),
    "a team's own field is gone": (post({"a": 1}), post({"a": 1, "badge": "7"})),
    "the only field of JSON is gone": (post({}), post({"password": "p"})),
    "all of a body is gone where it was secret": (post(b""), post({"password": "p"})),
    "bytes are compared": (post(b'{"a": 1}'), post(b'{"a":1,"token":"t"}'), ("raw_body",)),
    "a field of a form is gone": (form("a=1"), form("a=1&badge=7")),
    "a field is gone from v2's data": (
        *(form('data={"a": {}}'), form('data={"a":{"badge":"7"}}&devKey=k&sessionId=s')),
    ),
    "a part is gone": (multipart("file"), multipart("devKey", "file", "sessionId")),
    "a sign-in has no password": (
        *(post({"username": "a@example.com"}, url=LOGIN), post(SIGN_IN, url=LOGIN)),
    ),
    "a sign-in has no body": (post(b"", url=LOGIN), post(SIGN_IN, url=LOGIN)),
    "v2's sign-in has no body": (
        *(form("", f"{API}/Login.json"), form("userName=a&password=p", f"{API}/Login.json")),
    ),
    "the organization is gone": (get(), get(organizationId=ONE)),
    "the organization is replaced": (get(organizationId="DUMMY_ORG"), get(organizationId=ONE)),
    "the organization in the path is replaced": (
        *(get(f"{STAGE}/organizations/<ORG>/a"), get(f"{STAGE}/organizations/{ONE}/a")),
    ),
    "the organization is not known to who replays": (
        *(get(organizationId=ONE), get(organizationId="PLACEHOLDER_BILL_ORGANIZATION_ID")),
    ),
}


@pytest.mark.parametrize("case", SAME.values(), ids=SAME.keys())
def test_what_was_filtered_does_not_matter(play, case):
    recorded, request, match_on = (*case, DEFAULT_MATCH_ON)[:3]
    assert play([recorded], request, match_on=match_on) == [0]
    # As little where it is the test that has none.
    assert play([request], recorded, match_on=match_on) == [0]


DIFFERENT = {
    "another path": (get(f"{STAGE}/1"), get(f"{STAGE}/2", devKey="k")),
    "another parameter": (get(f"{STAGE}?max=2"), get(f"{STAGE}?sessionId=s&max=3")),
    "another field": (post({"name": "a"}), post({"name": "b", "password": "p"})),
    "a field that is no secret is gone": (post({}), post({"name": "b"})),
    "a body that is no secret is gone": (post(b""), post({"name": "b"})),
    "another header": (get(x="1"), get(x="2", devKey="k"), HEADERS),
    "another part": (multipart("file"), multipart("devKey", "other")),
    "another organization": (get(organizationId=ONE), get(organizationId=OTHER)),
    "another organization by its word": (get(organizationId="a"), get(organizationId="b")),
    "another organization in the path": (
        *(get(f"{STAGE}/organizations/{OTHER}/a"), get(f"{STAGE}/organizations/{ONE}/a")),
    ),
    "another known session": (
        get(sessionId="PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID", organizationId="DUMMY"),
        get(sessionId="PLACEHOLDER_BILL_SPEND_API_TOKEN", organizationId=ONE),
    ),
}


@pytest.mark.parametrize("case", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_what_is_no_secret_matters_still(play, case):
    recorded, request, match_on = (*case, DEFAULT_MATCH_ON)[:3]
    assert play([recorded], request, match_on=match_on) == [None]


@pytest.mark.parametrize(
    "name",
    [
        *("a field of JSON is gone", "a parameter is gone", "a part is gone"),
        *("a sign-in has no body", "the organization is gone"),
    ],
)
def test_what_this_plugin_recorded_has_its_secret_places(play, name):
    recorded, request, match_on = (*SAME[name], DEFAULT_MATCH_ON)[:3]
    assert play([replace(recorded, answered_by="sandbox")], request, match_on=match_on) == [None]


def test_the_very_same_request_goes_first_and_each_is_played_once(play):
    filtered, whole = post({"a": 1}), post({"a": 1, "token": "t"})
    assert play([filtered, whole], whole, whole, whole) == [1, 0, None]


def test_organizations_get_their_own_answers(play):
    recorded = [get(organizationId=ONE), get(organizationId=OTHER), get()]
    asked = [get(organizationId=OTHER), get(organizationId=OTHER), get(organizationId=ONE)]
    assert play(recorded, *asked) == [1, 2, 0]


def test_sessions_get_their_own_answers(play):
    one, other = "PLACEHOLDER_BILL_SESSION_ID", "PLACEHOLDER_BILL_SESSION_ID_2"
    bodies = [{"a": 1}, {"a": 1, "token": "t"}]
    recorded = [replace(post(bodies[0]), headers={"sessionId": each}) for each in (one, other, "")]
    asked = [replace(post(bodies[1]), headers={"sessionId": each}) for each in (other, one, one)]
    assert play(recorded, *asked) == [1, 0, 2]


def test_what_is_nested_without_end_is_compared_as_it_is(play):
    deep = b"[" * 700 + b"]" * 700
    with_secret = b'{"token":"t","a":%s}' % deep
    assert play([post(with_secret)], post(deep), post(with_secret)) == [None, 0]


def test_two_numbered_organizations_stay_apart(play):
    first, second = (f"PLACEHOLDER_BILL_ORGANIZATION_ID{each}" for each in ("", "_2"))
    assert play([get(organizationId=first)], get(organizationId=second)) == [None]


def test_equal_requests_are_not_gone_through_for_each_other(play, monkeypatch):
    looked_at = []
    is_taken = Index.is_taken
    monkeypatch.setattr(Index, "is_taken", lambda *seen: looked_at.append(seen) or is_taken(*seen))
    recorded = [get(devKey="REDACTED") for _ in range(200)]

    played = play(recorded, *[get(devKey="k") for _ in range(200)], match_on=HEADERS)

    assert played == list(range(200))
    assert len(looked_at) < 5 * 200


@pytest.mark.parametrize("match_on", [DEFAULT_MATCH_ON, HEADERS])
def test_what_was_not_recorded_is_told_without_looking_through_the_others(
    play, monkeypatch, match_on
):
    looked_through = []
    left_of = filtered._left_of
    monkeypatch.setattr(
        filtered, "_left_of", lambda *part: looked_through.append(part) or left_of(*part)
    )
    recorded = [get(f"{STAGE}/vendors/{number}") for number in range(200)]
    recorded += [post({"name": f"{number}"}) for number in range(200)]

    asked = get(f"{STAGE}/vendors/none"), post({"name": "none"}), get(f"{STAGE}/bills")
    assert play(recorded, *asked, match_on=match_on) == [None, None, None]
    assert len(looked_through) <= len(asked) * len(match_on)


@pytest.mark.parametrize("others", [0, 2, 5])
@pytest.mark.parametrize("name", ["a parameter is gone", "a nested field is gone"])
def test_how_many_were_not_found_before_does_not_matter(play, name, others):
    recorded, request, *_ = SAME[name]
    missed = [get(f"{STAGE}/none?page={number}") for number in range(others)]
    assert play([recorded], *missed, request)[-1] == 0
    assert play([request], *missed, recorded)[-1] == 0
