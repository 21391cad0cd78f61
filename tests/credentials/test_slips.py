"""What is odd about a refused credential is told without a value."""

from __future__ import annotations

import pytest

from pytest_bill.credentials.kinds import (
    CONSOLE_API_TOKEN,
    DEVELOPER_KEY,
    OAUTH_CLIENT,
    SYNC_TOKEN,
    Credential,
    signed_in_by,
)
from pytest_bill.credentials.slips import seen_in
from pytest_bill.secret import SecretStr

GOOD = ("pat@example.com", "Correct-Horse-1", "00801ABCDEFGHIJKLMNO", "Battery-Staple-2")


def credential(kind=DEVELOPER_KEY, **changes) -> Credential:
    values = dict(zip(("username", "password", "organization_id", "key"), GOOD, strict=True))
    return Credential(kind, {role: SecretStr(each) for role, each in (values | changes).items()})


@pytest.mark.parametrize("kind", [DEVELOPER_KEY, SYNC_TOKEN, CONSOLE_API_TOKEN])
def test_nothing_is_seen_where_nothing_is_odd(kind):
    assert seen_in(credential(kind)) == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"key": GOOD[2]}, "BILL_DEV_KEY has the same value as BILL_ORGANIZATION_ID"),
        (
            {"organization_id": "kim@example.com"},
            "BILL_ORGANIZATION_ID holds an e-mail address: were",
        ),
        ({"key": "Battery Staple"}, "BILL_DEV_KEY has white space in it"),
        ({"password": "'Correct-Horse'"}, "BILL_PASSWORD has quotes around it"),
        ({"key": "BILL_PASSWORD"}, "BILL_DEV_KEY holds what stands for a value in an example"),
        ({"key": "your-dev-key"}, "BILL_DEV_KEY holds what stands for a value"),
        ({"key": "PLACEHOLDER_BILL_DEV_KEY"}, "BILL_DEV_KEY holds what stands for a value"),
    ],
    ids=str,
)
def test_what_is_odd_is_told_by_the_names_of_variables(changes, says):
    seen = seen_in(credential(**changes))
    assert says in seen
    assert not any(value in seen.replace("BILL_DEV_KEY", "") for value in changes.values())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, ""),
        ({"client_secret": "s3cr@t-of-the-app"}, ""),
        ({"client_id": "kim@example.com"}, "BILL_CLIENT_ID holds an e-mail address"),
        ({"client_secret": "two words"}, "BILL_CLIENT_SECRET has white space in it"),
        ({"client_secret": "the-app"}, "BILL_CLIENT_SECRET has the same value as BILL_CLIENT_ID"),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [OAUTH_CLIENT, signed_in_by(DEVELOPER_KEY, "oauth")])
def test_what_is_odd_about_a_developer_app(kind, changes, says):
    values = {"client_id": "the-app", "client_secret": "secret-of-the-app", **changes}
    app = Credential(kind, {role: SecretStr(each) for role, each in values.items()})
    assert says in seen_in(app)
    assert bool(says) == bool(seen_in(app))


def test_a_user_of_the_console_signs_in_with_an_e_mail_address():
    said = seen_in(credential(CONSOLE_API_TOKEN, username="Pat Smith"))
    assert said == "Seen without showing a value: BILL_CONSOLE_ADMIN_EMAIL holds no e-mail address."
