"""Signing in and out through v2, and the details of its sessions."""

import pytest
import requests

UNKNOWN = "of-no-such-credential"


@pytest.fixture
def call(sandbox):
    """Calls an operation of v2 with a form; gives its envelope, whose HTTP status is always 200."""

    def post(operation, form):
        url = f"{sandbox.origin}/api/v2/{operation}.json"
        answer = requests.post(url, data=form, timeout=5)
        assert answer.status_code == 200
        return answer.json()

    return post


@pytest.fixture
def console_form(sandbox):
    v = sandbox.variables
    return {
        "userName": v["BILL_CONSOLE_ADMIN_EMAIL"],
        "password": v["BILL_CONSOLE_API_TOKEN"],
        "orgId": v["BILL_CONSOLE_ORGANIZATION_ID"],
        "devKey": v["BILL_CONSOLE_DEV_KEY"],
    }


@pytest.fixture
def developer_form(sandbox):
    v = sandbox.variables
    return {
        "userName": v["BILL_USERNAME"],
        "password": v["BILL_PASSWORD"],
        "orgId": v["BILL_ORGANIZATION_ID"],
        "devKey": v["BILL_DEV_KEY"],
    }


@pytest.fixture
def session(call, developer_form):
    """The fields that every call in the developer's session carries."""
    data = call("Login", developer_form)["response_data"]
    return {"sessionId": data["sessionId"], "devKey": developer_form["devKey"]}


def error(envelope):
    assert (envelope["response_status"], envelope["response_message"]) == (1, "Error")
    return envelope["response_data"]["error_code"]


def test_login_answers_the_envelope(call, console_form, sandbox):
    answer = call("Login", console_form)
    data = answer.pop("response_data")
    assert answer == {"response_status": 0, "response_message": "Success"}
    assert set(data) == {"sessionId", "orgId", "apiEndPoint", "usersId"}
    assert data["apiEndPoint"] == f"{sandbox.origin}/api/v2"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": UNKNOWN}, "BDC_1101"),
        ({"password": "é"}, "BDC_1101"),
        ({"devKey": UNKNOWN}, "BDC_1102"),
        ({"orgId": UNKNOWN}, "BDC_1123"),
        ({"userName": ""}, "BDC_1108"),
        ({"orgId": None}, "BDC_1108"),
    ],
)
def test_refused_sign_ins(call, console_form, changes, code):
    assert error(call("Login", {**console_form, **changes})) == code


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff=%ff&&=", b"[" * 1000])
def test_a_body_that_is_no_form(call, content):
    assert error(call("Login", content)) == "BDC_1108"


def test_the_sync_token_signs_in_too(call, sandbox):
    v = sandbox.variables
    answer = call(
        "Login",
        {
            "userName": v["BILL_SYNC_TOKEN_NAME"],
            "password": v["BILL_SYNC_TOKEN_VALUE"],
            "orgId": v["BILL_SYNC_ORGANIZATION_ID"],
            "devKey": v["BILL_SYNC_DEV_KEY"],
        },
    )
    assert answer["response_status"] == 0


def test_wrong_passwords_of_v2_lock_v3_too(call, developer_form, anonymous, login_body, codes):
    for _ in range(10):
        call("Login", {**developer_form, "password": UNKNOWN})
    assert error(call("Login", developer_form)) == "BDC_1110"
    assert codes(anonymous.post("/v3/login", login_body())) == ["BDC_1110"]


def test_the_session_of_v2_is_one_of_v3(session, developer):
    developer.headers.update(session)
    assert developer.get("/v3/vendors").status_code == 200
    assert developer.get("/v3/login/session").json()["mfaStatus"] == "DISABLED"


def test_a_remembered_device_signs_in_trusted(call, developer_form, developer, remembered):
    form = {
        **developer_form,
        "mfaId": remembered["rememberMeId"],
        "deviceId": remembered["device"],
    }
    developer.headers["sessionId"] = call("Login", form)["response_data"]["sessionId"]
    assert developer.get("/v3/login/session").json()["mfaStatus"] == "COMPLETE"


def test_the_details_of_a_session(call, session, developer, sandbox):
    details = call("GetSessionInfo", session)["response_data"]
    assert details["organizationId"] == sandbox.variables["BILL_ORGANIZATION_ID"]
    assert details["userId"] == developer.get("/v3/login/session").json()["userId"]


def test_logout_ends_the_session(call, session):
    assert call("Logout", session) == {
        "response_status": 0,
        "response_message": "Success",
        "response_data": {},
    }
    assert error(call("Logout", session)) == "BDC_1109"


@pytest.mark.parametrize("operation", ["Logout", "GetSessionInfo"])
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sessionId": UNKNOWN}, "BDC_1109"),
        ({"sessionId": None}, "BDC_1109"),
        ({"devKey": UNKNOWN}, "BDC_1102"),
        ({"devKey": None}, "BDC_1102"),
    ],
)
def test_calls_without_a_session(call, session, operation, changes, code):
    assert error(call(operation, {**session, **changes})) == code


def test_headers_are_no_form(sandbox, session):
    url = f"{sandbox.origin}/api/v2/GetSessionInfo.json"
    answer = requests.post(url, headers=session, timeout=5)
    assert error(answer.json()) == "BDC_1102"


def test_the_organizations_of_a_user(call, console_form, sandbox):
    form = {name: value for name, value in console_form.items() if name != "orgId"}
    first, *others = call("ListOrgs", form)["response_data"]
    assert first == {
        "orgId": sandbox.variables["BILL_CONSOLE_ORGANIZATION_ID"],
        "orgName": "Copper Kettle Tea Room",
    }
    assert [each["orgName"] for each in others] == ["Pewter Pot Bakery", "Brass Button Tailors"]
    assert error(call("ListOrgs", {**form, "password": UNKNOWN})) == "BDC_1101"
    assert error(call("ListOrgs", {**form, "password": ""})) == "BDC_1108"
