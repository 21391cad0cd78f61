"""A credential for other clients: ``auth=session.auth`` with requests and httpx."""

from __future__ import annotations

import asyncio
import pickle
import re
from urllib.parse import parse_qs

import httpx
import pytest
import requests

from pytest_bill.credentials.kinds import (
    DEVELOPER_KEY,
    OAUTH_CLIENT,
    SPEND_API_TOKEN,
    Credential,
)
from pytest_bill.environments import at_origin
from pytest_bill.secret import SecretStr
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.auth import BillAuth

VALUES = {
    "username": "ada.lovelace@example.com",
    "password": "Correct-Horse/Battery+Staple",
    "organization_id": "00801ABCDEFGHIJKLMNO",
    "key": "01DEVELOPERKEY0123456789",
    "client_id": "0oa-client-id-of-ours",
    "client_secret": "cl1ent-S3cret/of+ours==",
}
SESSION = "session-0123456789-abcdef"
FORM = "application/x-www-form-urlencoded"
REDIRECTS = (301, 302, 303, 307, 308)


def with_requests(method: str, url: str, **options):
    return requests.request(method, url, timeout=10, **options)


def with_httpx(method: str, url: str, **options):
    return httpx.request(method, url, timeout=10, follow_redirects=True, **options)


def with_async_httpx(method: str, url: str, **options):
    async def ask():
        async with httpx.AsyncClient(timeout=10, follow_redirects=True) as client:
            return await client.request(method, url, **options)

    return asyncio.run(ask())


ask_with = pytest.mark.parametrize(
    "ask", [with_requests, with_httpx, with_async_httpx], ids=["requests", "httpx", "async httpx"]
)


@pytest.fixture
def bill(server):
    """What answers as BILL."""
    return server()


@pytest.fixture
def auth(recorder, bill, use):
    """The auth object of a session that is signed in, in a test that records."""
    it = recorder(at_origin(bill.origin, "custom"))

    def made(kind=DEVELOPER_KEY) -> BillAuth:
        values = {role: SecretStr(VALUES[role]) for role in [each.role for each in kind.variables]}

        def signed_in(request):
            body = f'{{"sessionId": "{SESSION}"}}'.encode()
            return type(request)(**{**vars(request), "status": 200, "answer_body": body})

        access = Access(
            kind,
            load=lambda: Credential(kind, values),
            recorder=it,
            network=signed_in,
            sign_in_use=lambda: use("all", "sign_in.yaml"),
        )
        return BillAuth(access, it)

    with it.using(use("all")):
        yield made


def headers_of(server) -> dict[str, str]:
    (_, _, headers, _) = server.received[-1]
    return headers


def has_credential(received) -> bool:
    return VALUES["key"] in str(received) or SESSION in str(received)


@ask_with
def test_what_goes_to_bill_gets_the_credential(auth, bill, ask):
    assert ask("GET", f"{bill.origin}/connect/v3/vendors", auth=auth()).status_code == 200
    assert headers_of(bill)["devkey"] == VALUES["key"]
    assert headers_of(bill)["sessionid"] == SESSION


@ask_with
def test_the_spend_api_token_is_a_header_alone(auth, bill, ask):
    ask(
        "POST",
        f"{bill.origin}/api/v2/List/Vendor.json",
        auth=auth(SPEND_API_TOKEN),
        data={"a": "b"},
    )
    (_, _, headers, body) = bill.received[-1]
    assert headers["apitoken"] == VALUES["key"]
    assert body == b"a=b"


@ask_with
@pytest.mark.parametrize("path", ["/", "/connectx/v3/vendors", "/connect/../v3", "/a/connect/v3"])
def test_what_lies_beside_bill_gets_none(auth, bill, ask, path):
    ask("GET", bill.origin + path, auth=auth())
    assert bill.received
    assert not has_credential(bill.received)


@ask_with
def test_another_host_gets_none(auth, server, ask):
    other = server()
    ask("POST", f"{other.origin}/connect/v3/vendors", auth=auth(), json={"a": 1})
    ask("POST", f"{other.origin}/api/v2/List/Vendor.json", auth=auth(), data={"a": "1"})
    assert len(other.received) == 2
    assert not has_credential(other.received)


@ask_with
@pytest.mark.parametrize("status", REDIRECTS)
def test_a_redirect_takes_it_to_no_other_host(auth, bill, server, ask, status):
    other = server()
    bill.answers.append((status, {"Location": f"{other.origin}/connect/v3/vendors"}, b""))
    try:
        ask("GET", f"{bill.origin}/connect/v3/vendors", auth=auth())
    except Exception as error:  # refused by what looks on
        assert "holds the secret of PLACEHOLDER_" in str(error)  # noqa: PT017
    assert has_credential(bill.received)
    assert not has_credential(other.received)


@ask_with
def test_an_access_token_is_all_that_is_added(auth, bill, ask):
    for path in ("connect/v3/vendors", "connect/v3/spend/budgets"):
        ask("GET", f"{bill.origin}/{path}", auth=auth(OAUTH_CLIENT))
        assert headers_of(bill)["authorization"] == f"Bearer {SESSION}"
        assert {"devkey", "sessionid", "apitoken"}.isdisjoint(headers_of(bill))
    ask("POST", f"{bill.origin}/api/v2/List/Vendor.json", auth=auth(OAUTH_CLIENT), data={"a": "b"})
    assert bill.received[-1][3] == b"a=b"
    # Not to where it came from.
    ask("POST", f"{bill.origin}/authx/token", auth=auth(OAUTH_CLIENT), data={"a": "b"})
    assert "authorization" not in headers_of(bill)


@ask_with
@pytest.mark.parametrize("own", [{"Authorization": "Bearer own"}, {"sessionId": "own"}])
def test_beside_a_credential_of_the_callers_own_no_token_is_added(auth, bill, ask, own):
    ask("GET", f"{bill.origin}/connect/v3/vendors", auth=auth(OAUTH_CLIENT), headers=own)
    names = {"devkey", "sessionid", "apitoken", "authorization"}
    sent = {name: value for name, value in headers_of(bill).items() if name in names}
    assert sent == {name.lower(): value for name, value in own.items()}


@ask_with
def test_a_credential_of_the_callers_own_stays(auth, bill, ask):
    ask("GET", f"{bill.origin}/connect/v3/vendors", auth=auth(), headers={"SessionID": "own"})
    assert headers_of(bill)["sessionid"] == "own"
    assert "devkey" not in headers_of(bill)


# --- the v2 API's forms ----------------------------------------------------------------------


@ask_with
@pytest.mark.parametrize("data", [{"data": '{"start": 0}'}, {"data": "ä & b", "more": "1"}, None])
def test_a_form_of_v2_gets_the_credential_as_fields(auth, bill, ask, data):
    ask("POST", f"{bill.origin}/api/v2/List/Vendor.json", auth=auth(), data=data)
    (_, _, headers, body) = bill.received[-1]
    sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    assert sent == {**(data or {}), "devKey": VALUES["key"], "sessionId": SESSION}
    assert headers["content-length"] == str(len(body))
    assert headers["content-type"].startswith(FORM)


@ask_with
def test_a_form_of_v2_with_a_file_gets_the_credential_as_fields(auth, bill, ask):
    url = f"{bill.origin}/api/v2/UploadAttachment.json"
    files = {"file": ("a.txt", b"the text", "text/plain")}
    ask("POST", url, auth=auth(), data={"data": "{}"}, files=files)
    (_, _, headers, body) = bill.received[-1]
    assert headers["content-type"].startswith("multipart/form-data; boundary=")
    assert headers["content-length"] == str(len(body))
    for piece in (b'name="devKey"', VALUES["key"].encode(), SESSION.encode(), b"the text", b"{}"):
        assert piece in body


@ask_with
def test_a_form_with_a_credential_of_its_own_stays(auth, bill, ask):
    own = {"devKey": "own", "sessionId": "other"}
    ask("POST", f"{bill.origin}/api/v2/List/Vendor.json", auth=auth(), data=own)
    (_, _, headers, body) = bill.received[-1]
    assert body == b"devKey=own&sessionId=other"
    assert "devkey" not in headers


@ask_with
def test_a_body_of_v3_stays_as_it_is(auth, bill, ask):
    ask("POST", f"{bill.origin}/connect/v3/vendors", auth=auth(), data={"name": "Ada"})
    assert bill.received[-1][3] == b"name=Ada"


def test_pieces_that_are_sent_as_they_come_stay_as_they_are(auth, bill):
    async def pieces():
        yield b"a=b"

    url = f"{bill.origin}/api/v2/List/Vendor.json"
    headers = {"Content-Type": FORM}
    with_async_httpx("POST", url, auth=auth(), content=pieces(), headers=headers)
    assert headers_of(bill)["devkey"] == VALUES["key"]


@ask_with
def test_another_body_than_a_form_stays_as_it_is(auth, bill, ask):
    ask("POST", f"{bill.origin}/api/v2/List/Vendor.json", auth=auth(), json={"a": "b"})
    (_, _, headers, body) = bill.received[-1]
    assert not has_credential(body)
    assert headers["content-type"] == "application/json"
    assert headers["devkey"] == VALUES["key"]


# --- what it shows ---------------------------------------------------------------------------


def test_it_shows_nothing(auth):
    it = auth()
    assert repr(it) == str(it) == "<BillAuth with the developer key>"
    assert not has_credential([repr(vars(it)), f"{it!r}", repr(it.__dict__)])
    with pytest.raises(TypeError):
        pickle.dumps(it)


SUITE = """
import asyncio

import httpx
import requests


def test_requests(bill_dev_session):
    url, auth = bill_dev_session.base_url, bill_dev_session.auth
    assert requests.get(f"{url}/v3/vendors", auth=auth).ok
    with requests.Session() as session:
        session.auth = auth
        assert session.get(f"{url}/v3/vendors?max=1").ok
        asked = {"data": '{"start": 0, "max": 1}'}
        answer = session.post(f"{bill_dev_session.v2_url}/v2/List/Vendor.json", data=asked)
        assert len(answer.json()["response_data"]) == 1


def test_httpx(bill_dev_session, bill_spend_client):
    with httpx.Client(base_url=bill_dev_session.base_url, auth=bill_dev_session.auth) as client:
        assert client.get("/v3/vendors").status_code == 200
        asked = {"data": '{"start": 0, "max": 1}'}
        url = f"{bill_dev_session.v2_url}/v2/List/Vendor.json"
        assert len(client.post(url, data=asked).json()["response_data"]) == 1
    url = f"{bill_spend_client.base_url}/v3/spend/budgets"
    assert httpx.get(url, auth=bill_spend_client.auth).json()["results"]


def test_async_httpx(bill_dev_session):
    async def ask():
        async with httpx.AsyncClient(auth=bill_dev_session.auth) as client:
            one = client.get(f"{bill_dev_session.base_url}/v3/vendors?max=1")
            other = client.get(f"{bill_dev_session.base_url}/v3/vendors?max=2")
            return await asyncio.gather(one, other)

    assert [len(answer.json()["results"]) for answer in asyncio.run(ask())] == [1, 2]


def test_a_session_that_expires(bill_sync_session, request):
    url, auth = f"{bill_sync_session.base_url}/v3/bills", bill_sync_session.auth
    assert requests.get(url, auth=auth).ok
    if request.config.getoption("bill_record_mode") == "once":
        request.getfixturevalue("bill_sandbox").expire_sessions()
    assert bill_sync_session.get("/v3/vendors").ok
    assert requests.get(url, auth=auth).ok
"""


@pytest.mark.nightly
def test_clients_with_it_are_recorded_and_replayed(suite):
    suite.write(test_auth=SUITE)
    suite.records_and_replays()
    for name, text in suite.cassettes().items():
        found = re.findall(rb"(?:sessionId|devKey|apiToken)\W+(?:- )?(\w+)", text)
        assert all(value.startswith(b"PLACEHOLDER_") for value in found), name
    for name in ("test_httpx", "test_a_session"):
        suite.replays("-k", name)
