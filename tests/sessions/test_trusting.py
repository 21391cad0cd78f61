"""The steps in which MFA comes to trust a device, against the local sandbox."""

from __future__ import annotations

import socket
import traceback
from datetime import UTC, datetime, timedelta

import pytest
import requests

from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.credentials.kinds import DEVELOPER_KEY, SYNC_TOKEN, load_credential
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import SignInFailed
from pytest_bill.sessions.trusting import Trusting

CODE, WRONG, DEVICE = "123456", "654321", "my laptop"
NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def sandbox(mfa_sandbox):
    return mfa_sandbox


@pytest.fixture
def trusting_at(tmp_path, sandbox):
    def trusting_at(origin: str, kind=DEVELOPER_KEY, **changed: str) -> Trusting:
        given = {**sandbox.variables, **changed}
        variables = Variables(given, EnvFile(tmp_path / ".env", exists=False))
        credential = load_credential(kind, variables)
        environment = at_origin(origin, "custom")
        return Trusting(credential, environment, timeout=(2, 2), now=lambda: NOW)

    return trusting_at


@pytest.fixture
def trusting(trusting_at, sandbox):
    return trusting_at(sandbox.origin)


@pytest.fixture
def asked(trusting):
    """Signed in, and a code is sent."""
    trusting.sign_in()
    trusting.send_code()
    return trusting


def refused(step, *values):
    with pytest.raises(SignInFailed) as failed:
        step(*values)
    return str(failed.value)


def test_a_device_is_trusted_by_its_id(asked, sandbox):
    validated = asked.validate(CODE, DEVICE)
    assert validated.refusal == ""
    assert "*" in repr(validated)
    assert asked.is_trusted(validated.remember_me_id, DEVICE)
    assert not asked.is_trusted(validated.remember_me_id, "another")
    sandbox.advance(timedelta(days=30))
    assert not asked.is_trusted(validated.remember_me_id, DEVICE)


def test_what_is_sent_is_what_bills_pages_say(asked, sandbox):
    validated = asked.validate(CODE, DEVICE)
    asked.is_trusted(validated.remember_me_id, DEVICE)
    seen = [(each["path"], sorted(each["body"])) for each in sandbox.received_requests()]
    login = ["devKey", "organizationId", "password", "username"]
    assert seen == [
        ("/connect/v3/login", login),
        ("/connect/v3/mfa/challenge", []),
        (
            "/connect/v3/mfa/challenge/validate",
            ["challengeId", "device", "rememberMe", "token"],
        ),
        ("/connect/v3/login", sorted([*login, "rememberMeId", "device"])),
    ]


def test_it_ends_after_30_days(trusting):
    assert trusting.until() == NOW + timedelta(days=30)


def test_a_wrong_code_may_be_followed_by_the_right_one(asked):
    validated = asked.validate(WRONG, DEVICE)
    assert validated.remember_me_id is None
    assert validated.refusal.startswith("HTTP 400: BDC_1119 ")
    assert asked.validate(CODE, DEVICE).remember_me_id


def test_no_code_is_taken_after_three_wrong_ones(asked):
    for _ in range(3):
        assert asked.validate(WRONG, DEVICE).refusal
    assert refused(asked.validate, CODE, DEVICE) == (
        "BILL took no code (HTTP 400: BDC_1358 2-Step Verification too many token response "
        "attempts).\nRun pytest-bill trust again."
    )


def test_a_code_that_comes_too_late(asked, sandbox):
    sandbox.advance(timedelta(minutes=5))
    assert "BDC_1374" in refused(asked.validate, CODE, DEVICE)


def test_more_codes_than_bill_sends_in_a_minute(asked, sandbox):
    sandbox.fail("generateChallenge", status=429, code="BDC_1144")
    assert "BILL sends 5 text messages a minute" in refused(asked.send_code)


def test_a_user_without_a_phone(trusting, sandbox):
    trusting.sign_in()
    sandbox.fail("generateChallenge", status=400, code="BDC_1354", message="No phone.")
    text = refused(trusting.send_code)
    assert text.startswith(
        "BILL sent no code (HTTP 400: BDC_1354 No phone).\nCodes go to the phone"
    )


def test_a_sync_token_takes_no_part(trusting_at, sandbox):
    trusting = trusting_at(sandbox.origin, SYNC_TOKEN)
    trusting.sign_in()
    assert "BILL sent no code (HTTP 403: " in refused(trusting.send_code)


def test_wrong_values_are_asked_once_and_told_without_them(trusting_at, sandbox):
    password = "a wrong password, to be seen nowhere"
    text = refused(trusting_at(sandbox.origin, BILL_PASSWORD=password).sign_in)
    assert "BDC_1101" in text
    assert "Check BILL_USERNAME and BILL_PASSWORD" in text
    assert password not in text
    assert sandbox.request_counts() == {"POST /connect/v3/login": 1}


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"rememberMeId": 7}', "<html>"])
def test_an_answer_without_an_id_is_told(asked, sandbox, body):
    sandbox.fail("validateChallenge", status=200, body=body)
    assert "gave no rememberMeId" in refused(asked.validate, CODE, DEVICE)


@pytest.mark.parametrize("body", ["", "[]", '{"challengeId": ""}', "<html>"])
def test_an_answer_without_a_challenge_is_told(trusting, sandbox, body):
    trusting.sign_in()
    sandbox.fail("generateChallenge", status=200, body=body)
    assert refused(trusting.send_code).startswith("BILL sent no code (HTTP 200")


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_what_is_no_wrong_code_ends_it(asked, sandbox, status):
    sandbox.fail("validateChallenge", status=status)
    assert f"BILL took no code (HTTP {status}" in refused(asked.validate, CODE, DEVICE)


def test_nobody_answers(trusting_at):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{free.getsockname()[1]}"
    text = refused(trusting_at(origin).sign_in)
    assert text.startswith(f"{origin} gave no answer: ")
    assert "Check the address (BILL_BASE_URL) and the network" in text


def test_an_answer_that_breaks_off_shows_no_request(asked, sandbox):
    sandbox.fail("validateChallenge", drop=True)
    with pytest.raises(SignInFailed) as failed:
        asked.validate(CODE, "a device, to be seen nowhere")
    shown = "".join(traceback.format_exception(failed.value))
    assert "gave no answer" in shown
    assert "to be seen nowhere" not in shown.replace('"a device, to be seen nowhere"', "")
    assert not isinstance(failed.value.__context__, requests.RequestException)
