"""The exact sign-in requests, as BILL's page on keys and tokens shows them."""

import json
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from pytest_bill.credentials.environ import with_tokens_at
from pytest_bill.credentials.kinds import (
    CONSOLE_API_TOKEN,
    DEVELOPER_KEY,
    KINDS,
    OAUTH_CLIENT,
    PARTNER_APP_KEY,
    SPEND_API_TOKEN,
    SYNC_TOKEN,
    Credential,
    placeholder_credential,
    signed_in_by,
)
from pytest_bill.credentials.sign_in import (
    SignedIn,
    credential_as_recorded,
    lifetime_in,
    session_id_in,
    sign_in_request,
)
from pytest_bill.environments import PRODUCTION, SANDBOX, at_origin
from pytest_bill.exceptions import SettingsError
from pytest_bill.secret import SecretStr


def credential(kind) -> Credential:
    roles = [variable.role for variable in kind.variables]
    return Credential(kind, {role: SecretStr(f"the {role} & more") for role in roles})


@pytest.mark.parametrize("kind", [DEVELOPER_KEY, SYNC_TOKEN], ids=lambda kind: kind.key)
def test_v3_login(kind):
    request = sign_in_request(credential(kind), SANDBOX)
    assert request.method == "POST"
    assert request.url == "https://gateway.stage.bill.com/connect/v3/login"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == {
        "username": "the username & more",
        "password": "the password & more",
        "organizationId": "the organization_id & more",
        "devKey": "the key & more",
    }


@pytest.mark.parametrize("kind", [CONSOLE_API_TOKEN, SYNC_TOKEN], ids=lambda kind: kind.key)
def test_v2_login(kind):
    request = sign_in_request(credential(signed_in_by(kind, "v2")), SANDBOX)
    assert request.method == "POST"
    assert request.url == "https://api-stage.bill.com/api/v2/Login.json"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["accept"] == "application/json"
    assert parse_qs(request.body.decode()) == {
        "userName": ["the username & more"],
        "password": ["the password & more"],
        "orgId": ["the organization_id & more"],
        "devKey": ["the key & more"],
    }


def test_the_console_signs_in_by_v3_with_its_own_field():
    kind = signed_in_by(CONSOLE_API_TOKEN, "v3")
    request = sign_in_request(credential(kind), SANDBOX)
    assert request.url == "https://gateway.stage.bill.com/connect/v3/login"
    assert json.loads(request.body) == {
        "username": "the username & more",
        "consoleApiToken": "the password & more",
        "organizationId": "the organization_id & more",
        "devKey": "the key & more",
    }


OAUTH_KINDS = [OAUTH_CLIENT, *(signed_in_by(kind, "oauth") for kind in KINDS if kind.may_be_oauth)]


@pytest.mark.parametrize("kind", OAUTH_KINDS, ids=lambda kind: kind.key)
@pytest.mark.parametrize(
    ("environment", "url"),
    [
        (SANDBOX, "https://auth.stage.bill.com/authx/token"),
        (at_origin("http://127.0.0.1:8080", "local"), "http://127.0.0.1:8080/authx/token"),
        (with_tokens_at(PRODUCTION, "https://auth.bill.com/t"), "https://auth.bill.com/t"),
    ],
    ids=["sandbox", "local", "production"],
)
def test_an_access_token_is_asked_for_with_a_form(kind, environment, url):
    request = sign_in_request(credential(kind), environment)
    assert (request.method, request.url) == ("POST", url)
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["the client_id & more"],
        "client_secret": ["the client_secret & more"],
    }


def test_where_the_address_of_tokens_is_not_known_no_secret_is_sent():
    with pytest.raises(SettingsError, match="BILL_OAUTH_URL"):
        sign_in_request(credential(OAUTH_CLIENT), PRODUCTION)
    replayed = sign_in_request(placeholder_credential(OAUTH_CLIENT), PRODUCTION)
    assert replayed.url == "https://auth.stage.bill.com/authx/token"


def test_partner_login():
    request = sign_in_request(credential(PARTNER_APP_KEY), SANDBOX)
    assert request.url == "https://gateway.stage.bill.com/connect/v3/partner/login"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == {
        "username": "the username & more",
        "password": "the password & more",
        "appKey": "the key & more",
    }


def test_only_the_spend_api_token_has_no_sign_in():
    assert [kind for kind in KINDS if not kind.signs_in] == [SPEND_API_TOKEN]


def test_the_keys_that_v2_takes():
    assert [kind for kind in KINDS if kind.has_dev_key] == [
        DEVELOPER_KEY,
        SYNC_TOKEN,
        CONSOLE_API_TOKEN,
    ]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (DEVELOPER_KEY, {"sessionId", "devKey"}),
        (SYNC_TOKEN, {"sessionId", "devKey"}),
        (CONSOLE_API_TOKEN, {"sessionId", "devKey"}),
        (PARTNER_APP_KEY, {"sessionId", "appKey"}),
    ],
    ids=lambda value: getattr(value, "key", ""),
)
def test_the_headers_afterwards(kind, names):
    headers = SignedIn(credential(kind), SecretStr("the-session")).headers()
    assert set(headers) == names
    assert headers["sessionId"] == "the-session"
    assert "the key & more" in headers.values()


@pytest.mark.parametrize("kind", OAUTH_KINDS, ids=lambda kind: kind.key)
def test_an_access_token_is_all_that_is_sent(kind):
    headers = SignedIn(credential(kind), SecretStr("the-token")).headers()
    assert headers == {"Authorization": "Bearer the-token"}
    assert "the-token" not in repr(headers)


def test_the_header_of_the_spend_api_token():
    assert SignedIn(credential(SPEND_API_TOKEN), None).headers() == {"apiToken": "the key & more"}


def answered(status: int, body: object):
    request = sign_in_request(credential(DEVELOPER_KEY), SANDBOX)
    return replace(request, status=status, answer_body=json.dumps(body).encode())


@pytest.mark.parametrize(
    "body",
    [
        {"sessionId": "the-session", "organizationId": "008", "userId": "006", "trusted": False},
        {"response_status": 0, "response_data": {"sessionId": "the-session"}},
        {"access_token": "the-session", "token_type": "Bearer", "expires_in": 3600},
    ],
    ids=["v3", "v2", "oauth"],
)
def test_the_session_id_in_the_answer(body):
    session_id = session_id_in(answered(200, body))
    assert session_id == "the-session"
    assert "the-session" not in repr(session_id)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, [{"code": "BDC_1101", "message": "No match."}]),
        (200, {"response_status": 1, "response_data": {"error_code": "BDC_1102"}}),
        (200, {}),
        (200, []),
        (200, "text"),
        (302, {"sessionId": "the-session"}),
        (200, {"response_data": None}),
        (200, {"sessionId": 7}),
        (200, {"access_token": None}),
        (200, {"access_token": ["a"]}),
        (400, {"error": "invalid_client", "access_token": "the-session"}),
    ],
)
def test_a_refusal_has_no_session_id(status, body):
    assert session_id_in(answered(status, body)) is None


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"expires_in": 3600}, 3600),
        ({"expires_in": "3600"}, 3600),
        ({"expires_in": 0.5}, 0.5),
        ({"expires_in": 0}, None),
        ({"expires_in": -1}, None),
        ({"expires_in": "soon"}, None),
        ({"expires_in": None}, None),
        ({"expires_in": [1]}, None),
        ({"expires_in": 1e300}, None),
        ({}, None),
        ([], None),
    ],
)
def test_how_long_a_token_is_good(told, seconds):
    assert lifetime_in(answered(200, told)) == seconds


def test_no_json_says_nothing_of_a_lifetime():
    assert lifetime_in(replace(answered(200, {}), answer_body=b"<html>")) is None
    infinite = b'{"expires_in": Infinity}'
    assert lifetime_in(replace(answered(200, {}), answer_body=infinite)) is None


@pytest.mark.parametrize("how", ["v3", "v2"])
def test_replay_takes_the_placeholders_that_were_recorded(how):
    shared = placeholder_credential(SYNC_TOKEN).values | {
        "key": SecretStr("PLACEHOLDER_BILL_DEV_KEY"),
        "organization_id": SecretStr("PLACEHOLDER_BILL_ORGANIZATION_ID"),
    }
    recorded = sign_in_request(Credential(signed_in_by(SYNC_TOKEN, how), shared), SANDBOX)
    found = credential_as_recorded(recorded, placeholder_credential(SYNC_TOKEN))
    assert found.values == shared
    unreadable = replace(recorded, body=b"{")
    own = placeholder_credential(SYNC_TOKEN)
    assert credential_as_recorded(unreadable, own).values == own.values
