"""A vendor's bank account: get, create, delete."""

import pytest

ACCOUNT = {
    "nameOnAccount": "Zoë Vendorson",
    "accountNumber": "111222333",
    "routingNumber": "074000010",
    "type": "CHECKING",
}


@pytest.fixture
def path(developer):
    vendor = developer.get("/v3/vendors").json()["results"][0]["id"]
    return f"/v3/vendors/{vendor}/bank-account"


def pay_by(developer, path):
    vendor = developer.get(path.removesuffix("/bank-account")).json()
    return vendor["paymentInformation"]["payByType"]


def test_with_an_account_the_vendor_is_paid_electronically(developer, path, codes):
    assert codes(developer.get(path)) == ["BDC_1120"]
    answer = developer.post(path, ACCOUNT)
    assert answer.status_code == 200, answer.text
    account = answer.json()
    assert account == {**ACCOUNT, "accountNumber": "*" * 12 + "2333", "status": "VERIFIED"}
    assert developer.get(path).json() == account
    assert pay_by(developer, path) == "ACH"
    assert codes(developer.post(path, ACCOUNT)) == ["BDC_1119"]
    deleted = developer.delete(path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert pay_by(developer, path) == "CHECK"
    assert codes(developer.delete(path)) == ["BDC_1120"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"accountNumber": ""}, ["REQUEST"]),
        ({"accountNumber": 111222333}, ["BDC_1124"]),
        ({"type": "MATTRESS"}, ["BDC_1119"]),
        ({"regulatoryFields": [{"name": "taxId"}]}, ["REQUEST"]),
    ],
)
def test_refused_accounts(developer, path, codes, changes, expected):
    answer = developer.post(path, {**ACCOUNT, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get(path).status_code == 404


def test_a_sync_token_may_not_change_it(sync, path, codes):
    assert codes(sync.post(path, ACCOUNT)) == ["BDC_1361"]
    assert codes(sync.delete(path)) == ["BDC_1361"]


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_vendor(developer, codes, method):
    answer = developer.call(method, "/v3/vendors/009unknown/bank-account", json=ACCOUNT)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])
