"""MFA: phones, challenges, trusted sessions, and what is refused."""

import re
from datetime import timedelta

import pytest

TOKEN, WRONG = "123456", "654321"
MINUTE = timedelta(minutes=1)
CHALLENGE, VALIDATE = "/v3/mfa/challenge", "/v3/mfa/challenge/validate"
SETUP, VALIDATE_SETUP = "/v3/mfa/setup", "/v3/mfa/setup/validate"
PHONE = {"phone": "+1 (408) 555-0199", "type": "TEXT"}


@pytest.fixture
def challenge(developer):
    """The id of a challenge that the developer's user got."""
    return developer.post(CHALLENGE, {}).json()["challengeId"]


@pytest.fixture
def newcomer(created_user, as_user):
    """Signed in as a user who has no phone yet."""
    return created_user.signed_in(as_user().json())


def status(caller):
    return caller.get("/v3/login/session").json()["mfaStatus"]


@pytest.mark.parametrize("body", [{}, {"useBackup": False}, {"useBackup": "false"}])
def test_a_good_answer_makes_the_session_trusted(developer, body):
    challenge = developer.post(CHALLENGE, body).json()["challengeId"]
    assert status(developer) == "DISABLED"
    answer = developer.post(VALIDATE, {"challengeId": challenge, "token": TOKEN})
    assert (answer.status_code, answer.json()) == (200, {})
    assert status(developer) == "COMPLETE"


def test_the_console_user_has_a_phone_too(console):
    challenge = console.post(CHALLENGE, {}).json()["challengeId"]
    console.post(VALIDATE, {"challengeId": challenge, "token": TOKEN})
    assert status(console) == "COMPLETE"


def test_a_challenge_is_answered_in_another_session_of_the_user(
    developer, challenge, anonymous, login_body
):
    second = anonymous.post("/v3/login", login_body()).json()["sessionId"]
    body = {"challengeId": challenge, "token": TOKEN}
    assert developer.post(VALIDATE, body, headers={"sessionId": second}).status_code == 200
    assert status(developer) == "DISABLED"


def test_a_challenge_is_no_other_users(challenge, console, codes):
    answer = console.post(VALIDATE, {"challengeId": challenge, "token": TOKEN})
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1119"])


def test_a_challenge_is_answered_once(developer, challenge, codes):
    body = {"challengeId": challenge, "token": TOKEN}
    assert developer.post(VALIDATE, body).status_code == 200
    assert codes(developer.post(VALIDATE, body)) == ["BDC_1119"]


@pytest.mark.parametrize("token", [WRONG, "12345", "1234567", "١٢٣٤٥٦", "é"])
def test_a_wrong_token_leaves_the_session_untrusted(developer, challenge, codes, token):
    answer = developer.post(VALIDATE, {"challengeId": challenge, "token": token})
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1119"])
    assert status(developer) == "DISABLED"


def test_three_wrong_tokens_end_a_challenge(developer, challenge, codes):
    for _ in range(3):
        developer.post(VALIDATE, {"challengeId": challenge, "token": WRONG})
    answer = developer.post(VALIDATE, {"challengeId": challenge, "token": TOKEN})
    assert codes(answer) == ["BDC_1358"]
    another = developer.post(CHALLENGE, {}).json()["challengeId"]
    answer = developer.post(VALIDATE, {"challengeId": another, "token": TOKEN})
    assert answer.status_code == 200


def test_a_token_is_good_for_five_minutes(developer, challenge, sandbox, codes):
    another = developer.post(CHALLENGE, {}).json()["challengeId"]
    sandbox.advance(4 * MINUTE)
    assert developer.post(VALIDATE, {"challengeId": another, "token": TOKEN}).status_code == 200
    sandbox.advance(MINUTE)
    answer = developer.post(VALIDATE, {"challengeId": challenge, "token": TOKEN})
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1374"])


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (CHALLENGE, {"useBackup": True}, "BDC_1119"),
        (CHALLENGE, {"useBackup": "true"}, "BDC_1119"),
        (CHALLENGE, {"useBackup": "no"}, "BDC_1119"),
        (CHALLENGE, {"useBackup": 0}, "BDC_1124"),
        (VALIDATE, {"token": TOKEN}, "REQUEST"),
        (VALIDATE, {"challengeId": "unknown", "token": TOKEN}, "BDC_1119"),
        (VALIDATE, {"challengeId": "unknown", "token": 123456}, "BDC_1124"),
        ("/v3/mfa/step-up", {"rememberMeId": "unknown"}, "REQUEST"),
        ("/v3/mfa/step-up", {"rememberMeId": "unknown", "device": "x" * 49}, "BDC_1143"),
        (VALIDATE, {"challengeId": "c", "token": TOKEN, "device": "x" * 49}, "BDC_1143"),
        (SETUP, {**PHONE, "primary": False}, "BDC_1119"),
        (SETUP, {**PHONE, "type": "PIGEON"}, "BDC_1119"),
        (SETUP, {**PHONE, "phone": "555-0199"}, "BDC_1119"),
        (SETUP, {**PHONE, "phone": "ört 408 555 0199"}, "BDC_1119"),
        (SETUP, {"type": "TEXT"}, "REQUEST"),
        (VALIDATE_SETUP, {"setupId": "unknown", "type": "TEXT", "token": TOKEN}, "BDC_1119"),
    ],
)
def test_refused_bodies(developer, codes, path, body, code):
    answer = developer.post(path, body)
    assert (answer.status_code, codes(answer)) == (400, [code])


@pytest.mark.parametrize("path", [CHALLENGE, VALIDATE, SETUP, VALIDATE_SETUP, "/v3/mfa/step-up"])
def test_a_body_is_needed(developer, codes, path):
    assert codes(developer.post(path)) == ["BDC_1122"]


def test_a_remembered_device_steps_another_session_up(developer, anonymous, login_body, remembered):
    second = anonymous.post("/v3/login", login_body()).json()["sessionId"]
    developer.headers["sessionId"] = second
    assert status(developer) == "DISABLED"
    answer = developer.post("/v3/mfa/step-up", remembered)
    assert (answer.status_code, answer.json()) == (200, {"trusted": True})
    assert status(developer) == "COMPLETE"


def test_a_step_up_with_an_expired_mfa_id_says_so(
    developer, anonymous, sandbox, login_body, remembered
):
    sandbox.advance(timedelta(days=30))
    developer.headers["sessionId"] = anonymous.post("/v3/login", login_body()).json()["sessionId"]
    assert developer.post("/v3/mfa/step-up", remembered).json() == {"trusted": False}
    assert status(developer) == "DISABLED"


def test_without_a_device_an_mfa_id_is_worth_nothing(developer, challenge, anonymous, login_body):
    body = {"challengeId": challenge, "token": TOKEN, "rememberMe": True}
    remember_me_id = developer.post(VALIDATE, body).json()["rememberMeId"]
    answer = anonymous.post("/v3/login", login_body(rememberMeId=remember_me_id, device=""))
    assert answer.json()["trusted"] is False


def test_trust_ends_with_the_session(developer, anonymous, login_body, remembered):
    assert status(developer) == "COMPLETE"
    assert anonymous.post("/v3/login", login_body()).json()["trusted"] is False


def test_a_user_without_a_phone_sets_one_up(newcomer, codes):
    assert codes(newcomer.post(CHALLENGE, {})) == ["BDC_1354"]
    assert newcomer.get("/v3/mfa/phones").json() == {"results": []}
    setup = newcomer.post(SETUP, {**PHONE, "primary": True}).json()["setupId"]
    assert newcomer.get("/v3/mfa/phones").json() == {"results": []}
    body = {"setupId": setup, "type": "TEXT", "token": WRONG}
    assert codes(newcomer.post(VALIDATE_SETUP, body)) == ["BDC_1119"]
    assert newcomer.post(VALIDATE_SETUP, {**body, "token": TOKEN}).json() == {"status": "SUCCESS"}
    assert newcomer.get("/v3/mfa/phones").json()["results"] == [
        {"type": "MOBILE", "last4digits": "0199", "primary": True}
    ]
    assert status(newcomer) == "DISABLED"
    challenge = newcomer.post(CHALLENGE, {}).json()["challengeId"]
    newcomer.post(VALIDATE, {"challengeId": challenge, "token": TOKEN})
    assert status(newcomer) == "COMPLETE"


def test_a_setup_is_no_challenge(newcomer, codes):
    setup = newcomer.post(SETUP, PHONE).json()["setupId"]
    answer = newcomer.post(VALIDATE, {"challengeId": setup, "token": TOKEN})
    assert codes(answer) == ["BDC_1119"]
    assert status(newcomer) == "DISABLED"


def test_only_a_trusted_session_replaces_the_phone(developer, challenge, codes):
    answer = developer.post(SETUP, PHONE)
    assert (answer.status_code, codes(answer)) == (403, ["BDC_5324"])
    developer.post(VALIDATE, {"challengeId": challenge, "token": TOKEN})
    setup = developer.post(SETUP, {**PHONE, "type": "VOICE"}).json()["setupId"]
    developer.post(VALIDATE_SETUP, {"setupId": setup, "type": "VOICE", "token": TOKEN})
    (phone,) = developer.get("/v3/mfa/phones").json()["results"]
    assert phone == {"type": "WORK", "last4digits": "0199", "primary": True}


def test_a_remembered_device_signs_in_as_a_created_user(newcomer, as_user):
    setup = newcomer.post(SETUP, PHONE).json()["setupId"]
    newcomer.post(VALIDATE_SETUP, {"setupId": setup, "type": "TEXT", "token": TOKEN})
    challenge = newcomer.post(CHALLENGE, {}).json()["challengeId"]
    body = {"challengeId": challenge, "token": TOKEN, "rememberMe": True, "device": "désk"}
    remember_me_id = newcomer.post(VALIDATE, body).json()["rememberMeId"]
    assert as_user(rememberMeId=remember_me_id, device="désk").json()["trusted"] is True
    assert as_user(rememberMeId=remember_me_id, device="desk").json()["trusted"] is False


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", CHALLENGE),
        ("POST", VALIDATE),
        ("POST", SETUP),
        ("POST", VALIDATE_SETUP),
        ("POST", "/v3/mfa/step-up"),
        ("GET", "/v3/mfa/phones"),
    ],
)
def test_a_sync_token_takes_no_part_in_mfa(sync, codes, method, path):
    answer = sync.call(method, path, json={})
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1361"])


def test_ids_are_not_to_be_guessed(developer):
    ids = {developer.post(CHALLENGE, {}).json()["challengeId"] for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in ids)


def test_what_mfa_is_told_as_where_it_is_required(developer, sandbox, challenge):
    sandbox.require_mfa()
    details = developer.get("/v3/login/session").json()
    assert (details["mfaStatus"], details["mfaBypass"]) == ("INCOMPLETE", False)
    developer.post(VALIDATE, {"challengeId": challenge, "token": TOKEN})
    details = developer.get("/v3/login/session").json()
    assert (details["mfaStatus"], details["mfaBypass"]) == ("COMPLETE", False)
