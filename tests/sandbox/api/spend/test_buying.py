"""Purchases with cards of Spend & Expense that a test makes."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.admission import HEADER
from pytest_bill.sandbox.core.clock import Clock

TRANSACTIONS = "/v3/spend/transactions"
CARDS = "/v3/spend/cards"
BUDGETS = "/v3/spend/budgets"


@pytest.fixture
def sandbox(stopping):
    """The middle of a month, and no other time than the test's."""
    noon = datetime(2026, 11, 17, 12, tzinfo=UTC)
    running = LocalSandbox(clock=Clock(lambda: noon)).start()
    yield running
    stopping.submit(running.stop)


@pytest.fixture
def user(spend):
    return spend.get("/v3/spend/users").json()["results"][4]


@pytest.fixture
def budget(spend, user):
    body = {
        "name": "Café",
        "owners": [user["uuid"]],
        "recurringInterval": "MONTHLY",
        "limit": 500,
        "recurringLimit": 500,
        "receiptRequired": True,
    }
    return spend.post(BUDGETS, body).json()


@pytest.fixture
def card(spend, user, budget):
    body = {"name": "Ads", "userId": user["uuid"], "budgetId": budget["uuid"], "limit": 100}
    return spend.post(CARDS, body).json()


@pytest.fixture
def spent(spend, user, budget, card):
    """What the card, the member and the budget say: spent, spent, (cleared, pending, total)."""

    def spent():
        path = f"{BUDGETS}/{budget['uuid']}"
        total = spend.get(path).json()["currentPeriod"]["spent"]
        return (
            spend.get(f"{CARDS}/{card['uuid']}").json()["currentPeriod"]["spent"],
            spend.get(f"{path}/members/{user['uuid']}").json()["spent"],
            (total["cleared"], total["pending"], total["total"]),
        )

    return spent


@pytest.fixture
def heard(sandbox):
    """The events that were published, and of which record."""
    heard = []
    sandbox._state.listeners.append(lambda owner, event, record: heard.append((event, record)))
    return heard


@pytest.fixture
def get(spend):
    return lambda one: spend.get(f"{TRANSACTIONS}/{one['uuid']}").json()


def test_an_authorization(sandbox, spend, card, user, budget, spent, heard, get):
    made = sandbox.purchase(card["uuid"], 12.3, merchant="Blue Door Coffee")
    assert (made["transactionType"], made["status"]) == ("AUTHORIZATION", "APPROVED")
    assert (made["amount"], made["transactedAmount"], made["isCredit"]) == (12.3, 12.3, False)
    assert (made["merchantName"], made["merchantCategoryCode"]) == ("Blue Door Coffee", "5814")
    assert (made["userUuid"], made["budgetUuid"]) == (user["uuid"], budget["uuid"])
    assert (made["cardUuid"], made["cardLastFour"]) == (card["uuid"], card["lastFour"])
    assert (made["budgetName"], made["receiptStatus"]) == ("Café", "MISSING")
    assert get(made) == made
    assert spend.get(TRANSACTIONS).json()["results"][0]["uuid"] == made["uuid"]
    assert spent() == (12.3, 12.3, (0, 12.3, 12.3))
    assert heard == [("spend.transaction.updated", made)]


@pytest.mark.parametrize("card_id", ["id", "uuid"])
def test_a_purchase_that_has_cleared(sandbox, spend, card, spent, heard, card_id):
    made = sandbox.purchase(card[card_id], 20, merchant="Bäckerei Süß", kind="CLEAR")
    assert (made["transactionType"], made["merchantName"]) == ("CLEAR", "Bäckerei Süß")
    assert (made["reviewRequired"], made["pointsAwarded"]) == (True, 20)
    before = spend.get(f"{TRANSACTIONS}/{made['originalAuthTransactionUuid']}").json()
    assert before["matchedClearTransactionUuid"] == made["uuid"]
    assert spent() == (20, 20, (20, 0, 20))
    assert heard == [("spend.transaction.updated", made)]


@pytest.mark.parametrize("amount", [30, 24.5])
def test_an_authorization_clears(sandbox, spend, card, spent, get, amount):
    authorized = sandbox.purchase(card["uuid"], 24.5, merchant="Zoom")
    sandbox.advance(timedelta(days=2))
    spend.post(f"{CARDS}/{card['uuid']}/freeze")
    made = sandbox.purchase(card["uuid"], amount, kind="CLEAR", authorization=authorized["uuid"])
    assert (made["amount"], made["merchantName"]) == (amount, "Zoom")
    assert made["authorizedTime"] == authorized["authorizedTime"] < made["updatedTime"]
    assert made["originalAuthTransactionId"] == authorized["id"]
    assert get(authorized)["matchedClearTransactionId"] == made["id"]
    listed = [each["uuid"] for each in spend.get(TRANSACTIONS).json()["results"]]
    assert made["uuid"] in listed
    assert authorized["uuid"] not in listed
    assert spent() == (amount, amount, (amount, 0, amount))


def test_what_is_noted_of_an_authorization_stays_when_it_clears(sandbox, spend, card, get):
    authorized = sandbox.purchase(card["uuid"], 9)
    note = {"customFields": [{"customFieldId": "", "note": "Für alle"}]}
    fields = spend.get("/v3/spend/custom-fields").json()["results"]
    field = next(each["uuid"] for each in fields if each["type"] == "NOTE")
    note["customFields"][0]["customFieldId"] = field
    spend.put(f"{TRANSACTIONS}/{authorized['uuid']}/custom-fields", note)
    url = spend.post(f"{TRANSACTIONS}/receipt-upload-url").json()["url"]
    requests.put(url, data=b"\x89PNG\r\n\x1a\n", timeout=5)
    spend.post(f"{TRANSACTIONS}/{authorized['uuid']}/receipts", {"url": url})
    made = sandbox.purchase(card["uuid"], 9, kind="CLEAR", authorization=authorized["id"])
    assert made["receiptStatus"] == "ATTACHED"
    assert "Für alle" in [each["note"] for each in made["customFields"]]


def test_money_back(sandbox, spend, card, spent):
    sandbox.purchase(card["uuid"], 50, kind="CLEAR")
    spend.post(f"{CARDS}/{card['uuid']}/freeze")
    made = sandbox.purchase(card["uuid"], 20, kind="REFUND")
    assert (made["transactionType"], made["amount"], made["isCredit"]) == ("CLEAR", -20, True)
    assert spent() == (30, 30, (30, 0, 30))


@pytest.mark.parametrize("kind", ["AUTHORIZATION", "CLEAR", "CHALLENGE"])
def test_a_frozen_card_is_declined(sandbox, spend, card, spent, heard, kind):
    spend.post(f"{CARDS}/{card['uuid']}/freeze")
    made = sandbox.purchase(card["uuid"], 5, kind=kind)
    assert (made["transactionType"], made["status"]) == ("DECLINE", "DECLINED")
    assert made["declineReason"] == "Card is frozen."
    assert "authorizedTime" not in made
    assert spent() == (0, 0, (0, 0, 0))
    assert heard == [("spend.transaction.updated", made)]
    spend.post(f"{CARDS}/{card['uuid']}/unfreeze")
    assert sandbox.purchase(card["uuid"], 5)["transactionType"] == "AUTHORIZATION"


def test_a_deleted_card_is_declined(sandbox, spend, card):
    spend.delete(f"{CARDS}/{card['uuid']}")
    assert sandbox.purchase(card["uuid"], 5)["declineReason"] == "Card is deleted."


def test_a_card_has_its_own_funds(sandbox, spend, card, spent):
    assert sandbox.purchase(card["uuid"], 99.99)["transactionType"] == "AUTHORIZATION"
    beyond = sandbox.purchase(card["uuid"], 0.02)
    assert beyond["declineReason"] == "Insufficient funds on the card."
    assert sandbox.purchase(card["uuid"], 0.01)["transactionType"] == "AUTHORIZATION"
    assert spent()[0] == 100
    spend.patch(f"{CARDS}/{card['uuid']}", {"limit": 101})
    assert sandbox.purchase(card["uuid"], 1)["transactionType"] == "AUTHORIZATION"


@pytest.mark.parametrize(
    ("changes", "most"),
    [({}, 500), ({"overspendBuffer": 50}, 550), ({"limitlessOverspend": True}, None)],
)
def test_a_card_that_shares_the_budgets_funds(sandbox, spend, card, budget, changes, most):
    spend.patch(f"{CARDS}/{card['uuid']}", {"shareBudgetFunds": True})
    spend.patch(f"{BUDGETS}/{budget['uuid']}", changes)
    beyond = sandbox.purchase(card["uuid"], 550.01)
    assert beyond.get("declineReason") == (most and "Insufficient funds in the budget.")
    if most:
        assert sandbox.purchase(card["uuid"], most)["transactionType"] == "AUTHORIZATION"


def test_the_largest_purchase_of_a_budget(sandbox, spend, card, budget):
    spend.patch(f"{BUDGETS}/{budget['uuid']}", {"maxTxSize": 40})
    assert sandbox.purchase(card["uuid"], 40)["transactionType"] == "AUTHORIZATION"
    beyond = sandbox.purchase(card["uuid"], 40.01)
    assert beyond["declineReason"] == "Amount is larger than the budget allows."


def test_a_new_period(sandbox, spend, card, spent):
    spend.patch(f"{CARDS}/{card['uuid']}", {"recurringLimit": 60})
    authorized = sandbox.purchase(card["uuid"], 80)
    sandbox.advance(timedelta(days=20))
    assert spent() == (0, 0, (0, 0, 0))
    # It was authorized in the old period, and counts there.
    sandbox.purchase(card["uuid"], 80, kind="CLEAR", authorization=authorized["uuid"])
    assert spent() == (0, 0, (0, 0, 0))
    sandbox.purchase(card["uuid"], 60)
    assert spent() == (60, 60, (0, 60, 60))


def test_a_purchase_moves_to_another_budget(sandbox, spend, card, spent, user):
    made = sandbox.purchase(card["uuid"], 10)
    other = spend.get(BUDGETS).json()["results"][0]
    spend.put(f"{TRANSACTIONS}/{made['uuid']}", {"budgetId": other["uuid"]})
    assert spent() == (10, 0, (0, 0, 0))


@pytest.mark.parametrize("action", ["ACCEPT", "REJECT"])
def test_a_challenge(sandbox, spend, card, spent, heard, get, action):
    made = sandbox.purchase(card["uuid"], 15, merchant="Uber", kind="CHALLENGE")
    challenge_id = made["acsTransactionId"]
    event = {"acsTransactionId": challenge_id, "amount": 15, "merchantName": "Uber"}
    assert heard == [("spend.three-ds-challenge.created", event)]
    assert (made["transactionType"], spent()[0]) == ("OTHER", 0)
    path = f"{TRANSACTIONS}/{challenge_id}/3ds-challenge"
    answer = spend.post(path, {"action": action})
    status = {"ACCEPT": "ACCEPTED", "REJECT": "REJECTED"}[action]
    assert (answer.status_code, answer.json()) == (200, {"id": challenge_id, "status": status})
    kind, total = ("AUTHORIZATION", 15) if action == "ACCEPT" else ("DECLINE", 0)
    assert (get(made)["transactionType"], spent()[0]) == (kind, total)
    assert heard[1:] == [("spend.transaction.updated", get(made))]


def test_notifications_reach_a_receiver(sandbox, spend, card, server):
    receiver = server()
    body = {
        "name": "Purchases",
        "status": {"enabled": True},
        "notificationUrl": f"{receiver.origin}/hook",
        "events": [
            {"type": each, "version": "1"}
            for each in ("spend.transaction.updated", "spend.three-ds-challenge.created")
        ],
    }
    made = requests.post(
        f"{sandbox.origin}/connect-events/v3/subscriptions",
        json=body,
        headers={**spend.headers, "X-Idempotent-Key": "3f6c2a4e-0000-4000-8000-000000000001"},
        timeout=5,
    )
    assert made.status_code == 200, made.text
    bought = sandbox.purchase(card["uuid"], 15)
    waiting = sandbox.purchase(card["uuid"], 16, kind="CHALLENGE")
    assert [each["statusCode"] for each in sandbox.deliver()] == [200, 200]
    first, second = (json.loads(body) for *_, body in receiver.received)
    assert first["transaction"] == bought
    assert second["threeDsChallenge"]["acsTransactionId"] == waiting["acsTransactionId"]


@pytest.mark.parametrize(
    ("changes", "codes_"),
    [
        ({"cardId": None, "amount": None}, ["BDC_1117", "BDC_1117"]),
        ({"cardId": "crd_nothing"}, ["BDC_1119"]),
        ({"amount": 0}, ["BDC_1119"]),
        ({"amount": "5"}, ["BDC_1124"]),
        ({"merchant": 5}, ["BDC_1124"]),
        ({"kind": "THEFT"}, ["BDC_1119"]),
        ({"kind": "CLEAR", "authorization": "txr_nothing"}, ["BDC_1119"]),
    ],
)
def test_refused_purchases(sandbox, spend, card, codes, heard, changes, codes_):
    before = spend.get(TRANSACTIONS).json()
    answer = requests.post(
        f"{sandbox.origin}/__sandbox__/purchases",
        json={"cardId": card["uuid"], "amount": 5, **changes},
        headers={HEADER: "1"},
        timeout=5,
    )
    assert (answer.status_code, codes(answer)) == (400, codes_)
    assert (spend.get(TRANSACTIONS).json(), heard) == (before, [])


def test_authorizations_that_do_not_clear(sandbox, spend, card, spent):
    other = spend.get(CARDS).json()["results"][0]
    foreign = sandbox.purchase(other["uuid"], 1)
    cleared = sandbox.purchase(card["uuid"], 1, kind="CLEAR")
    declined = sandbox.purchase(card["uuid"], 1000)
    own = sandbox.purchase(card["uuid"], 1)
    before = spent()
    for authorization, kind in (
        (foreign["uuid"], "CLEAR"),
        (cleared["uuid"], "CLEAR"),
        (cleared["originalAuthTransactionUuid"], "CLEAR"),
        (declined["uuid"], "CLEAR"),
        (own["uuid"], "REFUND"),
        (own["uuid"], "AUTHORIZATION"),
    ):
        with pytest.raises(RuntimeError, match=f"authorization, {authorization}"):
            sandbox.purchase(card["uuid"], 1, kind=kind, authorization=authorization)
    assert spent() == before


def test_a_card_without_a_budget_buys_nothing(sandbox, spend):
    physical = spend.get(CARDS, params={"filters": "types:eq:PHYSICAL"}).json()["results"][0]
    with pytest.raises(RuntimeError, match="Invalid field,value: cardId"):
        sandbox.purchase(physical["uuid"], 1)


def test_a_reset_forgets_purchases(sandbox, spend, card):
    made = sandbox.purchase(card["uuid"], 1)
    sandbox.reset()
    assert spend.get(f"{TRANSACTIONS}/{made['uuid']}").status_code == 404
