"""Members of budgets of Spend & Expense."""

import pytest


@pytest.fixture
def users(spend):
    return spend.get("/v3/spend/users").json()["results"]


@pytest.fixture
def budget(spend, users):
    body = {
        "name": "Travel",
        "owners": [users[0]["uuid"]],
        "recurringInterval": "MONTHLY",
        "limit": 500,
        "recurringLimit": 400,
    }
    return f"/v3/spend/budgets/{spend.post('/v3/spend/budgets', body).json()['uuid']}"


@pytest.fixture
def member(budget, users):
    return f"{budget}/members/{users[1]['uuid']}"


def assigned(spend, budget):
    return spend.get(budget).json()["currentPeriod"]["assigned"]


def test_a_member_with_own_funds(spend, budget, member, users):
    funds = {"limit": 100, "recurringLimit": 50, "shareBudgetFunds": False, "role": "MEMBER"}
    answer = spend.put(member, funds)
    assert answer.json() == {
        "userId": users[1]["id"],
        "userUuid": users[1]["uuid"],
        "name": f"{users[1]['firstName']} {users[1]['lastName']}",
        "budgetRole": "MEMBER",
        "limit": 100,
        "recurringLimit": 50,
        "recurring": True,
        "shareBudgetFunds": False,
        "spent": 0,
        "retired": False,
    }
    assert answer.status_code == 200
    assert spend.get(f"{budget}/members/{users[1]['id']}").json() == answer.json()
    assert assigned(spend, budget) == 100


def test_a_member_who_shares_all_funds(spend, budget, member):
    spend.put(member, {"limit": 100, "recurringLimit": 50})
    shared = spend.put(member, {"shareBudgetFunds": True, "role": "OBSERVER"}).json()
    assert (shared["shareBudgetFunds"], shared["limit"]) == (True, 0)
    assert shared["budgetRole"] == "OBSERVER"
    assert "recurringLimit" not in shared
    assert assigned(spend, budget) == 0


def test_amounts_in_strings(spend, member):
    made = spend.put(member, {"limit": "50", "recurringLimit": "100.5"}).json()
    assert (made["limit"], made["recurringLimit"]) == (50, 100.5)


def test_funds_of_a_member_who_shares_all_are_without_effect(spend, budget, member, users):
    funds = {"limit": 200, "recurringLimit": 200, "shareBudgetFunds": True}
    made = spend.put(member, funds).json()
    bulk = {"members": [{"userId": users[2]["uuid"], "role": "OWNER", **funds}]}
    assert spend.put(f"{budget}/members/bulk", bulk).status_code == 200
    for each in (made, spend.get(f"{budget}/members/{users[2]['uuid']}").json()):
        assert (each["shareBudgetFunds"], each["limit"]) == (True, 0)
        assert "recurringLimit" not in each
    assert assigned(spend, budget) == 0


def test_an_update_keeps_what_is_not_given(spend, member):
    before = spend.put(member, {"limit": 100, "recurringLimit": 50}).json()
    assert spend.put(member, {"limit": 7}).json() == {**before, "limit": 7}
    assert spend.put(member, {}).json() == {**before, "limit": 7}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"shareBudgetFunds": False}, ["REQUEST", "REQUEST"]),
        ({"shareBudgetFunds": False, "limit": 1}, ["REQUEST"]),
        ({"role": "BOSS"}, ["BDC_1119"]),
        ({"limit": -1}, ["BDC_1119"]),
        ({"limit": "much"}, ["BDC_1124"]),
    ],
)
def test_refused_members(spend, codes, member, body, expected):
    answer = spend.put(member, body)
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert spend.get(member).status_code == 404


def test_members_are_listed_sorted_and_paged(spend, budget, users):
    for user in users[1:5]:
        spend.put(f"{budget}/members/{user['uuid']}", {"role": "MEMBER"})
    names = sorted(f"{user['firstName']} {user['lastName']}" for user in users[:5])
    params = {"max": 3, "sort": "name:asc"}
    first = spend.get(f"{budget}/members", params=params).json()
    rest = spend.get(f"{budget}/members", params={**params, "nextPage": first["nextPage"]}).json()
    assert [each["name"] for each in first["results"] + rest["results"]] == names


def test_the_name_follows_the_user(spend, member, users):
    spend.put(member, {"role": "MEMBER"})
    spend.patch(f"/v3/spend/users/{users[1]['id']}", {"firstName": "Łucja"})
    assert spend.get(member).json()["name"] == f"Łucja {users[1]['lastName']}"


def test_several_members_at_once(spend, budget, users):
    members = [{"userId": user["id"], "limit": 10, "recurringLimit": 5} for user in users[1:8]]
    answer = spend.put(f"{budget}/members/bulk", {"members": members})
    assert (answer.status_code, answer.json()) == (200, {"status": "SUCCESS"})
    listed = spend.get(f"{budget}/members").json()["results"]
    assert [each["userId"] for each in listed[1:]] == [each["userId"] for each in members]
    assert assigned(spend, budget) == 70


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"userId": "usr_nobody"}, ["BDC_1119"]),
        ({"userId": None}, ["REQUEST"]),
        ({"shareBudgetFunds": False}, ["REQUEST", "REQUEST"]),
        ({"role": 1}, ["BDC_1124"]),
    ],
)
def test_several_members_or_none(spend, codes, budget, users, second, expected):
    before = spend.get(f"{budget}/members").json()
    good = {"userId": users[1]["uuid"], "limit": 10, "recurringLimit": 5}
    second = {"userId": users[2]["uuid"], **second}
    answer = spend.put(f"{budget}/members/bulk", {"members": [good, second]})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert all("members[1]." in problem["message"] for problem in answer.json())
    assert spend.get(f"{budget}/members").json() == before
    assert assigned(spend, budget) == 0


def test_no_members_at_once(spend, codes, budget):
    assert codes(spend.put(f"{budget}/members/bulk", {"members": []})) == ["REQUEST"]
    assert codes(spend.put(f"{budget}/members/bulk", {})) == ["REQUEST"]


def test_a_deleted_member_can_come_back(spend, budget, member):
    before = spend.put(member, {"limit": 100, "recurringLimit": 50}).json()
    deleted = spend.call("DELETE", member)
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert spend.get(member).json() == {**before, "retired": True}
    assert assigned(spend, budget) == 0
    active = spend.get(f"{budget}/members").json()["results"]
    retired = spend.get(f"{budget}/members", params={"filters": "retired:eq:true"}).json()
    assert [each["userUuid"] for each in retired["results"]] == [before["userUuid"]]
    assert before["userUuid"] not in [each["userUuid"] for each in active]
    back = spend.put(member, {"role": "MEMBER"}).json()
    assert (back["retired"], back["limit"]) == (False, 0)


def test_a_budget_keeps_an_owner(spend, codes, budget, users, member):
    owner = f"{budget}/members/{users[0]['uuid']}"
    bulk = {"members": [{"userId": users[0]["uuid"], "role": "MEMBER"}]}
    for refused in (
        spend.call("DELETE", owner),
        spend.put(owner, {"role": "OBSERVER"}),
        spend.put(f"{budget}/members/bulk", bulk),
    ):
        assert (refused.status_code, codes(refused)) == (400, ["BDC_1119"])
    spend.put(member, {"role": "OWNER"})
    assert spend.call("DELETE", owner).status_code == 200
    assert spend.get(owner).json()["retired"] is True


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_unknown_budgets_and_members(spend, codes, budget, method):
    for path in (
        f"{budget}/members/usr_nobody",
        "/v3/spend/budgets/bgt_nothing/members/usr_nobody",
    ):
        answer = spend.call(method, path, json={"role": "MEMBER"})
        assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])
