"""Users of an organization: list, get, create, update, archive, restore; who may do that."""

import re
from datetime import timedelta

import pytest

USERS = "/v3/users"
NEW = {
    "firstName": "Clark",
    "lastName": "Billenterson",
    "email": "clark@example.com",
    "acceptTermsOfService": True,
}


@pytest.fixture
def role_ids(developer):
    return {role["type"]: role["id"] for role in developer.get("/v3/roles").json()["results"]}


@pytest.fixture
def user(developer, role_ids):
    answer = developer.post(USERS, {**NEW, "roleId": role_ids["CLERK"]})
    assert answer.status_code == 201, answer.text
    return answer.json()


def of_type(caller, role_type):
    users = caller.get(USERS).json()["results"]
    return [user for user in users if user["role"]["type"] == role_type]


def own_id(caller):
    return caller.get("/v3/login/session").json()["userId"]


@pytest.mark.parametrize("who", ["developer", "sync", "console"])
def test_who_signs_in_is_an_administrator_among_others(who, request):
    caller = request.getfixturevalue(who)
    assert caller.get(f"{USERS}/{own_id(caller)}").json()["role"]["type"] == "ADMINISTRATOR"
    users = caller.get(USERS).json()["results"]
    assert {user["role"]["type"] for user in users} == {
        *("ADMINISTRATOR", "ACCOUNTANT", "APPROVER"),
        *("PAYER", "CLERK", "AUDITOR"),
    }
    assert len(of_type(caller, "ADMINISTRATOR")) > 1
    roles = {role["id"]: role["type"] for role in caller.get("/v3/roles").json()["results"]}
    assert all(roles[user["role"]["id"]] == user["role"]["type"] for user in users)


def test_the_start_is_the_same_after_a_reset(developer, sandbox):
    before = [user["id"] for user in developer.get(USERS).json()["results"]]
    sandbox.reset()
    assert [user["id"] for user in developer.get(USERS).json()["results"]] == before


def test_a_created_user(developer, user):
    assert re.fullmatch(r"006\w{17}", user["id"])
    assert set(user) == {
        *("id", "archived", "firstName", "lastName", "email", "role"),
        *("createdTime", "updatedTime"),
    }
    assert user["role"]["type"] == "CLERK"
    assert user["archived"] is False
    assert developer.get(f"{USERS}/{user['id']}").json() == user
    found = developer.get(USERS, params={"filters": f"id:eq:{user['id']}"}).json()
    assert found == {"results": [user]}


def test_a_user_without_a_role_is_an_administrator(developer):
    assert developer.post(USERS, NEW).json()["role"]["type"] == "ADMINISTRATOR"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"firstName": "", "lastName": None}, ["REQUEST", "REQUEST"]),
        ({"email": None}, ["REQUEST"]),
        ({"acceptTermsOfService": None}, ["REQUEST"]),
        ({"acceptTermsOfService": "true"}, ["BDC_1124"]),
        ({"firstName": "ë" * 101}, ["BDC_1143"]),
        ({"lastName": ["x"]}, ["BDC_1124"]),
        ({"roleId": "0po00"}, ["BDC_1119"]),
    ],
)
def test_refused_users(developer, codes, changes, expected):
    before = developer.get(USERS).json()
    answer = developer.post(USERS, {**NEW, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get(USERS).json() == before


def test_a_user_is_updated(developer, user, role_ids, sandbox):
    path = f"{USERS}/{user['id']}"
    sandbox.advance(timedelta(minutes=1))
    changes = {"lastName": "Billson", "roleId": role_ids["AUDITOR"], "email": "other@example.com"}
    updated = developer.patch(path, changes).json()
    assert (updated["lastName"], updated["role"]["type"]) == ("Billson", "AUDITOR")
    assert updated["email"] == user["email"]
    assert updated["updatedTime"] > user["updatedTime"]
    assert developer.get(path).json() == updated


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"firstName": ""}, ["REQUEST"]),
        ({"lastName": "x" * 101}, ["BDC_1143"]),
        ({"lastName": "Billson", "roleId": "0po00"}, ["BDC_1119"]),
        ({"roleId": 7}, ["BDC_1124"]),
    ],
)
def test_a_refused_update_changes_nothing(developer, codes, user, changes, expected):
    path = f"{USERS}/{user['id']}"
    answer = developer.patch(path, changes)
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get(path).json() == user


def test_a_user_is_archived_and_restored(developer, user, sandbox):
    path = f"{USERS}/{user['id']}"
    archived = developer.post(f"{path}/archive").json()
    assert archived["archived"] is True
    sandbox.advance(timedelta(minutes=1))
    assert developer.post(f"{path}/archive").json() == archived
    found = developer.get(USERS, params={"filters": "archived:eq:true"}).json()
    assert found == {"results": [archived]}
    restored = developer.post(f"{path}/restore").json()
    assert restored["archived"] is False
    assert developer.post(f"{path}/restore").json() == restored


CHANGES = [
    ("POST", USERS, NEW),
    ("PATCH", f"{USERS}/006x", {"lastName": "Billson"}),
    ("POST", f"{USERS}/006x/archive", None),
    ("POST", f"{USERS}/006x/restore", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_administrators_only_change_users(developer, role_ids, codes, method, path, body):
    clerk = of_type(developer, "CLERK")[0]
    path = path.replace("006x", clerk["id"])
    own = f"{USERS}/{own_id(developer)}"
    assert developer.patch(own, {"roleId": role_ids["CLERK"]}).status_code == 200
    before = developer.get(USERS).json()
    answer = developer.call(method, path, json=body)
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1145"])
    assert "ADMINISTRATOR" in answer.json()[0]["detail"]
    assert developer.get(USERS).json() == before


def test_a_user_without_the_role_is_refused_before_the_body_is_read(developer, role_ids, codes):
    developer.patch(f"{USERS}/{own_id(developer)}", {"roleId": role_ids["PAYER"]})
    assert codes(developer.post(USERS, data=b"{")) == ["BDC_1145"]


def test_an_archived_administrator_changes_nobody(developer, codes):
    assert developer.post(f"{USERS}/{own_id(developer)}/archive").status_code == 200
    assert codes(developer.post(USERS, NEW)) == ["BDC_1145"]


def test_one_active_administrator_is_left(developer, role_ids, codes):
    own = f"{USERS}/{own_id(developer)}"
    for other in of_type(developer, "ADMINISTRATOR"):
        if other["id"] not in own:
            assert developer.post(f"{USERS}/{other['id']}/archive").status_code == 200
    refused = developer.post(f"{own}/archive")
    assert (refused.status_code, codes(refused)) == (400, ["BDC_1119"])
    assert codes(developer.patch(own, {"roleId": role_ids["CLERK"]})) == ["BDC_1119"]
    still = developer.patch(own, {"roleId": role_ids["ADMINISTRATOR"], "lastName": "Last"})
    assert (still.status_code, still.json()["lastName"]) == (200, "Last")


@pytest.mark.parametrize(("method", "path", "body"), [*CHANGES[1:], ("GET", f"{USERS}/006x", None)])
def test_unknown_users(developer, console, codes, method, path, body):
    theirs = console.get(USERS).json()["results"][0]["id"]
    for user_id in ("006x", theirs):
        answer = developer.call(method, path.replace("006x", user_id), json=body)
        assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"user"', b"\xff"])
def test_malformed_bodies(developer, codes, user, content):
    assert codes(developer.post(USERS, data=content)) == ["BDC_1122"]
    assert codes(developer.patch(f"{USERS}/{user['id']}", data=content)) == ["BDC_1122"]
