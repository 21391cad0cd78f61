"""The request that is made again for a recorded one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from pytest_bill.cassettes.played import Played
from pytest_bill.credentials.kinds import (
    DEVELOPER_KEY,
    KINDS,
    PARTNER_APP_KEY,
    SPEND_API_TOKEN,
)
from pytest_bill.drift.again import NotComparable, Preparing
from pytest_bill.environments import PRODUCTION, SANDBOX, at_origin
from tests.helpers.recorded import SIGNED_IN, done, form, recorded

VALUES = {"PLACEHOLDER_BILL_ORGANIZATION_ID": "00801REAL", "PLACEHOLDER_VAULT": 'a"b c'}
LOCAL = at_origin("http://127.0.0.1:8080", "local")


def again(interaction, environment=LOCAL, stood_in=(), ids=str):
    played = Played(interaction, Path("a.yaml"), "test_a", frozenset(stood_in))
    return Preparing(environment, VALUES, ids).again(played)


def why_not(interaction, **about) -> str:
    with pytest.raises(NotComparable) as refused:
        again(interaction, **about)
    return str(refused.value)


def test_it_goes_to_the_runs_bill_without_the_credential_and_the_clients_own():
    headers = {
        **SIGNED_IN,
        "Host": "x",
        "User-Agent": "y",
        "Cookie": "PLACEHOLDER_COOKIE",
        "A": "b",
    }
    made = again(recorded("GET", "/v3/vendors?max=2", headers=headers))
    assert made.kind is DEVELOPER_KEY
    assert made.request.url == "http://127.0.0.1:8080/connect/v3/vendors?max=2"
    assert made.request.headers == {"A": "b"}


def test_a_recording_of_production_is_asked_of_the_runs_bill_too():
    made = again(recorded("GET", PRODUCTION.resolve("/v3/vendors")), SANDBOX)
    assert made.request.url == SANDBOX.resolve("/v3/vendors")


def test_a_session_is_that_of_its_credential_however_often_it_was_renewed():
    headers = {"appKey": "x", "sessionId": "PLACEHOLDER_BILL_PARTNER_APP_KEY_SESSION_ID_2"}
    assert again(recorded("GET", "/v3/partner/users", headers=headers)).kind is PARTNER_APP_KEY


def test_a_token_is_known_without_a_session():
    headers = {"apiToken": "PLACEHOLDER_BILL_SPEND_API_TOKEN"}
    assert again(recorded("GET", "/v3/spend/budgets", headers=headers)).kind is SPEND_API_TOKEN


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_an_access_token_is_that_of_its_credential(kind):
    token = str.__str__(kind.session_placeholder)
    for value in (f"Bearer {token}", f"bearer {token}_3"):
        made = again(recorded("GET", "/v3/vendors", headers={"authorization": value, "A": "b"}))
        assert made.kind is kind
        assert made.request.headers == {"A": "b"}


def test_beside_a_session_another_authorization_is_none_of_the_runs():
    headers = {**SIGNED_IN, "Authorization": "PLACEHOLDER_AUTHORIZATION"}
    assert "AUTHORIZATION" in why_not(recorded("GET", "/v3/vendors", headers=headers))


def test_a_form_of_v2_loses_its_credential_only():
    made = again(form("/v2/List/Vendor.json", {"max": 3}, done([])))
    assert made.kind is DEVELOPER_KEY
    assert parse_qs(made.request.body.decode()) == {"data": ['{"max": 3}']}


def test_secrets_and_ids_are_put_in_wherever_they_stand():
    path = "/v3/organizations/PLACEHOLDER_BILL_ORGANIZATION_ID?of=PLACEHOLDER_VAULT&id=old"
    headers = {"organizationId": "PLACEHOLDER_BILL_ORGANIZATION_ID"}
    body = {"key": "PLACEHOLDER_VAULT", "id": "old"}
    made = again(
        recorded("POST", path, body=body, headers=headers),
        ids=lambda text: text.replace("old", "new"),
    ).request
    assert made.url.endswith("/organizations/00801REAL?of=a%22b+c&id=new")
    assert made.headers["organizationId"] == "00801REAL"
    assert made.body == b'{"key": "a\\"b c", "id": "new"}'


def test_a_path_without_any_is_left_as_it_was_written():
    url = again(recorded("GET", "/v3/spend/users/VXNlcjo%3D~a?q=a%20b")).request.url
    assert url.endswith("/v3/spend/users/VXNlcjo%3D~a?q=a%20b")


@pytest.mark.parametrize(
    ("interaction", "why"),
    [
        (
            recorded("GET", "/v3/vendors", headers={"sessionId": "PLACEHOLDER_SESSION_ID"}),
            "its session was made with a credential that is none of the run's",
        ),
        (
            recorded("GET", "/v3/vendors", headers={"Authorization": "Bearer PLACEHOLDER_X"}),
            "its `Authorization` is none of the run's credentials",
        ),
        (
            recorded("GET", "https://files.example.com/a.pdf"),
            "it is not at an address of BILL's API",
        ),
        (
            recorded("GET", "/v3/vendors?next=PLACEHOLDER_TOKEN"),
            "it holds PLACEHOLDER_TOKEN, which the run has no value for",
        ),
        (
            replace(recorded("GET", "/v3/vendors"), fault="timeout"),
            "it got no whole answer when it was recorded (timeout)",
        ),
    ],
)
def test_what_cannot_be_asked_again_says_why(interaction, why):
    assert why_not(interaction) == why


def test_a_stand_in_cannot_be_turned_back():
    made = recorded("POST", "/v3/vendors", {"id": "1"}, body={"email": "a@example.com"})
    assert "it was sent with a stand-in (email)" in why_not(made, stood_in=["email"])
    again(made)  # it was recorded as it was
    # What the answer holds is not sent.
    again(replace(made, body=b"{}", answer_body=made.body), stood_in=["email"])
