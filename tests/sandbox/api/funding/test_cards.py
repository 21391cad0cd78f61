"""Card accounts, their users, and AP Cards."""

from datetime import date

import pytest

from pytest_bill.sandbox.core.business_days import following_business_day

CARDS = "/v3/funding-accounts/cards"
AP_CARDS = "/v3/funding-accounts/ap-cards"


def test_cards(developer):
    listed = developer.get(CARDS, params={"cardUserStatus": "VERIFIED"}).json()
    (card,) = listed["cards"]
    assert listed["rates"]["defaultCardAccountId"] == card["id"]
    assert set(listed["rates"]["funding"]) == {"creditCardRate", "debitCardRate"}
    assert set(card["default"]) == {"payables", "receivables", "funding", "disbursement"}
    assert card["expiration"]["month"] == "12"
    assert card["issuingBankName"]
    assert card["id"].startswith("cat")
    assert (card["brand"], card["last4"], card["status"]) == ("Visa", "1111", "VERIFIED")
    assert developer.get(f"{CARDS}/{card['id']}").json() == card
    assert developer.get(CARDS, params={"cardUserStatus": "NOMINATED"}).json()["cards"] == []
    (user,) = developer.get(f"{CARDS}/users").json()["results"]
    assert set(user) == {"cardAccountId", "userId", "archived", "verificationStatus"}
    assert (user["cardAccountId"], user["verificationStatus"]) == (card["id"], "VERIFIED")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (CARDS, "BDC_1108"),
        (f"{CARDS}?cardUserStatus=GONE", "BDC_1129"),
        (f"{CARDS}/funding-purposes?brand=Visa", "BDC_1108"),
        (f"{CARDS}/funding-purposes?vendorId=009none&brand=Visa", "BDC_1129"),
        (f"{CARDS}/users?currentUser=yes", "BDC_1129"),
    ],
)
def test_refused_queries(developer, codes, path, expected):
    answer = developer.get(path)
    assert (answer.status_code, codes(answer)) == (400, [expected])


def test_no_vendor_needs_a_funding_purpose(developer):
    vendor = developer.get("/v3/vendors").json()["results"][0]["id"]
    params = {"vendorId": vendor, "brand": "Visa"}
    answer = developer.get(f"{CARDS}/funding-purposes", params=params)
    assert (answer.status_code, answer.json()) == (200, {})


def test_an_unknown_card(developer, codes):
    answer = developer.get(f"{CARDS}/catnone")
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_ap_cards(developer):
    (card,) = developer.get(AP_CARDS).json()
    assert set(card) == {
        *("id", "status", "nameOnAccount", "balance", "limit"),
        *("createdTime", "updatedTime"),
    }
    assert (card["status"], card["balance"]) == ("ACTIVE", 0)


def test_payments_with_an_ap_card_add_up(developer):
    (card,) = developer.get(AP_CARDS).json()
    vendor = developer.get("/v3/vendors").json()["results"][0]["id"]
    today = date.fromisoformat(card["createdTime"][:10])
    day = following_business_day(today, 5).isoformat()
    for amount in (20.5, 10):
        body = {
            "vendorId": vendor,
            "processDate": day,
            "fundingAccount": {"type": "AP_CARD", "id": card["id"]},
            "amount": amount,
            "processingOptions": {"createBill": True},
        }
        payment = developer.post("/v3/payments", body)
        assert payment.ok, payment.text
    assert developer.get(AP_CARDS).json()[0]["balance"] == 30.5
    developer.post(f"/v3/payments/{payment.json()['id']}/cancel")
    assert developer.get(AP_CARDS).json()[0]["balance"] == 20.5
