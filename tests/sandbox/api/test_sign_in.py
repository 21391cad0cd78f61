"""The five sign-ins and what they refuse, signing out, and the session's details."""

import re

import pytest
import requests

UNKNOWN = "of-no-such-credential"


def test_login_answers_the_documented_fields(anonymous, sandbox, login_body):
    answer = anonymous.post("/v3/login", login_body())
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"sessionId", "organizationId", "userId", "trusted"}
    assert body["organizationId"] == sandbox.variables["BILL_ORGANIZATION_ID"]
    assert body["userId"].startswith("006")
    assert body["trusted"] is False


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"password": UNKNOWN}, 401, "BDC_1101"),
        ({"username": UNKNOWN}, 401, "BDC_1101"),
        ({"password": "pass\u00e9"}, 401, "BDC_1101"),
        ({"devKey": UNKNOWN}, 400, "BDC_1102"),
        ({"organizationId": "008" + "A" * 17}, 400, "BDC_1123"),
        ({"devKey": None}, 400, "BDC_1108"),
        ({"password": ""}, 400, "BDC_1108"),
        ({"username": 7}, 400, "BDC_1124"),
    ],
)
def test_login_refusals(anonymous, login_body, codes, changes, status, code):
    answer = anonymous.post("/v3/login", login_body(**changes))
    assert (answer.status_code, codes(answer)) == (status, [code])


def test_login_names_every_missing_parameter(anonymous, codes):
    answer = anonymous.post("/v3/login", {})
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1108"] * 4)


def test_a_refusal_has_the_documented_fields(anonymous, login_body):
    answer = anonymous.post("/v3/login", login_body(password=UNKNOWN))
    (problem,) = answer.json()
    assert set(problem) == {"timestamp", "code", "severity", "category", "message"}
    assert problem["severity"] == "ERROR"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", problem["timestamp"])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_object(anonymous, codes, content):
    answer = anonymous.post("/v3/login", data=content)
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1122"])


def test_another_credentials_key_does_not_sign_in(anonymous, sandbox, login_body, codes):
    other_key = sandbox.variables["BILL_SYNC_DEV_KEY"]
    answer = anonymous.post("/v3/login", login_body(devKey=other_key))
    assert (answer.status_code, codes(answer)) == (401, ["BDC_1101"])


def test_the_console_token_signs_in_through_v3_as_console_api_token(anonymous, sandbox, codes):
    v = sandbox.variables
    body = {
        "username": v["BILL_CONSOLE_ADMIN_EMAIL"],
        "organizationId": v["BILL_CONSOLE_ORGANIZATION_ID"],
        "devKey": v["BILL_CONSOLE_DEV_KEY"],
    }
    token = v["BILL_CONSOLE_API_TOKEN"]
    assert anonymous.post("/v3/login", {**body, "consoleApiToken": token}).status_code == 200
    as_password = anonymous.post("/v3/login", {**body, "password": token})
    assert codes(as_password) == ["BDC_1101"]


def _v2_login(sandbox, **changes):
    v = sandbox.variables
    form = {
        "userName": v["BILL_CONSOLE_ADMIN_EMAIL"],
        "password": v["BILL_CONSOLE_API_TOKEN"],
        "orgId": v["BILL_CONSOLE_ORGANIZATION_ID"],
        "devKey": v["BILL_CONSOLE_DEV_KEY"],
    }
    url = f"{sandbox.origin}/api/v2/Login.json"
    return requests.post(url, data={**form, **changes}, timeout=5)


def test_v2_login_answers_the_envelope(sandbox):
    answer = _v2_login(sandbox).json()
    data = answer.pop("response_data")
    assert answer == {"response_status": 0, "response_message": "Success"}
    assert set(data) == {"sessionId", "orgId", "apiEndPoint", "usersId"}
    assert data["apiEndPoint"] == f"{sandbox.origin}/api/v2"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": UNKNOWN}, "BDC_1101"),
        ({"devKey": UNKNOWN}, "BDC_1102"),
        ({"orgId": UNKNOWN}, "BDC_1123"),
        ({"userName": ""}, "BDC_1108"),
    ],
)
def test_v2_login_refuses_with_http_200_and_the_envelope(sandbox, changes, code):
    answer = _v2_login(sandbox, **changes)
    assert answer.status_code == 200
    assert answer.json()["response_status"] == 1
    assert answer.json()["response_message"] == "Error"
    assert answer.json()["response_data"]["error_code"] == code


def test_the_sync_token_signs_in_through_v2_too(sandbox):
    v = sandbox.variables
    answer = _v2_login(
        sandbox,
        userName=v["BILL_SYNC_TOKEN_NAME"],
        password=v["BILL_SYNC_TOKEN_VALUE"],
        orgId=v["BILL_SYNC_ORGANIZATION_ID"],
        devKey=v["BILL_SYNC_DEV_KEY"],
    )
    assert answer.json()["response_status"] == 0


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"appKey": UNKNOWN}, 400, "BDC_1102"),
        ({"username": UNKNOWN}, 401, "BDC_1101"),
        ({"password": UNKNOWN}, 401, "BDC_1101"),
        ({"appKey": ""}, 400, "BDC_1108"),
    ],
)
def test_partner_login_refusals(anonymous, sandbox, codes, changes, status, code):
    v = sandbox.variables
    body = {
        "username": v["BILL_PARTNER_USERNAME"],
        "password": v["BILL_PARTNER_PASSWORD"],
        "appKey": v["BILL_PARTNER_APP_KEY"],
    }
    answer = anonymous.post("/v3/partner/login", {**body, **changes})
    assert (answer.status_code, codes(answer)) == (status, [code])


@pytest.mark.parametrize("who", ["developer", "sync", "console"])
def test_session_details(who, request, sandbox):
    variable = {"developer": "BILL", "sync": "BILL_SYNC", "console": "BILL_CONSOLE"}[who]
    answer = request.getfixturevalue(who).get("/v3/login/session")
    assert answer.status_code == 200
    details = answer.json()
    assert details.pop("userId")
    assert details == {
        "organizationId": sandbox.variables[f"{variable}_ORGANIZATION_ID"],
        "mfaStatus": "DISABLED",
        "mfaBypass": True,
    }


@pytest.mark.parametrize("who", ["developer", "sync", "console", "partner"])
def test_every_session_signs_out(who, request, codes):
    caller = request.getfixturevalue(who)
    assert caller.post("/v3/logout").status_code == 200
    again = caller.post("/v3/logout")
    assert (again.status_code, codes(again)) == (401, ["BDC_1109"])


def test_signing_in_again_leaves_the_first_session_open(developer, anonymous, login_body):
    second = anonymous.post("/v3/login", login_body()).json()["sessionId"]
    assert second != developer.headers["sessionId"]
    assert developer.get("/v3/login/session").status_code == 200
