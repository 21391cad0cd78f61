"""Users and user roles of the organizations that a partner created."""

import re
from datetime import timedelta

import pytest
import requests

ORGANIZATIONS = "/v3/partner/organizations"
USERS = "/v3/partner/users"
ROLES = "/v3/partner/roles"
PHONE = "/v3/partner/risk-verifications/006x/phone"
ADDRESS = {
    "line1": "12 Orchard Lane",
    "city": "Sacramento",
    "stateOrProvince": "CA",
    "zipOrPostalCode": "95814",
    "country": "US",
}
ORGANIZATION = {"name": "Quince and Sons", "address": ADDRESS}
USER = {
    "firstName": "Ines",
    "lastName": "Quince",
    "email": "ines@example.com",
    "username": "inesquince1",
    "acceptTermsOfService": True,
}


def create_organization(partner, **changes):
    answer = partner.post(ORGANIZATIONS, {**ORGANIZATION, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


def of(organization):
    return {"organizationId": organization["id"]}


@pytest.fixture
def organization(partner):
    return create_organization(partner)


@pytest.fixture
def user(partner, organization):
    answer = partner.post(USERS, USER, headers=of(organization))
    assert answer.status_code == 201, answer.text
    return answer.json()


def held(role):
    """A role as a user has it."""
    return {name: role[name] for name in ("id", "type", "description")}


def refused(answer, status, codes):
    assert (answer.status_code, [each["code"] or each["category"] for each in answer.json()]) == (
        status,
        codes,
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_body_that_is_no_json_object(partner, organization, user, body):
    for path in (ORGANIZATIONS, USERS):
        refused(partner.post(path, data=body, headers=of(organization)), 400, ["BDC_1122"])
    answer = partner.patch(f"{USERS}/{user['id']}", data=body, headers=of(organization))
    refused(answer, 400, ["BDC_1122"])


def test_roles_of_an_organization(partner, organization):
    roles = partner.get(ROLES, headers=of(organization)).json()["results"]
    assert {role["type"] for role in roles} == {
        *("ADMINISTRATOR", "ACCOUNTANT", "APPROVER"),
        *("PAYER", "CLERK", "AUDITOR"),
    }
    for role in roles:
        assert re.fullmatch(r"0po\w{17}", role["id"])
        assert partner.get(f"{ROLES}/{role['id']}", headers=of(organization)).json() == role
    refused(partner.get(f"{ROLES}/0po00", headers=of(organization)), 404, ["BDC_1120"])


def test_user_is_an_administrator_by_default(partner, organization, user):
    assert re.fullmatch(r"006\w{17}", user["id"])
    assert user["archived"] is False
    assert user["role"]["type"] == "ADMINISTRATOR"
    assert {name: user[name] for name in ("firstName", "lastName", "email")} == {
        name: USER[name] for name in ("firstName", "lastName", "email")
    }
    assert partner.get(USERS, headers=of(organization)).json() == {"results": [user]}
    assert partner.get(f"{USERS}/{user['id']}", headers=of(organization)).json() == user


def test_user_with_a_role(partner, organization):
    filters = {"filters": "type:eq:CLERK"}
    (clerk,) = partner.get(ROLES, params=filters, headers=of(organization)).json()["results"]
    created = partner.post(USERS, {**USER, "roleId": clerk["id"]}, headers=of(organization))
    assert created.json()["role"] == held(clerk)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"firstName": None}, ["REQUEST"]),
        ({"email": ""}, ["REQUEST"]),
        ({"username": None, "acceptTermsOfService": None}, ["REQUEST", "REQUEST"]),
        ({"acceptTermsOfService": "true"}, ["BDC_1124"]),
        ({"firstName": {}}, ["BDC_1124"]),
        ({"roleId": "0po00"}, ["BDC_1119"]),
        ({"username": "x" * 41}, ["BDC_1143"]),
        ({"firstName": "x" * 101, "lastName": "x" * 101}, ["BDC_1143", "BDC_1143"]),
    ],
)
def test_refused_user(partner, organization, changes, codes):
    refused(partner.post(USERS, {**USER, **changes}, headers=of(organization)), 400, codes)
    assert partner.get(USERS, headers=of(organization)).json() == {"results": []}


def test_username_is_unique_among_all_organizations(partner, user):
    other = create_organization(partner, name="Medlar Ltd")
    again = {**USER, "username": USER["username"].upper()}
    refused(partner.post(USERS, again, headers=of(other)), 400, ["BDC_1119"])


def test_user_is_updated(partner, organization, user, sandbox):
    path = f"{USERS}/{user['id']}"
    roles = partner.get(ROLES, headers=of(organization)).json()["results"]
    auditor = next(role for role in roles if role["type"] == "AUDITOR")
    sandbox.advance(timedelta(minutes=1))
    changes = {"lastName": "Medlar", "roleId": auditor["id"], "id": "006x", "username": "x"}
    updated = partner.patch(path, changes, headers=of(organization)).json()
    assert updated["updatedTime"] > user["updatedTime"]
    assert updated == {
        **user,
        "lastName": "Medlar",
        "role": held(auditor),
        "updatedTime": updated["updatedTime"],
    }
    assert partner.get(path, headers=of(organization)).json() == updated


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"firstName": ""}, ["REQUEST"]),
        ({"email": 1}, ["BDC_1124"]),
        ({"roleId": "0po00"}, ["BDC_1119"]),
        ({"lastName": "x" * 101}, ["BDC_1143"]),
    ],
)
def test_refused_update(partner, organization, user, changes, codes):
    path = f"{USERS}/{user['id']}"
    refused(partner.patch(path, changes, headers=of(organization)), 400, codes)
    assert partner.get(path, headers=of(organization)).json() == user


def test_user_is_archived_and_restored(partner, organization, user):
    path = f"{USERS}/{user['id']}"
    archived = partner.post(f"{path}/archive", headers=of(organization)).json()
    assert archived["archived"] is True
    assert partner.post(f"{path}/archive", headers=of(organization)).json() == archived
    listed = {"filters": "archived:eq:true"}
    found = partner.get(USERS, params=listed, headers=of(organization)).json()["results"]
    assert found == [archived]
    restored = partner.post(f"{path}/restore", headers=of(organization)).json()
    assert restored["archived"] is False


PHONE_BODY = {"phoneNumber": "+19165550100", "phoneType": "MOBILE"}


def test_a_phone_is_added_for_risk_verification(partner, organization, user):
    path = PHONE.replace("006x", user["id"])
    added = partner.post(path, PHONE_BODY, headers=of(organization))
    assert (added.status_code, added.content) == (200, b"")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"phoneNumber": "916555010"}, ["BDC_1119"]),
        ({"phoneNumber": "916-555-0100"}, ["BDC_1119"]),
        ({"phoneNumber": "\u0661" * 10}, ["BDC_1119"]),
        ({"phoneNumber": 9165550100}, ["BDC_1124"]),
        ({"phoneNumber": None, "phoneType": None}, ["REQUEST", "REQUEST"]),
    ],
)
def test_a_refused_phone(partner, organization, user, changes, codes):
    path = PHONE.replace("006x", user["id"])
    refused(partner.post(path, {**PHONE_BODY, **changes}, headers=of(organization)), 400, codes)


def test_lists_have_pages_and_filters(partner, organization):
    for number in range(3):
        new = {**USER, "username": f"user{number}", "firstName": "Zoë"}
        assert partner.post(USERS, new, headers=of(organization)).json()["firstName"] == "Zoë"
    first = partner.get(USERS, params={"max": 2}, headers=of(organization)).json()
    params = {"max": 2, "page": first["nextPage"]}
    second = partner.get(USERS, params=params, headers=of(organization)).json()
    assert [len(page["results"]) for page in (first, second)] == [2, 1]
    one = {"filters": f"id:eq:{second['results'][0]['id']}", "sort": "createdTime:desc"}
    found = partner.get(USERS, params=one, headers=of(organization)).json()
    assert found == {"results": second["results"]}
    refused(
        partner.get(USERS, params={"filters": "role:eq:x"}, headers=of(organization)),
        400,
        ["BDC_1130"],
    )


def test_the_header_is_described(sandbox):
    document = requests.get(f"{sandbox.origin}/openapi.json", timeout=5).json()
    parameters = document["paths"]["/connect/v3/partner/users"]["get"]["parameters"]
    assert {"name": "organizationId", "in": "header", "required": True} in [
        {name: each[name] for name in ("name", "in", "required")} for each in parameters
    ]


USER_CALLS = [
    ("POST", USERS),
    ("GET", USERS),
    ("GET", f"{USERS}/006x"),
    ("PATCH", f"{USERS}/006x"),
    ("POST", f"{USERS}/006x/archive"),
    ("POST", f"{USERS}/006x/restore"),
    ("POST", PHONE),
    ("GET", ROLES),
    ("GET", f"{ROLES}/0pox"),
]


@pytest.mark.parametrize(("method", "path"), USER_CALLS)
def test_user_calls_need_a_created_organization(partner, sandbox, method, path):
    refused(partner.call(method, path), 400, ["BDC_1108"])
    for unknown in ("008unknown", sandbox.variables["BILL_ORGANIZATION_ID"]):
        answer = partner.call(method, path, headers={"organizationId": unknown})
        refused(answer, 400, ["BDC_1123"])


@pytest.mark.parametrize(("method", "path"), [c for c in USER_CALLS if "006x" in c[1]])
def test_users_belong_to_their_organization(partner, user, method, path):
    other = create_organization(partner, name="Medlar Ltd")
    path = path.replace("006x", user["id"])
    refused(partner.call(method, path, json=PHONE_BODY, headers=of(other)), 404, ["BDC_1120"])


@pytest.mark.parametrize(("method", "path"), USER_CALLS)
def test_no_partner_session_no_answer(anonymous, developer, spend, partner, method, path):
    app_key = partner.headers["appKey"]
    refused(anonymous.call(method, path), 400, ["BDC_1102"])
    refused(developer.call(method, path), 400, ["BDC_1102"])
    refused(spend.call(method, path), 400, ["BDC_1102"])
    as_app_key = {"appKey": developer.headers["devKey"]}
    refused(developer.call(method, path, headers=as_app_key), 400, ["BDC_1102"])
    refused(developer.call(method, path, headers={"appKey": app_key}), 401, ["BDC_1109"])
    refused(anonymous.call(method, path, headers={"appKey": app_key}), 401, ["BDC_1109"])
