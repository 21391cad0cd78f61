"""Budgets of Spend & Expense."""

from datetime import UTC, datetime, timedelta

import pytest

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.core.clock import Clock

BUDGETS = "/v3/spend/budgets"
DAY = timedelta(days=1)


@pytest.fixture
def sandbox(stopping):
    """A Tuesday noon, and no other time than the test's."""
    tuesday = datetime(2026, 11, 24, 12, tzinfo=UTC)
    running = LocalSandbox(clock=Clock(lambda: tuesday)).start()
    yield running
    stopping.submit(running.stop)


@pytest.fixture
def users(spend):
    return spend.get("/v3/spend/users").json()["results"]


@pytest.fixture
def body(users):
    return {
        "name": "Café & Tea",
        "owners": [users[0]["uuid"]],
        "members": [users[1]["id"], users[2]["uuid"]],
        "observers": [users[3]["uuid"]],
        "recurringInterval": "MONTHLY",
        "limit": 500,
        "recurringLimit": 400,
    }


@pytest.fixture
def budget(spend, body):
    answer = spend.post(BUDGETS, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def everything(spend, **params):
    return spend.get(BUDGETS, params={"max": 100, **params}).json()["results"]


def test_a_created_budget(spend, budget):
    assert (budget["name"], budget["retired"]) == ("Café & Tea", False)
    assert (budget["startDate"], budget["timezone"]) == ("2026-11-24", "US/Pacific")
    assert budget["currentPeriod"] == {
        "startDate": "2026-11-24",
        "endDate": "2026-11-30",
        "limit": 500,
        "assigned": 0,
        "spent": {"cleared": 0, "pending": 0, "total": 0},
    }
    assert not {"owners", "members", "observers"} & budget.keys()
    assert spend.get(f"{BUDGETS}/{budget['id']}").json() == budget
    assert everything(spend)[-1] == budget


def test_the_people_of_a_created_budget(spend, budget, users):
    members = spend.get(f"{BUDGETS}/{budget['uuid']}/members").json()["results"]
    assert [(each["userUuid"], each["budgetRole"]) for each in members] == [
        (users[0]["uuid"], "OWNER"),
        (users[1]["uuid"], "MEMBER"),
        (users[2]["uuid"], "MEMBER"),
        (users[3]["uuid"], "OBSERVER"),
    ]
    assert members[0]["name"] == f"{users[0]['firstName']} {users[0]['lastName']}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, ["REQUEST"]),
        ({"owners": []}, ["REQUEST"]),
        ({"owners": ["usr_nobody"]}, ["BDC_1119"]),
        ({"members": ["usr_nobody"], "observers": [""]}, ["BDC_1119", "BDC_1119"]),
        ({"members": [7]}, ["BDC_1124"]),
        ({"recurringInterval": "HOURLY"}, ["BDC_1119"]),
        ({"limit": None}, ["REQUEST"]),
        ({"limit": -1}, ["BDC_1119"]),
        ({"recurringLimit": None}, ["REQUEST"]),
        ({"recurMonth": 3}, ["BDC_1119"]),
        ({"recurringInterval": "YEARLY", "recurMonth": 13}, ["BDC_1119"]),
        ({"timezone": "Europe/Berlin"}, ["BDC_1119"]),
        ({"limitlessGoal": 9}, ["BDC_1119"]),
        ({"limitlessOverspend": True, "overspendBuffer": 5}, ["BDC_1119"]),
        ({"recurringInterval": "DAILY", "limitlessOverspend": True}, ["BDC_1119"]),
        ({"recurringInterval": "WEEKLY", "overspendBuffer": 5}, ["BDC_1119"]),
        ({"shareFunds": "SHARE_ALL"}, ["BDC_1119"]),
        ({"parentBudgetId": "bgt_nothing"}, ["BDC_1119"]),
        ({"expirationDate": "soon"}, ["BDC_1119"]),
    ],
)
def test_refused_budgets(spend, body, codes, changes, expected):
    before = everything(spend)
    answer = spend.post(BUDGETS, {**body, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert everything(spend) == before


def test_deleted_users_join_no_budget(spend, body, codes):
    gone = spend.get("/v3/spend/users", params={"filters": "retired:eq:true"}).json()["results"][0]
    assert codes(spend.post(BUDGETS, {**body, "members": [gone["uuid"]]})) == ["BDC_1119"]


def test_budgets_in_a_group(spend, body, budget, codes):
    group = spend.post(BUDGETS, {**body, "budgetGroup": True}).json()
    child = spend.post(BUDGETS, {**body, "parentBudgetId": group["id"]}).json()
    assert child["parentBudgetUuid"] == group["uuid"]
    for key in ("id", "uuid"):
        assert everything(spend, filters=f"parentBudgetId:eq:{group[key]}") == [child]
    assert everything(spend, filters="isBudgetGroup:eq:true") == [group]
    not_a_group = spend.post(BUDGETS, {**body, "parentBudgetId": budget["id"]})
    assert codes(not_a_group) == ["BDC_1119"]


def test_limitless_overspend(spend, body):
    limitless = {**body, "limit": None, "limitlessOverspend": True, "limitlessGoal": 900}
    made = spend.post(BUDGETS, limitless).json()
    assert (made["limitlessOverspend"], made["limitlessGoal"]) == (True, 900)
    limited = spend.patch(f"{BUDGETS}/{made['id']}", {"limitlessOverspend": False, "limit": 5})
    assert limited.json()["currentPeriod"]["limit"] == 5
    assert "limitlessGoal" not in limited.json()


def test_overspend_buffer(spend, body):
    made = spend.post(BUDGETS, {**body, "overspendBuffer": 50}).json()
    assert made["currentPeriod"]["overspendBuffer"] == 50


@pytest.mark.parametrize(
    ("interval", "month", "ends", "next_ends", "days"),
    [
        ("DAILY", None, "2026-11-24", "2026-11-25", 1),
        ("WEEKLY", None, "2026-11-29", "2026-12-06", 6),
        ("MONTHLY", None, "2026-11-30", "2026-12-31", 7),
        ("QUARTERLY", 1, "2026-12-31", "2027-03-31", 38),
        ("YEARLY", None, "2027-10-31", "2028-10-31", 342),
    ],
)
def test_a_budget_is_reset(spend, sandbox, body, interval, month, ends, next_ends, days):
    recurring = {**body, "recurringInterval": interval, "recurMonth": month}
    made = spend.post(BUDGETS, recurring).json()
    assert made["currentPeriod"]["endDate"] == ends
    path = f"{BUDGETS}/{made['uuid']}"
    sandbox.advance((days - 1) * DAY)
    assert spend.get(path).json() == made
    sandbox.advance(DAY)
    period = spend.get(path).json()["currentPeriod"]
    assert (period["limit"], period["endDate"]) == (400, next_ends)
    assert period["startDate"] > ends


def test_a_budget_without_interval_is_never_reset(spend, sandbox, body):
    once = {**body, "recurringInterval": "NONE", "expirationDate": "2030-01-31"}
    made = spend.post(BUDGETS, once).json()
    assert made["currentPeriod"]["endDate"] == "2030-01-31"
    sandbox.advance(800 * DAY)
    assert spend.get(f"{BUDGETS}/{made['uuid']}").json() == made
    forever = spend.patch(f"{BUDGETS}/{made['uuid']}", {"expirationDate": None}).json()
    assert not {"expirationDate", "endDate"} & {*forever, *forever["currentPeriod"]}


@pytest.mark.parametrize(("carry_over", "expected"), [(False, 40), (True, 90)])
def test_funds_of_members_and_cards_in_the_next_period(
    spend, sandbox, body, users, carry_over, expected
):
    made = spend.post(BUDGETS, {**body, "carryOver": carry_over}).json()
    path = f"{BUDGETS}/{made['uuid']}"
    funds = {"limit": 50, "recurringLimit": 40}
    spend.put(f"{path}/members/{users[1]['uuid']}", funds)
    card = {"name": "Ads", "userId": users[1]["id"], "budgetId": made["id"], **funds}
    card = spend.post("/v3/spend/cards", card).json()
    assert spend.get(path).json()["currentPeriod"]["assigned"] == 100
    sandbox.advance(7 * DAY)
    assert spend.get(f"/v3/spend/cards/{card['id']}").json()["currentPeriod"]["limit"] == expected
    member = spend.get(f"{path}/members/{users[1]['uuid']}").json()
    assert (member["limit"], member["recurring"]) == (expected, True)
    assert spend.get(path).json()["currentPeriod"]["assigned"] == 2 * expected


@pytest.mark.parametrize(
    ("share_funds", "sharing"),
    [
        ("DO_NOT_SHARE", set()),
        ("SHARE_MANUALLY", set()),
        ("SHARE_ALL_OWNERS_BUT_MEMBERS_MANUALLY", {"OWNER"}),
        ("SHARE_WITH_ALL_MEMBERS", {"OWNER", "MEMBER", "OBSERVER"}),
    ],
)
def test_who_shares_the_funds_from_the_start(spend, body, share_funds, sharing):
    made = spend.post(BUDGETS, {**body, "shareFunds": share_funds}).json()
    assert made["shareFunds"] == share_funds
    members = spend.get(f"{BUDGETS}/{made['uuid']}/members").json()["results"]
    assert {each["budgetRole"] for each in members if each["shareBudgetFunds"]} == sharing


def test_new_users_join_a_budget_that_adds_them(spend, body, budget):
    adding = spend.post(BUDGETS, {**body, "autoAddUsers": True}).json()
    user = {"firstName": "A", "lastName": "B", "email": "a@example.com", "role": "MEMBER"}
    user = spend.post("/v3/spend/users", user).json()
    member = spend.get(f"{BUDGETS}/{adding['uuid']}/members/{user['uuid']}").json()
    assert (member["budgetRole"], member["shareBudgetFunds"]) == ("MEMBER", False)
    assert spend.get(f"{BUDGETS}/{budget['uuid']}/members/{user['uuid']}").status_code == 404


def test_update_keeps_what_is_not_given(spend, budget):
    path = f"{BUDGETS}/{budget['uuid']}"
    changed = spend.patch(path, {"limit": 600, "description": "Änderung"}).json()
    period = {**budget["currentPeriod"], "limit": 600}
    assert changed == {**budget, "description": "Änderung", "currentPeriod": period}
    assert spend.get(path).json() == changed


@pytest.mark.parametrize(
    "changes", [{"recurMonth": 2}, {"limitlessGoal": 1}, {"name": ""}, {"timezone": "UTC"}]
)
def test_a_refused_update_changes_nothing(spend, budget, changes):
    path = f"{BUDGETS}/{budget['uuid']}"
    assert spend.patch(path, {"limit": 1, **changes}).status_code == 400
    assert spend.get(path).json() == budget


def test_a_deleted_budget_can_only_be_read(spend, codes, budget, users):
    path = f"{BUDGETS}/{budget['uuid']}"
    card = {"name": "Ads", "userId": users[1]["id"], "budgetId": budget["id"], "limit": 3}
    card = spend.post("/v3/spend/cards", card).json()
    deleted = spend.call("DELETE", path)
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert spend.get(path).json()["retired"] is True
    assert budget["uuid"] not in [each["uuid"] for each in everything(spend)]
    retired = everything(spend, filters="retired:eq:true")
    assert retired[-1]["uuid"] == budget["uuid"]
    assert retired[-1]["currentPeriod"]["assigned"] == 0
    assert spend.get(f"/v3/spend/cards/{card['id']}").json()["status"] == "DELETED"
    assert spend.get(f"{path}/members").json()["results"] == []
    for refused in (
        spend.patch(path, {"limit": 1}),
        spend.put(f"{path}/members/{users[0]['uuid']}", {"role": "OWNER"}),
        spend.post("/v3/spend/cards", {**card, "limit": 1}),
    ):
        assert (refused.status_code, codes(refused)) == (400, ["BDC_1119"])
    assert spend.call("DELETE", path).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_budget(spend, codes, method):
    user = spend.get("/v3/spend/users/current").json()
    for unknown in ("bgt_nothing", user["uuid"]):
        answer = spend.call(method, f"{BUDGETS}/{unknown}", json={"limit": 1})
        assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_amounts_of_the_starting_budgets_add_up(sandbox, spend):
    for budget in everything(spend):
        sandbox.advance(timedelta(minutes=1))  # 60 calls a minute
        period = budget["currentPeriod"]
        assert period["spent"]["total"] == period["spent"]["cleared"] + period["spent"]["pending"]
        assert period["spent"]["total"] <= period["limit"]
        assert ("recurringLimit" in budget) == (budget["recurringInterval"] != "NONE")
        members = spend.get(f"{BUDGETS}/{budget['id']}/members").json()["results"]
        filters = {"filters": f"budgetIds:eq:{budget['id']}"}
        cards = spend.get("/v3/spend/cards", params=filters).json()["results"]
        assert period["assigned"] == sum(
            [*(each["limit"] for each in members), *(c["currentPeriod"]["limit"] for c in cards)]
        )


def test_filters(spend):
    first, second = everything(spend)[:2]
    ids = f'budgetIds:in:"{first["uuid"]},{second["id"]}"'
    assert everything(spend, filters=ids) == [first, second]
    assert everything(spend, filters=f"budgetIds:eq:{first['id']}") == [first]
    assert everything(spend, filters=f"isBudgetGroup:eq:false,{ids}") == [first, second]
    assert everything(spend, filters=f'name:eq:"{second["name"]}"') == [second]
    design = everything(spend, filters="name:sw:Design")
    assert [each["name"].split()[0] for each in design] == ["Design"] * 5


@pytest.mark.parametrize("name", ["name", "assigned", "limit", "spent"])
def test_sort(spend, name):
    def key(budget):
        period = budget["currentPeriod"]
        return {**budget, **period, "spent": period["spent"]["total"]}[name]

    ascending = [key(budget) for budget in everything(spend, sort=f"{name}:asc")]
    descending = [key(budget) for budget in everything(spend, sort=f"{name}:desc")]
    assert ascending == sorted(ascending)
    assert descending == ascending[::-1]


def test_a_field_alone_sorts_ascending(spend):
    assert everything(spend, sort="name") == everything(spend, sort="name:asc")


@pytest.mark.parametrize("sort", ["name:", "name:up", "retired", "retired:asc", "name:asc,limit"])
def test_bad_sort(spend, codes, sort):
    answer = spend.get(BUDGETS, params={"sort": sort})
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1129"])
