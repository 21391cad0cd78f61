"""Cards of Spend & Expense."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.core.clock import Clock

CARDS = "/v3/spend/cards"
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def sandbox(stopping):
    """No other time than the test's."""
    running = LocalSandbox(clock=Clock(lambda: NOW)).start()
    yield running
    stopping.submit(running.stop)


@pytest.fixture
def body(spend):
    user = spend.get("/v3/spend/users").json()["results"][2]
    budget = spend.get("/v3/spend/budgets").json()["results"][1]
    return {
        "name": "Büro",
        "userUuid": user["uuid"],
        "budgetUuid": budget["uuid"],
        "limit": 250,
    }


@pytest.fixture
def card(spend, body):
    answer = spend.post(CARDS, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def physical(spend):
    return spend.get(CARDS, params={"filters": "types:eq:PHYSICAL"}).json()["results"][0]


def assigned(spend, budget):
    return spend.get(f"/v3/spend/budgets/{budget}").json()["currentPeriod"]["assigned"]


def decoded(text):
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_a_created_card(spend, card, body):
    assert card | {name: body[name] for name in ("name", "userUuid", "budgetUuid")} == card
    assert (card["status"], card["type"]) == ("ACTIVATED", "VIRTUAL_VENDOR")
    assert card["currentPeriod"] == {"limit": 250, "spent": 0}
    assert (card["shareBudgetFunds"], card["recurring"]) == (False, False)
    assert len(card["lastFour"]) == 4
    assert card["validThru"] == "11/29"
    assert "retired" not in card
    assert spend.get(f"{CARDS}/{card['id']}").json() == card
    assert card in spend.get(CARDS, params={"filters": "status:eq:ACTIVATED"}).json()["results"]


def test_old_names_of_user_and_budget(spend, card, body):
    named = {"userId": card["userUuid"], "budgetId": card["budgetId"]}
    made = spend.post(CARDS, {"name": "Ads", "limit": 1, **named}).json()
    assert (made["userId"], made["budgetUuid"]) == (card["userId"], body["budgetUuid"])


def test_amounts_in_strings(spend, body):
    card = spend.post(CARDS, {**body, "limit": "100"}).json()
    assert card["currentPeriod"]["limit"] == 100
    changes = {"limit": "120", "recurringLimit": "30.5"}
    changed = spend.patch(f"{CARDS}/{card['uuid']}", changes).json()
    assert (changed["currentPeriod"]["limit"], changed["recurringLimit"]) == (120, 30.5)


@pytest.mark.parametrize("reason", ["CANCELLED", "LOST", "STOLEN", "MISPLACED", None])
def test_why_a_card_was_deleted(spend, card, reason):
    path = f"{CARDS}/{card['uuid']}"
    params = {"reason": reason} if reason else {}
    deleted = spend.call("DELETE", path, params=params)
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert spend.get(path).json()["status"] == "DELETED"
    assert spend.get(path).json().get("deletedReason") == reason
    assert spend.call("DELETE", path, params={"reason": "LOST"}).status_code == 200
    assert spend.get(path).json().get("deletedReason") == reason


def test_no_reason_to_delete(spend, codes, card):
    answer = spend.call("DELETE", f"{CARDS}/{card['uuid']}", params={"reason": "BORING"})
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1129"])
    assert spend.get(f"{CARDS}/{card['uuid']}").json() == card


def test_the_budget_knows_what_its_cards_have(spend, body):
    before = assigned(spend, body["budgetUuid"])
    card = spend.post(CARDS, body).json()
    assert assigned(spend, body["budgetUuid"]) == before + 250
    spend.patch(f"{CARDS}/{card['uuid']}", {"limit": 50})
    assert assigned(spend, body["budgetUuid"]) == before + 50
    spend.call("DELETE", f"{CARDS}/{card['uuid']}")
    assert assigned(spend, body["budgetUuid"]) == before


def test_a_card_that_shares_all_funds(spend, body):
    shared = spend.post(CARDS, {**body, "limit": None, "shareBudgetFunds": True}).json()
    assert (shared["shareBudgetFunds"], shared["currentPeriod"]["limit"]) == (True, 0)
    path = f"{CARDS}/{shared['uuid']}"
    assert spend.patch(path, {"shareBudgetFunds": False}).status_code == 400
    own = spend.patch(path, {"limit": 10, "recurringLimit": 20}).json()
    assert (own["shareBudgetFunds"], own["currentPeriod"]["limit"]) == (False, 10)
    assert (own["recurring"], own["recurringLimit"]) == (True, 20)
    again = spend.patch(path, {"shareBudgetFunds": True}).json()
    assert again["currentPeriod"]["limit"] == 0
    assert "recurringLimit" not in again


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, ["REQUEST"]),
        ({"userUuid": None}, ["REQUEST"]),
        ({"userUuid": "usr_nobody"}, ["BDC_1119"]),
        ({"budgetUuid": "bgt_nothing"}, ["BDC_1119"]),
        ({"limit": None}, ["REQUEST"]),
        ({"limit": -5}, ["BDC_1119"]),
        ({"limit": "five"}, ["BDC_1124"]),
        ({"limit": True}, ["BDC_1124"]),
        ({"shareBudgetFunds": True}, ["BDC_1119"]),
        ({"expirationDate": "2020-01-01"}, ["BDC_1119"]),
        ({"expirationDate": "1.1.2030"}, ["BDC_1119"]),
    ],
)
def test_refused_cards(spend, body, codes, changes, expected):
    before = spend.get(CARDS).json()
    answer = spend.post(CARDS, {**body, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert spend.get(CARDS).json() == before


def test_a_budget_without_periods_has_no_recurring_limits(spend, body, codes):
    once = spend.get("/v3/spend/budgets").json()["results"][0]
    assert once["recurringInterval"] == "NONE"
    recurring = {**body, "budgetUuid": once["uuid"], "recurringLimit": 9}
    assert codes(spend.post(CARDS, recurring)) == ["BDC_1119"]


def test_a_card_moves_to_another_budget(spend, card):
    old, new = card["budgetUuid"], spend.get("/v3/spend/budgets").json()["results"][9]["uuid"]
    before = assigned(spend, old), assigned(spend, new)
    moved = spend.patch(f"{CARDS}/{card['uuid']}", {"budgetId": new, "name": "Reise"}).json()
    assert (moved["budgetUuid"], moved["name"]) == (new, "Reise")
    assert (assigned(spend, old), assigned(spend, new)) == (before[0] - 250, before[1] + 250)


def test_a_refused_update_changes_nothing(spend, card):
    path = f"{CARDS}/{card['uuid']}"
    for body in ({"budgetId": "bgt_nothing"}, {"shareBudgetFunds": True}, {"name": ""}):
        assert spend.patch(path, {"limit": 9, **body}).status_code == 400
    assert spend.get(path).json() == card


def test_a_card_is_closed_on_its_expiration_date(spend, sandbox, body):
    day_after_next = (NOW + 2 * DAY).date().isoformat()
    before = assigned(spend, body["budgetUuid"])
    expiring = spend.post(CARDS, {**body, "expirationDate": day_after_next}).json()
    lasting = spend.post(CARDS, {**body, "expirationDate": day_after_next}).json()
    cleared = spend.patch(f"{CARDS}/{lasting['uuid']}", {"expirationDate": None}).json()
    assert "expirationDate" not in cleared
    sandbox.advance(2 * DAY)
    assert spend.get(f"{CARDS}/{expiring['uuid']}").json()["status"] == "DELETED"
    assert spend.get(f"{CARDS}/{lasting['uuid']}").json()["status"] == "ACTIVATED"
    assert assigned(spend, body["budgetUuid"]) == before + 250


@pytest.mark.parametrize("which", ["card", "physical"])
def test_freeze_and_unfreeze(spend, which, request):
    path = f"{CARDS}/{request.getfixturevalue(which)['uuid']}"
    for action, status in [
        ("freeze", "FROZEN"),
        ("freeze", "FROZEN"),
        ("unfreeze", "ACTIVATED"),
        ("unfreeze", "ACTIVATED"),
    ]:
        answer = spend.post(f"{path}/{action}")
        assert (answer.status_code, answer.json()["status"]) == (200, status)
        assert spend.get(path).json()["status"] == status


def test_a_deleted_card_can_only_be_read(spend, codes, card):
    path = f"{CARDS}/{card['uuid']}"
    spend.call("DELETE", path)
    deleted = spend.get(path).json()
    assert deleted["status"] == "DELETED"
    listed = spend.get(CARDS).json()["results"]
    assert card["uuid"] not in [each["uuid"] for each in listed]
    found = spend.get(CARDS, params={"filters": "status:eq:DELETED"}).json()["results"]
    assert card["uuid"] in [each["uuid"] for each in found]
    for refused in (
        spend.patch(path, {"name": "x"}),
        spend.post(f"{path}/freeze"),
        spend.post(f"{path}/unfreeze"),
        spend.get(f"{path}/pan-jwt"),
    ):
        assert (refused.status_code, codes(refused)) == (400, ["BDC_1119"])
    assert spend.call("DELETE", path).status_code == 200
    assert spend.get(path).json() == deleted


def test_the_pan_jwt(spend, sandbox, card):
    sandbox.advance(3 * DAY)
    token = spend.get(f"{CARDS}/{card['id']}/pan-jwt").json()["token"]
    head, payload, signature = token.split(".")
    assert decoded(head) == {"alg": "HS256", "typ": "JWT"}
    key = sandbox.variables["BILL_SPEND_API_TOKEN"].encode()
    signed = hmac.new(key, f"{head}.{payload}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(signature + "=") == signed
    expires = NOW + 3 * DAY + timedelta(minutes=5)
    assert decoded(payload)["exp"] == expires.timestamp()
    content = decoded(decoded(payload)["data"])
    number = content["cardNumber"]
    assert (len(number), number[:6], number[-4:]) == (16, "999999", card["lastFour"])
    digits = [int(each) for each in reversed(number)]
    doubled = [sum(divmod(2 * each, 10)) for each in digits[1::2]]
    assert (sum(digits[::2]) + sum(doubled)) % 10 == 0
    assert content["expirationDate"] == "202911"
    assert len(content["cvv"]) == 3
    assert "nobody's" in content["note"]


def test_a_physical_card_is_not_changed_and_not_revealed(spend, codes, physical):
    path = f"{CARDS}/{physical['uuid']}"
    for refused in (spend.patch(path, {"name": "x"}), spend.get(f"{path}/pan-jwt")):
        assert (refused.status_code, codes(refused)) == (400, ["BDC_1119"])
    assert spend.call("DELETE", path).status_code == 200
    assert spend.get(path).json()["status"] == "DELETED"


@pytest.mark.parametrize(
    ("method", "end"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/freeze"),
        ("POST", "/unfreeze"),
        ("GET", "/pan-jwt"),
    ],
)
def test_an_unknown_card(spend, codes, method, end):
    answer = spend.call(method, f"{CARDS}/crd_nothing{end}", json={"name": "x"})
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


@pytest.mark.parametrize("name", ["name", "lastFour", "status"])
def test_sort(spend, card, name):
    listed = spend.get(CARDS, params={"sort": f"{name}:asc"}).json()["results"]
    keys = [each.get(name, "") for each in listed]
    assert card in listed
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ("status:eq:LOST", "BDC_1129"),
        ("status:in:FROZEN", "BDC_1131"),
        ('types:in:"PHYSICAL,PAPER"', "BDC_1129"),
        ("name:eq:Ads", "BDC_1130"),
    ],
)
def test_bad_filters(spend, codes, filters, code):
    answer = spend.get(CARDS, params={"filters": filters})
    assert (answer.status_code, codes(answer)) == (400, [code])
