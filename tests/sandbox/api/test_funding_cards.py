"""Card accounts, their users, and AP Cards."""

import pytest

CARDS = "/v3/funding-accounts/cards"


def test_cards(developer):
    (card,) = developer.get(CARDS, params={"cardUserStatus": "VERIFIED"}).json()["results"]
    assert card["id"].startswith("cat")
    assert (card["brand"], card["last4"], card["status"]) == ("Visa", "1111", "VERIFIED")
    assert developer.get(f"{CARDS}/{card['id']}").json() == card
    assert developer.get(CARDS, params={"cardUserStatus": "NOMINATED"}).json()["results"] == []
    (user,) = developer.get(f"{CARDS}/users").json()["results"]
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
    (card,) = developer.get("/v3/funding-accounts/ap-cards").json()
    assert card["last4"] == "4242"
