"""The sign-ins of v3 and what they refuse, signing out, and the session's details."""

import re
from datetime import timedelta

import pytest

from pytest_bill import __version__

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
        ({"devKey": None}, 400, "REQUEST"),
        ({"password": ""}, 400, "REQUEST"),
        ({"username": 7}, 400, "BDC_1124"),
    ],
)
def test_login_refusals(anonymous, login_body, codes, changes, status, code):
    answer = anonymous.post("/v3/login", login_body(**changes))
    assert (answer.status_code, codes(answer)) == (status, [code])


def test_login_names_every_missing_parameter(anonymous, codes):
    for body in ({}, {"": "a field without a name"}):
        answer = anonymous.post("/v3/login", body)
        assert (answer.status_code, codes(answer)) == (400, ["REQUEST"] * 4)


def test_a_refusal_has_the_documented_fields(anonymous, login_body):
    answer = anonymous.post("/v3/login", login_body(password=UNKNOWN))
    (problem,) = answer.json()
    documented = {"timestamp", "code", "severity", "category", "message"}
    assert set(problem) == documented | {"params"}  # as public clients see them
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


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"appKey": UNKNOWN}, 400, "BDC_1102"),
        ({"username": UNKNOWN}, 401, "BDC_1101"),
        ({"password": UNKNOWN}, 401, "BDC_1101"),
        ({"appKey": ""}, 400, "REQUEST"),
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


def test_a_remembered_device_signs_in_trusted(anonymous, developer, login_body, remembered):
    body = anonymous.post("/v3/login", login_body(**remembered)).json()
    assert body["trusted"] is True
    assert developer.get("/v3/login/session").json()["userId"] == body["userId"]


@pytest.mark.parametrize(
    "changes",
    [{"device": None}, {"device": "another"}, {"rememberMeId": None}, {"rememberMeId": UNKNOWN}],
    ids=["no device", "another device", "no id", "unknown id"],
)
def test_anything_else_signs_in_untrusted(anonymous, login_body, remembered, changes):
    answer = anonymous.post("/v3/login", login_body(**{**remembered, **changes}))
    assert (answer.status_code, answer.json()["trusted"]) == (200, False)


def test_a_device_is_remembered_for_thirty_days(anonymous, sandbox, login_body, remembered):
    trusted = []
    for _ in range(2):
        sandbox.advance(timedelta(days=15) - timedelta(minutes=1))
        trusted.append(anonymous.post("/v3/login", login_body(**remembered)).json()["trusted"])
    sandbox.advance(timedelta(minutes=2))
    assert trusted == [True, True]
    assert anonymous.post("/v3/login", login_body(**remembered)).json()["trusted"] is False


def test_another_users_mfa_id_makes_nothing_trusted(anonymous, sandbox, remembered):
    v = sandbox.variables
    body = {
        "username": v["BILL_CONSOLE_ADMIN_EMAIL"],
        "consoleApiToken": v["BILL_CONSOLE_API_TOKEN"],
        "organizationId": v["BILL_CONSOLE_ORGANIZATION_ID"],
        "devKey": v["BILL_CONSOLE_DEV_KEY"],
    }
    assert anonymous.post("/v3/login", {**body, **remembered}).json()["trusted"] is False


@pytest.mark.parametrize("token", [None, ""])
def test_a_password_may_be_absent_only_beside_a_console_token(anonymous, login_body, codes, token):
    answer = anonymous.post("/v3/login", login_body(password=None, consoleApiToken=token))
    assert codes(answer) == ["REQUEST"]


def test_a_password_and_a_console_token(anonymous, login_body, codes):
    # The token is the one that counts, and the developer has none.
    answer = anonymous.post("/v3/login", login_body(consoleApiToken="none of the developer's"))
    assert codes(answer) == ["BDC_1101"]


def test_a_user_name_is_locked_after_ten_wrong_passwords(anonymous, sandbox, login_body, codes):
    for _ in range(10):
        assert codes(anonymous.post("/v3/login", login_body(password=UNKNOWN))) == ["BDC_1101"]
    answer = anonymous.post("/v3/login", login_body())
    assert (answer.status_code, codes(answer)) == (401, ["BDC_1110"])
    sandbox.reset()
    assert anonymous.post("/v3/login", login_body()).status_code == 200


def test_a_good_sign_in_and_unknown_names_lock_nobody(anonymous, login_body, codes):
    for _ in range(2):
        for _ in range(9):
            anonymous.post("/v3/login", login_body(password=UNKNOWN))
        assert anonymous.post("/v3/login", login_body()).status_code == 200
    for _ in range(11):
        answer = anonymous.post("/v3/login", login_body(username=UNKNOWN))
        assert codes(answer) == ["BDC_1101"]


def test_partners_are_locked_too(anonymous, sandbox, codes):
    v = sandbox.variables
    body = {"username": v["BILL_PARTNER_USERNAME"], "appKey": v["BILL_PARTNER_APP_KEY"]}
    for _ in range(10):
        anonymous.post("/v3/partner/login", {**body, "password": UNKNOWN})
    good = {**body, "password": v["BILL_PARTNER_PASSWORD"]}
    assert codes(anonymous.post("/v3/partner/login", good)) == ["BDC_1110"]


def test_the_organizations_of_a_session(developer, console, sandbox):
    v = sandbox.variables
    (ours,) = developer.get("/v3/login/organizations").json()["results"]
    assert ours == {"id": v["BILL_ORGANIZATION_ID"], "name": "Crescendo Music Shop"}
    clients = console.get("/v3/login/organizations").json()["results"]
    ids = [each["id"] for each in clients]
    assert ids[0] == v["BILL_CONSOLE_ORGANIZATION_ID"]
    assert len(set(ids)) == 3
    assert all(each.startswith("008") and len(each) == 20 for each in ids)
    (parent,) = {each["consoleOrganization"]["id"] for each in clients}
    assert parent.startswith("008")
    assert parent not in ids


def test_the_console_signs_in_to_each_of_its_clients(anonymous, console, sandbox, codes):
    v = sandbox.variables
    clients = console.get("/v3/login/organizations").json()["results"]
    login = {"username": v["BILL_CONSOLE_ADMIN_EMAIL"], "devKey": v["BILL_CONSOLE_DEV_KEY"]}
    login["consoleApiToken"] = v["BILL_CONSOLE_API_TOKEN"]
    seen = {}
    for client in clients:
        signed_in = anonymous.post("/v3/login", {**login, "organizationId": client["id"]}).json()
        headers = {"sessionId": signed_in["sessionId"], "devKey": login["devKey"]}
        assert signed_in["organizationId"] == client["id"]
        listed = anonymous.get("/v3/vendors", headers=headers).json()["results"]
        seen[client["name"]] = [each["name"] for each in listed]
        assert anonymous.get("/v3/bills", headers=headers).json()["results"]
    assert seen["Pewter Pot Bakery"] == ["Millstone Flour", "Oven and Sons"]
    assert len({tuple(each) for each in seen.values()}) == 3
    refused = anonymous.post("/v3/login", {**login, "organizationId": v["BILL_ORGANIZATION_ID"]})
    assert codes(refused) == ["BDC_1123"]


def test_anyone_may_ask_whether_the_api_answers(anonymous):
    answer = anonymous.get("/v3/health").json()
    assert set(answer) == {"appId", "appEnv", "appVersion", "bdcRegion"}
    assert (answer["appEnv"], answer["appVersion"]) == ("sandbox", __version__)


def test_a_partner_signs_in_as_a_user_who_then_works_as_one(created_user, as_user, sandbox):
    session = as_user().json()
    assert set(session) == {"sessionId", "trusted"}
    assert session["trusted"] is False
    caller = created_user.signed_in(session)
    details = caller.get("/v3/login/session").json()
    assert (details["organizationId"], details["userId"]) == (
        created_user.organization_id,
        created_user.user_id,
    )
    (organization,) = caller.get("/v3/login/organizations").json()["results"]
    assert organization["name"] == "Café Vinyl"
    assert caller.get("/v3/vendors").json()["results"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"organizationId": UNKNOWN}, "BDC_1123"),
        ({"userId": UNKNOWN}, "BDC_1111"),
        ({"userId": None}, "REQUEST"),
        ({"organizationId": 8}, "BDC_1124"),
    ],
)
def test_as_whom_a_partner_cannot_sign_in(as_user, codes, changes, code):
    answer = as_user(**changes)
    assert (answer.status_code, codes(answer)) == (400, [code])


def test_a_partner_cannot_sign_in_as_an_archived_user(partner, created_user, as_user, codes):
    headers = {"organizationId": created_user.organization_id}
    partner.post(f"/v3/partner/users/{created_user.user_id}/archive", headers=headers)
    assert codes(as_user()) == ["BDC_1111"]


def test_nor_as_a_user_of_an_organization_it_did_not_create(as_user, sandbox, codes):
    assert codes(as_user(organizationId=sandbox.variables["BILL_ORGANIZATION_ID"])) == ["BDC_1123"]


def test_the_id_of_a_sync_tokens_user_begins_as_bills(sync, developer):
    ids = [each.get("/v3/login/session").json()["userId"] for each in (sync, developer)]
    assert [each[:3] for each in ids] == ["syu", "006"]
