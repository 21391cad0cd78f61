"""The six credentials and how they are loaded."""

import json

import pytest

from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.credentials.kinds import (
    CONSOLE_API_TOKEN,
    DEVELOPER_KEY,
    KINDS,
    OAUTH_CLIENT,
    SPEND_API_TOKEN,
    SYNC_TOKEN,
    known_secrets,
    load_credential,
    load_replaced,
    placeholder_credential,
    signed_in_by,
    ways_of,
    with_fingerprint,
)
from pytest_bill.credentials.sign_in import sign_in_request
from pytest_bill.environments import SANDBOX
from pytest_bill.exceptions import MissingCredentials, SettingsError
from pytest_bill.scrubbing.secret_places import SECRET_PLACES

DEVELOPER = {
    "BILL_USERNAME": "ada@example.com",
    "BILL_PASSWORD": "correct horse",
    "BILL_ORGANIZATION_ID": "00801ABCDEFGHIJKLMNO",
    "BILL_DEV_KEY": "01DEVKEY",
}


@pytest.fixture
def variables(tmp_path):
    def variables(**environ: str) -> Variables:
        return Variables(environ, EnvFile(tmp_path / ".env", exists=False))

    return variables


def test_six_kinds_with_the_fixtures_and_variables_that_users_type():
    assert {kind.fixture: [each.name for each in kind.variables] for kind in KINDS} == {
        "bill_dev_session": list(DEVELOPER),
        "bill_sync_session": [
            "BILL_SYNC_TOKEN_NAME",
            "BILL_SYNC_TOKEN_VALUE",
            "BILL_SYNC_ORGANIZATION_ID",
            "BILL_SYNC_DEV_KEY",
        ],
        "bill_console_session": [
            "BILL_CONSOLE_ADMIN_EMAIL",
            "BILL_CONSOLE_API_TOKEN",
            "BILL_CONSOLE_ORGANIZATION_ID",
            "BILL_CONSOLE_DEV_KEY",
        ],
        "bill_spend_client": ["BILL_SPEND_API_TOKEN"],
        "bill_partner_session": [
            "BILL_PARTNER_USERNAME",
            "BILL_PARTNER_PASSWORD",
            "BILL_PARTNER_APP_KEY",
        ],
        "bill_oauth_session": ["BILL_CLIENT_ID", "BILL_CLIENT_SECRET"],
    }


def test_a_credential_by_role(variables):
    credential = load_credential(DEVELOPER_KEY, variables(**DEVELOPER))
    assert credential["username"] == "ada@example.com"
    assert credential["key"] == "01DEVKEY"


def test_the_sync_token_borrows_organization_and_developer_key(variables):
    tokens = {"BILL_SYNC_TOKEN_NAME": "sync", "BILL_SYNC_TOKEN_VALUE": "token-value"}
    borrowed = load_credential(SYNC_TOKEN, variables(**DEVELOPER, **tokens))
    assert borrowed["key"] == "01DEVKEY"
    own = load_credential(SYNC_TOKEN, variables(**DEVELOPER, **tokens, BILL_SYNC_DEV_KEY="02OWN"))
    assert own["key"] == "02OWN"


def test_all_that_is_missing_is_one_error(variables, tmp_path):
    with pytest.raises(MissingCredentials) as missing:
        load_credential(
            SYNC_TOKEN, variables(BILL_SYNC_TOKEN_NAME="my-token-name", BILL_DEV_KEY=" ")
        )
    message = str(missing.value)
    assert "bill_sync_session needs the AP/AR sync token" in message
    assert (
        "BILL_SYNC_TOKEN_VALUE, BILL_SYNC_ORGANIZATION_ID (or BILL_ORGANIZATION_ID), "
        "BILL_SYNC_DEV_KEY (or BILL_DEV_KEY)" in message
    )
    assert str(tmp_path / ".env") in message
    assert "--bill-environment=local" in message
    assert "my-token-name" not in message


@pytest.mark.parametrize(
    ("token", "message"),
    [("line\nbreak", "control character"), ("t\u00f6ken", "non-ASCII"), ("nul\0byte", "control")],
)
def test_a_value_that_cannot_be_sent_is_explained_without_showing_it(variables, token, message):
    with pytest.raises(SettingsError, match=message) as refused:
        load_credential(SPEND_API_TOKEN, variables(BILL_SPEND_API_TOKEN=token))
    assert "BILL_SPEND_API_TOKEN (bill_spend_client)" in str(refused.value)
    assert token not in str(refused.value)


def test_a_password_may_hold_any_letter(variables):
    loaded = load_credential(
        DEVELOPER_KEY, variables(**DEVELOPER | {"BILL_PASSWORD": "gr\u00fcn \u20ac"})
    )
    assert loaded["password"] == "gr\u00fcn \u20ac"


TRUST = {"BILL_REMEMBER_ME_ID": "0a1b2c3d4e5f", "BILL_DEVICE": "Dana's laptop"}


def test_what_mfa_trusts_is_sent_where_both_are_set(variables):
    credential = load_credential(DEVELOPER_KEY, variables(**DEVELOPER, **TRUST))
    assert json.loads(sign_in_request(credential, SANDBOX).body) == {
        "username": "ada@example.com",
        "password": "correct horse",
        "organizationId": "00801ABCDEFGHIJKLMNO",
        "devKey": "01DEVKEY",
        "rememberMeId": "0a1b2c3d4e5f",
        "device": "Dana's laptop",
    }
    for given in (DEVELOPER, {**DEVELOPER, "BILL_DEVICE": "a device that waits for its id"}):
        credential = load_credential(DEVELOPER_KEY, variables(**given))
        body = json.loads(sign_in_request(credential, SANDBOX).body)
        assert not {"rememberMeId", "device"} & body.keys()
    sync = {"BILL_SYNC_TOKEN_NAME": "sync", "BILL_SYNC_TOKEN_VALUE": "token-value"}
    synced = load_credential(SYNC_TOKEN, variables(**DEVELOPER, **TRUST, **sync))
    assert "rememberMeId" not in json.loads(sign_in_request(synced, SANDBOX).body)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"BILL_REMEMBER_ME_ID": "0a1b2c3d4e5f"}, "BILL_DEVICE is not set.\nRun pytest-bill trust"),
        (TRUST | {"BILL_DEVICE": "a\nb"}, "BILL_DEVICE .* control character"),
        (TRUST | {"BILL_REMEMBER_ME_ID": "${BILL_REMEMBER_ME_ID}"}, "holds its own name"),
    ],
)
def test_trust_that_cannot_be_sent_is_refused(variables, given, message):
    with pytest.raises(SettingsError, match=message) as refused:
        load_credential(DEVELOPER_KEY, variables(**DEVELOPER, **given))
    assert "0a1b2c3d4e5f" not in str(refused.value)


def test_a_repr_shows_no_value(variables):
    shown = repr(load_credential(DEVELOPER_KEY, variables(**DEVELOPER)))
    assert [value for value in DEVELOPER.values() if value in shown] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_placeholders_say_what_they_stand_for(kind):
    values = placeholder_credential(kind).values
    assert set(values.values()) == {f"PLACEHOLDER_{each.name}" for each in kind.variables}


def test_the_secrets_that_are_known_before_any_sign_in(variables):
    known = dict(known_secrets(variables(**DEVELOPER)))
    assert known["PLACEHOLDER_BILL_PASSWORD"] == "correct horse"
    assert len(known) == 4
    everything = {
        variable.name: variable.name.lower() for kind in KINDS for variable in kind.all_variables
    }
    everything["BILL_STAND_IN_KEY"] = "a-key-of-the-whole-team"
    known = dict(known_secrets(variables(**everything, BILL_ENVIRONMENT="sandbox")))
    assert known == {f"PLACEHOLDER_{name}": value for name, value in everything.items()}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_the_header_and_the_fields_of_a_key_are_secret_places(kind):
    secret = [place for place in SECRET_PLACES if place.placeholder]
    assert kind.key_header.lower() in {place.field.lower() for place in secret if place.header}
    fields = {
        name
        for form in kind.sign_in_forms
        for role, name in form.fields.items()
        if role in ("key", "client_id", "client_secret")
    }
    assert fields <= {place.field for place in secret if not place.header}


@pytest.mark.parametrize("value", ["BILL_DEV_KEY", "$BILL_DEV_KEY", "${BILL_DEV_KEY}"])
def test_the_name_of_a_variable_is_no_value_and_no_secret(variables, value):
    named = variables(**{**DEVELOPER, "BILL_DEV_KEY": value})
    with pytest.raises(
        SettingsError, match=r"BILL_DEV_KEY \(bill_dev_session\) holds its own name"
    ):
        load_credential(DEVELOPER_KEY, named)
    assert "PLACEHOLDER_BILL_DEV_KEY" not in dict(known_secrets(named))


def test_what_oauth_takes_the_place_of_keeps_its_names():
    for kind in KINDS:
        for way in kind.ways:
            other = signed_in_by(kind, way)
            assert (other.key, other.fixture, other.word) == (kind.key, kind.fixture, kind.word)
            assert other.session_placeholder == kind.session_placeholder
            assert other.is_oauth == (way == "oauth")
    assert {kind.word for kind in KINDS if kind.may_be_oauth} == {"developer", "spend"}


def test_a_sign_in_may_be_recorded_in_each_way_that_there_is():
    def apis(kind):
        return [each.sign_in_form().api for each in ways_of(kind)]

    assert apis(DEVELOPER_KEY) == ["v3", "oauth"]
    assert apis(signed_in_by(DEVELOPER_KEY, "oauth")) == ["oauth", "v3"]
    assert apis(signed_in_by(SYNC_TOKEN, "v2")) == ["v2", "v3"]
    assert apis(CONSOLE_API_TOKEN) == ["v2", "v3"]
    assert apis(OAUTH_CLIENT) == ["oauth"]
    assert {each.key for each in ways_of(signed_in_by(DEVELOPER_KEY, "oauth"))} == {"developer_key"}


def test_what_a_token_does_not_tell_is_told_by_its_variable(variables):
    oauth = signed_in_by(DEVELOPER_KEY, "oauth")
    told = load_replaced(oauth, "organization_id", variables(**DEVELOPER))
    assert told == DEVELOPER["BILL_ORGANIZATION_ID"]
    with pytest.raises(MissingCredentials, match="bill_dev_session: BILL_ORGANIZATION_ID is not"):
        load_replaced(oauth, "organization_id", variables())


def test_what_no_variable_names_is_told_apart_by_its_value():
    first, second = (with_fingerprint("BILL_ORGANIZATION_ID", each) for each in ("1", "2"))
    assert first == "BILL_ORGANIZATION_ID_6B86B2"
    assert second != first
