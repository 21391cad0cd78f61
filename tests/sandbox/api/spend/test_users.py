"""Users of Spend & Expense."""

import pytest

USERS = "/v3/spend/users"
BODY = {
    "firstName": "Zoë",
    "lastName": "Nakamura-Ó Briain",
    "email": "zoe@example.com",
    "role": "MEMBER",
}


@pytest.fixture
def user(spend):
    answer = spend.post(USERS, BODY)
    assert answer.status_code == 200, answer.text
    return answer.json()


def uuids(spend, **params):
    listed = spend.get(USERS, params={"max": 100, **params}).json()["results"]
    return [each["uuid"] for each in listed]


def test_a_created_user(spend, user):
    assert user | BODY == user
    assert (user["retired"], user["hasDateOfBirth"]) == (False, False)
    assert uuids(spend)[-1] == user["uuid"]
    assert spend.get(f"{USERS}/{user['id']}").json() == user


def test_the_date_of_birth_is_not_answered(spend, user):
    answer = spend.patch(f"{USERS}/{user['uuid']}", {"dateOfBirth": "1990-02-28"}).json()
    assert answer["hasDateOfBirth"] is True
    assert "1990" not in spend.get(f"{USERS}/{user['uuid']}").text.replace(user["createdTime"], "")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"firstName": None, "lastName": ""}, ["REQUEST", "REQUEST"]),
        ({"email": 7}, ["BDC_1124"]),
        ({"role": "KING"}, ["BDC_1119"]),
        ({"dateOfBirth": "28.02.1990"}, ["BDC_1119"]),
    ],
)
def test_refused_users(spend, codes, changes, expected):
    before = uuids(spend)
    answer = spend.post(USERS, {**BODY, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert uuids(spend) == before


def test_malformed_json(spend, codes):
    answer = spend.call("POST", USERS, data=b'{"firstName": ')
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1122"])


def test_update_keeps_what_is_not_given(spend, user):
    changed = spend.patch(f"{USERS}/{user['id']}", {"role": "AUDITOR"}).json()
    assert changed == {**user, "role": "AUDITOR"}
    assert spend.get(f"{USERS}/{user['uuid']}").json() == changed


def test_receipts_come_from_the_users_address(spend, user):
    assert user["receiptEmail"] == user["email"]
    changed = spend.patch(f"{USERS}/{user['id']}", {"email": "zoë@example.com"}).json()
    assert (changed["email"], changed["receiptEmail"]) == ("zoë@example.com", "zoë@example.com")


@pytest.mark.parametrize("role", ["ADMIN", "AUDITOR", "BOOKKEEPER", "FINANCE_ADMIN", "MEMBER"])
def test_roles(spend, role):
    assert spend.post(USERS, {**BODY, "role": role}).json()["role"] == role


def test_current_user_is_an_administrator_in_the_list(spend):
    user = spend.get(f"{USERS}/current").json()
    assert (user["role"], user["retired"]) == ("ADMIN", False)
    assert user in spend.get(USERS).json()["results"]


def test_a_deleted_user_can_only_be_read(spend, codes, user):
    path = f"{USERS}/{user['uuid']}"
    deleted = spend.call("DELETE", path)
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert spend.get(path).json() == {**user, "retired": True}
    assert user["uuid"] not in uuids(spend)
    assert uuids(spend, filters="retired:eq:true")[-1] == user["uuid"]
    assert spend.get(path).json()["retired"] is True
    refused = spend.patch(path, {"role": "ADMIN"})
    assert (refused.status_code, codes(refused)) == (400, ["BDC_1119"])
    assert spend.call("DELETE", path).status_code == 200


def test_a_deleted_user_leaves_budgets_and_has_no_cards(spend, user):
    budget = spend.get("/v3/spend/budgets").json()["results"][0]
    members = f"/v3/spend/budgets/{budget['uuid']}/members"
    funds = {"limit": 70, "recurringLimit": 0, "shareBudgetFunds": False}
    assert spend.put(f"{members}/{user['uuid']}", funds).status_code == 200
    card = {"name": "Ads", "userId": user["id"], "budgetId": budget["id"], "limit": 30}
    card = spend.post("/v3/spend/cards", card).json()
    with_user = spend.get(f"/v3/spend/budgets/{budget['id']}").json()["currentPeriod"]["assigned"]
    assert with_user == budget["currentPeriod"]["assigned"] + 100
    spend.call("DELETE", f"{USERS}/{user['uuid']}")
    listed = spend.get(members, params={"max": 100}).json()["results"]
    assert user["uuid"] not in [each["userUuid"] for each in listed]
    assert spend.get(f"/v3/spend/cards/{card['uuid']}").json()["status"] == "DELETED"
    assert spend.get(f"/v3/spend/budgets/{budget['id']}").json() == budget


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_user(spend, codes, method):
    answer = spend.call(method, f"{USERS}/usr_nobody", json={"role": "ADMIN"})
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_the_user_of_the_token_stays(spend, codes):
    uuid = spend.get(f"{USERS}/current").json()["uuid"]
    answer = spend.call("DELETE", f"{USERS}/{uuid}")
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1119"])
    assert spend.get(f"{USERS}/current").json()["retired"] is False


def test_only_an_administrator_manages_users(spend, codes, user):
    uuid = spend.get(f"{USERS}/current").json()["uuid"]
    assert spend.patch(f"{USERS}/{uuid}", {"role": "MEMBER"}).status_code == 200
    for answer in (
        spend.post(USERS, BODY),
        spend.patch(f"{USERS}/{user['uuid']}", {"role": "ADMIN"}),
        spend.call("DELETE", f"{USERS}/{user['uuid']}"),
    ):
        assert (answer.status_code, codes(answer)) == (403, ["BDC_1361"])
    assert spend.get(f"{USERS}/{user['uuid']}").json() == user
    assert spend.get(USERS).status_code == 200
